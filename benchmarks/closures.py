"""The yardstick: the conditions of the graph as plain Python closures of three values over a dict of facts.

Written as one would by hand for speed: a closure for each part of a condition, `True`, `False` or `None` for unknown,
and a dict that is ready before the clock starts. No reasons, no provenance, no reading of a case.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias

from kg.expressions import And, Comparison, Expression, Fact, Not, Or
from kg.facts import Interval
from kg.recommend import Engine
from kg.verdicts import Verdicts

Truth: TypeAlias = bool | None
Facts: TypeAlias = Mapping[str, Any]
Closure: TypeAlias = Callable[[Facts], Truth]


def every(parts: tuple[Closure, ...]) -> Closure:
    """Return the closure of *and*."""

    def test(facts: Facts) -> Truth:
        truth: Truth = True
        for part in parts:
            one = part(facts)
            if one is False:
                return False
            if one is None:
                truth = None
        return truth

    return test


def some(parts: tuple[Closure, ...]) -> Closure:
    """Return the closure of *or*."""

    def test(facts: Facts) -> Truth:
        truth: Truth = False
        for part in parts:
            one = part(facts)
            if one is True:
                return True
            if one is None:
                truth = None
        return truth

    return test


def opposite(part: Closure) -> Closure:
    """Return the closure of *not*."""

    def test(facts: Facts) -> Truth:
        one = part(facts)
        return None if one is None else not one

    return test


def stated(name: str) -> Closure:
    """Return the closure of a single fact."""

    def test(facts: Facts) -> Truth:
        return facts.get(name)

    return test


def compared(code: str, comparator: str, limit: float) -> Closure:
    """Return the closure of a comparison of a value with a threshold."""

    def at_least(facts: Facts) -> Truth:
        value = facts.get(code)
        return None if value is None else value >= limit

    def more(facts: Facts) -> Truth:
        value = facts.get(code)
        return None if value is None else value > limit

    def at_most(facts: Facts) -> Truth:
        value = facts.get(code)
        return None if value is None else value <= limit

    def less(facts: Facts) -> Truth:
        value = facts.get(code)
        return None if value is None else value < limit

    return {">=": at_least, ">": more, "<=": at_most, "<": less}[comparator]


def closure(expression: Expression) -> Closure:
    """Return the closure of an expanded condition."""
    if isinstance(expression, And):
        return every(tuple(closure(part) for part in expression.parts))
    if isinstance(expression, Or):
        return some(tuple(closure(part) for part in expression.parts))
    if isinstance(expression, Not):
        return opposite(closure(expression.part))
    if isinstance(expression, Comparison):
        return compared(expression.code, expression.comparator, float(expression.value))
    if isinstance(expression, Fact):
        return stated(expression.name)
    raise TypeError(expression)


class Rules:
    """All conditions of an engine as closures."""

    def __init__(self, engine: Engine) -> None:
        """Compile the narrow and, where it differs, the broad condition of every recommendation."""
        self._rules: list[tuple[Closure, Closure | None]] = []
        for one in engine.recommendations:
            found = [closure(engine.definitions.expanded(engine.definitions.get(iri))) for iri in one.conditions]
            self._rules.append((found[0], found[1] if len(found) > 1 else None))

    def outcomes(self, facts: Facts) -> list[str]:
        """Return the outcome of every recommendation."""
        found = []
        for narrow, broad in self._rules:
            truth = narrow(facts)
            if truth is True:
                found.append("applies")
            elif broad is None:
                found.append("unknown" if truth is None else "does-not-apply")
            else:
                wide = broad(facts)
                found.append("ambiguous" if wide else "unknown" if wide is None else "does-not-apply")
        return found


def facts_of(found: Verdicts, engine: Engine) -> dict[str, Any]:
    """Return the facts of a case that was read, as the closures want them: truth by name, number by measurement."""
    facts: dict[str, Any] = dict(_known(found, engine))
    for code, interval in found.state.intervals.items():
        facts[code] = _point(interval)
    return facts


def _known(found: Verdicts, engine: Engine) -> Iterator[tuple[str, bool]]:
    for atom, bit in engine.index.bit.items():
        if isinstance(atom, Fact) and (found.state.true | found.state.false) & bit:
            yield atom.name, bool(found.state.true & bit)


def _point(interval: Interval) -> float | None:
    return float(interval.low) if interval.low is not None and interval.low == interval.high else None


def has_points_only(found: Verdicts) -> bool:
    """Tell whether every value of a case is one number, so that the closures can say the same as the engine."""
    return all(_point(interval) is not None for interval in found.state.intervals.values())
