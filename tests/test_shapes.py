"""The SHACL shapes: the graph conforms, each shape refuses what is wrong, and each word of them is a word of SHACL."""

import warnings
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
import rdflib
from rdflib.namespace import RDF, RDFS, SH, XSD

from kg.namespaces import BASE, PREFIXES
from kg.resources import ontology_root
from kg.store import Store, parse_turtle
from kg.turtle import write_turtle

SHAPES = ontology_root() / "shapes" / "shapes.ttl"
MBKG = rdflib.Namespace(BASE)
OA = rdflib.Namespace(PREFIXES["oa"])
IN_ORDER = "Edit here or in Protégé; `mbkg build` puts the file in order."

# Each shape with a thing that it looks at, a property of that thing, and a value that it must refuse (None: no value).
MUTANTS: list[tuple[str, str, Any, Any]] = [
    ("StatementShape", "S042", MBKG.statedBy, None),
    ("StatementShape", "S042", MBKG.relevance, rdflib.Literal("perhaps")),
    ("StatementShape", "S042", MBKG.paraphrase, rdflib.Literal("only English", lang="en")),
    ("StatementShape", "S042-span", MBKG.digest, rdflib.Literal("95E96232")),
    ("StatementShape", "S042-span", OA.start, rdflib.Literal(6946)),
    ("RecommendationShape", "stop-stable", MBKG.broadCondition, None),
    ("RecommendationShape", "stop-stable", MBKG.topic, MBKG.Denosumab),
    ("RecommendationShape", "stop-stable", MBKG.order, rdflib.Literal(0)),
    ("CriterionShape", "OnDenosumab", RDFS.subClassOf, None),
    ("CriterionShape", "OnDenosumab", RDFS.label, rdflib.Literal("一", lang="zh")),
    ("ReferenceShape", "Reference-4", MBKG.year, rdflib.Literal("2016")),
    ("ReferenceShape", "Reference-4", MBKG.referenceKind, None),
]


@pytest.fixture(scope="module")
def data() -> rdflib.Graph:
    """All graphs in one, as a tool sees them that knows no named graphs."""
    graph = rdflib.Graph()
    for triple in Store.load().triples():
        graph.add((_term(triple.subject), _term(triple.predicate), _term(triple.object)))
    return graph


@pytest.fixture(scope="module")
def shapes() -> rdflib.Graph:
    return rdflib.Graph().parse(data=SHAPES.read_text(encoding="utf-8"), format="turtle")


def _term(term: Any) -> Any:
    if isinstance(term, ox.NamedNode):
        return rdflib.URIRef(term.value)
    if isinstance(term, ox.BlankNode):
        return rdflib.BNode(term.value)
    if term.language:
        return rdflib.Literal(term.value, lang=term.language)
    kind = rdflib.URIRef(term.datatype.value)
    return rdflib.Literal(term.value, datatype=None if kind == XSD.string else kind)


def part(data: rdflib.Graph, names: Iterable[str]) -> rdflib.Graph:
    """Return what is said of some things, and the types of what they point at."""
    kept = rdflib.Graph()
    for name in names:
        for triple in data.triples((MBKG[name], None, None)):
            kept.add(triple)
            kept += data.triples((triple[2], RDF.type, None)) if isinstance(triple[2], rdflib.URIRef) else ()
    return kept


def violations(data: rdflib.Graph, shapes: rdflib.Graph) -> set[tuple[str, str]]:
    """Return the violations as (focus node, constraint component)."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        from pyshacl import validate  # noqa: PLC0415 - its import warns of what rdflib has deprecated

        _, report, _ = validate(data, shacl_graph=shapes)
    assert isinstance(report, rdflib.Graph)
    return {
        (str(report.value(one, SH.focusNode)), str(report.value(one, SH.sourceConstraintComponent)))
        for one in report.subjects(RDF.type, SH.ValidationResult)
    }


def test_the_whole_graph_conforms(data: rdflib.Graph, shapes: rdflib.Graph) -> None:
    assert violations(data, shapes) == set()


@pytest.mark.parametrize("mutant", MUTANTS)
def test_a_shape_refuses_what_is_wrong(
    data: rdflib.Graph, shapes: rdflib.Graph, mutant: tuple[str, str, Any, Any]
) -> None:
    shape, name, path, value = mutant
    owner = name.removesuffix("-span")
    good, bad = (part(data, {owner, f"{owner}-span", "Turn-roundtable-2"}) for _ in range(2))
    bad.remove((MBKG[name], path, None))
    if value is not None:
        bad.add((MBKG[name], path, value))

    assert (MBKG[shape], RDF.type, SH.NodeShape) in shapes
    assert str(MBKG[owner]) not in {focus for focus, _ in violations(good, shapes)}
    assert str(MBKG[owner]) in {focus for focus, _ in violations(bad, shapes)}


@pytest.mark.parametrize("facet", ["minInclusive", "minExclusive", "maxInclusive", "maxExclusive"])
def test_a_threshold_must_be_a_decimal(shapes: rdflib.Graph, facet: str) -> None:
    good, bad = rdflib.Graph(), rdflib.Graph()
    good.add((MBKG.threshold, XSD[facet], rdflib.Literal("20.0", datatype=XSD.decimal)))
    bad.add((MBKG.threshold, XSD[facet], rdflib.Literal("20.0", datatype=XSD.double)))

    assert violations(good, shapes) == set()
    assert violations(bad, shapes) == {(str(MBKG.threshold), str(SH.DatatypeConstraintComponent))}


def test_every_word_of_the_shapes_is_a_word_of_shacl(shapes: rdflib.Graph) -> None:
    used = {str(term) for triple in shapes for term in triple if str(term).startswith(str(SH))}

    assert len(used) > 10
    assert {term for term in used if not known(term)} == set()
    assert not known(str(SH) + "minCountt")


def known(term: str) -> bool:
    return rdflib.URIRef(term) in SH


def test_every_property_of_the_shapes_is_one_of_the_schema(shapes: rdflib.Graph, data: rdflib.Graph) -> None:
    paths = {path for path in shapes.objects(None, SH.path) if str(path).startswith(BASE)}

    assert {path for path in paths if (path, None, None) not in data} == set()


def test_the_file_is_in_order() -> None:
    assert write_turtle(parse_turtle(SHAPES), comment=IN_ORDER) == Path(SHAPES).read_text(encoding="utf-8")
