"""Hypothesis strategies for patient cases, and the plain-random generator beside them.

All cases are valid against case.schema.json, and none is an error for the oracle. Codes are the local names of
concepts.tsv; a name of no drug is one that resembles none.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st
from oracle.drawing import (
    AS_OF,
    BONE_DRUGS,
    COMPARATORS,
    DAYS,
    MEASURED,
    UNKNOWN_DRUGS,
    Case,
    Row,
    days_around,
    drawn_case,
    drawn_cases,
    names_of,
    starts_around,
)
from oracle.measures import months_later
from oracle.rules import RULES, Rule
from oracle.tables import CONCEPTS, MODALITIES, TAKES_SINCE

__all__ = [
    "aimed_cases",
    "as_of_days",
    "cases",
    "condition_rows",
    "drawn_cases",
    "finding_rows",
    "free_cases",
    "lessened",
    "measurement_rows",
    "run_rows",
    "shifted",
    "treatment_lists",
    "treatment_rows",
]

YEARS_400 = timedelta(days=146_097)
ENDS = (-400, -93, -92, -91, -1, 0, 1, 400)


def as_of_days() -> st.SearchStrategy[date]:
    """The day of a case: mostly 2025-06-30, else month ends and days around 29 February."""
    return st.sampled_from(DAYS)


def _without_none(row: Row) -> Row:
    return {key: value for key, value in row.items() if value is not None}


def _rows(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Row]:
    return st.fixed_dictionaries(fields).map(_without_none)


def _texts(days: tuple[date | None, ...]) -> st.SearchStrategy[str | None]:
    return st.sampled_from([None if day is None else day.isoformat() for day in days])


def condition_rows(as_of: date = AS_OF) -> st.SearchStrategy[Row]:
    """A condition, present or absent, with any day of a few or none."""
    return _rows(
        code=st.sampled_from(names_of("condition")),
        present=st.sampled_from((None, True, False)),
        date=_texts(days_around(as_of)),
    )


def finding_rows(as_of: date = AS_OF) -> st.SearchStrategy[Row]:
    """A finding, with a modality or `since` where it takes one (and seldom where it takes none)."""
    return st.sampled_from(names_of("finding")).flatmap(lambda code: _finding_rows(code, as_of))


def _finding_rows(code: str, as_of: date) -> st.SearchStrategy[Row]:
    seldom = (*[None] * 9, "MRI")
    since = _texts(starts_around(as_of))
    return _rows(
        code=st.just(code),
        present=st.sampled_from((None, True, False)),
        modality=st.sampled_from((None, *MODALITIES[code]) if code in MODALITIES else seldom),
        since=since if code in TAKES_SINCE else st.sampled_from((*[None] * 9, as_of.isoformat())),
        date=_texts(days_around(as_of)),
    )


def measurement_rows(as_of: date = AS_OF, code: str | None = None) -> st.SearchStrategy[Row]:
    """A value at a threshold, one step to either side or elsewhere; every comparator, every accepted unit."""
    rows = [row for name, some in MEASURED.items() if code in {None, name} for row in some]
    comparators = st.sampled_from([comparator or None for comparator in COMPARATORS])
    return st.builds(
        lambda row, comparator, day: _without_none({**row, "comparator": comparator, "date": day}),
        st.sampled_from(rows),
        comparators,
        _texts(days_around(as_of)),
    )


def treatment_rows(as_of: date = AS_OF) -> st.SearchStrategy[Row]:
    """A drug, a class of drugs, OtherDrug or a name of no drug, with any start; an end is always after the start."""
    return st.builds(
        _treatment_row,
        st.sampled_from((*names_of("drug"), *UNKNOWN_DRUGS)),
        st.sampled_from(starts_around(as_of)),
        st.sampled_from([None, None, *(as_of + timedelta(days=days) for days in ENDS)]),
        st.booleans(),
    )


def _treatment_row(code: str, start: date | None, end: date | None, null: bool) -> Row:  # noqa: FBT001 (drawn)
    row: Row = {"code": code, "start": start and start.isoformat(), "end": end and end.isoformat()}
    if start is not None and end is not None and end <= start:
        row["end"] = None
    row = _without_none(row)
    return {**row, "end": None} if null and "end" not in row else row


@st.composite
def run_rows(draw: st.DrawFn, as_of: date = AS_OF) -> list[Row]:
    """Bone-protective drugs one after the other, with gaps of 91, 92 and 93 days and 23 to 25 months in all."""
    start = draw(st.sampled_from([months_later(as_of, -months) for months in (2, 3, 6, 12)]))
    end = draw(st.sampled_from([None, None, as_of + timedelta(days=1), as_of, as_of - timedelta(days=1)]))
    codes = st.sampled_from((*BONE_DRUGS, *BONE_DRUGS, UNKNOWN_DRUGS[0]))
    rows = []
    for _ in range(draw(st.integers(1, 3))):
        shown = draw(st.sampled_from([start] * 9 + [None]))
        rows.append({"code": draw(codes), "start": shown and shown.isoformat(), "end": end and end.isoformat()})
        end = start - timedelta(days=draw(st.sampled_from((-20, 0, 91, 92, 93))))
        earlier = [day for day in starts_around(as_of) if day is not None and day < end]
        start = draw(st.sampled_from(earlier or [end - timedelta(days=1)]))
    return [_without_none(row) for row in draw(st.permutations(rows))]


def treatment_lists(as_of: date = AS_OF) -> st.SearchStrategy[list[Row] | None]:
    """No list, an empty one, any drugs, or a run of bone-protective drugs with any others."""
    some = st.lists(treatment_rows(as_of), max_size=3)
    return st.one_of(st.none(), st.just([]), some, st.builds(list.__add__, run_rows(as_of), some))


@st.composite
def free_cases(draw: st.DrawFn) -> Case:
    """Any entries of every list."""
    as_of = draw(as_of_days())
    lists = {
        "conditions": draw(st.none() | st.lists(condition_rows(as_of), max_size=4)),
        "measurements": draw(st.none() | st.lists(measurement_rows(as_of), max_size=5)),
        "findings": draw(st.none() | st.lists(finding_rows(as_of), max_size=6)),
        "treatments": draw(treatment_lists(as_of)),
    }
    return {"id": "drawn", "as_of": as_of.isoformat(), **_without_none(lists)}


def aimed_cases(rule: Rule | None = None) -> st.SearchStrategy[Case]:
    """Cases with a rule in view (any rule, where none is given): its facts said, denied or left open."""
    rules = st.sampled_from(tuple(RULES.values())) if rule is None else st.just(rule)
    return st.builds(drawn_case, st.randoms(use_true_random=False), st.just("drawn"), rules, as_of_days())


def cases() -> st.SearchStrategy[Case]:
    """Cases over every concept: free ones, and ones with a rule in view."""
    return free_cases() | aimed_cases()


def lessened(case: Case) -> Iterator[Case]:
    """The case with every entry left out once, and once without its list of treatments."""
    for kind, rows in case.items():
        if isinstance(rows, list):
            for index in range(len(rows)):
                yield {**case, kind: rows[:index] + rows[index + 1 :]}
    if "treatments" in case:
        yield {key: value for key, value in case.items() if key != "treatments"}


def shifted(case: Case, by: timedelta = YEARS_400) -> Case:
    """The case with all its days later by `by` (400 years keep every month's length). The case must say its as_of."""
    later: Case = {**case, "as_of": _shift(case["as_of"], by)}
    for kind in {f"{concept.kind}s" for concept in CONCEPTS.values()} | {"treatments"}:
        if kind in case:
            later[kind] = [{key: _shift_field(key, value, by) for key, value in row.items()} for row in case[kind]]
    return later


def _shift_field(key: str, value: Any, by: timedelta) -> Any:
    return _shift(value, by) if key in {"date", "since", "start", "end"} and value is not None else value


def _shift(day: str, by: timedelta) -> str:
    return (date.fromisoformat(day) + by).isoformat()
