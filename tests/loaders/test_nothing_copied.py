"""The document's sentences belong to its publisher: none of them, and no long phrase, may stand in this project."""

import subprocess
import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import pytest
from source_folders import REPOSITORY

from loaders.labels import read_labels
from loaders.roundtable import read_article
from loaders.sources import read_source
from loaders.strict_yaml import Entry, Value, load_yaml

RUN: Final = 12
"""So many characters in a row, most of them Chinese, are a phrase and no term; punctuation and spaces do not count."""
NAME: Final = 7
"""A label of so many characters is a term that nobody can say otherwise; it ends a run."""
OWN_RUN: Final = 8
"""The longest run that one of our paraphrases may share with the document once its own terms are taken out."""
SHORT: Final = 4
"""A run of so many characters counts into the share of a paraphrase that is the document's."""
BARE: Final = 12
"""A definition of at most so many characters cannot be said otherwise."""
TERM: Final = "\ue000"


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


def folded(text: str) -> str:
    """Return a text in half-width lower case without punctuation, spaces and control characters."""
    plain = unicodedata.normalize("NFKC", text).lower()
    return "".join(character for character in plain if unicodedata.category(character)[0] not in "PZC")


def without(text: str, words: set[str]) -> str:
    for word in sorted(words, key=len, reverse=True):
        text = text.replace(word, TERM)
    return text


def runs_of(text: str, length: int) -> Iterator[str]:
    return (text[place : place + length] for place in range(len(text) - length + 1))


def longest_run(text: str, body: str) -> str:
    """Return the longest stretch of a text without a term in it that stands in the body too."""
    best = ""
    for place in range(len(text)):
        while text[place : place + len(best) + 1] in body and place + len(best) < len(text):
            best = text[place : place + len(best) + 1]
    return best


def share(text: str, body: str) -> float:
    """Return the part of a text's characters that lie in runs of SHORT or more that stand in the body too."""
    covered: set[int] = set()
    for place, run in enumerate(runs_of(text, SHORT)):
        if run in body:
            covered |= set(range(place, place + SHORT))
    return len(covered) / max(1, len(text.replace(TERM, "")))


def entities(value: Value) -> Iterator[str]:
    """Yield every bare word of a statement's structured content; those that names.tsv has are entities."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Entry):
        for part in value.values():
            yield from entities(part)
    elif isinstance(value, list):
        for part in value:
            yield from entities(part)


def local_names(ontology: Path) -> Mapping[str, str]:
    rows = [line.split("\t") for line in (ontology / "names.tsv").read_text(encoding="utf-8").splitlines()]
    entity, local = rows[0].index("entity"), rows[0].index("local_name")
    return {row[entity]: row[local] for row in rows[1:]}


@pytest.fixture(scope="session")
def body(article_text: str) -> list[str]:
    return [folded(article_text[item.place.start : item.place.end]) for item in read_article(article_text).sentences]


def test_no_phrase_of_the_article_stands_in_the_project(body: list[str], roundtable: Path, ontology: Path) -> None:
    labels = read_labels(ontology, read_source(roundtable)).values()
    names = {name for words in labels for name in map(folded, words) if len(name) >= NAME}
    runs = {run for sentence in body for run in runs_of(without(sentence, names), RUN)}
    runs = {run for run in runs if TERM not in run and is_chinese(run)}

    copied = []
    for path in files():
        try:
            text = folded(path.read_text(encoding="utf-8"))
        except (UnicodeDecodeError, OSError):
            continue
        copied += [(path.relative_to(REPOSITORY).as_posix(), run) for run in runs & set(runs_of(text, RUN))]

    assert sorted(copied) == []


def test_every_chinese_paraphrase_is_in_words_of_its_own(body: list[str], roundtable: Path, ontology: Path) -> None:
    labels, names = read_labels(ontology, read_source(roundtable)), local_names(ontology)
    text = "".join(body)
    document = load_yaml(roundtable / "statements.yaml")
    assert isinstance(document, list)

    close = []
    for statement in document:
        assert isinstance(statement, Entry)
        assert isinstance(statement["paraphrase"], Entry)
        mentioned = (names.get(word, word) for word in entities(statement.get("formal")))
        terms = {name for local in mentioned for name in map(folded, labels.get(local, ())) if len(name) > 1}
        ours = folded(str(statement["paraphrase"]["zh"]))
        left = without(ours, terms)
        run, part = longest_run(left, text), share(left, text)
        if len(run) > OWN_RUN or (part > 1 / 2 and len(ours) > BARE):
            close.append((statement["id"], run, round(part, 2)))

    assert close == []


def test_a_phrase_with_other_punctuation_is_still_found() -> None:
    assert longest_run(folded("甲乙，丙（丁戊）"), folded("子甲乙丙丁，戊丑")) == "甲乙丙丁戊"
    assert share(folded("甲乙丙丁，己庚辛壬"), folded("甲乙丙丁")) == 1 / 2
    assert longest_run(without("甲乙丙丁戊", {"丙丁"}), "甲乙丙丁戊") == "甲乙"
