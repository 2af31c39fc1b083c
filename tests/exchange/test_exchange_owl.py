"""What OWL tools need: each property declared with one kind, no punning, and only the values that reasoners read."""

from collections import defaultdict
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import owlready2
import pyoxigraph as ox
import pytest
import rdflib

from kg.graph import Graph
from kg.namespaces import PREFIXES, expand
from kg.resources import ontology_root
from kg.store import imported_files

PROPERTIES = {expand(f"owl:{kind}Property") for kind in ("Annotation", "Object", "Datatype")}
VALUES = {expand("xsd:" + name) for name in ("decimal", "integer", "boolean", "string")}
RESERVED = tuple(PREFIXES[name] for name in ("rdf", "rdfs", "owl", "xsd"))
TYPE = expand("rdf:type")
ON_AXIOMS = {expand("owl:Axiom"), expand("owl:AllDisjointClasses")}
FACETS = {expand("xsd:" + name) for name in ("minInclusive", "minExclusive", "maxInclusive", "maxExclusive")}


@pytest.fixture(scope="module")
def triples(graph: Graph) -> set[ox.Triple]:
    return set(graph.store.triples())


@pytest.fixture(scope="module")
def kinds(triples: set[ox.Triple]) -> dict[object, set[str]]:
    """Return the types of every node."""
    found: dict[object, set[str]] = defaultdict(set)
    for triple in triples:
        if triple.predicate.value == TYPE:
            found[triple.subject].add(triple.object.value)
    return found


@pytest.fixture(scope="module")
def individuals(kinds: dict[object, set[str]]) -> set[object]:
    named = expand("owl:NamedIndividual")
    return {node for node, types in kinds.items() if named in types or any(not t.startswith(RESERVED) for t in types)}


def test_every_property_used_is_declared_with_one_kind(triples: set[ox.Triple], kinds: dict[object, set[str]]) -> None:
    used = {triple.predicate for triple in triples if not triple.predicate.value.startswith(RESERVED)}

    assert {prop.value: kinds[prop] for prop in used if len(kinds[prop] & PROPERTIES) != 1} == {}


def test_axioms_are_annotated_with_annotation_properties_only(
    triples: set[ox.Triple], kinds: dict[object, set[str]]
) -> None:
    about = {triple for triple in triples if kinds.get(triple.subject, set()) & ON_AXIOMS}
    used = {triple.predicate for triple in about if not triple.predicate.value.startswith(RESERVED)}

    assert used
    assert {prop.value for prop in used if kinds[prop] != {expand("owl:AnnotationProperty")}} == set()


def test_every_class_used_is_declared(triples: set[ox.Triple], kinds: dict[object, set[str]]) -> None:
    places = {TYPE, *map(expand, ("rdfs:subClassOf", "owl:equivalentClass", "owl:disjointWith", "rdfs:domain"))}
    used = {triple.object for triple in triples if triple.predicate.value in places}
    named = {node for node in used if isinstance(node, ox.NamedNode) and not node.value.startswith(RESERVED)}

    assert {node.value for node in named if expand("owl:Class") not in kinds[node]} == set()


def test_no_name_is_both_a_class_and_an_individual(kinds: dict[object, set[str]], individuals: set[object]) -> None:
    classes = {node for node, types in kinds.items() if expand("owl:Class") in types}

    assert classes & individuals == set()


def test_logical_properties_relate_individuals_only(
    triples: set[ox.Triple], kinds: dict[object, set[str]], individuals: set[object]
) -> None:
    logical = [triple for triple in triples if kinds.get(triple.predicate, set()) & PROPERTIES]
    objects = [triple for triple in logical if expand("owl:ObjectProperty") in kinds[triple.predicate]]
    values = [triple for triple in logical if expand("owl:DatatypeProperty") in kinds[triple.predicate]]

    assert [str(triple) for triple in (*objects, *values) if triple.subject not in individuals] == []
    assert [str(triple) for triple in objects if triple.object not in individuals] == []
    assert [str(triple) for triple in values if not isinstance(triple.object, ox.Literal)] == []


def test_every_value_in_a_logical_axiom_has_a_type_that_reasoners_read(
    triples: set[ox.Triple], kinds: dict[object, set[str]]
) -> None:
    logical = [
        triple.object
        for triple in triples
        if isinstance(triple.object, ox.Literal)
        and (
            expand("owl:DatatypeProperty") in kinds.get(triple.predicate, set())
            or triple.predicate.value in {*FACETS, expand("owl:hasValue")}
        )
    ]

    assert logical
    assert {value.datatype.value for value in logical} <= VALUES


def test_every_threshold_is_a_decimal(triples: set[ox.Triple]) -> None:
    facets = [triple.object for triple in triples if triple.predicate.value in FACETS]

    assert {value.datatype.value for value in facets if isinstance(value, ox.Literal)} == {expand("xsd:decimal")}
    assert all(isinstance(value, ox.Literal) for value in facets)


@pytest.mark.parametrize("path", imported_files(ontology_root()))
def test_rdflib_reads_each_module_without_a_warning(path: str) -> None:
    text = (ontology_root() / path).read_bytes()

    graph = rdflib.Graph().parse(data=text, format="turtle")

    assert len(graph) == len(set(ox.parse(text, format=ox.RdfFormat.TURTLE)))


def test_owlready2_reads_the_whole_without_the_network(
    written: Callable[[str], str], kinds: dict[object, set[str]], triples: set[ox.Triple], tmp_path: Path
) -> None:
    world = owlready2.World(filename=str(tmp_path / "world.sqlite3"))

    ontology = world.get_ontology(expand("mbkg:mbkg.ttl")).load(
        only_local=True, fileobj=BytesIO(written("rdfxml").encode())
    )

    classes = {node.value for node, types in kinds.items() if expand("owl:Class") in types and _is_named(node)}
    disjoint = [triple for triple in triples if triple.predicate.value in _DISJOINT]
    assert {entity.iri for entity in world.classes()} == classes
    assert len(list(world.disjoint_classes())) == len(disjoint)
    assert ontology.imported_ontologies == []
    assert world[expand("mbkg:Denosumab")].label.zh.first() == "地舒单抗"
    world.close()


_DISJOINT = {expand("owl:disjointWith"), expand("owl:members")}


def _is_named(node: object) -> bool:
    return isinstance(node, ox.NamedNode)
