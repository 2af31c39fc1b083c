"""A case becomes facts, sentence by sentence as the head of the rulebook says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from fractions import Fraction

from .entries import Case, CaseError, Entry, Problem, is_later, parse_code, parse_day, read_entries, standing, truths_of
from .measures import Interval, compare, intersection, months_between, values_that
from .rules import Fact, Leaf, Truth, thresholds
from .tables import CONCEPTS, UNITS
from .treatments import World, drug_truths, find_start_of_run, possible_worlds, read_treatments

NEAR = Fraction(5, 1000)


@dataclass(frozen=True, slots=True)
class Reading:
    """What is known of the patient: facts that are true or false (others are unknown), values, and what was reported.

    `worlds` are the ways in which the list of treatments can be meant; `values` are in the units of concepts.tsv.
    """

    truths: Mapping[str, bool]
    values: Mapping[str, Interval]
    worlds: frozenset[World]
    problems: tuple[Problem, ...] = field(default=())

    def truth_of(self, leaf: Leaf) -> Truth:
        if isinstance(leaf, Fact):
            return self.truths.get(leaf.name)
        return compare(self.values.get(leaf.measurement, Interval()), leaf.comparator, leaf.value)


@dataclass(frozen=True, slots=True)
class Value:
    """One measurement of a case, in the default unit."""

    where: str
    day: date | None
    number: Fraction
    interval: Interval
    is_converted: bool


def read(case: Case) -> Reading:
    """The facts of a case. Raises CaseError where the case cannot be read."""
    as_of = parse_day(case.get("as_of")) or datetime.now(tz=UTC).astimezone().date()
    problems: list[Problem] = []
    stand = standing(read_entries(case, as_of, problems), problems)
    truths = truths_of(stand)
    treatments = read_treatments(case, as_of, problems)
    worlds = possible_worlds(treatments, as_of)
    stated = _read_measurements(case, as_of, problems)
    derived = {}
    if treatments is not None and (start := find_start_of_run(treatments, as_of)) is not None:
        derived["MonthsOnBoneProtectiveTherapy"] = _exactly_months(start, as_of)
    if truths.get("BoneLesionsStable") and (since := _find_since(stand, problems)) is not None:
        derived["MonthsOfStableBoneLesions"] = _exactly_months(since, as_of)
    return Reading({**truths, **drug_truths(worlds)}, derived | stated, worlds, tuple(problems))


def _exactly_months(first: date, last: date) -> Interval:
    return values_that("", months_between(first, last))


def _find_since(stand: Sequence[Entry], problems: list[Problem]) -> date | None:
    """The `since` of the latest day's BoneLesionsStable that has one; two that differ on that day are unknown."""
    having = [one for one in stand if one.fact == "BoneLesionsStable" and one.present and one.since is not None]
    latest = [one for one in having if not any(is_later(other.day, one.day) for other in having)]
    if len({one.since for one in latest}) > 1:
        problems.append(Problem("contradiction", tuple(one.where for one in latest)))
        return None
    return latest[0].since if latest else None


def _read_measurements(case: Case, as_of: date, problems: list[Problem]) -> dict[str, Interval]:
    """What is stated of each measurement: of the latest day, all together. One that contradicts itself says nothing."""
    by_code: dict[str, list[Value]] = {}
    for index, row in enumerate(case.get("measurements", ())):
        where = f"measurements/{index}"
        code = parse_code(row, "measurement")
        factor = _factor(code, row.get("unit"))
        number, day = _number(row["value"]) * factor[0], parse_day(row.get("date"))
        value = Value(where, day, number, values_that(row.get("comparator", ""), number), factor[1])
        if is_later(day, as_of):
            problems.append(Problem("future", (where,)))
        else:
            by_code.setdefault(code, []).append(value)
    return {code: _current(code, values, problems) for code, values in by_code.items()}


def _current(code: str, values: Sequence[Value], problems: list[Problem]) -> Interval:
    latest = [one for one in values if not any(is_later(other.day, one.day) for other in values)]
    limits = thresholds(code)
    near = [one for one in latest if one.is_converted and any(abs(one.number - at) <= NEAR * at for at in limits)]
    problems += [Problem("borderline", (one.where,)) for one in near]
    together = intersection(one.interval for one in latest)
    if together.is_empty:
        problems.append(Problem("contradiction", tuple(one.where for one in latest)))
        return Interval()
    return together


def _number(value: object) -> Fraction:
    """The number as printed: 8.4 is 84/10."""
    if isinstance(value, bool):
        message = f"{value!r} is not a number"
        raise CaseError(message)
    try:
        return Fraction(str(value))
    except ValueError as error:
        message = f"{value!r} is not a number"
        raise CaseError(message) from error


def _factor(code: str, unit: str | None) -> tuple[Fraction, bool]:
    """How many of the default unit one of the unit is, and whether it is another unit."""
    if unit is None or unit == CONCEPTS[code].unit:
        return Fraction(1), False
    if unit not in UNITS.get(code, {}):
        message = f"{unit!r} cannot be converted to {CONCEPTS[code].unit!r}"
        raise CaseError(message)
    return UNITS[code][unit], True
