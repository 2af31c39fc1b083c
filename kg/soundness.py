"""Rules whose Kleene truth and whose entailment could differ, and which classes of patients contain which.

Kleene's truth of `A or not A` is unknown where A is; OWL entails it. The two agree for every patient where no two facts
that must hold together exclude one another, neither to satisfy a condition nor to fail it: then each way to satisfy or
to fail it that is not yet contradicted is still open. That is what `unsound_pairs` looks for, pair by pair.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TypeAlias

from kg.expressions import And, Comparison, Expression, Fact, Not, Or
from kg.facts import FactIndex, Interval
from kg.model import TREATMENTS
from kg.vocabulary import Vocabulary

Literal: TypeAlias = tuple[Fact | Comparison, bool]
_OPPOSITE = {">=": "<", ">": "<=", "<=": ">", "<": ">="}


@dataclass(frozen=True, slots=True)
class Unsound:
    """Two facts that a condition joins although they exclude one another; `side` is satisfied or failed."""

    condition: str
    one: str
    other: str
    side: str


def unsound_pairs(
    condition: str, expression: Expression, index: FactIndex, vocabulary: Vocabulary
) -> Iterator[Unsound]:
    """Yield the pairs of facts for which the Kleene truth of an expanded condition can differ from what is entailed."""
    checker = _Checker(index, vocabulary)
    for wanted, side in ((True, "satisfied"), (False, "failed")):
        for one, other in checker.joined(expression, wanted=wanted):
            if checker.clash(one, other):
                yield Unsound(condition, _worded(one), _worded(other), side)


def _worded(literal: Literal) -> str:
    atom, wanted = literal
    name = atom.name if isinstance(atom, Fact) else f"{atom.code} {atom.comparator} {atom.value}"
    return name if wanted else f"not {name}"


class _Checker:
    """Looks at the pairs of literals that stand under one conjunction."""

    def __init__(self, index: FactIndex, vocabulary: Vocabulary) -> None:
        self._index = index
        self._vocabulary = vocabulary

    def joined(self, expression: Expression, *, wanted: bool) -> Iterator[tuple[Literal, Literal]]:
        """Yield the pairs of literals of different parts that must hold together for an expression to be as wanted."""
        if isinstance(expression, Not):
            yield from self.joined(expression.part, wanted=not wanted)
        elif isinstance(expression, And | Or):
            for part in expression.parts:
                yield from self.joined(part, wanted=wanted)
            if isinstance(expression, And) == wanted:
                literals = [tuple(dict.fromkeys(self._literals(part, wanted=wanted))) for part in expression.parts]
                for left, right in combinations(literals, 2):
                    yield from ((one, other) for one in left for other in right if one != other)

    def _literals(self, expression: Expression, *, wanted: bool) -> Iterator[Literal]:
        if isinstance(expression, Not):
            yield from self._literals(expression.part, wanted=not wanted)
        elif isinstance(expression, And | Or):
            for part in expression.parts:
                yield from self._literals(part, wanted=wanted)
        elif isinstance(expression, Fact | Comparison):
            yield expression, wanted

    def clash(self, one: Literal, other: Literal) -> bool:
        """Tell whether two literals exclude one another."""
        (left, left_wanted), (right, right_wanted) = one, other
        if isinstance(left, Comparison) and isinstance(right, Comparison):
            if left.code != right.code:
                return False
            return _interval(left, left_wanted).meet(_interval(right, right_wanted)).is_empty
        if isinstance(left, Comparison) or isinstance(right, Comparison):
            return False
        left_true, left_false = self._masks(left, wanted=left_wanted)
        right_true, right_false = self._masks(right, wanted=right_wanted)
        if left_true & right_false or left_false & right_true:
            return True
        both = left_wanted and right_wanted and left.list == right.list == TREATMENTS
        return both and self._one_drug_could_be_either(left.code, right.code)

    def _masks(self, fact: Fact, *, wanted: bool) -> tuple[int, int]:
        if fact.list != TREATMENTS:
            found = self._index.consequences(fact)
            return (found.true, found.false) if wanted else (0, found.absent)
        if wanted:
            return self._index.drug_masks(fact.code)[0], 0
        return 0, self._index.drugs_within(fact)

    def _one_drug_could_be_either(self, one: str, other: str) -> bool:
        """Tell whether a drug given by a broader class leaves both open although it can be of one only."""
        if not self._vocabulary.excludes_drug(one, other):
            return False
        shared = self._vocabulary.above(one) & self._vocabulary.above(other)
        return any(name in self._vocabulary.concepts for name in shared)


def _interval(comparison: Comparison, wanted: bool) -> Interval:  # noqa: FBT001 - a literal's two halves
    comparator = comparison.comparator if wanted else _OPPOSITE[comparison.comparator]
    return Interval.of(comparator, comparison.value)


def all_unsound(
    conditions: Sequence[tuple[str, Expression]], index: FactIndex, vocabulary: Vocabulary
) -> tuple[Unsound, ...]:
    """Return what `unsound_pairs` finds in all expanded conditions."""
    return tuple(
        found for name, expression in conditions for found in unsound_pairs(name, expression, index, vocabulary)
    )
