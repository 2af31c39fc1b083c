"""The facade: what kg.open() gives is what it says, and every answer's query runs again."""

from pathlib import Path

import pytest
import yaml

import kg

CASES = yaml.safe_load((Path(__file__).parent / "expected" / "cases.yaml").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def graph() -> kg.Graph:
    return kg.open()


def parameters_of(name: str) -> list[dict[str, str]]:
    found = CASES.get(name) if isinstance(CASES, dict) else None
    return [case for case in found or [{}] if isinstance(case, dict)] or [{}]


def test_the_query_shown_with_an_answer_gives_the_same_rows_again(graph: kg.Graph) -> None:
    for query in graph.catalogue:
        for parameters in parameters_of(query.id):
            result = graph.query(query.id, **parameters)
            again = graph.sparql(result.text)
            assert isinstance(again, kg.Result), query.id
            assert (again.columns, again.rows) == (result.columns, result.rows), (query.id, parameters)


def test_a_hostile_text_is_a_term_like_others(graph: kg.Graph) -> None:
    with pytest.raises(kg.CodeError):
        graph.query("drug-dose", drug='x" } DROP ALL #')
    result = graph.query("term-of-code", code='x" } DROP ALL # \\')
    assert len(result) == 0
    assert graph.sparql(result.text).rows == ()
