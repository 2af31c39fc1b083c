from pathlib import Path

import pytest
from source_folders import REPOSITORY, Spoil

from kg.errors import DataError
from loaders.coverage import build_coverage
from loaders.roundtable import read_article


def rows(text: str) -> list[list[str]]:
    lines = [line for line in text.splitlines() if line[:3].strip("| ").isdigit()]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def test_the_ledger_is_fresh(roundtable: Path, article: Path) -> None:
    kept = (REPOSITORY / "docs" / "coverage.md").read_text(encoding="utf-8")

    assert build_coverage(roundtable, article) == kept


def test_every_sentence_of_the_body_has_a_row(article_text: str) -> None:
    kept = rows((REPOSITORY / "docs" / "coverage.md").read_text(encoding="utf-8"))

    places = [(int(row[2]), int(row[3])) for row in kept]
    assert places == [(item.place.start, item.place.end) for item in read_article(article_text).sentences]


def test_the_ledger_prints_no_sentence(article_text: str) -> None:
    kept = (REPOSITORY / "docs" / "coverage.md").read_text(encoding="utf-8")

    for sentence in read_article(article_text).sentences:
        assert article_text[sentence.place.start : sentence.place.end] not in kept


def test_a_row_has_statements_or_a_reason(second: Path) -> None:
    text = build_coverage(second, second)

    assert text is not None
    assert all(row[6] or row[7] for row in rows(text))
    assert "**7 of 10 sentences are modelled, 3 are not.**" in text


def test_a_sentence_with_neither_statement_nor_reason_is_refused(spoil: Spoil) -> None:
    folder = spoil("coverage.yaml", "- start: 237", "- start: 243")

    with pytest.raises(DataError):
        build_coverage(folder, folder)


def test_a_reason_that_is_not_needed_is_refused(spoil: Spoil) -> None:
    folder = spoil("coverage.yaml", "- start: 65", "- start: 60")

    with pytest.raises(DataError, match=r"coverage\.yaml:\d+: a statement speaks for"):
        build_coverage(folder, folder)


def test_without_the_document_there_is_no_ledger(second: Path, tmp_path: Path) -> None:
    assert build_coverage(second, tmp_path) is None
    assert build_coverage(second, None) is None
