"""Values in other units: converted exactly, compared unrounded, and marked where they come near a threshold."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from oracle.drawing import names_of
from oracle.tables import CONCEPTS, UNITS

from kg.errors import UnitError
from kg.recommend import Engine
from kg.units import conversion_factor
from kg.verdicts import Verdicts

LOW_CALCIUM = "correct-calcium-intravenously"
CALCIUM = Fraction("40.078")


def calcium(engine: Engine, value: Any, unit: str | None = "mg/dL") -> Verdicts:
    row = {"code": "SerumCalcium", "value": value} | ({"unit": unit} if unit else {})
    return engine.recommend({"id": "p", "measurements": [row], "treatments": [{"code": "Denosumab"}]})


def kinds(found: Verdicts) -> list[str]:
    return [problem.kind for problem in found.problems]


def known_value(found: Verdicts, code: str) -> Any:
    return found.state.intervals[code].low


@pytest.mark.parametrize("code", names_of("measurement"))
def test_generated_factors_are_those_of_the_contract_and_of_the_units_library(engine: Engine, code: str) -> None:
    concept = engine.vocabulary.concepts[code]
    expected = UNITS.get(code, {})

    assert dict(concept.factors) == dict(expected)
    for unit, factor in expected.items():
        assert conversion_factor(unit, concept.unit or "1", concept.molar_mass) == factor


@pytest.mark.parametrize("code", sorted(UNITS))
@pytest.mark.parametrize("value", [0.1, 3, Decimal("8.4"), Decimal("2.0959"), 1e-9])
def test_conversion_is_exact(engine: Engine, code: str, value: Any) -> None:
    for unit, factor in UNITS[code].items():
        found = engine.recommend({"id": "p", "measurements": [{"code": code, "value": value, "unit": unit}]})
        assert Fraction(known_value(found, code)) == Fraction(str(value)) * factor


@pytest.mark.parametrize("code", names_of("measurement"))
def test_its_own_unit_and_no_unit_say_the_same_and_convert_nothing(engine: Engine, code: str) -> None:
    rows = [{"code": code, "value": Decimal("2.10")} | extra for extra in ({}, {"unit": CONCEPTS[code].unit})]
    found = [engine.recommend({"id": "p", "measurements": [row]}) for row in rows]

    assert found[0].outcomes == found[1].outcomes
    assert [one.case.measurements[0].converted for one in found] == [False, False]


def test_calcium_of_8_4_is_below_the_threshold_by_its_molar_mass(engine: Engine) -> None:
    # Divided by 4.0 it would be 2.1, which is not below.
    found = calcium(engine, Decimal("8.4"))

    assert known_value(found, "SerumCalcium") == 84 / CALCIUM < Fraction("2.1") == Fraction("8.4") / 4
    assert found[LOW_CALCIUM].outcome == "applies"
    assert kinds(found) == ["borderline"]


def test_calcium_is_compared_unrounded_on_either_side_of_the_threshold(engine: Engine) -> None:
    # 2.1 mmol/L is 8.41638 mg/dL.
    limit = Decimal("8.41638")

    assert Fraction(limit) * 10 / CALCIUM == Fraction("2.1")
    assert calcium(engine, limit)[LOW_CALCIUM].outcome == "does-not-apply"
    assert calcium(engine, Decimal("8.41637" + 30 * "9"))[LOW_CALCIUM].outcome == "applies"
    assert calcium(engine, Decimal("8.41638" + 30 * "0" + "1"))[LOW_CALCIUM].outcome == "does-not-apply"


@pytest.mark.parametrize(
    ("thousandths", "marked"), [(Fraction(-5), True), (Fraction(5), True), (Fraction("-5.000001"), False),
                                (Fraction("5.000001"), False), (Fraction(0), True)]
)  # fmt: skip
def test_a_converted_value_is_marked_up_to_half_a_percent_from_a_threshold(
    engine: Engine,
    thousandths: Fraction,
    marked: bool,  # noqa: FBT001 - drawn
) -> None:
    exact = Fraction("8.41638") * (1 + thousandths / 1000)
    value = Decimal(exact.numerator) / Decimal(exact.denominator)
    assert Fraction(value) == exact

    assert kinds(calcium(engine, value)) == (["borderline"] if marked else [])


def test_a_value_that_was_not_converted_is_never_marked(engine: Engine) -> None:
    assert kinds(calcium(engine, Decimal("2.1"), None)) == []
    assert kinds(calcium(engine, Decimal("2.1"), "mmol/L")) == []
    assert kinds(calcium(engine, 2100, "umol/L")) == ["borderline"]


def test_a_marked_value_names_its_entry_and_the_threshold_in_both_languages(engine: Engine) -> None:
    problem = calcium(engine, Decimal("8.4")).problems[0]

    assert problem.entries == ("measurements/0",)
    assert "2.1 mmol/L" in problem.message.en
    assert "2.1 mmol/L" in problem.message.zh


@pytest.mark.parametrize(
    ("code", "unit"),
    [
        ("CreatinineClearance", "mL/min/{1.73_m2}"),
        ("EGFR", "mL/min"),
        ("SerumCalcium", "mg"),
        ("SerumCalcium", "not a unit"),
        ("SerumCalcium", "mmol/L/(1.73)"),
        ("SerumMProtein", "mmol/L"),
        ("BoneMarrowPlasmaCellPercentage", "g"),
        ("SUVmax", "g/mL"),
        ("BetaCTX", "pmol/L"),
        ("SerumCalcium", "10*999999999"),
        ("SerumCalcium", "m" * 5_000),
        ("SerumCalcium", "(" * 39),
        ("CreatinineClearance", "mL/min/1.73"),  # to UCUM the dot is a product, and 1.73 is 73
        ("BetaCTX", "10*9999.ng/L"),
    ],
)
def test_a_unit_that_cannot_be_converted_is_refused_and_both_are_named(engine: Engine, code: str, unit: str) -> None:
    case = {"id": "p", "measurements": [{"code": "PINP", "value": 1}, {"code": code, "value": 1, "unit": unit}]}

    with pytest.raises(UnitError) as caught:
        engine.recommend(case)

    assert str(caught.value).startswith("measurements/1: ")
    assert repr(unit[:40]) in str(caught.value)
    assert repr(CONCEPTS[code].unit) in str(caught.value)
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize(
    ("code", "unit", "value"),
    [
        ("SerumCalcium", "umol/L", Fraction(1, 1000)),
        ("SerumCalcium", " mg/dL ", 10 / CALCIUM),
        ("SerumMProtein", "10*-2.g/mL", Fraction(1)),
        ("SerumCalcium", "μmol/L", Fraction(1, 1000)),  # Greek mu
        ("SerumCalcium", "µmol/L", Fraction(1, 1000)),  # micro sign
        ("SerumCalcium", "mg/L", 1 / CALCIUM),
        ("SerumMProtein", "g/L", Fraction(1, 10)),
        ("SerumFreeLightChainRatio", "{ratio}", Fraction(1)),
        ("BoneMarrowPlasmaCellPercentage", "1", Fraction(100)),
        ("CreatinineClearance", "mL/s", Fraction(60)),
        ("CreatinineClearance", "mL/min{cockcroft}", Fraction(1)),
        ("MonthsOnBoneProtectiveTherapy", "a", Fraction(12)),
    ],
)
def test_other_units_of_the_same_kind_are_converted_exactly(
    engine: Engine, code: str, unit: str, value: Fraction
) -> None:
    found = engine.recommend({"id": "p", "measurements": [{"code": code, "value": 1, "unit": unit}]})

    assert Fraction(known_value(found, code)) == value


def test_a_comparator_stays_with_a_converted_value(engine: Engine) -> None:
    case = {"id": "p", "measurements": [{"code": "SerumMProtein", "value": 20, "unit": "g/L", "comparator": ">="}]}
    found = engine.recommend(case)

    assert (known_value(found, "SerumMProtein"), found.state.intervals["SerumMProtein"].high) == (2, None)
