"""What may change in how a case is written without any verdict, reason or missing fact changing with it."""

import os
import random
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from essence import OPPOSITE, essence, outcomes
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from oracle import RULES, read
from oracle.drawing import AS_OF, MEASURED, names_of
from oracle.missing import find_reading_with
from oracle.rules import Comparison, rule_leaves
from oracle.tables import BROADER, CONCEPTS, EXCLUDED
from strategies import cases, drawn_cases, shifted, treatment_lists

from kg.recommend import Engine

Case = dict[str, Any]
Row = dict[str, Any]

SOME = settings(
    max_examples=int(os.environ.get("MBKG_CASES") or 500) // 4, suppress_health_check=[HealthCheck.too_slow]
)
LISTS = ("conditions", "measurements", "findings", "treatments")

# The same quantity in another UCUM unit, with the power of ten between them, so that decimals stay exact.
RESCALED: dict[str, tuple[tuple[str, int], ...]] = {
    "%": (("1", -2),),
    "g/dL": (("g/L", 1), ("mg/mL", 1), ("mg/dL", 3)),
    "1": (("%", 2),),
    "mmol/L": (("umol/L", 3), ("mol/L", -3), ("mmol/dL", -1)),
    "mg/dL": (("mg/L", 1), ("g/L", -2), ("ug/mL", 1)),
    "umol/L": (("mmol/L", -3), ("mol/L", -6)),
    "mL/min": (("L/min", -3),),
    "g/L": (("g/dL", -1), ("mg/L", 3)),
    "ng/L": (("ng/mL", -3), ("ug/L", -3)),
    "ng/mL": (("ng/L", 3), ("ug/L", 0)),
    "ug/L": (("ng/mL", 0), ("mg/L", -3)),
}


def shuffled(case: Case, chance: random.Random) -> Case:
    """The case with its fields, its entries and the fields of each entry in another order."""

    def reordered(row: Mapping[str, Any]) -> Row:
        return dict(chance.sample(sorted(row.items(), key=lambda pair: pair[0]), len(row)))

    mixed = {
        key: [reordered(row) for row in chance.sample(value, len(value))] if key in LISTS else value
        for key, value in case.items()
    }
    return reordered(mixed)


def rescaled(row: Row, chance: random.Random) -> Row:
    """The measurement in another unit, exactly."""
    unit = row.get("unit", CONCEPTS[row["code"]].unit)
    choices = RESCALED.get(unit, ())
    if not choices:
        return row
    other, power = chance.choice(choices)
    return {**row, "unit": other, "value": Decimal(str(row["value"])).scaleb(power)}


@SOME
@given(case=cases(), chance=st.randoms(use_true_random=False))
def test_the_order_of_fields_and_entries_does_not_matter(engine: Engine, case: Case, chance: random.Random) -> None:
    assert essence(engine.recommend(shuffled(case, chance))) == essence(engine.recommend(case))


@SOME
@given(case=cases())
def test_an_entry_given_twice_counts_once(engine: Engine, case: Case) -> None:
    # Two drugs of one open class may be two drugs, so that the facts that are missing may differ; the verdicts do not.
    twice = {key: [*value, *value] if key in LISTS else value for key, value in case.items()}
    both = {key: [*value, *value] if key in LISTS[:3] else value for key, value in case.items()}

    assert outcomes(engine.recommend(twice)) == outcomes(engine.recommend(case))
    assert essence(engine.recommend(both)) == essence(engine.recommend(case))


@SOME
@given(case=cases(), chance=st.randoms(use_true_random=False))
def test_a_value_in_another_unit_says_the_same(engine: Engine, case: Case, chance: random.Random) -> None:
    assume(case.get("measurements"))
    other = {**case, "measurements": [rescaled(row, chance) for row in case["measurements"]]}

    assert essence(engine.recommend(other)) == essence(engine.recommend(case))


def test_every_threshold_in_every_unit_decides_as_in_its_own(engine: Engine) -> None:
    for code in names_of("measurement"):
        for row in MEASURED[code]:
            for seed in range(6):
                there = rescaled(row, random.Random(seed))  # noqa: S311 - not for secrets
                found = engine.recommend({"id": "t", "measurements": [there]})
                assert essence(found) == essence(engine.recommend({"id": "t", "measurements": [row]})), there


def irrelevant() -> Iterator[tuple[str, Row]]:
    """Entries that no rule of ours could use: measurements never compared, findings of which nothing follows."""
    leaves = {leaf for rule in RULES.values() for leaf in rule_leaves(rule)}
    compared = {leaf.measurement for leaf in leaves if isinstance(leaf, Comparison)}
    facts = {leaf.name for leaf in leaves if not isinstance(leaf, Comparison)}
    for code in set(names_of("measurement")) - compared:
        yield "measurements", {"code": code, "value": 7}
    for code in names_of("finding"):
        if not BROADER[code] & facts and not any(code in BROADER[fact] for fact in facts & set(BROADER)):
            yield "findings", {"code": code}


def test_there_are_entries_that_no_rule_uses() -> None:
    assert {row["code"] for _, row in irrelevant()} >= {"SerumPhosphate", "SerumMagnesium", "BetaCTX", "PINP", "EGFR"}


@SOME
@given(case=cases(), more=st.sampled_from(sorted(irrelevant(), key=str)))
def test_an_irrelevant_entry_changes_nothing(engine: Engine, case: Case, more: tuple[str, Row]) -> None:
    kind, row = more
    assume(row["code"] not in {one["code"] for one in case.get(kind, ())})

    assert essence(engine.recommend({**case, kind: [*case.get(kind, []), row]})) == essence(engine.recommend(case))


@SOME
@given(case=cases())
def test_four_hundred_years_later_all_is_the_same(engine: Engine, case: Case) -> None:
    assert essence(engine.recommend(shifted(case))) == essence(engine.recommend(case))


def test_a_shift_that_keeps_no_months_is_noticed(engine: Engine) -> None:
    # The test above can fail: 100 days later, months have other lengths.
    moved = [
        case
        for case in drawn_cases(5, 400)
        if essence(engine.recommend(shifted(case, timedelta(days=100)))) != essence(engine.recommend(case))
    ]
    assert moved


def reversals(engine: Engine, less: Case, more: Case) -> list[str]:
    """The rules whose settled verdict turns into its opposite, and the criteria whose truth does."""
    before, after = engine.recommend(less), engine.recommend(more)
    turned = [one.id for one in before if (one.outcome, after[one.id].outcome) in OPPOSITE]
    for one in before:
        for old, new in zip(one.reasons, after[one.id].reasons, strict=True):
            if {old.truth, new.truth} == {"true", "false"}:
                turned.append(old.criterion.iri)
    return turned


@st.composite
def learned(draw: st.DrawFn) -> tuple[Case, Case]:
    """A case, and the same with one more condition or finding that was unknown and that nothing known contradicts."""
    case = draw(cases())
    reading = read(case)
    assume("contradiction" not in {problem.kind for problem in reading.problems})
    unknown = [fact for fact in BROADER if reading.truths.get(fact) is None]
    assume(unknown)
    fact, present = draw(st.sampled_from(unknown)), draw(st.booleans())
    assume(find_reading_with(reading, {fact: present}) is not None)
    code, _, modality = fact.partition("@")
    kind = f"{CONCEPTS[code].kind}s"
    row = {"code": code, "present": present, "date": case["as_of"]} | ({"modality": modality} if modality else {})
    return case, {**case, kind: [*case.get(kind, []), row]}


@SOME
@given(pair=learned())
def test_learning_a_fact_never_reverses_a_verdict(engine: Engine, pair: tuple[Case, Case]) -> None:
    assert reversals(engine, *pair) == []


@SOME
@given(case=cases(), row=st.sampled_from([row for rows in MEASURED.values() for row in rows]))
def test_learning_a_value_never_reverses_a_verdict(engine: Engine, case: Case, row: Row) -> None:
    state = engine.recommend(case).state
    assume(row["code"] not in state.intervals)
    assume(row["code"] not in state.sources)

    more = {**case, "measurements": [*case.get("measurements", []), {**row, "date": case["as_of"]}]}

    assert reversals(engine, case, more) == []


@SOME
@given(case=cases(), drugs=treatment_lists(AS_OF))
def test_learning_the_list_of_drugs_never_reverses_a_verdict(engine: Engine, case: Case, drugs: list[Row]) -> None:
    # Only a list where there was none: a drug more on a list, or a name for an unknown one, corrects what was complete.
    assume(drugs is not None and case["as_of"] == AS_OF.isoformat())
    less = {key: value for key, value in case.items() if key != "treatments"}

    assert reversals(engine, less, {**less, "treatments": drugs}) == []


@pytest.mark.parametrize("fact", sorted(EXCLUDED))
def test_what_is_settled_for_the_empty_case_stays_settled_whatever_is_learned(engine: Engine, fact: str) -> None:
    code, _, modality = fact.partition("@")
    kind = f"{CONCEPTS[code].kind}s"
    for present in (True, False):
        row = {"code": code, "present": present} | ({"modality": modality} if modality else {})
        assert reversals(engine, {"id": "p"}, {"id": "p", kind: [row]}) == []


def test_dates_at_both_ends_of_the_calendar_are_read(engine: Engine) -> None:
    for day in (date.min, date.max):
        case = {"id": "p", "as_of": day.isoformat(), "treatments": [{"code": "Denosumab", "start": "0001-01-01"}]}
        assert engine.recommend(case)["monitor-jaw"].outcome == "applies"
