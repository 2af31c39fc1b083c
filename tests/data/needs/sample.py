"""Not collected with the others: test_needs.py runs it by name."""

from pathlib import Path

import pytest


def test_that_needs_nothing() -> None:
    assert True


@pytest.mark.needs("article")
def test_that_says_what_it_needs() -> None:
    assert True


def test_that_takes_the_fixture(article: Path) -> None:
    assert article.is_file()


@pytest.mark.bench
def test_that_takes_long() -> None:
    assert True
