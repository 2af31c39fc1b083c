"""What is written in five formats is the graph that we hold, the same bytes each time."""

from collections.abc import Callable, Iterable
from decimal import Decimal

import pyoxigraph as ox
import pytest
import rdflib

import kg
from kg.errors import UsageError
from kg.exchange import FORMATS
from kg.graph import Graph
from kg.namespaces import expand

MERGED = {"ttl": ox.RdfFormat.TURTLE, "rdfxml": ox.RdfFormat.RDF_XML, "jsonld": ox.RdfFormat.JSON_LD}
NAMES_IN_RDFLIB = {"ttl": "turtle", "rdfxml": "xml", "jsonld": "json-ld"}
ONTOLOGY = ox.NamedNode(expand("owl:Ontology"))
IMPORTS = ox.NamedNode(expand("owl:imports"))
ROOT = ox.NamedNode(expand("mbkg:mbkg.ttl"))

Written = Callable[[str], str]
LinesOf = Callable[[object], frozenset[str]]


@pytest.fixture(scope="module")
def merged(graph: Graph, lines_of: LinesOf) -> frozenset[str]:
    """Return the triples of all graphs without imports and without the headers of modules."""
    heads = {triple.subject for triple in graph.store.triples() if triple.object == ONTOLOGY} - {ROOT}
    triples = [triple for triple in graph.store.triples() if triple.subject not in heads]
    return lines_of([triple for triple in triples if triple.predicate != IMPORTS])


@pytest.mark.parametrize("form", MERGED)
def test_oxigraph_reads_back_every_triple_and_no_other(
    form: str, written: Written, lines_of: LinesOf, merged: frozenset[str]
) -> None:
    found = lines_of(ox.parse(written(form).encode(), format=MERGED[form]))

    assert found == merged


@pytest.mark.parametrize("form", MERGED)
@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")  # rdflib 7 warns of its own JSON-LD parser
def test_rdflib_reads_back_every_triple_and_no_other(
    form: str, written: Written, lines_of: LinesOf, merged: frozenset[str]
) -> None:
    text = (
        rdflib.Graph().parse(data=written(form), format=NAMES_IN_RDFLIB[form]).serialize(format="nt", encoding="utf-8")
    )

    assert lines_of(ox.parse(text, format=ox.RdfFormat.N_TRIPLES)) == merged


def test_nquads_keep_the_named_graphs(graph: Graph, written: Written, lines_of: LinesOf) -> None:
    quads = list(ox.parse(written("nq").encode(), format=ox.RdfFormat.N_QUADS))

    assert lines_of(quads) == lines_of(graph.store.graphs)
    assert {quad.graph_name.value for quad in quads if isinstance(quad.graph_name, ox.NamedNode)} == {
        *graph.store.names
    }


@pytest.mark.parametrize("form", FORMATS)
def test_two_loads_are_written_with_the_same_bytes(form: str, written: Written) -> None:
    assert kg.open().export(form) == written(form)


@pytest.mark.parametrize("form", MERGED)
def test_one_file_is_one_ontology_that_imports_nothing(form: str, written: Written) -> None:
    triples = [quad.triple for quad in ox.parse(written(form).encode(), format=MERGED[form])]

    assert [triple.subject for triple in triples if triple.object == ONTOLOGY] == [ROOT]
    assert not [triple for triple in triples if triple.predicate == IMPORTS]
    assert [triple.subject for triple in triples if triple.predicate.value == expand("owl:versionIRI")] == [ROOT]


def test_nquads_keep_every_header_and_the_imports(graph: Graph, written: Written) -> None:
    quads = list(ox.parse(written("nq").encode(), format=ox.RdfFormat.N_QUADS))

    modules = {quad.subject for quad in quads if quad.object == ONTOLOGY}

    assert {quad.object for quad in quads if quad.predicate == IMPORTS} == modules - {ROOT}
    assert len(modules) > 1
    assert len(quads) == len(list(graph.store.graphs))


@pytest.mark.parametrize("form", MERGED)
def test_a_decimal_stays_a_decimal(form: str, written: Written, graph: Graph) -> None:
    def decimals(triples: Iterable[ox.Triple | ox.Quad]) -> set[Decimal]:
        literals = [one.object for one in triples if isinstance(one.object, ox.Literal)]
        return {Decimal(one.value) for one in literals if one.datatype.value == expand("xsd:decimal")}

    found = list(ox.parse(written(form).encode(), format=MERGED[form]))

    assert decimals(found) == decimals(graph.store.triples())
    assert not {"double", "float"} & {
        quad.object.datatype.value.rpartition("#")[2] for quad in found if isinstance(quad.object, ox.Literal)
    }


def test_turtle_says_on_its_first_line_that_it_is_not_the_place_to_edit(written: Written) -> None:
    assert "exported by `mbkg export`" in written("ttl").partition("\n")[0]


def test_a_format_that_is_not_there_names_those_that_are(graph: Graph) -> None:
    with pytest.raises(UsageError, match="ttl, rdfxml, ofn, jsonld, nq"):
        graph.export("obo")
