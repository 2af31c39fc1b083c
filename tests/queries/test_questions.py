"""The competency questions: the rows that each should give, on both engines."""

import re
from typing import Any

import pytest
import rdflib
from engines import ask_store, cases, expected_path, rdflib_lines, store_lines

from kg.catalogue import Catalogue
from kg.sparql import tokens
from kg.store import Store

CASES = [(name, number, values) for name, settings in cases().items() for number, values in enumerate(settings)]
SETTINGS = pytest.mark.parametrize(
    ("name", "number", "values"), CASES, ids=[f"{name}-{number}" for name, number, _ in CASES]
)
LAST = [(name, len(settings) - 1, settings[-1]) for name, settings in cases().items()]
NAMES = sorted(path.stem for path in Catalogue.load().paths("cq"))


@SETTINGS
def test_a_question_gives_the_expected_rows(
    graphs: Store, catalogue: Catalogue, name: str, number: int, values: dict[str, Any]
) -> None:
    found = ask_store(graphs, catalogue.get(name), values)

    assert found.rows, "an example that finds nothing shows nothing"
    assert expected_path(name, number).read_text(encoding="utf-8") == store_lines(found)


@pytest.mark.parametrize(("name", "number", "values"), LAST, ids=[name for name, _, _ in LAST])
def test_a_question_gives_the_same_rows_on_rdflib(
    dataset: rdflib.Dataset, catalogue: Catalogue, name: str, number: int, values: dict[str, Any]
) -> None:
    assert expected_path(name, number).read_text(encoding="utf-8") == rdflib_lines(dataset, catalogue.get(name), values)


@SETTINGS
def test_the_order_of_the_rows_is_total(
    graphs: Store, catalogue: Catalogue, name: str, number: int, values: dict[str, Any]
) -> None:
    query = catalogue.get(name)
    keys = re.findall(r"[?$](\w+)", query.text.rpartition("ORDER BY")[2])

    found = ask_store(graphs, query, values)

    columns = [found.columns.index(key) for key in keys]
    assert number >= 0
    assert len({tuple(str(row[column]) for column in columns) for row in found.rows}) == len(found.rows)


def test_every_question_has_an_example_and_there_are_enough() -> None:
    assert sorted(cases()) == NAMES
    assert len(NAMES) >= 48


def test_no_two_questions_give_the_same_rows(graphs: Store, catalogue: Catalogue) -> None:
    seen: dict[str, str] = {}
    for name, _, values in CASES:
        text = store_lines(ask_store(graphs, catalogue.get(name), values)).partition("\n")[2]
        assert seen.setdefault(text, name) == name


@pytest.mark.parametrize("name", NAMES)
def test_each_question_is_asked_in_both_languages_with_its_parameters(catalogue: Catalogue, name: str) -> None:
    query = catalogue.get(name)
    known = {parameter.name for parameter in query.parameters}

    for texts in query.questions.values():
        assert texts
        for text in texts:
            assert set(re.findall(r"{(\w+)}", text)) <= known
    assert re.search("[一-鿿]", query.summary.zh)
    assert all(re.search("[一-鿿]", text) for text in query.questions["zh"])


@pytest.mark.parametrize("name", sorted(Catalogue.load().ids))
def test_each_query_is_written_as_the_style_asks(catalogue: Catalogue, name: str) -> None:
    query = catalogue.get(name)
    words = [token for kind, token in tokens(query.text) if kind not in {"comment", "string", "space"}]
    prefixes = [words[place + 1].rstrip(":") for place, word in enumerate(words) if word == "PREFIX"]
    body = query.text.rpartition("PREFIX")[2].partition("\n")[2]
    head = re.findall(r"[?$](\w+)", body.partition("WHERE")[0])

    assert prefixes == sorted(prefixes)
    assert all(re.search(rf"(?<![\w<]){prefix}:", body) for prefix in prefixes), "a prefix that is not used"
    assert "ORDER BY" in body
    assert {parameter.name for parameter in query.parameters} <= set(head), "a parameter is not in the SELECT clause"
    assert len(query.path.read_text(encoding="utf-8").splitlines()) <= 50
    for parameter in query.parameters:
        if parameter.default is not None:
            assert f"COALESCE(${parameter.name}, {parameter.default})" in body
