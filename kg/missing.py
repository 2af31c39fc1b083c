"""Which unknown facts would settle a verdict: the smallest sets of them for which some values decide it.

Found on the tree, not by trying: what makes a part true (or false) is a list of assignments to facts; a disjunction
offers its parts' assignments, a conjunction joins one of each and drops what contradicts itself. A fact that is set
has its consequences: having active myeloma settles that smoldering myeloma is absent. The assignments of a rule are
worked out once, for a patient of whom nothing is known; for a patient, those that the known facts contradict fall
away, and what is known already need not be found out.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Final, TypeAlias

from kg.expressions import And, Comparison, Expression, Fact, Not, Or
from kg.facts import FactIndex, Interval
from kg.model import TREATMENTS
from kg.reading import State
from kg.rules import atoms

Assignment: TypeAlias = tuple[int, int, int, int]
"""Masks: the facts set, what is then true, what is then false, and the cells of measurements that are excluded."""

_NOTHING: Final[Assignment] = (0, 0, 0, 0)
_REMEMBERED: Final = 256
"""Answers kept by a rule: patients differ, but which of one rule's facts are unknown repeats."""


@dataclass(frozen=True, slots=True)
class Cells:
    """The distinguishable values of one measurement for one rule: its thresholds and the gaps between them."""

    code: str
    fact: int
    shift: int
    intervals: tuple[Interval, ...]
    inside: dict[Comparison, int]
    every: int

    def left(self, excluded: int) -> Interval:
        """Return the interval from the lowest to the highest value that an assignment leaves."""
        open_ = [cell for place, cell in enumerate(self.intervals) if not excluded >> self.shift + place & 1]
        first, last = open_[0], open_[-1]
        return Interval(first.low, first.low_within, last.high, last.high_within)

    def allowed(self, known: Interval | None) -> int:
        """Return the bits of the cells that hold a value of an interval."""
        if known is None:
            return self.every
        return sum(
            1 << self.shift + place for place, cell in enumerate(self.intervals) if not known.meet(cell).is_empty
        )


class Settler:
    """Finds, for one rule, the sets of unknown facts that settle it."""

    def __init__(self, narrow: Expression, broad: Expression, index: FactIndex) -> None:
        """Take the expanded readings of a rule; with one reading both are the same."""
        self._narrow = narrow
        self._broad = broad
        self._index = index
        used = tuple(dict.fromkeys((*atoms(narrow), *atoms(broad))))
        self._facts = tuple(atom for atom in used if isinstance(atom, Fact))
        self._cells = tuple(_divide([atom for atom in used if isinstance(atom, Comparison)], 1 << len(self._facts)))
        self._bits = tuple((1 << place, index.bit[fact]) for place, fact in enumerate(self._facts))
        self._measured = sum(cells.fact for cells in self._cells)
        self._settled: dict[frozenset[int], tuple[tuple[str, ...], ...]] = {}
        self._names = (*(fact.name for fact in self._facts), *(cells.code for cells in self._cells))

    def sets(self, state: State) -> tuple[tuple[str, ...], ...]:
        """Return the inclusion-minimal sets of unknown facts that settle the rule, shorter first, then by name."""
        left = frozenset(self._left(state))
        found = self._settled.get(left)
        if found is None:
            if len(self._settled) >= _REMEMBERED:
                self._settled.clear()
            found = self._settled[left] = self._smallest(left)
        return found

    def _smallest(self, left: frozenset[int]) -> tuple[tuple[str, ...], ...]:
        """Return the names of the masks that hold no other one."""
        smallest: list[int] = []
        for mask in sorted(left, key=int.bit_count):
            if not any(mask & less == less for less in smallest):
                smallest.append(mask)
        named = [tuple(sorted(self._named(mask))) for mask in smallest]
        return tuple(sorted(named, key=lambda names: (len(names), names)))

    def _left(self, state: State) -> Iterator[int]:
        """Yield, for each assignment that the known facts allow, which of its facts are still unknown."""
        true, false = state.true, state.false
        known = true | false
        unknown = self._measured
        for place, bit in self._bits:
            if not known & bit:
                unknown |= place
        allowed = [(cells, cells.allowed(state.intervals.get(cells.code))) for cells in self._cells]
        for facts, then_true, then_false, excluded in self._ways:
            if then_true & false or then_false & true:
                continue
            needed = then_true & self._index.drugs & ~true
            if needed and state.drugs is not None and not self._index.drugs_allow(needed, state.drugs):
                continue
            left = facts & unknown
            if excluded:
                for cells, within in allowed:
                    shut = excluded & within
                    if shut == within and facts & cells.fact:
                        break
                    if not shut:
                        left &= ~cells.fact
                else:
                    yield left
                continue
            yield left

    def _named(self, mask: int) -> Iterator[str]:
        for place, name in enumerate(self._names):
            if mask >> place & 1:
                yield name

    @cached_property
    def _ways(self) -> tuple[Assignment, ...]:
        """The assignments that settle the rule for a patient of whom nothing is known."""
        search = _Search(self._facts, self._cells, self._index)
        return (*search.ways(self._narrow, wanted=True), *search.ways(self._broad, wanted=False))


def ways_of(expression: Expression, index: FactIndex, *, wanted: bool) -> tuple[list[Assignment], tuple[Cells, ...]]:
    """Return the assignments that make an expanded expression true, or false, and the cells that they exclude."""
    used = tuple(dict.fromkeys(atoms(expression)))
    facts = tuple(atom for atom in used if isinstance(atom, Fact))
    cells = tuple(_divide([atom for atom in used if isinstance(atom, Comparison)], 1 << len(facts)))
    return _Search(facts, cells, index).ways(expression, wanted=wanted), cells


def _divide(comparisons: list[Comparison], first: int) -> Iterator[Cells]:
    """Yield the cells of each measurement that is compared; `first` is the bit of the first measurement's fact."""
    shift = 0
    for place, code in enumerate(dict.fromkeys(one.code for one in comparisons)):
        mine = [one for one in comparisons if one.code == code]
        intervals = tuple(_gaps(sorted({one.value for one in mine})))
        inside = {
            one: sum(
                1 << shift + number for number, cell in enumerate(intervals) if cell.truth(one.comparator, one.value)
            )
            for one in mine
        }
        every = ((1 << len(intervals)) - 1) << shift
        yield Cells(code, first << place, shift, intervals, inside, every)
        shift += len(intervals)


def _gaps(values: list[Decimal]) -> Iterator[Interval]:
    """Yield each threshold and each open gap between, below and above them."""
    below: Decimal | None = None
    for value in values:
        yield Interval(below, low_within=False, high=value, high_within=False)
        yield Interval.of(None, value)
        below = value
    yield Interval(below, low_within=False)


class _Search:
    """Finds the assignments that make an expression true or false."""

    def __init__(self, facts: tuple[Fact, ...], cells: tuple[Cells, ...], index: FactIndex) -> None:
        self._index = index
        self._facts = facts
        self._cells = {one.code: one for one in cells}
        self._whole = tuple(one.every for one in cells)
        self._effects = [effect for place, fact in enumerate(facts) for effect in self._effect(1 << place, fact)]

    def _effect(self, bit: int, fact: Fact) -> Iterator[Assignment]:
        """Yield what setting a fact does: when it is true, and when it is false."""
        index = self._index
        if fact.list == TREATMENTS:
            yield bit, index.drug_masks(fact.code)[0], 0, 0
            yield bit, 0, index.drugs_within(fact), 0
        else:
            found = index.consequences(fact)
            yield bit, found.true, found.false, 0
            yield bit, 0, found.absent, 0

    def ways(self, expression: Expression, *, wanted: bool) -> list[Assignment]:
        """Return the assignments that make an expression true, or false; none where it cannot be."""
        if isinstance(expression, Not):
            return self.ways(expression.part, wanted=not wanted)
        if isinstance(expression, Fact):
            place, bit = (1 if wanted else 2), self._index.bit[expression]
            return [effect for effect in self._effects if effect[place] & bit and self._possible(effect)]
        if isinstance(expression, Comparison):
            cells = self._cells[expression.code]
            inside = cells.inside[expression]
            return [(cells.fact, 0, 0, cells.every & ~inside if wanted else inside)]
        parts = expression.parts if isinstance(expression, And | Or) else ()
        if isinstance(expression, And) == wanted:
            return self._joined([self.ways(part, wanted=wanted) for part in parts])
        return _least(way for part in parts for way in self.ways(part, wanted=wanted))

    def _joined(self, choices: list[list[Assignment]]) -> list[Assignment]:
        """Return the consistent ways to take one assignment of each list."""
        ways = [_NOTHING]
        for choice in sorted(choices, key=len):
            joined = (
                (one[0] | other[0], one[1] | other[1], one[2] | other[2], one[3] | other[3])
                for one in ways
                for other in choice
            )
            ways = _least(way for way in joined if self._possible(way))
        return ways

    def _possible(self, way: Assignment) -> bool:
        """Tell whether an assignment agrees with itself."""
        _, true, false, excluded = way
        return not true & false and all(excluded & every != every for every in self._whole)


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
