"""Operands in the order of the criteria, since an editor that saves a class expression may forget what order it had."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias

import pyoxigraph as ox

from kg.expressions import OWL, RDF, Triples, Value
from kg.namespaces import expand

Key: TypeAlias = tuple[int, int, str]

_FIRST: Final = RDF + "first"
_OPERANDS: Final = (OWL + "intersectionOf", OWL + "unionOf")
_RECOMMENDATION_SHIFT: Final = 100_000


@dataclass(frozen=True, slots=True)
class _Cell:
    """A cell of an operand list and the operand that belongs in it."""

    cell: str
    operand: Value


def in_order(triples: Iterable[ox.Triple], everything: Triples) -> list[ox.Triple]:
    """Return triples with the operands of each class expression sorted by the order of the criteria under them.

    `everything` holds the triples of all modules, where the criteria and recommendations have their order.
    """
    given = list(triples)
    mine = Triples(given)
    places = {
        cell.cell: cell.operand
        for triple in given
        if triple.predicate.value in _OPERANDS and isinstance(triple.object, ox.BlankNode)
        for cell in _sorted_cells(triple.object, mine, everything)
    }
    return [
        ox.Triple(triple.subject, triple.predicate, places[str(triple.subject)])
        if triple.predicate.value == _FIRST and str(triple.subject) in places
        else triple
        for triple in given
    ]


def _sorted_cells(head: Value, mine: Triples, everything: Triples) -> Iterator[_Cell]:
    cells: list[Value] = []
    node: Value | None = head
    while node is not None and node.value != RDF + "nil":
        cells.append(node)
        node = mine.value(node, RDF + "rest")
    operands = [operand for cell in cells if (operand := mine.value(cell, _FIRST)) is not None]
    ordered = sorted(operands, key=lambda operand: _key(operand, mine, everything))
    for cell, operand in zip(cells, ordered, strict=True):
        yield _Cell(str(cell), operand)


def _key(operand: Value, mine: Triples, everything: Triples) -> Key:
    """Return where an operand belongs: criteria by their order, parts by their first, names before restrictions."""
    if isinstance(operand, ox.NamedNode):
        return _order(operand, everything), 0, operand.value
    keys = []
    for predicate in _OPERANDS:
        head = mine.value(operand, predicate)
        if head is not None:
            keys += [_key(part, mine, everything) for part in mine.members(head)]
    for name in ("complementOf", "someValuesFrom"):
        part = mine.value(operand, OWL + name)
        if part is not None:
            keys.append(_key(part, mine, everything))
    first = min(keys) if keys else (_RECOMMENDATION_SHIFT * 10, 0, "")
    return first[0], first[1] + 1, first[2]


def _order(node: ox.NamedNode, everything: Triples) -> int:
    """Return the order of a criterion, or of the recommendation whose condition a class is; 0 where it has none."""
    order = everything.value(node, expand("mbkg:order"))
    if order is not None:
        return int(order.value)
    for name in ("condition", "narrowCondition", "broadCondition"):
        for owner in everything.subjects(expand("mbkg:" + name), node):
            place = everything.value(owner, expand("mbkg:order"))
            if place is not None:
                return _RECOMMENDATION_SHIFT + int(place.value)
    return 0
