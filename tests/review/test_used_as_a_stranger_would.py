"""What someone found who used the product without having written it; each of these once was otherwise."""

import json
import subprocess
import sys
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest

import kg
from kg.casefile import parse_case
from kg.cli.measures import CaseOptions
from kg.errors import CodeError, LimitError, UnitError, UsageError
from kg.graph import Graph

DAY = "2025-06-30"


@pytest.fixture(scope="module")
def graph() -> Graph:
    """The graph as it is shipped."""
    return kg.open()


def answer(graph: Graph, **lists: Any) -> Any:
    return graph.recommend({"id": "p", "as_of": DAY, **lists})


# --- numbers ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", ["1e99999999999999999999", "1E-99999999999999999999"])
@pytest.mark.parametrize("text", ['{{"value": {0}}}', "value: {0}"])
def test_an_exponent_that_no_computer_holds_is_a_limit_and_no_crash(text: str, number: str) -> None:
    with pytest.raises(LimitError, match="exponent"):
        parse_case(text.format(number))


def test_a_subclass_of_float_is_read_as_the_number_that_it_is(graph: Graph) -> None:
    class Printed(float):
        def __repr__(self) -> str:
            return f"np.float64({float(self)})"

    found = answer(graph, measurements=[{"code": "SUVmax", "value": Printed(4.3)}])

    assert found["intensify-active-lesion"].outcome == "applies"


@pytest.mark.parametrize(("value", "shown"), [("4.3", 4.3), ("4.20000000000000000001", "4.20000000000000000001")])
def test_a_value_is_shown_as_given_where_a_json_number_cannot_hold_it(graph: Graph, value: str, shown: object) -> None:
    found = answer(graph, measurements=[{"code": "SUVmax", "value": Decimal(value)}])["intensify-active-lesion"]

    assert found.outcome == "applies"
    assert json.loads(json.dumps(found.to_dict()))["because"][0]["facts"][0]["value"] == shown


def test_a_converted_value_in_json_stays_on_its_side_of_the_threshold(graph: Graph) -> None:
    rows = [{"code": "SerumCalcium", "value": Decimal("8.4163799"), "unit": "mg/dL"}]
    found = answer(graph, measurements=rows, treatments=[{"code": "Denosumab"}])["correct-calcium-intravenously"]
    fact = found.to_dict()["because"][1]["facts"][0]

    assert found.outcome == "applies"
    assert Decimal(fact["converted"]["value"]) < Decimal("2.1")


# --- units -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("unit", ["{percent}", "{cells}", ""])
def test_a_remark_is_no_unit_where_the_scale_matters(graph: Graph, unit: str) -> None:
    with pytest.raises(UnitError, match="%"):
        answer(graph, measurements=[{"code": "BoneMarrowPlasmaCellPercentage", "value": 20, "unit": unit}])


def test_a_remark_is_a_unit_where_there_is_no_scale(graph: Graph) -> None:
    found = answer(graph, measurements=[{"code": "SerumFreeLightChainRatio", "value": 20, "unit": "{ratio}"}])

    assert found.case.measurements[0].value == 20


# --- codes -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["mbkg:Nothing", "https://w3id.org/mbkg/Nothing", "mbkg:a b"])
def test_an_iri_of_nothing_is_an_unknown_drug_and_elsewhere_an_unknown_code(graph: Graph, code: str) -> None:
    found = answer(graph, treatments=[{"code": code}])

    assert [problem.kind for problem in found.problems] == ["unknown-drug"]
    with pytest.raises(CodeError, match="names no condition"):
        answer(graph, conditions=[{"code": code}])


def test_an_iri_of_something_else_is_of_the_wrong_kind(graph: Graph) -> None:
    with pytest.raises(CodeError, match="not a drug"):
        answer(graph, treatments=[{"code": "mbkg:RANKL"}])


@pytest.mark.parametrize("code", ["ATC:M05BX04", "atc:m05bx04", "m05bx04", "ＡＴＣ：Ｍ０５ＢＸ０４"])
def test_an_atc_code_is_read_in_any_case_and_width(graph: Graph, code: str) -> None:
    found = answer(graph, treatments=[{"code": code}])

    assert found["dose-denosumab-monthly"].outcome == "applies"
    assert found.problems == ()


@pytest.mark.parametrize("text", ["Denosumab:2024-01", "Denosumab:2024-1-5", "Denosumab:2024-01-01..", "x:2024/01/01"])
def test_half_a_day_is_no_part_of_a_drugs_name(text: str) -> None:
    with pytest.raises(UsageError, match="--on"):
        CaseOptions(drugs=[text]).to_case("p")


@pytest.mark.parametrize("code", ["ATC:M05BX04", "RXNORM:993449", "NCIT:C61313"])
def test_a_code_with_a_prefix_is_a_drugs_name(code: str) -> None:
    assert CaseOptions(drugs=[code]).to_case("p")["treatments"] == [{"code": code}]


# --- what a verdict stood on -----------------------------------------------------------------------------------------


def facts_of(verdict: Any, criterion: str) -> list[Mapping[str, Any]]:
    reasons = {reason.criterion.iri.rpartition("/")[2]: reason for reason in verdict.reasons}
    return [entry.given for entry in reasons[criterion].facts]


def test_what_is_true_stands_on_what_makes_it_true_alone(graph: Graph) -> None:
    drugs = [{"code": "Denosumab"}, {"code": "Lenalidomide"}, {"code": "VitaminD"}]
    found = answer(graph, treatments=drugs)

    assert facts_of(found["dose-denosumab-monthly"], "OnDenosumab") == drugs[:1]


def test_what_is_false_of_a_complete_list_stands_on_all_of_it(graph: Graph) -> None:
    drugs = [{"code": "Lenalidomide"}, {"code": "VitaminD"}]
    found = answer(graph, treatments=drugs)

    assert facts_of(found["dose-denosumab-monthly"], "OnDenosumab") == drugs


def test_what_is_disputed_shows_both_sides(graph: Graph) -> None:
    rows = [{"code": "OvertBoneDisease", "present": present} for present in (True, False)]
    found = answer(graph, conditions=[{"code": "MultipleMyeloma"}], findings=rows)

    assert facts_of(found["tier-low"], "OvertBoneDiseasePatient") == rows


# --- what a statement says -------------------------------------------------------------------------------------------


def test_what_a_statement_says_is_in_one_language_at_a_time(graph: Graph) -> None:
    content = dict(graph.statement("S019").content)

    assert (content["hedge"].en, content["hedge"].zh) == ("possible", "可能")
    assert len([name for name, _ in graph.statement("S005").content if name == "objectText"]) == 1


def test_a_trial_result_is_told_in_words_with_each_arm_apart(graph: Graph) -> None:
    result = next(value for name, value in graph.statement("S149").content if name == "hasTrialResult")

    assert "(arm concept denosumab; value 22.8)" in result.en
    assert "（组别术语 地舒单抗；数值 22.8）" in result.zh
    assert "armConcept" not in result.en + result.zh


# --- the command -----------------------------------------------------------------------------------------------------


def test_a_number_with_an_endless_exponent_is_one_line_and_the_code_of_a_limit() -> None:
    case = '{"id": "p", "measurements": [{"code": "SUVmax", "value": 1e99999999999999999999}]}'
    done = subprocess.run(
        [sys.executable, "-m", "kg", "recommend", "-"], input=case, capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stdout) == (5, "")
    assert done.stderr.count("\n") == 1
    assert done.stderr.startswith("mbkg: ")
