"""`mbkg build`: what is generated from what is written, and the order of what is written.

The modules are put in order; each source folder becomes its individuals; the mappings, the candidate classes, the
exact unit factors and the inferred hierarchy are generated; the imports and the catalog follow the files there are.
"""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from kg.candidates import candidate_triples
from kg.classify import direct, patient_hierarchy
from kg.expressions import Triples
from kg.mappings import mappings_turtle
from kg.namespaces import BASE, ONTOLOGY_GRAPH, OUTSIDE_GRAPH, PREFIXES, expand, local_name
from kg.ordering import in_order
from kg.recommend import Engine
from kg.resources import ontology_root, write_whole
from kg.store import Store, parse_turtle
from kg.turtle import write_turtle
from kg.units import conversion_factor

HAND: Final = "Edit here or in Protégé; `mbkg build` puts the file in order."
_RDF_TYPE: Final = ox.NamedNode(PREFIXES["rdf"] + "type")
_SUBCLASS: Final = ox.NamedNode(PREFIXES["rdfs"] + "subClassOf")
_EQUIVALENT: Final = ox.NamedNode(PREFIXES["owl"] + "equivalentClass")
_IMPORTS: Final = ox.NamedNode(PREFIXES["owl"] + "imports")
_ROOT: Final = "mbkg.ttl"
_IMPORTED: Final = ("modules", "individuals", "generated", "outside")


@dataclass(frozen=True, slots=True)
class Built:
    """What a build made: the paths, relative to the ontology's folder, whose text changed (or would change)."""

    changed: tuple[str, ...]
    total: int


def build(root: Path | None = None, *, check: bool = False) -> Built:
    """Put hand-written files in order and write the generated ones; with `check`, write nothing and say what is stale.

    Raises DataError for a file that cannot be read or a source that is not as it should be.
    """
    base = ontology_root() if root is None else root
    return _Build(base, check=check).run()


class _Build:
    """One build: each step sees the files as the steps before it left them."""

    def __init__(self, base: Path, *, check: bool) -> None:
        self._base = base
        self._check = check
        self._changed: list[str] = []
        self._texts: dict[str, str] = {}

    def run(self) -> Built:
        self._order_modules()
        self._sources()
        self._coverage()
        self._put("generated/mappings.ttl", mappings_turtle(self._base / "mappings" / "mbkg.sssom.tsv"))
        self._put("generated/candidates.ttl", self._candidates())
        self._put("generated/units.ttl", self._units())
        self._put("generated/inferred.ttl", self._inferred())
        self._root_file()
        self._put("catalog-v001.xml", self._catalog())
        return Built(tuple(self._changed), len(self._texts))

    def _put(self, path: str, text: str) -> None:
        self._texts[path] = text
        target = self._base / path
        same = target.is_file() and target.read_bytes() == text.encode()
        if not same:
            self._changed.append(path)
            if not self._check:
                write_whole(target, text)

    def _triples(self, path: str) -> list[ox.Triple]:
        """Return the triples of a file as this build has it, written or not."""
        if path in self._texts:
            return [quad.triple for quad in ox.parse(self._texts[path].encode(), format=ox.RdfFormat.TURTLE)]
        return parse_turtle(self._base / path)

    def _store(self) -> Store:
        """Return the modules, and what this build has generated so far, as a store."""
        store = ox.Store()
        for path in (*self._modules(), *(path for path in self._texts if path.startswith("generated/"))):
            graph = ox.NamedNode(OUTSIDE_GRAPH if path == "modules/advisories.ttl" else ONTOLOGY_GRAPH)
            store.extend(ox.Quad(t.subject, t.predicate, t.object, graph) for t in self._triples(path))
        return Store(store)

    def _modules(self) -> list[str]:
        return sorted(f"modules/{path.name}" for path in (self._base / "modules").glob("*.ttl"))

    def _order_modules(self) -> None:
        everything = [triple for path in self._modules() for triple in self._triples(path)]
        for path in self._modules():
            self._put(path, write_turtle(in_order(self._triples(path), Triples(everything)), comment=HAND))
        for shapes in sorted((self._base / "shapes").glob("*.ttl")):
            path = f"shapes/{shapes.name}"
            self._put(path, write_turtle(self._triples(path), comment=HAND))

    def _sources(self) -> None:
        from loaders.sources import build_source  # noqa: PLC0415 - only a build reads the sources

        for folder in sorted((self._base / "sources").iterdir()):
            if folder.is_dir():
                for path, text in build_source(folder, self._base).items():
                    self._put(path, text)

    def _coverage(self) -> None:
        """Write the ledger of sentences where there is a checkout to write it to and the documents are at hand."""
        from loaders.coverage import build_coverage  # noqa: PLC0415 - as above

        docs, place = self._base.parent / "docs", os.environ.get("MBKG_SOURCES")
        if not docs.is_dir():
            return
        for folder in sorted((self._base / "sources").iterdir()):
            text = build_coverage(folder, Path(place) if place else None) if folder.is_dir() else None
            if text is not None:
                self._put("../docs/coverage.md", text)

    def _candidates(self) -> str:
        triples = Triples(triple for path in self._modules() for triple in self._triples(path))
        found = [*candidate_triples(self._store(), triples), *_header("generated/candidates.ttl", *_CANDIDATES)]
        return write_turtle(
            found, comment="Generated by `mbkg build` from modules/recommendations.ttl and advisories.ttl; do not edit."
        )

    def _units(self) -> str:
        found = list(_header("generated/units.ttl", *_UNITS))
        for concept in Engine(self._store()).vocabulary.of_kind("measurement"):
            for unit in concept.accepted_units:
                factor = conversion_factor(unit, concept.unit or "1", concept.molar_mass)
                name = f"{concept.code}-from-{''.join(c if c.isalnum() else '-' for c in unit)}"
                node = ox.NamedNode(expand(f"mbkg:Conversion-{name}"))
                found += [
                    ox.Triple(node, _RDF_TYPE, ox.NamedNode(expand("mbkg:UnitConversion"))),
                    ox.Triple(node, _ours("ofMeasurement"), ox.NamedNode(expand("mbkg:" + concept.code))),
                    ox.Triple(node, _ours("unitCode"), ox.Literal(unit)),
                    ox.Triple(node, _ours("numerator"), ox.Literal(factor.numerator)),
                    ox.Triple(node, _ours("denominator"), ox.Literal(factor.denominator)),
                    *_labels(node, f"{concept.label.en} from {unit}", f"{concept.label.zh}：由{unit}换算"),
                ]
        return write_turtle(
            found, comment="Generated by `mbkg build` from the accepted units and molar masses; do not edit."
        )

    def _inferred(self) -> str:
        store = self._store()
        engine = Engine(store)
        above = {name: set(engine.vocabulary.above(name)) - {name} for name in engine.vocabulary.named()}
        for name in list(above):
            above[name] |= engine.vocabulary.inferred_above(name)
        definitions = {
            local_name(iri): engine.definitions.expanded(engine.definitions.get(iri))
            for iri in engine.definitions.patients(store)
        }
        for name, parents in patient_hierarchy(definitions, engine.index).items():
            above[name] = above.get(name, set()) | parents
        parents_of, equal = direct(_closed(above))
        found = list(_header("generated/inferred.ttl", *_INFERRED))
        for name, parents in parents_of.items():
            node = ox.NamedNode(expand("mbkg:" + name))
            found += [ox.Triple(node, _SUBCLASS, ox.NamedNode(_iri(parent))) for parent in parents]
            found += [ox.Triple(node, _EQUIVALENT, ox.NamedNode(_iri(other))) for other in equal.get(name, ())]
        return write_turtle(
            found, comment="Generated by `mbkg build` from the axioms; do not edit. Equal to what a reasoner derives."
        )

    def _root_file(self) -> None:
        files = {path for path in self._texts if path.endswith(".ttl") and path.startswith(_IMPORTED)} | {
            path.relative_to(self._base).as_posix()
            for folder in _IMPORTED
            for path in (self._base / folder).glob("*.ttl")
        }
        ontology = ox.NamedNode(BASE + _ROOT)
        kept = [triple for triple in self._triples(_ROOT) if triple.predicate != _IMPORTS]
        imports = [ox.Triple(ontology, _IMPORTS, ox.NamedNode(BASE + path)) for path in files]
        self._put(_ROOT, write_turtle([*kept, *imports], comment=HAND))

    def _catalog(self) -> str:
        paths = sorted({_ROOT, *(path.value.removeprefix(BASE) for path in self._imported())})
        lines = [f'    <uri name="{BASE}{path}" uri="{path}"/>' for path in paths]
        return "\n".join(
            (
                '<?xml version="1.0" encoding="UTF-8"?>',
                "<!-- Generated by `mbkg build` from mbkg.ttl; do not edit. -->",
                '<catalog prefer="public" xmlns="urn:oasis:names:tc:entity:xmlns:xml:catalog">',
                *lines,
                "</catalog>",
                "",
            )
        )

    def _imported(self) -> Iterator[ox.NamedNode]:
        for triple in self._triples(_ROOT):
            if triple.predicate == _IMPORTS and isinstance(triple.object, ox.NamedNode):
                yield triple.object


def _closed(above: dict[str, set[str]]) -> dict[str, set[str]]:
    """Return the transitive closure."""
    closed: dict[str, set[str]] = {}
    for name, parents in above.items():
        seen: set[str] = set()
        todo = list(parents)
        while todo:
            if (one := todo.pop()) not in seen:
                seen.add(one)
                todo += above.get(one, ())
        closed[name] = seen - {name}
    return closed


def _iri(name: str) -> str:
    return name if "://" in name else expand("mbkg:" + name)


def _ours(name: str) -> ox.NamedNode:
    return ox.NamedNode(expand("mbkg:" + name))


def _labels(node: ox.NamedNode, english: str, chinese: str) -> Iterable[ox.Triple]:
    label = ox.NamedNode(PREFIXES["rdfs"] + "label")
    yield ox.Triple(node, label, ox.Literal(english, language="en"))
    yield ox.Triple(node, label, ox.Literal(chinese, language="zh"))


def _header(path: str, title: tuple[str, str], comment: tuple[str, str]) -> Iterator[ox.Triple]:
    """Yield the triples that introduce a generated file."""
    node = ox.NamedNode(BASE + path)
    yield ox.Triple(node, _RDF_TYPE, ox.NamedNode(PREFIXES["owl"] + "Ontology"))
    for predicate, texts in (("dcterms:title", title), ("rdfs:comment", comment)):
        for text, language in zip(texts, ("en", "zh"), strict=True):
            yield ox.Triple(node, ox.NamedNode(expand(predicate)), ox.Literal(text, language=language))


_CANDIDATES: Final = (
    ("mbkg candidate classes", "mbkg 适用类"),
    (
        "For every recommendation the patients whom it is for and those whom it is not for, pointing at it.",
        "每条推荐所适用与不适用的患者类，并指向该推荐。",
    ),
)
_UNITS: Final = (
    ("mbkg unit factors", "mbkg 单位系数"),
    ("The exact factors from the accepted units to the canonical ones.", "由可接受单位换算为规范单位的精确系数。"),
)
_INFERRED: Final = (
    ("mbkg inferred hierarchy", "mbkg 推断层级"),
    ("The direct superclasses of every named class, asserted or derived.", "每个具名类的直接上级，含断言的与推断的。"),
)
