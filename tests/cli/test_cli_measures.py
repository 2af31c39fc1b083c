"""A case written as options: what the grammar takes, and what it refuses because it could be read in two ways."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from kg.cli.measures import CaseOptions
from kg.errors import UsageError


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        ("FLC ratio=120", {"code": "FLC ratio", "value": 120}),
        ("FLC ratio >= 1.50", {"code": "FLC ratio", "value": Decimal("1.50"), "comparator": ">="}),
        ("x≥2", {"code": "x", "value": 2, "comparator": ">="}),
        ("x≤2", {"code": "x", "value": 2, "comparator": "<="}),
        ("calcium<2.0 mmol/L", {"code": "calcium", "value": Decimal("2.0"), "comparator": "<", "unit": "mmol/L"}),
        ("x=12%", {"code": "x", "value": 12, "unit": "%"}),
        ("x=12 %", {"code": "x", "value": 12, "unit": "%"}),
        ("x=-1", {"code": "x", "value": -1}),
        ("x=3 mg/dL@2025-06-30", {"code": "x", "value": 3, "unit": "mg/dL", "date": "2025-06-30"}),
        ("β-CTX=0.3 ng/mL", {"code": "β-CTX", "value": Decimal("0.3"), "unit": "ng/mL"}),
        ("血钙=2.1", {"code": "血钙", "value": Decimal("2.1")}),
    ],
)
def test_a_measurement_is_read_as_it_is_written(text: str, entry: dict[str, object]) -> None:
    assert CaseOptions(measures=[text]).to_case("p")["measurements"] == [entry]


@pytest.mark.parametrize(
    "text",
    [
        "x=１２", "x=1_000", "x=NaN", "x=inf", "x=1e3", "x=012", "x=.5", "x=5.", "x=+5", "x=0x10", "x=1,000", "x=",
        "=5", "x", "x==5", "x=5=6", "x=5 mg/dL kg", "x=5@2025-6-30", "x=5@２０２５-06-30", "x=٣", "x=1" + "0" * 40, "",
    ],
)  # fmt: skip
def test_a_number_that_could_be_read_in_two_ways_is_refused_in_one_line(run: Callable, text: str) -> None:
    result = run("recommend", "--measure", text)

    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1
    assert result.stdout == ""


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        ("lesion", {"code": "lesion"}),
        ("focal bone lesion@MRI", {"code": "focal bone lesion", "modality": "MRI"}),
        ("lesion@PET-CT@2025-06-30", {"code": "lesion", "modality": "PET-CT", "date": "2025-06-30"}),
        ("lesion@2025-06-30", {"code": "lesion", "date": "2025-06-30"}),
        ("lesion since 2025-01-01", {"code": "lesion", "since": "2025-01-01"}),
    ],
)
def test_a_finding_is_read_as_it_is_written(text: str, entry: dict[str, object]) -> None:
    assert CaseOptions(findings=[text]).to_case("p")["findings"] == [entry]
    assert CaseOptions(no_findings=[text]).to_case("p")["findings"] == [entry | {"present": False}]


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        ("Denosumab", {"code": "Denosumab"}),
        ("Denosumab:2024-01-01", {"code": "Denosumab", "start": "2024-01-01"}),
        ("Denosumab:2024-01-01..2025-01-01", {"code": "Denosumab", "start": "2024-01-01", "end": "2025-01-01"}),
        ("ATC:M05BX04", {"code": "ATC:M05BX04"}),
        ("ATC:M05BX04:2024-01-01", {"code": "ATC:M05BX04", "start": "2024-01-01"}),
    ],
)
def test_a_drug_is_read_as_it_is_written(text: str, entry: dict[str, object]) -> None:
    assert CaseOptions(drugs=[text]).to_case("p")["treatments"] == [entry]


def test_no_drug_at_all_is_a_list_and_saying_nothing_is_none() -> None:
    assert CaseOptions(no_drugs=True).to_case("p") == {"id": "p", "treatments": []}
    assert CaseOptions(conditions=["SMM"]).to_case("p") == {"id": "p", "conditions": [{"code": "SMM"}]}


def test_a_drug_and_no_drug_exclude_one_another() -> None:
    with pytest.raises(UsageError, match="exclude one another"):
        CaseOptions(drugs=["Denosumab"], no_drugs=True).to_case("p")


def test_a_file_and_options_together_are_refused_and_so_is_neither(run: Callable, smoldering: str) -> None:
    assert run("recommend", smoldering, "--condition", "SMM").exit_code == 2
    assert run("recommend").exit_code == 2
