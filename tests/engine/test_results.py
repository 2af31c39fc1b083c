"""What comes out for a case: the contract's JSON, reasons, agreement, advisories and problems."""

import json
import re
from datetime import date
from typing import Any

import pytest
import yaml
from essence import outcomes
from fixture_types import SMM
from jsonschema import Draft202012Validator, FormatChecker
from oracle.tables import DATA
from strategies import drawn_cases

from kg.errors import NotFoundError
from kg.graph import Graph
from kg.recommend import Engine
from kg.verdicts import Verdicts

RULEBOOK: dict[str, dict[str, Any]] = {
    rule["id"]: rule for rule in yaml.safe_load((DATA / "rulebook.yaml").read_text(encoding="utf-8"))
}
SCHEMA = Draft202012Validator(
    json.loads((DATA / "verdicts.schema.json").read_text(encoding="utf-8")), format_checker=FormatChecker()
)
DAY = "2025-06-30"
HOLD_BACK = "restrict-low-risk"
CHINA = "start-china2022-smoldering"
SETTLED = {"applies", "does-not-apply"}


def answer(graph: Graph, **lists: Any) -> Verdicts:
    return graph.recommend({"id": "p", "as_of": DAY, **lists})


def conditions(*codes: str) -> list[dict[str, Any]]:
    return [{"code": code} for code in codes]


# --- JSON ------------------------------------------------------------------------------------------------------------


def test_two_hundred_answers_are_as_the_contract_says_and_plain_json(graph: Graph) -> None:
    for case in drawn_cases(17, 200):
        found = graph.recommend(case).to_dict()
        assert json.loads(json.dumps(found, allow_nan=False)) == found
        # What is the same for every patient is checked below, on a few.
        found["verdicts"] = [{**one, "action": {"text": one["title"]}, "provenance": []} for one in found["verdicts"]]
        assert [error.message for error in SCHEMA.iter_errors(found)] == []


def test_an_answer_with_all_its_provenance_is_as_the_contract_says(graph: Graph) -> None:
    for case in drawn_cases(18, 8):
        assert [error.message for error in SCHEMA.iter_errors(graph.recommend(case).to_dict())] == []


def test_the_check_of_the_contract_can_fail(graph: Graph) -> None:
    found = graph.recommend({"id": "p"}).to_dict()
    found["verdicts"][0]["verdict"] = "perhaps"

    assert not SCHEMA.is_valid(found)


def test_a_result_is_fresh_so_that_changing_it_changes_no_other(graph: Graph) -> None:
    def spoil(value: Any) -> None:
        for part in list(value.values() if isinstance(value, dict) else value):
            if isinstance(part, dict | list):
                spoil(part)
        value.clear()

    case = {"id": "p", "as_of": DAY, **SMM, "measurements": [{"code": "SerumMProtein", "value": 20, "unit": "g/L"}]}
    found = graph.recommend(case)
    before = json.dumps(found.to_dict())
    spoil(found.to_dict())
    spoil(graph.recommend(case).to_dict())

    assert json.dumps(found.to_dict()) == before
    assert json.dumps(graph.recommend(case).to_dict()) == before


def test_the_case_that_was_given_is_not_changed(graph: Graph) -> None:
    for case in drawn_cases(19, 30):
        before = json.dumps(case)
        graph.recommend(case).to_dict()
        assert json.dumps(case) == before


def test_one_verdict_for_every_rule_in_the_rulebook_s_order_as_it_stands_there(graph: Graph) -> None:
    found = graph.recommend({"id": "p"}).to_dict()["verdicts"]

    def said(rule: dict[str, Any]) -> tuple[Any, ...]:
        return rule["id"], rule["says"], rule["topic"], rule.get("strength"), len(rule.get("undefined", ()))

    assert list(map(said, found)) == list(map(said, RULEBOOK.values()))
    for one, rule in zip(found, RULEBOOK.values(), strict=True):
        assert {part["statement"] for part in one["provenance"]} == set(rule.get("from", ()))
        assert ("readings" in one) == ("narrow" in rule)
        assert (one["note"] is None) == ("note" not in rule)
        assert ("outside" in one, "basis" in one) == (rule["says"] == "outside",) * 2


def test_the_knowledge_is_named_by_version_and_digest(graph: Graph) -> None:
    knowledge = graph.recommend({"id": "p"}).to_dict()["knowledge"]

    assert knowledge == {"version_iri": graph.version_iri, "sha256": graph.digest}
    assert re.fullmatch(r"[0-9a-f]{64}", knowledge["sha256"])
    assert knowledge["version_iri"].startswith("https://w3id.org/mbkg/")


# --- a case and its day ----------------------------------------------------------------------------------------------


def test_a_case_is_judged_at_its_day_or_today(graph: Graph) -> None:
    assert graph.recommend({"id": "p", "as_of": "2020-02-29"}).as_of == date(2020, 2, 29)
    assert graph.recommend({"id": "p"}, today=date(2031, 1, 2)).to_dict()["as_of"] == "2031-01-02"
    before = date.today()  # noqa: DTZ011 - the reader's own day is meant
    assert before <= graph.recommend({"id": "p"}).as_of <= date.today()  # noqa: DTZ011 - as above


def test_a_verdict_is_found_by_its_id_and_another_id_offers_the_nearest(graph: Graph) -> None:
    found = graph.recommend({"id": "p"})

    assert found[CHINA].id == CHINA
    assert (len(found), [one.id for one in found]) == (len(RULEBOOK), list(RULEBOOK))
    with pytest.raises(NotFoundError, match=CHINA):
        found["start-china-smoldering"]


# --- reasons ---------------------------------------------------------------------------------------------------------


def test_reasons_stand_in_the_order_of_the_axiom_with_their_truth(graph: Graph) -> None:
    found = answer(
        graph,
        **SMM,
        measurements=[{"code": "BoneMarrowPlasmaCellPercentage", "value": 9.9}],
        findings=[{"code": "FocalBoneLesion", "modality": "MRI"}],
    )[CHINA]

    assert [(reason.criterion.label.en, reason.truth) for reason in found.reasons] == [
        ("has smoldering multiple myeloma", "true"),
        ("has a focal bone lesion on MRI", "true"),
        ("bone marrow plasma cells >= 10 %", "false"),
        ("serum free light chain ratio >= 100", "unknown"),
        ("has a metabolically active lesion on PET-CT", "unknown"),
    ]


def test_a_reason_shows_the_entries_as_given_and_the_converted_value(graph: Graph) -> None:
    row = {"code": "血清M蛋白", "value": 20.5, "unit": "g/L", "date": "2025-06-01"}
    found = answer(graph, measurements=[{"code": "PINP", "value": 1}, row]).to_dict()
    facts = {fact["code"]: fact for one in found["verdicts"] for part in one["because"] for fact in part["facts"]}

    assert facts == {
        "血清M蛋白": {"list": "measurements", "index": 1, **row, "converted": {"value": "2.05", "unit": "g/dL"}}
    }


def test_a_value_in_its_own_unit_is_shown_without_a_conversion(graph: Graph) -> None:
    found = answer(graph, measurements=[{"code": "SUVmax", "value": 4.20}])["intensify-active-lesion"].to_dict()

    assert found["because"][0]["facts"] == [{"list": "measurements", "index": 0, "code": "SUVmax", "value": 4.2}]


def test_a_fact_that_stood_on_a_narrower_entry_shows_that_entry(graph: Graph) -> None:
    found = answer(graph, conditions=conditions("Osteoporosis", "ActiveMultipleMyeloma"))["monitor-myeloma-load"]

    assert [(fact.list, fact.index) for reason in found.reasons for fact in reason.facts] == [("conditions", 1)]
    assert found.outcome == "applies"


def test_a_fact_that_another_condition_excludes_shows_that_condition(graph: Graph) -> None:
    found = answer(graph, conditions=conditions("ActiveMultipleMyeloma"))["reevaluate-smoldering-two-years"]

    assert found.outcome == "does-not-apply"
    assert found.reasons[0].truth == "false"
    assert [fact.given["code"] for fact in found.reasons[0].facts] == ["ActiveMultipleMyeloma"]


def test_derived_months_show_the_treatments_that_they_were_counted_from(graph: Graph) -> None:
    drugs = [
        {"code": "Denosumab", "start": "2024-06-01"},
        {"code": "ZoledronicAcid", "start": "2022-01-01", "end": "2024-05-01"},
    ]
    found = answer(graph, conditions=conditions("ActiveMultipleMyeloma"), treatments=drugs)["continue-active-two-years"]
    months = next(reason for reason in found.reasons if reason.criterion.measurement)

    assert (found.outcome, months.truth) == ("does-not-apply", "false")
    assert sorted(fact.index for fact in months.facts) == [0, 1]


def test_missing_facts_stand_where_a_verdict_is_open_and_nowhere_else(graph: Graph) -> None:
    for case in drawn_cases(23, 40):
        for one in graph.recommend(case):
            assert not (one.outcome in SETTLED and one.missing)
            assert list(one.missing) == sorted(one.missing, key=lambda names: (len(names), names))


# --- agreement -------------------------------------------------------------------------------------------------------


def test_every_topic_that_more_than_one_source_speaks_to_has_an_agreement_without_what_is_out_of_it(
    graph: Graph,
) -> None:
    expected: dict[str, dict[str, set[str]]] = {}
    for name, rule in RULEBOOK.items():
        if rule["topic"] != "advisory" and name != HOLD_BACK:
            expected.setdefault(rule["topic"], {}).setdefault(rule["says"], set()).add(name)
    found = {
        one.topic: {source: set(by_id) for source, by_id in one.says.items()}
        for one in graph.recommend({"id": "p"}).agreement
    }

    assert found == {topic: sources for topic, sources in expected.items() if len(sources) > 1}


FIRST = ("applies", "ambiguous", "unknown", "does-not-apply")


def test_sources_agree_where_the_first_of_their_verdicts_is_the_same(graph: Graph) -> None:
    seen = set()
    for case in drawn_cases(29, 120):
        found = graph.recommend(case)
        by_id = outcomes(found)
        for one in found.agreement:
            firsts = {min((by_id[name] for name in names), key=FIRST.index) for names in one.says.values()}
            assert one.agree == (len(firsts) == 1)
            assert {name: verdict for names in one.says.values() for name, verdict in names.items()}.items() <= (
                by_id.items()
            )
            seen.add(one.agree)
    assert seen == {True, False}


@pytest.mark.parametrize(
    ("lists", "topic", "agree"),
    [
        ({}, "start", True),  # nothing is known: every source is unknown
        ({"conditions": conditions("ActiveMultipleMyeloma"), "treatments": []}, "start", False),
        ({"findings": [{"code": "ElderlyPatient"}, {"code": "PoorBoneMetabolismImprovement"}]}, "choose", True),
        ({"findings": [{"code": "ElderlyPatient"}]}, "choose", False),  # the other source is unknown
        ({"treatments": []}, "monitor", False),  # one source has a rule that no drug decides
        ({"treatments": [{"code": "Denosumab"}]}, "monitor", True),
    ],
)
def test_agreement_of_cases_made_by_hand(graph: Graph, lists: dict[str, Any], topic: str, agree: bool) -> None:  # noqa: FBT001 - drawn
    assert {one.topic: one.agree for one in answer(graph, **lists).agreement}[topic] is agree


# --- labels that pull apart ------------------------------------------------------------------------------------------


def test_holding_back_beside_a_start_that_applies_is_a_label_conflict(graph: Graph) -> None:
    lesion = [{"code": "FocalBoneLesion", "modality": "MRI"}]
    found = answer(graph, conditions=conditions("LowRiskSmolderingMultipleMyeloma"), findings=lesion)

    assert [problem.kind for problem in found.problems] == ["label-conflict"]
    assert found[HOLD_BACK].outcome == found["start-imwg-smoldering"].outcome == "applies"
    assert "start-imwg-smoldering" in found.problems[0].message.en
    assert "start-imwg-smoldering" in found.problems[0].message.zh


@pytest.mark.parametrize(
    "lists",
    [
        {"conditions": conditions("LowRiskSmolderingMultipleMyeloma")},
        {"conditions": conditions("SmolderingMultipleMyeloma"), "findings": [{"code": "EvidenceOfBoneDamage"}]},
        {"conditions": conditions("MonoclonalGammopathyOfUndeterminedSignificance")},  # a start is ambiguous only
    ],
)
def test_without_both_there_is_no_label_conflict(graph: Graph, lists: dict[str, Any]) -> None:
    assert answer(graph, **lists).problems == ()


# --- advisories ------------------------------------------------------------------------------------------------------


def rules_named_in(rule: dict[str, Any]) -> set[str]:
    return set(re.findall(r"[a-z0-9-]+", rule["when"])) & set(RULEBOOK)


ADVISORIES = {name: rule for name, rule in RULEBOOK.items() if rule["says"] == "outside"}


@pytest.mark.parametrize("advisory", ADVISORIES)
def test_an_advisory_concerns_the_rules_that_its_condition_names(engine: Engine, advisory: str) -> None:
    concerns = {one.id: set(one.concerns) for one in engine.recommendations}[advisory]
    named = rules_named_in(ADVISORIES[advisory])

    assert concerns
    assert concerns <= set(RULEBOOK) - set(ADVISORIES)
    assert concerns == named or not named


def test_an_advisory_stands_beside_what_it_concerns_while_neither_is_excluded(graph: Graph) -> None:
    shown = set()
    for case in drawn_cases(31, 150):
        found = graph.recommend(case)
        for one in found:
            expected = {
                advisory.id
                for advisory in found
                if one.id in advisory.recommendation.concerns
                and "does-not-apply" not in (advisory.outcome, one.outcome)
            }
            assert set(one.advisories) == expected
            shown |= expected
    assert shown == set(ADVISORIES)


def test_an_advisory_changes_no_verdict(graph: Graph) -> None:
    low = {"treatments": [{"code": "BoneProtectiveDrug"}], "conditions": conditions("MultipleMyeloma")}
    found = answer(graph, **low, findings=[{"code": "Hypercalcaemia"}])

    assert found["supplement-calcium-vitamin-d"].outcome == "applies"
    assert found["supplement-calcium-vitamin-d"].advisories == ("advise-no-calcium-in-hypercalcaemia",)
    assert found["advise-no-calcium-in-hypercalcaemia"].outcome == "applies"
    denied = answer(graph, **low, findings=[{"code": "Hypercalcaemia", "present": False}])
    assert denied["supplement-calcium-vitamin-d"].advisories == ()
    assert denied["supplement-calcium-vitamin-d"].outcome == "applies"


# --- readings --------------------------------------------------------------------------------------------------------


def test_two_readings_are_shown_with_the_reason_in_both_languages(graph: Graph) -> None:
    found = answer(graph, conditions=conditions("MultipleMyeloma"))["start-imwg-active"].to_dict()

    assert (found["verdict"], found["readings"]["narrow"], found["readings"]["broad"]) == (
        "ambiguous",
        "unknown",
        "true",
    )
    assert found["readings"]["why"]
    assert re.search("[\u4e00-\u9fff]", found["readings"]["why_zh"])
    assert found["missing"] == [["ActiveMultipleMyeloma"]]
