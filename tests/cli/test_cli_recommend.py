"""`mbkg recommend`: what a person sees, what a program gets, and a case written as options."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

import kg
from kg.resources import ontology_root

SCHEMA = Path("tests", "data", "verdicts.schema.json")


def test_json_is_exactly_what_the_library_gives(run: Callable, smoldering: str) -> None:
    found = json.loads(run("recommend", smoldering, "--json").stdout)

    assert found == json.loads(json.dumps(kg.open().recommend(smoldering).to_dict()))


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_json_fits_the_contract_in_either_language(run: Callable, smoldering: str, repository: Path, lang: str) -> None:
    found = json.loads(run("recommend", smoldering, "--json", "--lang", lang).stdout)

    Draft202012Validator(json.loads((repository / SCHEMA).read_text(encoding="utf-8"))).validate(found)


def test_what_applies_comes_first_and_what_is_excluded_last(run: Callable, smoldering: str) -> None:
    text = run("recommend", smoldering).stdout
    heads = ("Applies (", "Ambiguous: ", "Unknown: ", "From outside", "Does not apply (", "Do the sources agree?")

    places = [text.index(f"\n{head}") for head in heads]

    assert places == sorted(places)


def test_chinese_has_the_same_sections_in_the_same_order(run: Callable, smoldering: str) -> None:
    text = run("recommend", smoldering, "--lang", "zh").stdout

    places = [text.index(f"\n{head}") for head in ("适用 (", "有歧义", "未知", "文件之外", "不适用 (", "各来源")]

    assert places == sorted(places)


def test_an_unknown_verdict_names_the_test_that_would_settle_it(run: Callable, smoldering: str) -> None:
    verdicts = kg.open().recommend(smoldering)
    unknown = [one for one in verdicts if one.outcome == "unknown" and not one.recommendation.is_advisory]
    text = " ".join(run("recommend", smoldering, COLUMNS="200").stdout.split())

    assert unknown
    for verdict in unknown:
        assert kg.open().fact_label(verdict.missing[0][0]).en in text


def test_every_recommendation_is_named_by_its_id(run: Callable, smoldering: str) -> None:
    text = run("recommend", smoldering).stdout

    assert [one.id for one in kg.open().engine.recommendations if one.id not in text] == []


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("en", ("Not a medical device", "20 April", "CONTRIBUTING.md")),
        ("zh", ("不是医疗器械", "04月20日", "CONTRIBUTING.md")),
    ],
)
def test_the_last_words_say_what_this_is(run: Callable, smoldering: str, lang: str, words: tuple[str, ...]) -> None:
    text = run("recommend", smoldering, "--lang", lang, COLUMNS="200").stdout

    assert [word for word in words if word not in text.replace("\n", " ")] == []


def test_only_one_topic_is_shown_when_asked_for(run: Callable, smoldering: str) -> None:
    found = json.loads(run("recommend", smoldering, "--json", "--only", "start").stdout)

    assert {verdict["topic"] for verdict in found["verdicts"]} == {"start"}
    assert {topic["topic"] for topic in found["agreement"]} == {"start"}


def test_topics_add_up_and_sources_narrow_them(run: Callable, smoldering: str) -> None:
    words = ("--only", "start", "--only", "stop", "--says", "imwg")
    found = json.loads(run("recommend", smoldering, "--json", *words).stdout)

    assert {(verdict["topic"], verdict["says"]) for verdict in found["verdicts"]} == {("start", "IMWG")}


@pytest.mark.parametrize(("option", "choice"), [("--only", "schedule"), ("--says", "NCCN")])
def test_a_topic_or_source_that_is_not_there_is_answered_with_the_choices(
    run: Callable, smoldering: str, option: str, choice: str
) -> None:
    result = run("recommend", smoldering, option, "nothing")

    assert result.exit_code == 2
    assert choice in result.stderr
    assert result.stdout == ""


def test_problems_are_shown_and_are_no_failure(run: Callable, contradictory: str) -> None:
    result = run("recommend", contradictory)

    assert result.exit_code == 0
    assert "Problems of the case (2)" in result.stdout


def test_problems_are_findings_under_strict(run: Callable, contradictory: str, smoldering: str) -> None:
    assert run("recommend", contradictory, "--strict").exit_code == 1
    assert run("recommend", smoldering, "--strict").exit_code == 0


def test_the_day_given_wins_over_that_of_the_case(run: Callable, contradictory: str) -> None:
    found = json.loads(run("recommend", contradictory, "--json", "--as-of", "2025-08-01").stdout)

    assert found["as_of"] == "2025-08-01"
    assert [problem["kind"] for problem in found["problems"]] == ["unknown-drug"]


def test_a_case_may_come_from_standard_input(run: Callable) -> None:
    result = run("recommend", "-", "--json", stdin='{"id": "p", "conditions": [{"code": "SMM"}]}')

    assert json.loads(result.stdout)["case"] == "p"


def test_options_describe_the_same_patient_as_a_file(run: Callable, smoldering: str) -> None:
    words = (
        "--condition", "SMM", "--measure", "bone marrow plasma cell percentage = 12 %", "--finding",
        "focal bone lesion@MRI", "--not-on-anything", "--as-of", "2025-06-30", "--json",
    )  # fmt: skip
    typed, filed = (json.loads(run("recommend", *given).stdout) for given in (words, (smoldering, "--json")))

    assert [v["verdict"] for v in typed["verdicts"]] == [v["verdict"] for v in filed["verdicts"]]


def test_of_several_cases_a_bad_one_is_reported_and_the_others_go_on(
    run: Callable, smoldering: str, contradictory: str
) -> None:
    result = run("recommend", smoldering, "nowhere.yaml", contradictory, "--json")

    assert result.exit_code == 3
    assert [json.loads(line)["case"] for line in result.stdout.splitlines()] == ["smoldering", "contradictory"]
    assert result.stderr.startswith("mbkg: nowhere.yaml: ")


def test_several_good_cases_are_no_failure(run: Callable, smoldering: str, contradictory: str) -> None:
    result = run("recommend", smoldering, contradictory)

    assert result.exit_code == 0
    assert result.stdout.index("smoldering ·") < result.stdout.index("contradictory ·")


def test_every_example_is_read_without_an_error(run: Callable) -> None:
    examples = sorted((ontology_root() / "examples").glob("*.yaml"))

    assert len(examples) >= 5
    for path in examples:
        assert run("recommend", str(path)).exit_code == 0, path


def test_example_of_the_readme_shows_sources_that_differ(run: Callable) -> None:
    path = Path(ontology_root()) / "examples" / "smoldering.yaml"
    found = json.loads(run("recommend", str(path), "--json").stdout)

    assert {"applies", "unknown", "does-not-apply"} <= {verdict["verdict"] for verdict in found["verdicts"]}
    assert [topic["agree"] for topic in found["agreement"] if topic["topic"] == "start"] == [False]
