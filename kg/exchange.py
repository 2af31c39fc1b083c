"""The graph in other people's forms: rdflib, networkx, and files in five formats.

Blank nodes are named by RDFC-1.0 before anything is written, so a file has the same bytes whoever parsed the graph.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING, Final, cast

import pyoxigraph as ox

from kg.errors import DataError, NotFoundError, UsageError
from kg.functional import functional_syntax
from kg.namespaces import BASE, OUTSIDE_GRAPH, PREFIXES, expand
from kg.store import Store
from kg.turtle import write_turtle

if TYPE_CHECKING:
    import networkx
    import rdflib

    from kg.graph import Graph
    from kg.recommendations import Recommendation

FORMATS: Final = ("ttl", "rdfxml", "ofn", "jsonld", "nq")
_COMMENT: Final = "The whole ontology in one file, exported by `mbkg export`; edit the modules, not this."
_TYPE: Final = PREFIXES["rdf"] + "type"
_IMPORTS: Final = ox.NamedNode(PREFIXES["owl"] + "imports")
_ROOT: Final = ox.NamedNode(expand("mbkg:mbkg.ttl"))
_SOURCES: Final = frozenset({"span", "reference", "outside source"})
_TOWARDS_SOURCES: Final = frozenset({"asks", "from statement", "stands at", "cites", "rests on"})


def to_rdflib(store: Store) -> "rdflib.Dataset":
    """Return a copy as an rdflib Dataset with our named graphs.

    Its default graph is what a query sees that names none, here as everywhere: all graphs but the outside one. It is
    a copy too, so a change to one graph of the Dataset does not show in it. The terms are handed over, not parsed:
    rdflib's parser takes three times as long, warns of itself, and breaks when two threads use it cold.
    """
    import rdflib  # noqa: PLC0415 - costs a fifth of a second

    dataset = rdflib.Dataset()
    for prefix, namespace in PREFIXES.items():
        dataset.bind(prefix, namespace)
    term = cache(_rdflib_term)
    for name in store.names:
        homes = [dataset.graph(rdflib.URIRef(name))]
        homes += [] if name == OUTSIDE_GRAPH else [dataset.default_graph]
        for triple in store.triples(name):
            spoken = term(triple.subject), term(triple.predicate), term(triple.object)
            for home in homes:
                home.add(spoken)
    return dataset


def _rdflib_term(node: object) -> "rdflib.URIRef | rdflib.BNode | rdflib.Literal":
    import rdflib  # noqa: PLC0415 - as above

    if isinstance(node, ox.NamedNode):
        return rdflib.URIRef(node.value)
    if isinstance(node, ox.BlankNode):
        return rdflib.BNode(node.value)
    if not isinstance(node, ox.Literal):
        message = "a quoted triple: rdflib has none"
        raise DataError(message, remedy="say it with owl:Axiom")
    is_plain = node.language or node.datatype.value == PREFIXES["xsd"] + "string"
    kind = None if is_plain else rdflib.URIRef(node.datatype.value)
    return rdflib.Literal(node.value, lang=node.language, datatype=kind)


# --- provenance as a network -----------------------------------------------------------------------------------------


def to_networkx(graph: "Graph") -> "networkx.MultiDiGraph[str]":
    """Return provenance as a graph: recommendation to criterion and statement, statement to its sources.

    Nodes are IRIs with `label` (English) and `kind`: recommendation, criterion, statement, span, reference, speaker,
    guideline, flag or outside source. Edges have `relation`: asks, has advisory, from statement, stands at, cites
    (with its `scope`), stated by, attributed to, has flag or rests on.
    """
    import networkx as nx  # noqa: PLC0415 - costs a quarter of a second

    found: networkx.MultiDiGraph[str] = nx.MultiDiGraph()
    for recommendation in graph.engine.recommendations:
        _add_recommendation(found, recommendation)
    for iri in sorted(
        subject.value for subject, kind in _pairs(graph, _TYPE) if kind.value == expand("mbkg:Statement")
    ):
        _add_statement(found, graph, iri)
    _add_edges(found, graph, "hasFlag", "has flag", "flag")
    _add_edges(found, graph, "hasOutsideSource", "rests on", "outside source")
    _add_edges(found, graph, "statedBy", "stated by", "speaker")
    _add_edges(found, graph, "attributedTo", "attributed to", "guideline")
    for criterion, statement in sorted(_criterion_sources(graph)):
        if found.nodes.get(criterion, {}).get("kind") == "criterion":
            found.add_edge(criterion, statement, relation="from statement")
    return found


def provenance_paths(graph: "Graph", recommendation: str) -> tuple[tuple[str, ...], ...]:
    """Return every path from a recommendation to what it rests on, as IRIs, in a fixed order.

    `recommendation` is the id of a recommendation or of its verdict, a CURIE or an IRI. A path runs over a criterion
    and its statement, or over the recommendation's own statement, and ends at a span, a reference or a source outside.
    Raises NotFoundError for a recommendation that the graph does not hold.
    """
    import networkx as nx  # noqa: PLC0415 - as above

    start = BASE + recommendation.removeprefix(BASE).removeprefix("mbkg:")
    network = to_networkx(graph)
    if network.nodes.get(start, {}).get("kind") != "recommendation":
        message = f"there is no recommendation {recommendation!r}; the named query recommendations-by-topic lists them"
        raise NotFoundError(message)
    edges = network.edges(data="relation")
    plain = nx.DiGraph((source, target) for source, target, relation in edges if relation in _TOWARDS_SOURCES)
    ends = {node for node, kind in network.nodes(data="kind") if kind in _SOURCES and node in plain}
    found = nx.all_simple_paths(plain, start, ends) if start in plain else ()
    return tuple(sorted(tuple(path) for path in found))


def _pairs(graph: "Graph", predicate: str) -> Iterable[tuple[ox.NamedNode, ox.NamedNode]]:
    for subject, value in graph.store.objects(predicate):
        if isinstance(subject, ox.NamedNode) and isinstance(value, ox.NamedNode):
            yield subject, value


def _add_recommendation(found: "networkx.MultiDiGraph[str]", recommendation: "Recommendation") -> None:
    found.add_node(recommendation.iri, kind="recommendation", label=recommendation.title.en)
    for criterion in recommendation.criteria:
        found.add_node(criterion.iri, kind="criterion", label=criterion.label.en)
        found.add_edge(recommendation.iri, criterion.iri, relation="asks")
    for advisory in recommendation.advisories:
        found.add_edge(recommendation.iri, BASE + advisory, relation="has advisory")
    for statement in recommendation.statements:
        found.add_edge(recommendation.iri, BASE + statement, relation="from statement")


def _add_statement(found: "networkx.MultiDiGraph[str]", graph: "Graph", iri: str) -> None:
    statement = graph.statement(iri)
    found.add_node(iri, kind="statement", label=statement.paraphrase.en)
    span = f"{BASE}document/{statement.source}#char={statement.start},{statement.end}"
    found.add_node(span, kind="span", label=f"{statement.source} [{statement.start}, {statement.end})")
    found.add_edge(iri, span, relation="stands at")
    for reference in statement.references:
        found.add_node(reference.iri, kind="reference", label=reference.label.en)
        found.add_edge(iri, reference.iri, relation="cites", scope=reference.scope)


def _add_edges(found: "networkx.MultiDiGraph[str]", graph: "Graph", name: str, relation: str, kind: str) -> None:
    """Add the edges of one property that begin at a node that is there; what they end at gets `kind` if it is new."""
    for subject, value in sorted((pair[0].value, pair[1]) for pair in _pairs(graph, expand("mbkg:" + name))):
        if subject in found:
            if value.value not in found:
                found.add_node(value.value, kind=kind, label=graph.provenance.label(value).en)
            found.add_edge(subject, value.value, relation=relation)


def _criterion_sources(graph: "Graph") -> Iterator[tuple[str, str]]:
    """Yield (class, statement) for every annotated axiom."""
    sources = dict(graph.store.objects(PREFIXES["owl"] + "annotatedSource"))
    for axiom, statement in graph.store.objects(expand("mbkg:fromStatement")):
        if axiom in sources:
            yield sources[axiom].value, statement.value


# --- files -----------------------------------------------------------------------------------------------------------


def export(store: Store, form: str) -> str:
    """Return the whole ontology in one of FORMATS; raises UsageError for any other.

    `nq` keeps the named graphs. The others merge them into one ontology: one header, that of the root, no imports.
    """
    makers: dict[str, Callable[[Store], str]] = {
        "nq": lambda graphs: "".join(f"{quad} .\n" for quad in _canonical(graphs.graphs)),
        "ttl": lambda graphs: write_turtle(_merged(graphs), comment=_COMMENT),
        "rdfxml": _rdfxml,
        "jsonld": _jsonld,
        "ofn": lambda graphs: functional_syntax(_merged(graphs)),
    }
    if form not in makers:
        message = f"there is no format {form!r}; the formats are {', '.join(FORMATS)}"
        raise UsageError(message)
    return makers[form](store)


def _canonical(quads: Iterable[ox.Quad]) -> list[ox.Quad]:
    """Return the quads in one order, with blank nodes named by what is said of them."""
    dataset = ox.Dataset(quads)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return sorted(dataset, key=str)


def _merged(store: Store) -> list[ox.Triple]:
    """Return the triples of all graphs as those of one ontology: the root's header, without imports."""
    ontology = ox.NamedNode(PREFIXES["owl"] + "Ontology")
    modules = {quad.subject for quad in store.graphs.quads_for_pattern(None, ox.NamedNode(_TYPE), ontology, None)}
    modules.discard(_ROOT)
    kept = (triple for triple in store.triples() if triple.subject not in modules and triple.predicate != _IMPORTS)
    return [quad.triple for quad in _canonical(ox.Quad(*triple) for triple in kept)]


def _rdfxml(store: Store) -> str:
    return cast("bytes", ox.serialize(_merged(store), format=ox.RdfFormat.RDF_XML, prefixes=PREFIXES)).decode()


def _jsonld(store: Store) -> str:
    """Return expanded JSON-LD: it needs no context, and a number keeps its datatype."""
    found: dict[str, dict[str, list[object]]] = defaultdict(dict)
    for triple in _merged(store):
        subject = found[_reference(triple.subject)]
        if triple.predicate.value == _TYPE:
            subject.setdefault("@type", []).append(_reference(triple.object))
        else:
            subject.setdefault(triple.predicate.value, []).append(_json_value(triple.object))
    nodes = [{"@id": name, **about} for name, about in found.items()]
    return json.dumps(nodes, ensure_ascii=False, indent=1) + "\n"


def _reference(node: object) -> str:
    return node.value if isinstance(node, ox.NamedNode) else str(node)


def _json_value(node: object) -> dict[str, str]:
    if not isinstance(node, ox.Literal):
        return {"@id": _reference(node)}
    if node.language:
        return {"@value": node.value, "@language": node.language}
    if node.datatype.value == PREFIXES["xsd"] + "string":
        return {"@value": node.value}
    return {"@value": node.value, "@type": node.datatype.value}
