"""Durations in words, in both languages."""

from collections.abc import Iterator

import pytest

from kg.cli.durations import duration_text, every_text
from kg.cli.language import choose


@pytest.fixture(autouse=True)
def language_of_the_environment() -> Iterator[None]:
    yield
    choose(None)


@pytest.mark.parametrize(
    ("lang", "code", "lasts", "every"),
    [
        ("en", "P1M", "1 month", "every month"),
        ("en", "P12M", "12 months", "every 12 months"),
        ("en", "P1W", "1 week", "every week"),
        ("en", "PT6H", "PT6H", "every PT6H"),
        ("zh", "P1M", "1个月", "每月"),
        ("zh", "P12M", "12个月", "每12个月"),
        ("zh", "P1Y", "1年", "每年"),
    ],
)
def test_a_duration_and_an_interval_read_as_people_say_them(lang: str, code: str, lasts: str, every: str) -> None:
    choose(lang)

    assert (duration_text(code), every_text(code)) == (lasts, every)
