"""Measurements: what a case says of a value is an interval; months between two days."""

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Interval:
    """The values that are possible; a bound of None is no bound."""

    low: Fraction | None = None
    low_included: bool = False
    high: Fraction | None = None
    high_included: bool = False

    def __and__(self, other: "Interval") -> "Interval":
        low, low_included = _tighter((self.low, self.low_included), (other.low, other.low_included), sign=1)
        high, high_included = _tighter((self.high, self.high_included), (other.high, other.high_included), sign=-1)
        return Interval(low, low_included, high, high_included)

    @property
    def is_empty(self) -> bool:
        if self.low is None or self.high is None:
            return False
        return self.low > self.high or (self.low == self.high and not (self.low_included and self.high_included))

    def some_value(self) -> Fraction:
        """One value of a non-empty interval."""
        if self.low is not None and self.high is not None:
            return (self.low + self.high) / 2
        if self.low is not None:
            return self.low + 1
        return Fraction(0) if self.high is None else self.high - 1


Bound = tuple[Fraction | None, bool]


def _tighter(one: Bound, other: Bound, *, sign: int) -> Bound:
    if one[0] is None or other[0] is None:
        return other if one[0] is None else one
    if one[0] == other[0]:
        return one[0], one[1] and other[1]
    return one if (one[0] - other[0]) * sign > 0 else other


def values_that(comparator: str, value: Fraction) -> Interval:
    """All values x with `x comparator value`; "" means exactly the value."""
    match comparator:
        case ">=" | ">":
            return Interval(low=value, low_included=comparator == ">=")
        case "<=" | "<":
            return Interval(high=value, high_included=comparator == "<=")
        case "":
            return Interval(value, low_included=True, high=value, high_included=True)
        case _:
            raise ValueError(comparator)


OPPOSITE = {">=": "<", "<": ">=", ">": "<=", "<=": ">"}


def compare(known: Interval, comparator: str, value: Fraction) -> bool | None:
    """True where every possible value compares so, False where none does, else unknown."""
    if (known & values_that(comparator, value)).is_empty:
        return False
    return True if (known & values_that(OPPOSITE[comparator], value)).is_empty else None


def intersection(intervals: Iterable[Interval]) -> Interval:
    whole = Interval()
    for one in intervals:
        whole &= one
    return whole


def months_later(first: date, months: int) -> date:
    """The same day of a later month, or that month's last day where it has no such day."""
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    return date(year, month + 1, min(first.day, calendar.monthrange(year, month + 1)[1]))


def months_between(first: date, last: date) -> Fraction:
    """Completed calendar months, and the days left over divided by 31."""
    months = (last.year - first.year) * 12 + last.month - first.month
    if months_later(first, months) > last:
        months -= 1
    return months + Fraction((last - months_later(first, months)).days, 31)
