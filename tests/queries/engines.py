"""The two engines that every query runs on, and one form in which their rows compare: as sorted lines of TSV."""

import warnings
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import rdflib
import yaml
from rdflib.query import ResultRow

from kg.catalogue import NamedQuery
from kg.namespaces import DOCUMENT_GRAPH_PREFIX, OUTSIDE_GRAPH, PREFIXES, compress, expand
from kg.store import Rows, Store, Term

EXPECTED = Path(__file__).resolve().parent.parent / "expected"
_XSD = PREFIXES["xsd"]
_NUMBERS = {_XSD + "integer", _XSD + "decimal"}


def cases() -> dict[str, list[dict[str, Any]]]:
    """Return the settings of parameters that each competency question is tried with."""
    read: dict[str, list[dict[str, Any]]] = yaml.safe_load((EXPECTED / "cases.yaml").read_text(encoding="utf-8"))
    return read


def resolve(text: str, type_iri: str) -> str:
    """Return the IRI of a prefixed name, as the facade's resolver does for it."""
    assert type_iri.startswith("http")
    return expand(text)


def expected_path(name: str, number: int) -> Path:
    return EXPECTED / (f"{name}.tsv" if number == 0 else f"{name}.{number + 1}.tsv")


def lines(columns: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return a header and the sorted rows, each ended by LF."""
    body = sorted("\t".join(row) for row in rows)
    return "".join(f"{line}\n" for line in ("\t".join(columns), *body))


def ask_store(store: Store, query: NamedQuery, values: Mapping[str, Any]) -> Rows:
    return store.select(query.text, query.bind(values, resolve))


def store_lines(found: Rows) -> str:
    return lines(found.columns, ([_shown(term) for term in row] for row in found.rows))


def ask_rdflib(
    dataset: rdflib.Dataset, text: str, bound: Mapping[str, Any] | None = None
) -> tuple[list[str], list[Any]]:
    """Return columns and rows; rdflib warns of its own use of its own deprecated names."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", category=DeprecationWarning, message="Dataset")
        found = dataset.query(text, initBindings=bound)
        return [str(variable) for variable in found.vars or []], list(found)


def rdflib_lines(dataset: rdflib.Dataset, query: NamedQuery, values: Mapping[str, Any]) -> str:
    bound = {name: to_rdflib(term) for name, term in query.bind(values, resolve).items()}
    columns, rows = ask_rdflib(dataset, query.text, bound)
    return lines(columns, _rdflib_rows(rows))


def _rdflib_rows(found: Iterable[Any]) -> Iterator[list[str]]:
    for row in found:
        assert isinstance(row, ResultRow)
        yield [_shown(None if term is None else from_rdflib(term)) for term in row]


def _shown(term: Term | None) -> str:
    """Return a term in one form for both engines: prefixed names, and numbers by their value."""
    if term is None:
        return ""
    if isinstance(term, ox.NamedNode):
        return compress(term.value)
    if isinstance(term, ox.Literal) and term.datatype.value in _NUMBERS:
        return format(Decimal(term.value).normalize(), "f")
    return str(term).replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n")


def to_dataset(store: Store) -> rdflib.Dataset:
    """Return the graphs for rdflib, the default graph holding all of them but the outside one."""
    dataset = rdflib.Dataset()
    for quad in store.graphs:
        add(dataset, quad)
    return dataset


def add(dataset: rdflib.Dataset, quad: ox.Quad) -> None:
    triple, name = _triple(quad)
    dataset.graph(name).add(triple)
    if str(name) != OUTSIDE_GRAPH:
        dataset.default_graph.add(triple)


def remove(dataset: rdflib.Dataset, quad: ox.Quad) -> None:
    triple, name = _triple(quad)
    dataset.graph(name).remove(triple)
    if str(name) != OUTSIDE_GRAPH:
        dataset.default_graph.remove(triple)


def _triple(quad: ox.Quad) -> tuple[tuple[Any, Any, Any], rdflib.URIRef]:
    assert isinstance(quad.graph_name, ox.NamedNode)
    name = rdflib.URIRef(quad.graph_name.value)
    return (to_rdflib(quad.subject), rdflib.URIRef(quad.predicate.value), to_rdflib(quad.object)), name


def to_rdflib(term: Any) -> rdflib.URIRef | rdflib.BNode | rdflib.Literal:
    if isinstance(term, ox.NamedNode):
        return rdflib.URIRef(term.value)
    if isinstance(term, ox.BlankNode):
        return rdflib.BNode(term.value)
    if term.language:
        return rdflib.Literal(term.value, lang=term.language)
    kind = term.datatype.value
    return rdflib.Literal(term.value, datatype=None if kind == _XSD + "string" else rdflib.URIRef(kind))


def from_rdflib(term: Any) -> Term:
    if isinstance(term, rdflib.URIRef):
        return ox.NamedNode(str(term))
    if isinstance(term, rdflib.BNode):
        return ox.BlankNode(str(term))
    if term.language:
        return ox.Literal(str(term), language=term.language)
    return ox.Literal(str(term), datatype=ox.NamedNode(str(term.datatype or _XSD + "string")))


def updated(store: Store, update: str) -> Store:
    """Return a copy of the graphs after a SPARQL update, which may use our prefixes, and $document for its graph."""
    graphs = ox.Store()
    graphs.bulk_extend(store.graphs)
    prefixes = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())
    graphs.update(prefixes + update.replace("$document", f"<{DOCUMENT_GRAPH_PREFIX}roundtable>"))
    return Store(graphs)
