"""The document's sentences belong to its publisher: none of them, and no long phrase, may stand in this project."""

import subprocess
from pathlib import Path

import pytest
from source_folders import REPOSITORY

from loaders.labels import read_labels
from loaders.roundtable import read_article
from loaders.sources import read_source

RUN = 14
"""So many characters in a row, most of them Chinese, are a phrase and no term."""


def files() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "-z"],  # noqa: S607
        cwd=REPOSITORY,
        capture_output=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("article: no git checkout to list")
    return [REPOSITORY / name for name in listed.stdout.decode().split("\0") if name]


def is_chinese(text: str) -> bool:
    return sum("一" <= character <= "鿿" for character in text) > len(text) // 2


def test_no_phrase_of_the_article_stands_in_the_project(article_text: str, roundtable: Path, ontology: Path) -> None:
    body = [article_text[item.place.start : item.place.end] for item in read_article(article_text).sentences]
    labels = read_labels(ontology, read_source(roundtable)).values()
    names = {word for words in labels for word in words if len(word) >= RUN // 2}
    for name in sorted(names, key=len, reverse=True):
        body = [piece for sentence in body for piece in sentence.split(name)]
    runs = {piece[place : place + RUN] for piece in body for place in range(len(piece) - RUN + 1)}
    runs = {run for run in runs if is_chinese(run)}

    copied = []
    for path in files():
        try:
            text = path.read_text(encoding="utf-8")
        except (UnicodeDecodeError, OSError):
            continue
        here = {text[place : place + RUN] for place in range(len(text) - RUN + 1)}
        copied += [(path.relative_to(REPOSITORY).as_posix(), run) for run in runs & here]

    assert sorted(copied) == []
