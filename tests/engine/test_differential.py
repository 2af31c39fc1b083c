"""The engine against the second reading of the rulebook, which shares no code with it."""

import os
from collections import Counter
from typing import Any

import pytest
from essence import disagreements, missing_disagreements, outcomes
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from oracle import RULES, Rule
from strategies import aimed_cases, cases, drawn_cases

from kg.recommend import Engine

CASES = int(os.environ.get("MBKG_CASES") or 500)
AIMED = max(8, CASES // len(RULES))
SLOWLY = [HealthCheck.too_slow]
VERDICTS = ("applies", "does-not-apply", "ambiguous", "unknown")


@settings(max_examples=CASES, suppress_health_check=SLOWLY)
@given(case=cases())
def test_verdicts_readings_and_problems_are_those_of_the_second_reading(engine: Engine, case: dict[str, Any]) -> None:
    assert disagreements(engine, case) == []


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_cases_aimed_at_a_rule_get_the_verdicts_of_the_second_reading(engine: Engine, rule: Rule) -> None:
    @settings(max_examples=AIMED, suppress_health_check=SLOWLY)
    @given(case=aimed_cases(rule))
    def check(case: dict[str, Any]) -> None:
        assert disagreements(engine, case) == []

    check()


@settings(max_examples=min(CASES, 2_000) // 2, suppress_health_check=SLOWLY)
@given(case=cases(), rule=st.sampled_from(sorted(RULES)))
def test_missing_facts_are_those_that_trying_all_values_finds(engine: Engine, case: dict[str, Any], rule: str) -> None:
    assert missing_disagreements(engine, case, rule, leaves=8) in (None, [])


def test_missing_facts_of_drawn_cases_are_those_that_trying_all_values_finds(engine: Engine) -> None:
    tried = Counter[bool]()
    names = sorted(RULES)
    for number, case in enumerate(drawn_cases(21, 150)):
        for rule in names[number % 5 :: 5]:
            found = missing_disagreements(engine, case, rule, leaves=6)
            tried[found is not None and bool(engine.recommend(case)[rule].missing)] += 1
            assert found in (None, [])
    assert tried[True] > 200


def test_a_thousand_drawn_cases_reach_every_outcome_of_every_rule_and_the_engine_agrees(engine: Engine) -> None:
    # One reading cannot be ambiguous; all else is possible, and is reached.
    possible = {(name, verdict) for name, rule in RULES.items() for verdict in VERDICTS}
    possible -= {(name, "ambiguous") for name, rule in RULES.items() if not rule.has_two_readings}
    reached = set()
    for case in drawn_cases(4, 1_000):
        assert disagreements(engine, case) == []
        reached |= set(outcomes(engine.recommend(case)).items())

    assert reached == possible
