"""The named hierarchy that a reasoner derives, without one: which class of patients contains which, and what follows.

A class lies inside another where every way to be in it makes a patient be in the other. The ways are those that settle
a verdict (see `kg.missing`); the decision is exact for conditions that `kg.soundness` passes.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kg.expressions import Expression, Not
from kg.facts import FactIndex
from kg.missing import ways_of
from kg.rules import Test, compile_tests


@dataclass(frozen=True, slots=True)
class _Patients:
    """A named class of patients: the masks of each way to be in it, and the test of being in it."""

    name: str
    ways: tuple[tuple[int, int], ...]
    holds: Test


def patient_hierarchy(classes: Mapping[str, Expression], index: FactIndex) -> dict[str, set[str]]:
    """Return, for each named class of patients (by its expanded definition), all the others that contain it."""
    known = [
        _Patients(name, tuple(_masks(expression, index)), compile_tests(expression, index)[0])
        for name, expression in classes.items()
    ]
    return {
        one.name: {
            other.name
            for other in known
            if other is not one and all(other.holds(true, false) for true, false in one.ways)
        }
        for one in known
    }


def _masks(expression: Expression, index: FactIndex) -> Iterator[tuple[int, int]]:
    """Yield what is true and what is false of a patient in each way to be in a class."""
    negated = isinstance(expression, Not)
    part = expression.part if isinstance(expression, Not) else expression
    ways, cells = ways_of(part, index, wanted=not negated)
    for _, true, false, excluded in ways:
        masks: dict[bool | None, int] = {True: true, False: false}
        for one in cells:
            if excluded & one.every:
                left = one.left(excluded)
                for comparator, value, bit in index.thresholds[one.code]:
                    truth = left.truth(comparator, value)
                    masks[truth] = masks.get(truth, 0) | bit
        yield masks[True], masks[False]


def direct(above: Mapping[str, set[str]]) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """Return (direct parents, equals) of a closed hierarchy: what lies between is left out, equals are kept apart."""
    equal: dict[str, set[str]] = defaultdict(set)
    for name, parents in above.items():
        equal[name] = {other for other in parents if name in above.get(other, set())}
    parents_of: dict[str, set[str]] = {}
    for name, parents in above.items():
        strict = parents - equal[name]
        indirect = {far for near in strict for far in above.get(near, set()) - equal.get(near, set())}
        parents_of[name] = strict - indirect
    return parents_of, dict(equal)
