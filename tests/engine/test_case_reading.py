"""Every kind of bad case: one line, the right error with its exit code, and the entry named."""

import io
import json
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from kg.casefile import load_case, parse_case
from kg.errors import CodeError, DataError, LimitError, MbkgError, UnitError, UsageError
from kg.graph import Graph
from kg.recommend import Engine

if TYPE_CHECKING:
    from collections.abc import Mapping

EXIT_CODES = {DataError: 3, CodeError: 3, UnitError: 3, LimitError: 5, UsageError: 2}
MEBIBYTE = 1024 * 1024


def measured(**row: object) -> dict[str, Any]:
    return {"id": "p", "measurements": [{"code": "SUVmax", **row}]}


def listed(kind: str, **row: object) -> dict[str, Any]:
    return {"id": "p", kind: [row]}


def refusal(engine: Engine, case: object) -> MbkgError:
    """The error that a case raises."""
    with pytest.raises(MbkgError) as caught:
        engine.recommend(case)
    return caught.value


def assert_one_line(error: MbkgError, kind: type[MbkgError], *parts: str) -> None:
    assert type(error) is kind
    assert error.exit_code == EXIT_CODES[kind]
    assert "\n" not in str(error)
    assert len(str(error)) < 700
    assert [part for part in parts if part not in str(error)] == []


SHAPES: list[tuple[object, str]] = [
    (None, "mapping"),
    ([], "mapping"),
    ("a case", "mapping"),
    ({}, "id"),
    ({"id": ""}, "id"),
    ({"id": "p" * 201}, "200"),
    ({"id": 7}, "id"),
    ({"id": "p\ud800"}, "half a character"),
    ({"id": "p", "patient": 1}, "'patient'"),
    ({"id": "p", 1: 2}, "1"),
    ({"id": "p", "conditions": None}, "conditions"),
    ({"id": "p", "conditions": {}}, "conditions"),
    ({"id": "p", "treatments": None}, "treatments"),
    ({"id": "p", "findings": ["FocalBoneLesion"]}, "findings/0"),
    ({"id": "p", "findings": [{"code": "Gain1q"}, {}]}, "findings/1"),
    ({"id": "p", "findings": [{"code": 1}]}, "findings/0"),
    ({"id": "p", "findings": [{"code": None}]}, "findings/0"),
    (listed("conditions", code="SMM", modality="MRI"), "'modality'"),
    (listed("conditions", code="SMM", since="2020-01-01"), "'since'"),
    (listed("conditions", code="SMM", present="true"), "'true'"),
    (listed("conditions", code="SMM", present=1), "not 1"),
    (listed("conditions", code="SMM", present=None), "None"),
    (listed("treatments", code="Denosumab", dose=120), "'dose'"),
    (listed("findings", code="FocalBoneLesion", modality=None), "findings/0"),
    (measured(), "measurements/0"),
]


@pytest.mark.parametrize(("case", "part"), SHAPES, ids=[repr(case)[:60] for case, _ in SHAPES])
def test_what_has_another_shape_is_refused_with_its_place(engine: Engine, case: object, part: str) -> None:
    assert_one_line(refusal(engine, case), DataError, part)


def test_an_id_of_1_and_of_200_characters_is_read(engine: Engine) -> None:
    assert [engine.recommend({"id": "患" * length}).case.id for length in (1, 200)] == ["患", "患" * 200]


DATES = (
    "2025-6-30",
    "2025-02-29",
    "2025-00-10",
    "0000-01-01",
    "20250630",
    "2025-W27-1",
    "2025-06-30T00:00",
    "2025-06-30\n",
    " 2025-06-30",
    "２０２５-06-30",
    "30.06.2025",
    "",
    None,
    20250630,
    date(2025, 6, 30),
)


@pytest.mark.parametrize("day", DATES, ids=repr)
@pytest.mark.parametrize(
    ("kind", "code", "key"),
    [
        ("conditions", "SMM", "date"),
        ("findings", "Gain1q", "date"),
        ("findings", "BoneLesionsStable", "since"),
        ("measurements", "SUVmax", "date"),
        ("treatments", "Denosumab", "start"),
        ("treatments", "Denosumab", "end"),
        (None, "", "as_of"),
    ],
)
def test_what_is_no_day_is_refused_with_its_place(
    engine: Engine, kind: str | None, code: str, key: str, day: object
) -> None:
    if key == "end" and day is None:  # still given
        assert engine.recommend(listed("treatments", code="Denosumab", end=None))["monitor-jaw"].outcome == "applies"
        return
    row = {"code": code, key: day} | ({"value": 1} if kind == "measurements" else {})
    case = {"id": "p", "as_of": day} if kind is None else {"id": "p", kind: [row]}

    assert_one_line(refusal(engine, case), DataError, "as_of" if kind is None else f"{kind}/0", repr(day))


@pytest.mark.parametrize("day", ["2024-02-29", "0001-01-01", "9999-12-31"])
def test_a_day_of_the_calendar_is_read(engine: Engine, day: str) -> None:
    assert engine.recommend({"id": "p", "as_of": day}).as_of.isoformat() == day


VALUES = ("12", "１２", "1_000", "NaN", True, False, None, [], {}, 1j, float("nan"), float("inf"), Decimal("sNaN"))


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_what_is_no_finite_number_is_refused(engine: Engine, value: object) -> None:
    assert_one_line(refusal(engine, measured(value=value)), DataError, "measurements/0", "number")


@pytest.mark.parametrize("value", [0, -1, 10**100 - 1, 1e99, 1e-99, Decimal("4.2"), Decimal("1e-100")], ids=repr)
def test_any_number_of_up_to_a_hundred_places_is_read(engine: Engine, value: Any) -> None:
    outcome = engine.recommend(measured(value=value))["intensify-active-lesion"].outcome

    assert outcome == ("applies" if value > Decimal("4.2") else "does-not-apply")


@pytest.mark.parametrize(
    "value", [10**100, -(10**100), 1e200, Decimal("1e-101"), Decimal("1e999999999"), Decimal("1e-999999999")]
)
def test_a_number_of_more_places_is_refused_at_once(engine: Engine, value: object) -> None:
    assert_one_line(refusal(engine, measured(value=value)), LimitError, "measurements/0", "100 places")


@pytest.mark.parametrize("comparator", ["=", "≥", "", None, ["<"], {}, 1], ids=repr)
def test_what_is_no_comparator_is_refused(engine: Engine, comparator: object) -> None:
    assert_one_line(refusal(engine, measured(value=1, comparator=comparator)), DataError, "measurements/0", "< <= >= >")


# --- codes -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "code", "parts"),
    [
        ("findings", "FocalBoneLesions", ("names no finding", "nearest: FocalBoneLesion")),
        ("conditions", "Smoldering MMM", ("names no condition", "nearest:", "SmolderingMultipleMyeloma")),
        ("conditions", "qqq", ("names no condition", "mbkg lookup --kind condition")),
        ("conditions", "", ("names no condition",)),
        ("measurements", "Serum Calciun", ("names no measurement", "SerumCalcium")),
        ("findings", "SMM", ("is a condition, not a finding",)),
        ("conditions", "Denosumab", ("is a drug, not a condition",)),
        ("treatments", "SMM", ("is a condition, not a drug",)),
        ("treatments", "MRI", ("is a modality, not a drug",)),
        ("measurements", "FocalBoneLesion", ("is a finding, not a measurement",)),
    ],
)
def test_an_unknown_code_offers_the_nearest_and_one_of_another_kind_says_its_kind(
    engine: Engine, kind: str, code: str, parts: tuple[str, ...]
) -> None:
    case = {"id": "p", kind: [{"code": code} | ({"value": 1} if kind == "measurements" else {})]}

    assert_one_line(refusal(engine, case), CodeError, f"{kind}/0", *parts)


def test_a_code_of_a_megabyte_is_refused_in_one_short_line(engine: Engine) -> None:
    assert_one_line(refusal(engine, listed("conditions", code="x" * 1_000_000)), CodeError, "conditions/0")


def test_the_second_entry_is_named_by_its_place(engine: Engine) -> None:
    case = {"id": "p", "findings": [{"code": "Gain1q"}, {"code": "Gain2q-nothing"}]}

    assert_one_line(refusal(engine, case), CodeError, "findings/1")


def test_an_unknown_drug_is_kept_reported_with_the_nearest_and_leaves_classes_open(engine: Engine) -> None:
    found = engine.recommend(listed("treatments", code="Denosumabb"))

    assert [(problem.kind, problem.entries) for problem in found.problems] == [("unknown-drug", ("treatments/0",))]
    assert "Denosumab" in found.problems[0].message.en
    assert "Denosumab" in found.problems[0].message.zh
    assert found["monitor-jaw"].outcome == "unknown"


def test_an_end_before_the_start_is_refused_and_on_the_start_is_not(engine: Engine) -> None:
    def case(end: str) -> dict[str, Any]:
        return listed("treatments", code="Denosumab", start="2025-02-01", end=end)

    assert_one_line(refusal(engine, case("2025-01-31")), DataError, "treatments/0", "2025-01-31", "2025-02-01")
    assert engine.recommend(case("2025-02-01")).problems == ()


def test_a_modality_or_since_on_a_code_that_takes_none_is_left_out_and_reported(engine: Engine) -> None:
    bare = engine.recommend(listed("findings", code="Gain1q"))
    for extra in ({"modality": "MRI"}, {"since": "2020-01-01"}):
        found = engine.recommend(listed("findings", code="Gain1q", **extra))
        assert [(problem.kind, problem.entries) for problem in found.problems] == [("wrong-kind", ("findings/0",))]
        assert found.outcomes == bare.outcomes


def test_a_modality_that_is_not_allowed_is_refused_and_an_allowed_one_read(engine: Engine) -> None:
    error = refusal(engine, listed("findings", code="MetabolicallyActiveLesion", modality="MRI"))

    assert_one_line(error, DataError, "findings/0", "MetabolicallyActiveLesion", "allowed: PETCT")
    assert engine.recommend(listed("findings", code="MetabolicallyActiveLesion", modality="PETCT")).problems == ()
    assert_one_line(refusal(engine, listed("findings", code="FocalBoneLesion", modality="X-ray")), CodeError)


def test_a_unit_that_cannot_be_converted_names_both(engine: Engine) -> None:
    case = listed("measurements", code="SerumCalcium", value=8.4, unit="kg")

    assert_one_line(refusal(engine, case), UnitError, "measurements/0", "'kg'", "'mmol/L'")


@pytest.mark.parametrize("unit", [None, 3, [], True], ids=repr)
def test_a_unit_that_is_no_text_is_refused(engine: Engine, unit: object) -> None:
    assert_one_line(refusal(engine, measured(value=1, unit=unit)), DataError, "measurements/0")


# --- files -----------------------------------------------------------------------------------------------------------


def value_of(number: str, *, form: str) -> Any:
    """The value of a measurement in a text whose number is written so."""
    if form == "json":
        text = f'{{"id": "p", "measurements": [{{"code": "SUVmax", "value": {number}}}]}}'
    else:
        text = f"id: p\nmeasurements:\n- code: SUVmax\n  value: {number}\n"
    return parse_case(text)["measurements"][0]["value"]


@pytest.mark.parametrize("form", ["json", "yaml"])
@pytest.mark.parametrize("number", ["0", "-1", "12", "4.20", "1e2", "1.5E-3", "9" * 100])
def test_a_number_is_read_exactly_as_written(form: str, number: str) -> None:
    value = value_of(number, form=form)

    assert isinstance(value, int | Decimal)
    assert str(value) == number or value == Decimal(number)


@pytest.mark.parametrize("form", ["json", "yaml"])
@pytest.mark.parametrize(
    "number",
    ["１２", "1_000", "NaN", ".nan", ".inf", "Infinity", "-Infinity", "1:30", "012", "0x10", "+12", "1.", ".5"],
)
def test_a_number_that_readers_take_differently_is_never_a_value(engine: Engine, form: str, number: str) -> None:
    def read() -> object:
        value = value_of(number, form=form)
        return engine.recommend(measured(value=value))

    with pytest.raises(DataError) as caught:
        read()
    assert_one_line(caught.value, DataError)


@pytest.mark.parametrize("form", ["json", "yaml"])
def test_a_number_of_101_digits_is_over_the_limit(form: str) -> None:
    with pytest.raises(LimitError) as caught:
        value_of("9" * 101, form=form)
    assert_one_line(caught.value, LimitError, "101 digits")


TEXTS = [
    ('{"id": "p", "id": "q"}', "'id' stands twice"),
    ('{"id": "p", "findings": [{"code": "Gain1q", "code": "Del17p"}]}', "'code' stands twice"),
    ("id: p\nid: q\n", "line 2"),
    ("id: p\nfindings:\n- code: Gain1q\n  code: Del17p\n", "line 4"),
    ("id: &name p\n", "anchors"),
    ("id: p\nconditions: *name\n", "aliases"),
    ("id: !!str p\n", "tag"),
    ("id: !!python/object/apply:os.system [ls]\n", "tag"),
    ("id: !p p\n", "tag"),
    ("? [a]\n: b\n", "a key is a word"),
    ("&name id: p\n", "a key is a word"),
    ("!!str id: p\n", "a key is a word"),
    ("id: p\nfindings: !!set {a, b}\n", "tag"),
    ("id: p\nfindings: !!seq []\n", "tag"),
    ("!!omap\nid: p\n", "tag"),
    ("id: p\n---\nid: q\n", "more than one"),
    ('{"id": "p"', "line 1"),
    ('{"id": "p"} x', "line 1"),
    ('{"id": "p",\n\n "findings" []}', "line 3"),
    ("id: p\n\tx: 1\n", "line 2"),
    ("id: [p\n", "not YAML"),
    ("\x00", "not YAML"),
]


@pytest.mark.parametrize(("text", "part"), TEXTS, ids=[repr(text)[:50] for text, _ in TEXTS])
def test_a_text_that_two_readers_could_take_differently_is_refused(text: str, part: str) -> None:
    with pytest.raises(DataError) as caught:
        parse_case(text, name="case.yaml")
    assert_one_line(caught.value, DataError, "case.yaml", part)


@pytest.mark.parametrize("text", ["", "# nothing\n", "[]", "- id: p\n", "p", '"p"', "12", "null"])
def test_a_file_that_holds_no_mapping_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "case"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(DataError) as caught:
        load_case(path)
    assert_one_line(caught.value, DataError, str(path))


def test_json_and_yaml_say_the_same_with_or_without_a_byte_order_mark(tmp_path: Path) -> None:
    case = {"id": "患者", "as_of": "2025-06-30", "measurements": [{"code": "SUVmax", "value": 5}]}
    path = tmp_path / "case"
    found = []
    for text in (json.dumps(case), json.dumps(case, ensure_ascii=False, indent=1), YAML):
        for mark in (b"", b"\xef\xbb\xbf"):
            path.write_bytes(mark + text.encode())
            found.append(load_case(path))

    assert found == [case] * 6


YAML = "# a comment\nid: 患者\nas_of: 2025-06-30\nmeasurements:\n  - {code: SUVmax, value: 5}\n"


@pytest.mark.parametrize("word", ["yes", "no", "on", "off", "True", "TRUE", "y"])
def test_a_yaml_word_for_truth_other_than_true_and_false_is_text(engine: Engine, word: str) -> None:
    case = parse_case(f"id: p\nfindings:\n- {{code: Gain1q, present: {word}}}\n")

    assert_one_line(refusal(engine, case), DataError, "findings/0", repr(word))


def test_a_file_of_one_mebibyte_is_read_and_one_byte_more_is_not(tmp_path: Path) -> None:
    path = tmp_path / "case.yaml"
    for extra in (-1, 0):
        path.write_bytes(b"id: p\n#".ljust(MEBIBYTE + extra, b"x"))
        assert load_case(path) == {"id": "p"}
    path.write_bytes(b"id: p\n#".ljust(MEBIBYTE + 1, b"x"))

    with pytest.raises(LimitError) as caught:
        load_case(path)
    assert_one_line(caught.value, LimitError, str(path), "1 MiB")


@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a":', "}")])
def test_thirty_two_levels_are_read_and_thirty_three_are_not(opening: str, closing: str) -> None:
    def nested(levels: int) -> str:
        return opening * levels + ("1" if ":" in opening else "") + closing * levels

    parse_case(nested(32))
    for text in (nested(33), nested(100_000), "id: " + "[" * 100_000):
        with pytest.raises(LimitError) as caught:
            parse_case(text)
        assert_one_line(caught.value, LimitError, "32 levels")


def test_brackets_inside_a_text_are_no_levels() -> None:
    assert parse_case(json.dumps({"id": "[{" * 100 + '\\"' + "["})) == {"id": "[{" * 100 + '\\"' + "["}


def test_bytes_that_are_no_utf_8_are_refused_with_their_place(tmp_path: Path) -> None:
    path = tmp_path / "case.json"
    path.write_bytes('{"id": "患者"}'.encode("gbk"))

    with pytest.raises(DataError) as caught:
        load_case(path)
    assert_one_line(caught.value, DataError, str(path), "not UTF-8 at byte 8")


@pytest.mark.parametrize("name", ["absent.json", "."])
def test_a_path_that_is_no_file_is_wrong_use(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError) as caught:
        load_case(tmp_path / name)
    assert_one_line(caught.value, UsageError, str(tmp_path / name))


def test_a_hyphen_reads_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b'{"id": "p"}'), encoding="ascii"))

    assert load_case("-") == {"id": "p"}


def test_recommend_takes_a_mapping_a_path_and_the_text_of_a_path(graph: Graph, tmp_path: Path) -> None:
    case: Mapping[str, Any] = {"id": "p", "as_of": "2025-06-30", "conditions": [{"code": "SMM"}]}
    path = tmp_path / "case.json"
    path.write_text(json.dumps(case), encoding="utf-8")

    results = [graph.recommend(given).to_dict() for given in (case, path, str(path))]

    assert results[0] == results[1] == results[2]
