"""OWL functional syntax says what the RDF says; py-horned-owl, which reads it, counts."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import pyhornedowl
import pyoxigraph as ox
import pytest
from pyhornedowl.model import DisjointClasses

from kg.errors import DataError
from kg.functional import functional_syntax
from kg.graph import Graph
from kg.namespaces import PREFIXES, expand

TYPE = expand("rdf:type")
KINDS = {
    "owl:Class": "DeclareClass",
    "owl:ObjectProperty": "DeclareObjectProperty",
    "owl:DatatypeProperty": "DeclareDataProperty",
    "owl:AnnotationProperty": "DeclareAnnotationProperty",
    "owl:NamedIndividual": "DeclareNamedIndividual",
}
AXIOMS = {
    "rdfs:subClassOf": "SubClassOf",
    "owl:equivalentClass": "EquivalentClasses",
    "owl:disjointWith": "DisjointClasses",
}
HEAD = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())
DECLARED = (
    "mbkg:A a owl:Class . mbkg:B a owl:Class . mbkg:o a owl:ObjectProperty . mbkg:d a owl:DatatypeProperty .\n"
    "mbkg:n a owl:AnnotationProperty . mbkg:i a mbkg:A .\n"
)

ON = "mbkg:A rdfs:subClassOf [ a owl:Restriction ; owl:onProperty"
ABOUT_A_IN_B = (
    "a owl:Axiom ; owl:annotatedSource mbkg:A ; owl:annotatedProperty rdfs:subClassOf ; owl:annotatedTarget mbkg:B"
)
FROM_100 = (
    "[ a rdfs:Datatype ; owl:onDatatype xsd:decimal ; "
    "owl:withRestrictions ( [ xsd:minInclusive 100.0 ] [ xsd:maxExclusive 200.50 ] ) ]"
)
FROM_100_IN_WORDS = (
    'DatatypeRestriction(xsd:decimal xsd:maxExclusive "200.5"^^xsd:decimal xsd:minInclusive "100.0"^^xsd:decimal)'
)

Written = Callable[[str], str]


def functional(turtle: str, *, declared: str = DECLARED) -> str:
    text = HEAD + declared + turtle
    return functional_syntax(quad.triple for quad in ox.parse(text.encode(), format=ox.RdfFormat.TURTLE))


def axioms_of(turtle: str) -> list[str]:
    """Return the lines that a piece of Turtle adds to those of what it is about."""
    known = set(functional("").splitlines())
    return [line for line in functional(turtle).splitlines() if line not in known and not line.startswith("Prefix")]


@pytest.fixture(scope="module")
def components(written: Written) -> list[Any]:
    ontology = pyhornedowl.open_ontology_from_string(written("ofn"), "ofn")
    return list(ontology.get_components())


@pytest.fixture(scope="module")
def triples(graph: Graph) -> set[ox.Triple]:
    return set(graph.store.triples())


@pytest.fixture(scope="module")
def counted(components: list[Any]) -> Counter[str]:
    return Counter(type(one.component).__name__ for one in components)


@pytest.fixture(scope="module")
def parts(triples: set[ox.Triple]) -> Callable[[str], dict[ox.Triple, int]]:
    """Return the function that counts, for each triple of a predicate, the owl:Axiom nodes about it."""
    ends = {
        name: {triple.subject: triple.object for triple in triples if triple.predicate.value == expand("owl:" + name)}
        for name in ("annotatedSource", "annotatedProperty", "annotatedTarget")
    }

    def count(curie: str) -> dict[ox.Triple, int]:
        found: Counter[ox.Triple] = Counter()
        for axiom, source in ends["annotatedSource"].items():
            if ends["annotatedProperty"][axiom].value == expand(curie):
                found[ox.Triple(source, ends["annotatedProperty"][axiom], ends["annotatedTarget"][axiom])] += 1
        return found

    return count


def test_every_declaration_is_there(counted: Counter[str], triples: set[ox.Triple]) -> None:
    declared: Counter[str] = Counter()
    for triple in triples:
        kinds = [name for curie, name in KINDS.items() if triple.object == ox.NamedNode(expand(curie))]
        if triple.predicate.value == TYPE and isinstance(triple.subject, ox.NamedNode):
            declared.update(kinds)

    assert {kind: counted[kind] for kind in KINDS.values()} == {kind: declared[kind] for kind in KINDS.values()}


def test_every_class_axiom_is_there_once_for_each_annotation(
    counted: Counter[str], triples: set[ox.Triple], parts: Callable[[str], dict[ox.Triple, int]]
) -> None:
    expected: Counter[str] = Counter()
    for curie, kind in AXIOMS.items():
        annotated = parts(curie)
        symmetric = curie != "rdfs:subClassOf"
        plain = {
            frozenset((triple.subject, triple.object)) if symmetric else (triple.subject, triple.object)
            for triple in triples
            if triple.predicate.value == expand(curie) and triple not in annotated
        }
        expected[kind] = len(plain) + sum(annotated.values())
    expected["DisjointClasses"] += sum(
        triple.object.value == expand("owl:AllDisjointClasses") for triple in _iris(triples)
    )

    assert {kind: counted[kind] for kind in AXIOMS.values()} == expected
    assert expected["DisjointClasses"] > 0


def _iris(triples: set[ox.Triple]) -> list[ox.Triple]:
    return [triple for triple in triples if isinstance(triple.object, ox.NamedNode)]


def test_every_assertion_is_there(counted: Counter[str], triples: set[ox.Triple]) -> None:
    kind_of = {triple.subject: triple.object.value for triple in _iris(triples) if triple.predicate.value == TYPE}
    headers = {subject for subject, kind in kind_of.items() if kind == expand("owl:Ontology")}
    classes = {subject for subject, kind in kind_of.items() if kind == expand("owl:Class")}
    named = [t for t in triples if isinstance(t.subject, ox.NamedNode) and t.subject not in headers]
    used = Counter(kind_of.get(triple.predicate, triple.predicate.value) for triple in named)
    texts = sum(used[name] for name in map(expand, ("rdfs:label", "rdfs:comment", "owl:AnnotationProperty")))

    assert counted["ObjectPropertyAssertion"] == used[expand("owl:ObjectProperty")]
    assert counted["DataPropertyAssertion"] == used[expand("owl:DatatypeProperty")]
    assert counted["AnnotationAssertion"] == texts
    assert counted["ClassAssertion"] == sum(t.predicate.value == TYPE and t.object in classes for t in named)


def test_every_annotation_of_an_axiom_is_there(components: list[Any], triples: set[ox.Triple]) -> None:
    nodes = {
        triple.subject
        for triple in _iris(triples)
        if triple.object.value in {expand("owl:Axiom"), expand("owl:AllDisjointClasses")}
    }
    skipped = {TYPE, expand("owl:members")}
    notes = [
        triple
        for triple in triples
        if triple.subject in nodes
        and triple.predicate.value not in skipped
        and not triple.predicate.value.startswith(expand("owl:annotated"))
    ]

    assert sum(len(one.ann) for one in components) == len(notes)
    assert sum(bool(one.ann) for one in components) == len({triple.subject for triple in notes})


def test_disjoint_classes_of_many_members_are_there(components: list[Any]) -> None:
    disjoint = [one.component for one in components if isinstance(one.component, DisjointClasses)]

    assert max(len(axiom.first) for axiom in disjoint) > 2


@pytest.mark.parametrize(
    ("turtle", "axiom"),
    [
        ("mbkg:A rdfs:subClassOf mbkg:B .", "SubClassOf(mbkg:A mbkg:B)"),
        ("mbkg:B owl:equivalentClass mbkg:A .", "EquivalentClasses(mbkg:A mbkg:B)"),
        ("mbkg:A owl:disjointWith mbkg:B .", "DisjointClasses(mbkg:A mbkg:B)"),
        ("[] a owl:AllDisjointClasses ; owl:members ( mbkg:B mbkg:A ) .", "DisjointClasses(mbkg:A mbkg:B)"),
        (
            f"mbkg:A rdfs:subClassOf mbkg:B . [] mbkg:n 'why' ; {ABOUT_A_IN_B} .",
            'SubClassOf(Annotation(mbkg:n "why") mbkg:A mbkg:B)',
        ),
        (f"{ON} mbkg:o ; owl:hasValue mbkg:i ] .", "SubClassOf(mbkg:A ObjectHasValue(mbkg:o mbkg:i))"),
        (f"{ON} mbkg:o ; owl:someValuesFrom mbkg:B ] .", "SubClassOf(mbkg:A ObjectSomeValuesFrom(mbkg:o mbkg:B))"),
        (f"{ON} mbkg:d ; owl:hasValue 'x' ] .", 'SubClassOf(mbkg:A DataHasValue(mbkg:d "x"))'),
        (
            f"{ON} mbkg:d ; owl:someValuesFrom {FROM_100} ] .",
            f"SubClassOf(mbkg:A DataSomeValuesFrom(mbkg:d {FROM_100_IN_WORDS}))",
        ),
        (
            "mbkg:A owl:equivalentClass [ owl:intersectionOf ( mbkg:B [ owl:complementOf mbkg:A ] ) ] .",
            "EquivalentClasses(mbkg:A ObjectIntersectionOf(mbkg:B ObjectComplementOf(mbkg:A)))",
        ),
        (
            "[] a owl:AllDisjointClasses ; mbkg:n 'w' ; owl:members ( mbkg:A [ owl:unionOf ( mbkg:A mbkg:B ) ] ) .",
            'DisjointClasses(Annotation(mbkg:n "w") ObjectUnionOf(mbkg:A mbkg:B) mbkg:A)',
        ),
        ("mbkg:o rdfs:domain mbkg:A .", "ObjectPropertyDomain(mbkg:o mbkg:A)"),
        ("mbkg:d rdfs:range xsd:string .", "DataPropertyRange(mbkg:d xsd:string)"),
        ("mbkg:i mbkg:d true .", 'DataPropertyAssertion(mbkg:d mbkg:i "true"^^xsd:boolean)'),
        ("mbkg:i mbkg:d 2.50 .", 'DataPropertyAssertion(mbkg:d mbkg:i "2.5"^^xsd:decimal)'),
        ("mbkg:i mbkg:o mbkg:i .", "ObjectPropertyAssertion(mbkg:o mbkg:i mbkg:i)"),
        ("mbkg:A mbkg:n <http://example.org/#x> .", "AnnotationAssertion(mbkg:n mbkg:A <http://example.org/#x>)"),
        ('mbkg:A rdfs:label "甲"@zh .', 'AnnotationAssertion(rdfs:label mbkg:A "甲"@zh)'),
    ],
)
def test_a_construct_is_written(turtle: str, axiom: str) -> None:
    assert axioms_of(turtle) == [axiom]


@pytest.mark.parametrize(
    ("turtle", "named"),
    [
        (f"{ON} mbkg:o ; owl:allValuesFrom mbkg:B ] .", "owl:allValuesFrom"),
        (f"{ON} mbkg:o ; owl:minCardinality 1 ] .", "owl:minCardinality"),
        (f"{ON} mbkg:n ; owl:hasValue 1 ] .", "owl:hasValue on mbkg:n"),
        ("mbkg:A rdfs:subClassOf [ owl:oneOf ( mbkg:i ) ] .", "owl:oneOf"),
        ("mbkg:A rdfs:subClassOf [ owl:unionOf ( mbkg:B ) ] .", "fewer than two classes"),
        ("mbkg:d rdfs:range [ a rdfs:Datatype ; owl:oneOf ( 1 2 ) ] .", "owl:oneOf"),
        ("mbkg:o a owl:TransitiveProperty .", "owl:TransitiveProperty"),
        ("mbkg:o rdfs:subPropertyOf mbkg:o .", "rdfs:subPropertyOf"),
        ("mbkg:o owl:inverseOf mbkg:o .", "owl:inverseOf"),
        ("mbkg:A mbkg:unknown mbkg:B .", "mbkg:unknown"),
        ("mbkg:o a owl:DatatypeProperty .", "DataProperty and ObjectProperty"),
        ("mbkg:A a owl:NamedIndividual .", "Class and NamedIndividual"),
        ("mbkg:i mbkg:d mbkg:i .", "mbkg:d"),
        ("mbkg:i mbkg:o 1 .", "mbkg:o"),
        ("mbkg:i mbkg:o [] .", "an anonymous individual"),
        ("[] mbkg:o mbkg:i .", "a blank node that belongs to no axiom"),
        ("_:x owl:complementOf _:x . mbkg:A rdfs:subClassOf _:x .", "holds itself"),
        (
            "_:x rdf:first mbkg:A ; rdf:rest _:x . mbkg:A rdfs:subClassOf [ owl:unionOf _:x ] .",
            "a list that does not end",
        ),
        ("mbkg:one a owl:Ontology . mbkg:two a owl:Ontology .", "a second owl:Ontology"),
        ("mbkg:one a owl:Ontology ; owl:versionIRI mbkg:v1, mbkg:v2 .", "with two"),
        (f"mbkg:A rdfs:subClassOf mbkg:B . mbkg:x mbkg:n 'why' ; {ABOUT_A_IN_B} .", "an owl:Axiom with a name"),
        (f"[] mbkg:n 'why' ; {ABOUT_A_IN_B} .", "that is not there"),
        (
            f"mbkg:A rdfs:subClassOf mbkg:B . [] mbkg:o mbkg:i ; {ABOUT_A_IN_B} .",
            "declare it as an owl:AnnotationProperty",
        ),
    ],
)
def test_what_is_not_written_is_refused_by_name(turtle: str, named: str) -> None:
    with pytest.raises(DataError) as caught:
        functional(turtle)

    assert named in str(caught.value)
    assert "\n" not in str(caught.value)


def test_text_with_quotes_backslashes_and_lines_comes_back() -> None:
    text = 'a "b" \\ c\\n\nd'
    turtle = f"mbkg:A rdfs:comment {ox.Literal(text)} ."

    ontology = pyhornedowl.open_ontology_from_string(functional(turtle), "ofn")

    assert ontology.get_annotation(expand("mbkg:A"), expand("rdfs:comment")) == text


def test_the_order_of_the_triples_does_not_matter(graph: Graph) -> None:
    heads = {triple.subject for triple in graph.store.triples() if triple.object.value == expand("owl:Ontology")}
    triples = [triple for triple in graph.store.triples() if triple.subject not in heads]

    assert functional_syntax(triples) == functional_syntax(reversed(triples))
