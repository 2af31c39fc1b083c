"""Months of treatment: the time between two days, and the unbroken run of treatment that reaches a day."""

from calendar import monthrange
from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import Final

from kg.case import Entry

_DAYS_OF_A_MONTH: Final = 31
_MONTHS_OF_A_YEAR: Final = 12


def months_between(start: date, end: date) -> Fraction:
    """Return completed calendar months plus the days left over divided by 31.

    >>> months_between(date(2025, 1, 31), date(2025, 3, 1))
    Fraction(32, 31)
    """
    months = (end.year - start.year) * _MONTHS_OF_A_YEAR + end.month - start.month
    reached = _months_later(start, months)
    if reached > end:
        months -= 1
        reached = _months_later(start, months)
    return months + Fraction((end - reached).days, _DAYS_OF_A_MONTH)


def _months_later(start: date, months: int) -> date:
    """Return the same day some months later, or that month's last day where it is shorter."""
    year, month = divmod(start.year * _MONTHS_OF_A_YEAR + start.month - 1 + months, _MONTHS_OF_A_YEAR)
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


def unbroken_run(entries: Sequence[Entry], today: int, largest_gap: int) -> tuple[list[Entry], int | None]:
    """Return the treatments of the run that reaches a day, and the day that it began.

    Days are ordinals; a gap between one treatment's end and the next one's start breaks the run where it is longer than
    `largest_gap` days. The run is empty where none of the treatments is current; the day is None where a start in the
    run is not known.
    """
    if not any(not entry.end or entry.end > today for entry in entries):
        return [], None
    run: list[Entry] = []
    reached = today
    for entry in sorted(entries, key=lambda entry: entry.end or today + 1, reverse=True):
        if min(entry.end or today, today) + largest_gap < reached:
            break
        run.append(entry)
        if not entry.start:
            return run, None
        reached = min(reached, entry.start)
    return run, reached
