"""The graph in other people's forms: rdflib, networkx, and files in five formats."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterator
from threading import Lock
from typing import TYPE_CHECKING, Final, cast

import pyoxigraph as ox

from kg.errors import EnvironmentLackError, UsageError
from kg.namespaces import BASE, PREFIXES, expand
from kg.provenance import Statement
from kg.store import Store

if TYPE_CHECKING:
    import networkx
    import rdflib

    from kg.graph import Graph

FORMATS: Final = ("ttl", "rdfxml", "ofn", "jsonld", "nq")
_PARSING: Final = Lock()
_IMPORTS: Final = ox.NamedNode(PREFIXES["owl"] + "imports")


def to_rdflib(store: Store) -> "rdflib.Dataset":
    """Return a copy as an rdflib Dataset; its default graph is the union of all graphs."""
    import rdflib  # noqa: PLC0415 - costs a fifth of a second

    dataset = rdflib.Dataset(default_union=True)
    for prefix, namespace in PREFIXES.items():
        dataset.bind(prefix, namespace)
    with _PARSING:  # two threads on rdflib's cold parser break it for the life of the process
        dataset.parse(data=_nquads(store), format="nquads")
    return dataset


def to_networkx(graph: "Graph") -> "networkx.MultiDiGraph[str]":
    """Return provenance as a graph: recommendation to criterion and statement, statement to its sources.

    Nodes are IRIs with `kind` and `label` (English); edges have `relation`.
    """
    import networkx as nx  # noqa: PLC0415 - costs a quarter of a second

    found: networkx.MultiDiGraph[str] = nx.MultiDiGraph()
    for recommendation in graph.engine.recommendations:
        found.add_node(recommendation.iri, kind="recommendation", label=recommendation.title.en)
        for criterion in recommendation.criteria:
            found.add_node(criterion.iri, kind="criterion", label=criterion.label.en)
            found.add_edge(recommendation.iri, criterion.iri, relation="asks")
        for advisory in recommendation.advisories:
            found.add_edge(recommendation.iri, BASE + advisory, relation="has advisory")
        for name in recommendation.statements:
            statement = graph.statement(name)
            found.add_edge(recommendation.iri, statement.iri, relation="from statement")
    for iri in _statements(graph):
        _add_statement(found, graph.statement(iri))
    for criterion_iri, statement_iri in _criterion_sources(graph):
        if criterion_iri in found and statement_iri in found:
            found.add_edge(criterion_iri, statement_iri, relation="from statement")
    return found


def _statements(graph: "Graph") -> list[str]:
    typed = graph.store.objects(PREFIXES["rdf"] + "type")
    return sorted(subject.value for subject, kind in typed if kind.value == expand("mbkg:Statement"))


def _add_statement(found: "networkx.MultiDiGraph[str]", statement: Statement) -> None:
    found.add_node(statement.iri, kind="statement", label=statement.paraphrase.en)
    span = f"{BASE}document/{statement.source}#char={statement.start},{statement.end}"
    found.add_node(span, kind="span", label=f"{statement.source} [{statement.start}, {statement.end})")
    found.add_edge(statement.iri, span, relation="stands at")
    found.add_node(statement.speaker, kind="speaker", label=statement.speaker_label.en)
    found.add_edge(statement.iri, statement.speaker, relation="stated by")
    for reference in statement.references:
        found.add_node(reference.iri, kind="reference", label=reference.label.en)
        found.add_edge(statement.iri, reference.iri, relation="cites")
    for flag in statement.flags:
        found.add_node(flag.code, kind="flag", label=flag.note.en)
        found.add_edge(statement.iri, flag.code, relation="has flag")


def _criterion_sources(graph: "Graph") -> Iterator[tuple[str, str]]:
    """Yield (class, statement) for every annotated axiom."""
    sources = dict(graph.store.objects(PREFIXES["owl"] + "annotatedSource"))
    for axiom, statement in graph.store.objects(expand("mbkg:fromStatement")):
        if axiom in sources:
            yield sources[axiom].value, statement.value


def export(store: Store, form: str) -> str:
    """Return the whole ontology in one of FORMATS; all but `nq` merge the graphs and drop the imports."""
    makers: dict[str, Callable[[Store], str]] = {
        "nq": _nquads,
        "ttl": lambda graphs: _text(graphs, ox.RdfFormat.TURTLE),
        "rdfxml": lambda graphs: _text(graphs, ox.RdfFormat.RDF_XML),
        "jsonld": _jsonld,
        "ofn": _functional,
    }
    if form not in makers:
        message = f"there is no format {form!r}; the formats are {', '.join(FORMATS)}"
        raise UsageError(message)
    return makers[form](store)


def _merged(store: Store) -> list[ox.Triple]:
    return sorted((triple for triple in store.triples() if triple.predicate != _IMPORTS), key=str)


def _text(store: Store, form: ox.RdfFormat) -> str:
    return cast("bytes", ox.serialize(_merged(store), format=form, prefixes=PREFIXES)).decode()


def _nquads(store: Store) -> str:
    return "".join(f"{quad} .\n" for quad in sorted(store.graphs, key=str))


def _jsonld(store: Store) -> str:
    found: dict[str, dict[str, list[object]]] = defaultdict(dict)
    for triple in _merged(store):
        subject = found[_reference(triple.subject)]
        if triple.predicate.value == PREFIXES["rdf"] + "type":
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


def _functional(store: Store) -> str:
    """Return OWL functional syntax, by py-horned-owl where it is installed."""
    try:
        import pyhornedowl  # noqa: PLC0415 - an extra
    except ImportError:
        message = "functional syntax needs py-horned-owl; install it with: pip install 'myeloma-bone-kg[owl]'"
        raise EnvironmentLackError(message) from None
    ontology = pyhornedowl.open_ontology_from_string(_text(store, ox.RdfFormat.RDF_XML), "rdf")
    return str(ontology.save_to_string("ofn"))
