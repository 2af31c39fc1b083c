"""The recommendations of the graph, each with its condition compiled into tests on two masks.

A condition is a tree of named criteria. Its truth is Kleene's: `true` where it holds whatever is unknown, `false`
where it fails whatever is unknown. Both are asked of the masks of a patient's true and false facts.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

import pyoxigraph as ox

from kg.errors import DataError
from kg.expressions import And, Comparison, Expression, Fact, Named, Not, Or, Triples, read_definition
from kg.facts import FactIndex
from kg.model import TREATMENTS
from kg.namespaces import PREFIXES, expand, local_name
from kg.store import Store

Test: TypeAlias = Callable[[int, int], bool]


@dataclass(frozen=True, slots=True)
class Reading:
    """One condition: its class, and what it says."""

    iri: str
    expression: Expression


@dataclass(frozen=True, slots=True)
class Rule:
    """A recommendation's condition: one reading, or a narrow and a broad one."""

    iri: str
    readings: tuple[Reading, ...]

    @property
    def narrow(self) -> Reading:
        """The reading that must hold for *applies*."""
        return self.readings[0]

    @property
    def broad(self) -> Reading:
        """The reading that must fail for *does not apply*; the same as the narrow one where there is one reading."""
        return self.readings[-1]


class Definitions:
    """What the named classes of patients mean, read once each; refuses a class defined by itself."""

    def __init__(self, triples: Triples) -> None:
        """Read definitions from these triples."""
        self._triples = triples
        self._known: dict[str, Expression] = {}
        self._criteria: dict[str, bool] = {}

    def get(self, iri: str) -> Expression:
        """Return the definition of a named class; raises DataError where it has none."""
        found = self._known.get(iri)
        if found is None:
            found = read_definition(self._triples, iri)
            if found is None:
                raise DataError(
                    "a class of patients without a definition",
                    where=local_name(iri),
                    remedy="give it an owl:equivalentClass",
                )
            self._known[iri] = found
        return found

    def is_criterion(self, iri: str) -> bool:
        """Tell whether a class is a named criterion, which verdicts list, and not a condition made of them."""
        found = self._criteria.get(iri)
        if found is None:
            value = self._triples.value(ox.NamedNode(iri), expand("mbkg:isCriterion"))
            found = self._criteria[iri] = value is not None and value.value == "true"
        return found

    def patients(self, store: Store) -> tuple[str, ...]:
        """Return every named class of patients that has a definition, by IRI."""
        patient = expand("mbkg:Patient")
        under = {
            child.value for child, parent in store.objects(PREFIXES["rdfs"] + "subClassOf") if parent.value == patient
        }
        return tuple(
            sorted(iri for iri in under if self._triples.value(ox.NamedNode(iri), PREFIXES["owl"] + "equivalentClass"))
        )

    def criteria(self, expression: Expression) -> Iterator[str]:
        """Yield the criteria under an expression in the order of the axiom, nested conditions expanded."""
        if isinstance(expression, Named):
            if self.is_criterion(expression.iri):
                yield expression.iri
            else:
                yield from self.criteria(self.get(expression.iri))
        elif isinstance(expression, And | Or):
            for part in expression.parts:
                yield from self.criteria(part)
        elif isinstance(expression, Not):
            yield from self.criteria(expression.part)

    def expanded(self, expression: Expression, above: tuple[str, ...] = ()) -> Expression:
        """Return an expression with every named class replaced by what it means; raises DataError for a ring."""
        if isinstance(expression, Named):
            if expression.iri == expand("mbkg:Patient"):
                return And(())
            if expression.iri in above:
                raise DataError("a condition that is defined by itself", where=local_name(expression.iri))
            return self.expanded(self.get(expression.iri), (*above, expression.iri))
        if isinstance(expression, And):
            return And(tuple(self.expanded(part, above) for part in expression.parts))
        if isinstance(expression, Or):
            return Or(tuple(self.expanded(part, above) for part in expression.parts))
        if isinstance(expression, Not):
            return Not(self.expanded(expression.part, above))
        return expression


def atoms(expression: Expression) -> Iterator[Fact | Comparison]:
    """Yield the single facts of an expanded expression, as often as they occur."""
    if isinstance(expression, And | Or):
        for part in expression.parts:
            yield from atoms(part)
    elif isinstance(expression, Not):
        yield from atoms(expression.part)
    elif isinstance(expression, Fact | Comparison):
        yield expression


@dataclass(slots=True)
class _Masks:
    """The bits that a conjunction or disjunction asks directly, and the parts that need a test of their own."""

    positive: int = 0
    negative: int = 0
    parts: list[Expression] = field(default_factory=list)


def compile_tests(expression: Expression, index: FactIndex) -> tuple[Test, Test]:
    """Return (holds, fails) for an expanded expression: each takes the masks of true and of false facts."""
    if isinstance(expression, Fact | Comparison):
        bit = index.bit[expression]
        return (lambda true, _: bool(true & bit)), (lambda _, false: bool(false & bit))
    if isinstance(expression, Not):
        holds, fails = compile_tests(expression.part, index)
        return fails, holds
    if isinstance(expression, Named):
        raise DataError("a named class where a fact was expected", where=local_name(expression.iri))
    masks = _Masks()
    for part in expression.parts:
        _sort(part, masks, index)
    tests = [compile_tests(part, index) for part in masks.parts]
    every, some = _every(masks, [holds for holds, _ in tests]), _some(masks, [fails for _, fails in tests])
    if isinstance(expression, And):
        return every, some
    flipped = _Masks(masks.negative, masks.positive)
    return (
        _some(flipped, [holds for holds, _ in tests]),
        _every(flipped, [fails for _, fails in tests]),
    )


def _sort(part: Expression, masks: _Masks, index: FactIndex) -> None:
    if isinstance(part, Fact | Comparison):
        masks.positive |= index.bit[part]
    elif isinstance(part, Not) and isinstance(part.part, Fact | Comparison):
        masks.negative |= index.bit[part.part]
    else:
        masks.parts.append(part)


def _every(masks: _Masks, tests: list[Test]) -> Test:
    """Return whether all positive bits are true, all negative ones false, and all tests pass."""
    positive, negative, more = masks.positive, masks.negative, tuple(tests)

    def test(true: int, false: int) -> bool:
        if true & positive != positive or false & negative != negative:
            return False
        for one in more:  # noqa: SIM110 - this runs for every verdict, and a generator costs twice the loop
            if not one(true, false):
                return False
        return True

    return test


def _some(masks: _Masks, tests: list[Test]) -> Test:
    """Return whether one positive bit is false, one negative bit true, or one test passes."""
    positive, negative, more = masks.positive, masks.negative, tuple(tests)

    def test(true: int, false: int) -> bool:
        if false & positive or true & negative:
            return True
        for one in more:  # noqa: SIM110 - as above
            if one(true, false):
                return True
        return False

    return test


def drugs_and_comparisons(expressions: Mapping[str, Expression]) -> tuple[set[Fact], set[Comparison]]:
    """Return the drug classes and the comparisons that expanded expressions use."""
    drugs: set[Fact] = set()
    comparisons: set[Comparison] = set()
    for expression in expressions.values():
        for atom in atoms(expression):
            if isinstance(atom, Comparison):
                comparisons.add(atom)
            elif atom.list == TREATMENTS:
                drugs.add(atom)
    return drugs, comparisons
