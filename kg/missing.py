"""Which unknown facts would settle a verdict: the smallest sets of them for which some values decide it.

Found on the tree, not by trying: what makes a part true (or false) is a list of assignments to unknown facts; a
disjunction offers its parts' assignments, a conjunction joins one of each and drops what contradicts itself. A fact
that is set has its consequences: having active myeloma settles that smoldering myeloma is absent.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, TypeAlias

from kg.expressions import And, Comparison, Expression, Fact, Not, Or
from kg.facts import FactIndex, Interval
from kg.model import TREATMENTS
from kg.reading import State
from kg.rules import atoms

Assignment: TypeAlias = tuple[int, int, int, int]
"""Masks: the facts set, what is then true, what is then false, and the cells of measurements that are excluded."""

_NOTHING: Final[Assignment] = (0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class _Cells:
    """The distinguishable values of one measurement for one rule: bits in the excluded mask, per threshold and in all."""

    fact: int
    every: int
    inside: dict[Comparison, int]


class Settler:
    """Finds, for one rule, the sets of unknown facts that settle it."""

    def __init__(self, narrow: Expression, broad: Expression, index: FactIndex) -> None:
        """Take the expanded readings of a rule; with one reading both are the same."""
        self._narrow = narrow
        self._broad = broad
        self._index = index
        used = [*atoms(narrow), *atoms(broad)]
        self._facts = tuple(dict.fromkeys(atom for atom in used if isinstance(atom, Fact)))
        self._comparisons = tuple(dict.fromkeys(atom for atom in used if isinstance(atom, Comparison)))
        self._measurements = tuple(dict.fromkeys(atom.code for atom in self._comparisons))
        self._names = (*(fact.name for fact in self._facts), *self._measurements)
        self._mask = sum(index.bit[atom] for atom in dict.fromkeys(used))
        self._known: dict[tuple[object, ...], tuple[tuple[str, ...], ...]] = {}
        self._effects = [self._effect(place, fact) for place, fact in enumerate(self._facts)]

    def sets(self, state: State) -> tuple[tuple[str, ...], ...]:
        """Return the inclusion-minimal sets of unknown facts that settle the rule, shorter first, then by name."""
        true, false = state.true & self._mask, state.false & self._mask
        intervals = tuple(state.intervals.get(code) for code in self._measurements)
        key = (true, false, *intervals)
        found = self._known.get(key)
        if found is None:
            found = _Search(self, true, false, intervals).sets()
            self._known[key] = found
        return found

    def _effect(self, place: int, fact: Fact) -> tuple[Assignment, Assignment]:
        """Return what setting a fact does: when it is true, and when it is false."""
        index, bit = self._index, 1 << place
        if fact.list == TREATMENTS:
            true, _ = index.drug_masks(fact.code)
            absent = sum(
                index.bit[other]
                for other in self._facts
                if other.list == TREATMENTS and index.drug_masks(other.code)[0] & index.bit[fact]
            )
            return (bit, true, 0, 0), (bit, 0, absent, 0)
        found = index.consequences(fact)
        return (bit, found.true, found.false, 0), (bit, 0, found.absent, 0)


class _Search:
    """One search, for one state of the rule's facts."""

    def __init__(self, settler: Settler, true: int, false: int, intervals: tuple[Interval | None, ...]) -> None:
        self._settler = settler
        self._true = true
        self._false = false
        self._index = settler._index  # noqa: SLF001 - the search is the settler's own other half
        self._open = [
            effect
            for fact, effect in zip(settler._facts, settler._effects, strict=True)  # noqa: SLF001 - as above
            if not (true | false) & self._index.bit[fact]
        ]
        self._cells = dict(self._divide(intervals))

    def sets(self) -> tuple[tuple[str, ...], ...]:
        settler = self._settler
        holds = self._ways(settler._narrow, wanted=True)  # noqa: SLF001 - as above
        fails = self._ways(settler._broad, wanted=False)  # noqa: SLF001 - as above
        smallest: list[int] = []
        for mask in sorted({way[0] for way in (*holds, *fails)}, key=int.bit_count):
            if not any(mask & less == less for less in smallest):
                smallest.append(mask)
        named = [tuple(sorted(self._named(mask))) for mask in smallest]
        return tuple(sorted(named, key=lambda names: (len(names), names)))

    def _named(self, mask: int) -> Iterator[str]:
        for place, name in enumerate(self._settler._names):  # noqa: SLF001 - as above
            if mask >> place & 1:
                yield name

    def _divide(self, intervals: tuple[Interval | None, ...]) -> Iterator[tuple[str, _Cells]]:
        """Yield the cells of each measurement: its thresholds and the gaps between them, within what is known."""
        settler = self._settler
        shift = 0
        for place, code in enumerate(settler._measurements):  # noqa: SLF001 - as above
            comparisons = [one for one in settler._comparisons if one.code == code]  # noqa: SLF001 - as above
            values = sorted({one.value for one in comparisons})
            known = intervals[place] or Interval()
            cells = [cell for cell in _cells(values) if not known.meet(cell).is_empty]
            inside = {
                one: sum(1 << shift + number for number, cell in enumerate(cells) if cell.truth(one.comparator, one.value))
                for one in comparisons
            }
            every = ((1 << len(cells)) - 1) << shift
            yield code, _Cells(1 << len(settler._facts) + place, every, inside)  # noqa: SLF001 - as above
            shift += len(cells)

    def _ways(self, expression: Expression, *, wanted: bool) -> list[Assignment]:
        """Return the assignments that make an expression true, or false; none where it cannot be."""
        if isinstance(expression, Not):
            return self._ways(expression.part, wanted=not wanted)
        if isinstance(expression, Fact | Comparison):
            return self._atom(expression, wanted=wanted)
        parts = expression.parts if isinstance(expression, And | Or) else ()
        if isinstance(expression, And) == wanted:
            return self._joined([self._ways(part, wanted=wanted) for part in parts])
        return _least(way for part in parts for way in self._ways(part, wanted=wanted))

    def _atom(self, atom: Fact | Comparison, *, wanted: bool) -> list[Assignment]:
        bit = self._index.bit[atom]
        if (self._true if wanted else self._false) & bit:
            return [_NOTHING]
        if (self._false if wanted else self._true) & bit:
            return []
        if isinstance(atom, Comparison):
            cells = self._cells[atom.code]
            excluded = cells.every & ~cells.inside[atom] if wanted else cells.inside[atom]
            return [] if excluded == cells.every else [(cells.fact, 0, 0, excluded)]
        place = 1 if wanted else 2
        return [
            way for effect in self._open for way in effect if way[place] & bit and self._possible(way)
        ]

    def _joined(self, choices: list[list[Assignment]]) -> list[Assignment]:
        """Return the consistent ways to take one assignment of each list."""
        ways = [_NOTHING]
        for choice in sorted(choices, key=len):
            ways = _least(
                joined
                for one in ways
                for other in choice
                if self._possible(joined := (one[0] | other[0], one[1] | other[1], one[2] | other[2], one[3] | other[3]))
            )
            if not ways:
                return []
        return ways

    def _possible(self, way: Assignment) -> bool:
        """Tell whether an assignment agrees with itself and with what is known."""
        _, true, false, excluded = way
        if true & false or true & self._false or false & self._true:
            return False
        return not excluded or all(excluded & cells.every != cells.every or not cells.every for cells in self._cells.values())


def _cells(values: list[Decimal]) -> Iterator[Interval]:
    """Yield each threshold and each open gap between, below and above them."""
    below: Decimal | None = None
    for value in values:
        yield Interval(below, low_within=False, high=value, high_within=False)
        yield Interval(value, low_within=True, high=value, high_within=True)
        below = value
    yield Interval(below, low_within=False)


def _least(ways: Iterable[Assignment]) -> list[Assignment]:
    """Return the assignments that no other one undercuts: fewer facts set, less made true, false or excluded."""
    kept: list[Assignment] = []
    for way in sorted(set(ways), key=lambda way: way[0].bit_count()):
        facts, true, false, excluded = way
        if not any(
            less[0] & facts == less[0]
            and less[1] & true == less[1]
            and less[2] & false == less[2]
            and less[3] & excluded == less[3]
            for less in kept
        ):
            kept.append(way)
    return kept
