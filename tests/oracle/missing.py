"""The smallest sets of unknown facts that would settle a verdict, by trying all."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import combinations, pairwise, product

from .entries import Case
from .measures import Interval, values_that
from .reading import Reading, read
from .rules import RULES, Comparison, Rule, rule_leaves
from .tables import BROADER, EXCLUDED, NARROWER
from .treatments import drug_truths
from .verdicts import outcome_of

SETTLED = frozenset({"applies", "does-not-apply"})
Assumed = bool | Fraction


class TooManyFactsError(ValueError):
    """More unknown facts than the search was allowed to try."""


def missing(case: Case, rule_id: str, *, max_leaves: int = 10) -> list[list[str]]:
    """The inclusion-minimal sets of unknown facts of which some values settle the rule, shorter first, then by name.

    Empty where the verdict is settled, or where no fact can settle it. Raises TooManyFactsError where more than
    `max_leaves` facts are unknown.
    """
    rule, reading = RULES[rule_id], read(case)
    if outcome_of(rule, reading).verdict in SETTLED:
        return []
    choices = dict(sorted(_choices(rule, reading).items()))
    if len(choices) > max_leaves:
        message = f"{rule_id}: {len(choices)} facts are unknown"
        raise TooManyFactsError(message)
    found: list[frozenset[str]] = []
    for size in range(1, len(choices) + 1):
        for names in combinations(choices, size):
            if not any(smaller <= set(names) for smaller in found) and _settles(rule, reading, names, choices):
                found.append(frozenset(names))
    return [sorted(names) for names in found]


def _choices(rule: Rule, reading: Reading) -> dict[str, tuple[Assumed, ...]]:
    """Each unknown fact of the rule, with the values to try."""
    unknown = [leaf for leaf in rule_leaves(rule) if reading.truth_of(leaf) is None]
    choices: dict[str, tuple[Assumed, ...]] = {}
    for leaf in unknown:
        if isinstance(leaf, Comparison):
            known = reading.values.get(leaf.measurement, Interval())
            choices[leaf.measurement] = tuple(_values_to_try(known, _limits(rule, leaf.measurement)))
        else:
            choices[leaf.name] = (True, False)
    return choices


def _limits(rule: Rule, measurement: str) -> list[Fraction]:
    comparisons = [leaf for leaf in rule_leaves(rule) if isinstance(leaf, Comparison)]
    return sorted({leaf.value for leaf in comparisons if leaf.measurement == measurement})


def _values_to_try(known: Interval, limits: Sequence[Fraction]) -> Iterator[Fraction]:
    """A value at each limit, one between each two, one below and one above all, where the known interval allows it."""
    parts = [values_that("<", limits[0]), values_that(">", limits[-1])]
    parts += [values_that("", limit) for limit in limits]
    parts += [values_that(">", low) & values_that("<", high) for low, high in pairwise(limits)]
    for part in parts:
        if not (known & part).is_empty:
            yield (known & part).some_value()


def _settles(rule: Rule, reading: Reading, names: Sequence[str], choices: Mapping[str, tuple[Assumed, ...]]) -> bool:
    for values in product(*(choices[name] for name in names)):
        assumed = find_reading_with(reading, dict(zip(names, values, strict=True)))
        if assumed is not None and outcome_of(rule, assumed).verdict in SETTLED:
            return True
    return False


def find_reading_with(reading: Reading, assumed: Mapping[str, Assumed]) -> Reading | None:
    """The reading with more facts known, and what follows from them; None where the case does not allow them."""
    true: set[str] = set()
    false: set[str] = set()
    values, worlds = dict(reading.values), reading.worlds
    for name, value in assumed.items():
        if not isinstance(value, bool):
            values[name] = values_that("", value)
        elif name.startswith("on:"):
            drug = name.removeprefix("on:")
            worlds = frozenset(world for world in worlds if (drug in world) == value)
        elif value:
            true |= BROADER[name]
            false |= EXCLUDED[name]
        else:
            false |= NARROWER[name]
    if not worlds or true & false or _differs(reading, true, false):
        return None
    stated = dict.fromkeys(true, True) | dict.fromkeys(false, False)
    return replace(reading, truths={**reading.truths, **stated, **drug_truths(worlds)}, values=values, worlds=worlds)


def _differs(reading: Reading, true: set[str], false: set[str]) -> bool:
    return any(reading.truths.get(name) is False for name in true) or any(reading.truths.get(name) for name in false)
