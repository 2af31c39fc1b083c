"""Months between two days, as the rulebook counts them."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from oracle import measures

from kg.months import months_between

DAYS = st.dates(date(1900, 1, 1), date(2100, 12, 31))


@given(start=DAYS, length=st.integers(0, 4_000))
def test_months_are_those_of_the_second_reading(start: date, length: int) -> None:
    end = start + timedelta(days=length)

    assert months_between(start, end) == measures.months_between(start, end)


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [
        ("2023-07-31", "2025-07-30", 23 + Fraction(30, 31)),  # a day short of two years is less than 24
        ("2023-07-31", "2025-07-31", Fraction(24)),
        ("2023-07-31", "2025-08-01", 24 + Fraction(1, 31)),
        ("2024-01-31", "2024-02-29", Fraction(1)),
        ("2024-01-31", "2024-02-28", Fraction(28, 31)),
        ("2024-02-29", "2025-02-28", Fraction(12)),
        ("2025-06-30", "2025-06-30", Fraction(0)),
    ],
)
def test_a_month_is_complete_on_the_same_day_or_on_the_last_of_a_shorter_one(
    start: str, end: str, months: Fraction
) -> None:
    assert months_between(date.fromisoformat(start), date.fromisoformat(end)) == months
