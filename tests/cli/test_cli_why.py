"""`mbkg why`: the proof of one verdict."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

import kg

CHINA = "start-china2022-smoldering"
IMWG = "start-imwg-smoldering"


def test_json_is_the_verdict_of_the_library(run: Callable, smoldering: str) -> None:
    found = json.loads(run("why", smoldering, CHINA, "--json").stdout)

    assert found == json.loads(json.dumps(kg.open().recommend(smoldering)[CHINA].to_dict()))


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_proof_leads_from_criteria_over_facts_to_the_place_in_the_document(
    run: Callable, smoldering: str, lang: str
) -> None:
    verdict = kg.open().recommend(smoldering)[CHINA]
    text = run("why", smoldering, CHINA, "--lang", lang, COLUMNS="110").stdout

    for reason in verdict.reasons:
        assert reason.criterion.label.text(lang) in text
        assert all(f"({entry.place})" in text for entry in reason.facts)
    for statement in verdict.provenance:
        assert f"{statement.id} · {statement.source} [{statement.start}, {statement.end})" in text
        assert statement.sha256 in text
        assert statement.speaker_label.text(lang) in text
        assert all(f"[{reference.number}]" in text for reference in statement.references)
        assert all(flag.code in text for flag in statement.flags)


def test_both_readings_are_told_with_the_reason_for_two(run: Callable) -> None:
    text = run("why", "-", IMWG, stdin='{"id":"p","conditions":[{"code":"SMM"}]}', COLUMNS="110").stdout

    assert "two readings: narrow unknown, broad unknown" in text


def test_a_missing_fact_is_told_in_words_and_by_name(run: Callable) -> None:
    text = run("why", "-", CHINA, stdin='{"id":"p","conditions":[{"code":"SMM"}]}').stdout

    assert "any of these would settle it" in text
    assert "(MetabolicallyActiveLesion@PETCT)" in text


def test_a_converted_value_stands_beside_the_one_given(run: Callable) -> None:
    case = (
        '{"id":"p","measurements":[{"code":"SerumCalcium","value":8.0156,"unit":"mg/dL"}],'
        '"treatments":[{"code":"Denosumab"}]}'
    )
    text = run("why", "-", "correct-calcium-intravenously", stdin=case).stdout

    assert "8.0156 mg/dL = 2 mmol/L" in text


def test_an_advisory_is_marked_as_from_outside_with_its_sources(run: Callable, smoldering: str) -> None:
    advisory = next(one for one in kg.open().engine.recommendations if one.is_advisory)
    text = run("why", smoldering, advisory.id, COLUMNS="110").stdout

    assert "from outside the document" in text
    assert all(title[:20] in text for title, _ in advisory.outside)


def test_a_recommendation_that_is_not_there_is_answered_with_the_nearest(run: Callable, smoldering: str) -> None:
    result = run("why", smoldering, "start-china-smoldering")

    assert result.exit_code == 2
    assert CHINA in result.stderr


@pytest.mark.needs("article")
def test_quotations_appear_only_with_the_document(run: Callable, smoldering: str, article: Path) -> None:
    def quotes(*words: str) -> list[str | None]:
        found = json.loads(run("why", smoldering, CHINA, "--json", *words).stdout)
        return [statement["quote"] for statement in found["provenance"]]

    assert set(quotes()) == {None}
    assert None not in quotes("--source", str(article))
    assert None not in quotes("--source", str(article.parent))
