"""The facade: one object over the graph, its named queries, its terms and its verdicts.

Each part is made when it is first asked for, so that a question costs what it needs and nothing else.
"""

import os
from collections.abc import Mapping
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pyoxigraph as ox

from kg.case import Case, read_case
from kg.errors import EnvironmentLackError, UsageError
from kg.lookup import Entity, Lookup
from kg.model import Json, Label
from kg.namespaces import PREFIXES, expand
from kg.provenance import Provenance, Quotation, Statement
from kg.resources import knowledge_digest, ontology_root
from kg.results import Result, result_of
from kg.store import Store

if TYPE_CHECKING:
    import networkx
    import rdflib

    from kg.catalogue import Catalogue
    from kg.recommend import Engine
    from kg.verdicts import Verdicts

_ROOT = expand("mbkg:mbkg.ttl")
_REMEMBERED: Final = 1024


class Graph:
    """The knowledge graph in memory; `kg.open()` returns it."""

    def __init__(self, store: Store, root: Path, quotation: Quotation | None = None) -> None:
        """Wrap a loaded store; `root` is the folder of the ontology that it was loaded from."""
        self.store = store
        self._root = root
        self._quotation = quotation
        self._resolved: dict[tuple[str, str], str] = {}

    # --- asking ------------------------------------------------------------------------------------------------------

    def query(self, name: str, /, **parameters: object) -> Result:
        """Run a named query; raises NotFoundError for its name, UsageError or CodeError for its parameters.

        >>> import kg
        >>> result = kg.open().query("drug-dose", drug="Denosumab")
        >>> "dose" in result.columns
        True
        """
        query = self.catalogue.get(name)
        bound = query.bind(parameters, self._resolve) if parameters or query.parameters else {}
        return result_of(self.store.run(query.text, bound), query.text, bound)

    def sparql(self, text: str) -> "Result | bool | str":
        """Run a SPARQL text: a SELECT gives a Result, an ASK a bool, a CONSTRUCT or DESCRIBE N-Triples."""
        found = self.store.run(text)
        if isinstance(found, ox.QueryBoolean):
            return bool(found)
        if isinstance(found, ox.QueryTriples):
            return b"".join(sorted(f"{triple} .\n".encode() for triple in found)).decode()
        return result_of(found, text, {})

    def lookup(self, text: str, *, kind: str | None = None) -> tuple[Entity, ...]:
        """Return the terms that a text names in either language, best first; near ones where none is exact.

        >>> import kg
        >>> [entity.name for entity in kg.open().lookup("狄诺塞麦")]
        ['Denosumab']
        """
        return self._lookup.find(text, kind=kind)

    def statement(self, identifier: str) -> Statement:
        """Return a statement with its span, speaker, references and flags; raises NotFoundError.

        >>> import kg
        >>> kg.open().statement("S042").guideline
        'IMWG'
        """
        return self.provenance.get(identifier)

    def case(self, data: Mapping[str, Any] | str | Path, *, today: date | None = None) -> Case:
        """Return a checked case from a mapping as `case.schema.json` has it, or from a JSON or YAML file of one.

        Raises DataError for the first thing wrong with it, UsageError where there is no such file.

        >>> import kg
        >>> [entry.concept.code for entry in kg.open().case({"id": "p", "conditions": [{"code": "SMM"}]}).conditions]
        ['SmolderingMultipleMyeloma']
        """
        if isinstance(data, str | Path):
            from kg.casefile import load_case  # noqa: PLC0415 - needed for files only

            data = load_case(data)
        return read_case(data, self.engine.resolver, today=today)

    def recommend(self, case: Case | Mapping[str, Any] | str | Path, *, today: date | None = None) -> "Verdicts":
        """Return what every source recommends for a case, or for the mapping or file that `case` takes.

        >>> import kg
        >>> verdicts = kg.open().recommend({"id": "p", "conditions": [{"code": "ActiveMultipleMyeloma"}]})
        >>> verdicts["start-nccn-active"].outcome
        'applies'
        """
        return self.engine.decide(case if isinstance(case, Case) else self.case(case, today=today))

    def fact_label(self, name: str) -> Label:
        """Return a missing fact in words: `FocalBoneLesion@MRI`, `on:Denosumab`, `SerumCalcium`."""
        drug = name.startswith("on:")
        code, _, modality = name.removeprefix("on:").partition("@")
        label = self.engine.vocabulary.label(expand("mbkg:" + code))
        if drug:
            return Label(f"whether {label.en} is being given", f"是否正在使用{label.zh}")
        if modality:
            seen = self.engine.vocabulary.label(expand("mbkg:" + modality))
            return Label(f"{label.en} on {seen.en}", f"{label.zh}（{seen.zh}）")
        return label

    # --- giving away -------------------------------------------------------------------------------------------------

    def rdflib(self) -> "rdflib.Dataset":
        """Return the graph as an rdflib Dataset with our named graphs."""
        from kg.exchange import to_rdflib  # noqa: PLC0415 - rdflib costs a fifth of a second

        return to_rdflib(self.store)

    def networkx(self) -> "networkx.MultiDiGraph[str]":
        """Return recommendations, criteria, statements, people and references as a graph of provenance."""
        from kg.exchange import to_networkx  # noqa: PLC0415 - networkx costs a quarter of a second

        return to_networkx(self)

    def paths(self, recommendation: str) -> tuple[tuple[str, ...], ...]:
        """Return every path, as IRIs, from a recommendation (the id of a verdict) to the spans and references under it.

        Raises NotFoundError for an id that names no recommendation.

        >>> import kg
        >>> path = kg.open().paths("start-china2022-smoldering")[0]
        >>> path[0], path[-1]
        ('https://w3id.org/mbkg/start-china2022-smoldering', 'https://w3id.org/mbkg/Reference-6')
        """
        from kg.exchange import provenance_paths  # noqa: PLC0415 - as above

        return provenance_paths(self, recommendation)

    def export(self, form: str) -> str:
        """Return the whole ontology as `ttl`, `rdfxml`, `ofn`, `jsonld` or, with named graphs, `nq`."""
        from kg.exchange import export  # noqa: PLC0415 - as above

        return export(self.store, form)

    # --- what it is --------------------------------------------------------------------------------------------------

    @cached_property
    def digest(self) -> str:
        """The SHA-256 of the knowledge: the same for the same files on every machine."""
        return knowledge_digest(self._root)

    @cached_property
    def version_iri(self) -> str:
        """The version IRI of the ontology."""
        root, version = ox.NamedNode(_ROOT), ox.NamedNode(PREFIXES["owl"] + "versionIRI")
        quads = self.store.graphs.quads_for_pattern(root, version, None, None)
        return next((quad.object.value for quad in quads if isinstance(quad.object, ox.NamedNode)), "")

    # --- parts -------------------------------------------------------------------------------------------------------

    @cached_property
    def engine(self) -> "Engine":
        """The verdicts' engine."""
        from kg.recommend import Engine  # noqa: PLC0415 - a query does without it

        return Engine(self.store, version_iri=self.version_iri, digest=self.digest, quotation=self._quotation)

    @cached_property
    def provenance(self) -> Provenance:
        """The statements."""
        return Provenance(self.store, self._quotation)

    @cached_property
    def catalogue(self) -> "Catalogue":
        """The named queries."""
        from kg.catalogue import Catalogue  # noqa: PLC0415 - a verdict does without it

        return Catalogue.load()

    @cached_property
    def _lookup(self) -> Lookup:
        return Lookup(self.store)

    def _resolve(self, text: str, type_iri: str) -> str:
        found = self._resolved.get((text, type_iri))
        if found is None:
            if len(self._resolved) >= _REMEMBERED:
                self._resolved.clear()
            found = self._resolved[text, type_iri] = self._lookup.resolve(text, type_iri)
        return found

    def knowledge(self) -> dict[str, Json]:
        """Return the version IRI and the digest."""
        return {"version_iri": self.version_iri, "sha256": self.digest}


def open_graph(source: str | Path | None = None, *, document: str | Path | None = None) -> Graph:
    """Open the graph in memory: ours, or the folder of another ontology laid out as ours.

    `document` is the reader's own copy of a source, or a folder of them (else the folder that MBKG_SOURCES names);
    quotations are shown where its digest matches. Raises DataError for a file that cannot be read, and
    EnvironmentLackError where `document` is given and is not a document that the ontology knows.

    >>> import kg
    >>> len(kg.open().store.names)
    4
    """
    root = ontology_root() if source is None else Path(source)
    if source is not None and not (root / "mbkg.ttl").is_file():
        message = f"{root}: no mbkg.ttl there; give the folder of an ontology, or nothing for ours"
        raise UsageError(message)
    return Graph(Store.load(root), root, _quotation(document, root))


def _quotation(document: str | Path | None, root: Path) -> Quotation | None:
    """Return what shows the spans of the reader's document, looked for when the first one is asked for."""
    place = document or os.environ.get("MBKG_SOURCES")
    if not place:
        return None
    from loaders.quotation import quotation_from  # noqa: PLC0415 - only for readers who have a document

    if document is None:
        found: list[Quotation | None] = []

        def quote(source: str, start: int, end: int, digest: str) -> str | None:
            if not found:
                found.append(quotation_from(Path(place), root))
            return None if found[0] is None else found[0](source, start, end, digest)

        return quote
    quotation = quotation_from(Path(document), root)
    if quotation is None:
        message = f"{document}: not a document that the ontology knows, by its SHA-256; see: mbkg source list"
        raise EnvironmentLackError(message)
    return quotation
