"""The graph, loaded twice, and each of its forms written once."""

from collections.abc import Callable
from decimal import Decimal
from functools import cache

import pyoxigraph as ox
import pytest

import kg
from kg.graph import Graph
from kg.namespaces import PREFIXES
from kg.turtle import decimal_text

Lines = frozenset[str]


@pytest.fixture(scope="session")
def graph() -> Graph:
    return kg.open()


@pytest.fixture(scope="session")
def written(graph: Graph) -> Callable[[str], str]:
    """Return the function that writes the graph in a format, once."""
    return cache(graph.export)


@pytest.fixture(scope="session")
def lines_of() -> Callable[[object], Lines]:
    """Return the function that makes triples or quads comparable: blank nodes and decimals named in one way."""
    return _lines


def _lines(quads: object) -> Lines:
    dataset = ox.Dataset(_plain(quad) for quad in quads)  # type: ignore[attr-defined]
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return frozenset(map(str, dataset))


def _plain(quad: ox.Quad | ox.Triple) -> ox.Quad:
    value, graph = quad.object, getattr(quad, "graph_name", ox.DefaultGraph())
    decimal = ox.NamedNode(PREFIXES["xsd"] + "decimal")
    if isinstance(value, ox.Literal) and value.datatype == decimal:
        value = ox.Literal(decimal_text(Decimal(value.value)), datatype=decimal)
    return ox.Quad(quad.subject, quad.predicate, value, graph)
