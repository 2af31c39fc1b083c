"""Our reader of cases against the contract's schema: what one refuses, the other does."""

import copy
import json
import random
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker
from oracle.tables import DATA
from strategies import cases, drawn_cases

from kg.errors import CodeError, MbkgError, UnitError
from kg.recommend import Engine

Case = dict[str, Any]

SCHEMA = Draft202012Validator(
    json.loads((DATA / "case.schema.json").read_text(encoding="utf-8")), format_checker=FormatChecker()
)
CODES_AND_CALENDAR = ("is not given with the modality", "before its start", "half a character")

WRONG: tuple[Any, ...] = (
    None,
    True,
    0,
    1.5,
    "",
    "x",
    "2025-06-31",
    "2025-06-30",
    [],
    {},
    [{}],
    ["x"],
    [None],
    {"code": "SMM"},
    [{"code": "SMM"}],
    "<",
    "<>",
    "x" * 201,
)
KEYS = ("id", "as_of", "conditions", "measurements", "findings", "treatments", "code", "value", "unit", "comparator",
        "present", "date", "modality", "since", "start", "end", "other")  # fmt: skip


def refuses(engine: Engine, case: object) -> MbkgError | None:
    """What our reader says against a case."""
    try:
        engine.recommend(case)
    except MbkgError as error:
        return error
    return None


def assert_same(engine: Engine, case: object) -> bool:
    """Both accept or both refuse; where only we do, for a code, unit or the calendar. Returns whether both accept."""
    ours, theirs = refuses(engine, case), [error.message for error in SCHEMA.iter_errors(case)]
    if ours is None:
        assert theirs == [], case
    elif not theirs:
        named = isinstance(ours, CodeError | UnitError) or any(part in str(ours) for part in CODES_AND_CALENDAR)
        assert named, (case, str(ours))
    return ours is None and not theirs


def places(value: object, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """The path of every part of a case."""
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, child in children for place in places(child, (*path, key)))]


def broken(case: Case, chance: random.Random) -> object:
    """The case with one part replaced, removed or added."""
    other: Any = copy.deepcopy(case)
    *above, last = chance.choice(places(other)[1:])
    parent = other
    for key in above:
        parent = parent[key]
    change = chance.randrange(3)
    if change == 0 and isinstance(parent, dict):
        parent[chance.choice(KEYS)] = chance.choice(WRONG)
    elif change == 1 and isinstance(parent, dict):
        del parent[last]
    else:
        parent[last] = chance.choice(WRONG)
    return other


@settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow])
@given(case=cases())
def test_a_case_that_the_schema_accepts_is_read(engine: Engine, case: Case) -> None:
    assert assert_same(engine, case)


@settings(max_examples=400, suppress_health_check=[HealthCheck.too_slow])
@given(case=cases(), chance=st.randoms(use_true_random=False))
def test_a_broken_case_is_refused_by_both_or_by_neither(engine: Engine, case: Case, chance: random.Random) -> None:
    assert_same(engine, broken(case, chance))


RICH: Case = {
    "id": "p",
    "as_of": "2025-06-30",
    "conditions": [{"code": "SMM", "present": True, "date": "2025-01-01"}],
    "measurements": [{"code": "SUVmax", "value": 4.2, "unit": "1", "comparator": "<=", "date": "2025-01-01"}],
    "findings": [{"code": "BoneLesionsStable", "present": False, "date": "2025-01-01", "since": "2024-01-01"}],
    "treatments": [{"code": "Denosumab", "start": "2025-01-01", "end": None}],
}


def test_every_part_of_a_case_with_every_wrong_value_is_refused_by_both_or_by_neither(engine: Engine) -> None:
    assert assert_same(engine, RICH)
    accepted = 0
    for place in places(RICH)[1:]:
        for wrong in WRONG:
            case: Any = copy.deepcopy(RICH)
            parent = case
            for key in place[:-1]:
                parent = parent[key]
            parent[place[-1]] = wrong
            accepted += assert_same(engine, case)
    assert accepted > 20


def test_among_a_thousand_broken_cases_many_are_refused_and_many_are_not(engine: Engine) -> None:
    chance = random.Random(8)  # noqa: S311 - not for secrets
    accepted = [assert_same(engine, broken(case, chance)) for case in drawn_cases(8, 1_000)]

    assert 100 < sum(accepted) < 900


@settings(max_examples=200)
@given(
    case=st.recursive(st.sampled_from(WRONG), lambda part: st.dictionaries(st.sampled_from(KEYS), part), max_leaves=6)
)
def test_what_is_no_case_at_all_is_refused_by_both(engine: Engine, case: object) -> None:
    assert_same(engine, case)
