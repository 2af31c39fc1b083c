"""The graph as rdflib and networkx have it: the same answers, and the way from a recommendation to its sources."""

from collections.abc import Callable, Iterable
from decimal import Decimal

import networkx as nx
import pytest
import rdflib

from kg.errors import NotFoundError
from kg.exchange import provenance_paths
from kg.graph import Graph
from kg.namespaces import BASE, OUTSIDE_GRAPH, local_name

QUERIES = [
    ("drug-dose", "drug", "Denosumab"),
    ("statement-details", "statement", "S061"),
    ("recommendations-by-topic", "topic", "Topic-start"),
]
KINDS = {
    "asks": ("recommendation", {"criterion"}),
    "has advisory": ("recommendation", {"recommendation"}),
    "rests on": ("recommendation", {"outside source"}),
    "stands at": ("statement", {"span"}),
    "cites": ("statement", {"reference"}),
    "stated by": ("statement", {"speaker"}),
    "has flag": ("statement", {"flag"}),
}
# rdflib 7 warns of its own use of its own deprecated name
OWN_WARNING = pytest.mark.filterwarnings("ignore:Dataset.default_context is deprecated:DeprecationWarning")


@pytest.fixture(scope="module")
def dataset(graph: Graph) -> rdflib.Dataset:
    return graph.rdflib()


@pytest.fixture(scope="module")
def network(graph: Graph) -> nx.MultiDiGraph:
    return graph.networkx()


# --- rdflib ----------------------------------------------------------------------------------------------------------


def test_rdflib_has_our_named_graphs_with_as_many_triples(graph: Graph, dataset: rdflib.Dataset) -> None:
    sizes = {str(one.identifier): len(one) for one in dataset.graphs() if str(one.identifier).startswith(BASE)}

    assert sizes == {name: len(set(graph.store.triples(name))) for name in graph.store.names}


@OWN_WARNING
@pytest.mark.parametrize(("name", "parameter", "value"), QUERIES)
def test_rdflib_gives_the_same_answer_to_a_named_query(
    name: str, parameter: str, value: str, graph: Graph, dataset: rdflib.Dataset
) -> None:
    expected = graph.query(name, **{parameter: BASE + value})

    found = dataset.query(graph.catalogue.get(name).text, initBindings={parameter: rdflib.URIRef(BASE + value)})

    assert [str(column) for column in found.vars or ()] == list(expected.columns)
    assert sorted(_plain(row) for row in found) == sorted(tuple(map(_same, row)) for row in expected)
    assert len(expected) > 0


@OWN_WARNING
def test_rdflib_hides_what_is_outside_from_a_query_that_names_no_graph(graph: Graph, dataset: rdflib.Dataset) -> None:
    pattern = "{ ?advisory a <https://w3id.org/mbkg/Advisory> }"

    answers = {
        text: (bool(dataset.query(text).askAnswer), graph.sparql(text))
        for text in (f"ASK {pattern}", f"ASK {{ GRAPH <{OUTSIDE_GRAPH}> {pattern} }}")
    }

    assert list(answers.values()) == [(False, False), (True, True)]


def _plain(row: Iterable[object]) -> tuple[str, ...]:
    return tuple(_same(term.toPython() if isinstance(term, rdflib.Literal) else term) for term in row)


def _same(value: object) -> str:
    is_number = isinstance(value, int | Decimal) and not isinstance(value, bool)
    return format(Decimal(value).normalize(), "f") if is_number else str(value)


# --- networkx --------------------------------------------------------------------------------------------------------


def test_every_node_is_an_iri_with_a_kind_and_a_label(network: nx.MultiDiGraph) -> None:
    assert [node for node in network if not node.startswith(BASE)] == []
    assert [node for node, about in network.nodes(data=True) if not (about.get("kind") and about.get("label"))] == []


@pytest.mark.parametrize("relation", KINDS)
def test_a_relation_joins_the_kinds_that_it_says(relation: str, network: nx.MultiDiGraph) -> None:
    ends = [
        (network.nodes[source]["kind"], network.nodes[target]["kind"])
        for source, target, name in network.edges(data="relation")
        if name == relation
    ]

    source, targets = KINDS[relation]
    assert ends
    assert {start for start, _ in ends} == {source}
    assert {end for _, end in ends} <= targets


def test_every_statement_and_recommendation_is_a_node(graph: Graph, network: nx.MultiDiGraph) -> None:
    kinds = dict(network.nodes(data="kind"))
    typed = graph.sparql("SELECT ?s { ?s a <https://w3id.org/mbkg/Statement> }")

    assert not isinstance(typed, bool | str)
    assert {node for node, kind in kinds.items() if kind == "statement"} == {row[0] for row in typed}
    recommendations = {one.iri for one in graph.engine.recommendations}
    assert {node for node, kind in kinds.items() if kind == "recommendation"} == recommendations


def test_a_statement_leads_to_its_place_its_speaker_and_its_references(graph: Graph, network: nx.MultiDiGraph) -> None:
    statement = graph.statement("S061")

    edges = {(about["relation"], target) for _, target, about in network.out_edges(statement.iri, data=True)}

    place = f"{BASE}document/{statement.source}#char={statement.start},{statement.end}"
    assert ("stands at", place) in edges
    assert ("stated by", BASE + "WuLili") in edges
    assert {target for name, target in edges if name == "cites"} == {one.iri for one in statement.references}


# --- paths -----------------------------------------------------------------------------------------------------------


def test_a_path_runs_over_a_criterion_and_its_statement(graph: Graph) -> None:
    found = [tuple(map(local_name, path)) for path in graph.paths("start-china2022-smoldering")]

    assert ("start-china2022-smoldering", "FreeLightChainRatioAtLeast100", "S061", "Reference-6") in found
    assert ("start-china2022-smoldering", "S059", "Reference-6") in found


def test_every_recommendation_leads_to_a_source(graph: Graph, network: nx.MultiDiGraph) -> None:
    sources = {node for node, kind in network.nodes(data="kind") if kind in {"span", "reference", "outside source"}}

    led = {one.id for one in graph.engine.recommendations if nx.descendants(network, one.iri) & sources}

    assert led == {one.id for one in graph.engine.recommendations}


def test_paths_end_at_sources_and_never_leave_over_an_advisory(graph: Graph, network: nx.MultiDiGraph) -> None:
    kinds = dict(network.nodes(data="kind"))
    paths = graph.paths("start-china2022-smoldering")

    assert {kinds[path[-1]] for path in paths} == {"span", "reference"}
    assert {kinds[node] for path in paths for node in path[1:-1]} == {"criterion", "statement"}
    assert list(paths) == sorted(set(paths))


def test_an_advisory_leads_to_sources_outside_the_document(graph: Graph, network: nx.MultiDiGraph) -> None:
    advisory = next(one.id for one in graph.engine.recommendations if one.is_advisory)

    direct = [path for path in graph.paths(advisory) if len(path) == 2]

    assert direct
    assert {network.nodes[path[-1]]["kind"] for path in direct} == {"outside source"}


@pytest.mark.parametrize("form", ["{}", "mbkg:{}", BASE + "{}"])
def test_a_recommendation_is_found_by_id_curie_and_iri(form: str, graph: Graph) -> None:
    name = "start-nccn-active"

    assert provenance_paths(graph, form.format(name)) == graph.paths(name)


@pytest.mark.parametrize("name", ["S061", "start-nobody", ""])
def test_what_is_no_recommendation_is_refused(name: str, graph: Graph) -> None:
    with pytest.raises(NotFoundError, match="there is no recommendation"):
        graph.paths(name)


def test_the_id_of_a_verdict_is_the_id_of_its_recommendation(graph: Graph, written: Callable[[str], str]) -> None:
    verdict = graph.recommend({"id": "p", "conditions": [{"code": "ActiveMultipleMyeloma"}]})["start-nccn-active"]

    path = graph.paths(verdict.id)[0]

    assert path[0] == verdict.recommendation.iri
    assert local_name(path[0]) in written("ttl")
