"""A case written as options: `--measure "NAME=120"`, `--on NAME:2024-01-01`, each in a strict grammar.

Digits are ASCII digits and a number is written as in JSON, without an exponent: what could be read in two ways is
refused in one line.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from kg.errors import UsageError
from kg.model import CONDITIONS, FINDINGS, MEASUREMENTS, TREATMENTS

_DAY: Final = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_MEASURE: Final = re.compile(
    rf"(?P<code>[^<>=≤≥]*[^<>=≤≥\s])\s*(?P<comparator><=|>=|=|<|>|≤|≥)\s*"
    r"(?P<value>-?(?:0|[1-9][0-9]{0,17})(?:\.[0-9]{1,18})?)"
    rf"(?:\s*(?P<percent>%)|\s+(?P<unit>[^\s@0-9][^\s@]*))?(?:\s*@(?P<date>{_DAY}))?\s*\Z",
    re.ASCII,
)
_FINDING: Final = re.compile(
    rf"(?P<code>[^@]*?[^@\s])(?:\s*@(?!{_DAY})(?P<modality>[^@]*[^@\s]))?(?:\s*@(?P<date>{_DAY}))?"
    rf"(?:\s+since\s+(?P<since>{_DAY}))?\s*\Z",
    re.ASCII,
)
_CONDITION: Final = re.compile(rf"(?P<code>[^@]*[^@\s])(?:\s*@(?P<date>{_DAY}))?\s*\Z", re.ASCII)
_TREATMENT: Final = re.compile(
    rf"(?P<code>.*?[^:\s])(?:\s*:\s*(?P<start>{_DAY})(?:\.\.(?P<end>{_DAY}))?)?\s*\Z", re.ASCII
)
_HALF_A_DAY: Final = re.compile(r":\s*(?:19|20)[0-9]{2}[-./]")
"""What was meant as a day and is none, so that it would be read as part of a drug's name."""
_SPELLING: Final = {"=": None, "≤": "<=", "≥": ">="}


@dataclass(frozen=True, slots=True)
class CaseOptions:
    """The options that describe a patient, as they were typed."""

    conditions: Sequence[str] = ()
    no_conditions: Sequence[str] = ()
    measures: Sequence[str] = ()
    findings: Sequence[str] = ()
    no_findings: Sequence[str] = ()
    drugs: Sequence[str] = ()
    no_drugs: bool = False

    def __bool__(self) -> bool:
        """Tell whether any was given."""
        given = (self.conditions, self.no_conditions, self.measures, self.findings, self.no_findings, self.drugs)
        return self.no_drugs or any(given)

    def to_case(self, name: str) -> dict[str, Any]:
        """Return the case that they describe; raises UsageError for one that is not written as it should be."""
        if self.drugs and self.no_drugs:
            message = "--on and --not-on-anything exclude one another; give one of them"
            raise UsageError(message)
        case: dict[str, Any] = {"id": name}
        lists = {
            CONDITIONS: [*_conditions(self.conditions, present=True), *_conditions(self.no_conditions, present=False)],
            MEASUREMENTS: [_measurement(text) for text in self.measures],
            FINDINGS: [*_findings(self.findings, present=True), *_findings(self.no_findings, present=False)],
            TREATMENTS: [_treatment(text) for text in self.drugs],
        }
        case |= {key: entries for key, entries in lists.items() if entries}
        return case | {TREATMENTS: []} if self.no_drugs else case


def _conditions(texts: Iterable[str], *, present: bool) -> Iterable[dict[str, Any]]:
    option = "--condition" if present else "--no-condition"
    for text in texts:
        yield _present(_parts(_CONDITION, text, option, "NAME[@2025-06-30]"), present=present)


def _findings(texts: Iterable[str], *, present: bool) -> Iterable[dict[str, Any]]:
    option = "--finding" if present else "--no-finding"
    for text in texts:
        yield _present(
            _parts(_FINDING, text, option, "NAME[@MODALITY][@2025-06-30] [since 2025-01-01]"), present=present
        )


def _measurement(text: str) -> dict[str, Any]:
    parts = _parts(_MEASURE, text, "--measure", "NAME=NUMBER [UNIT][@2025-06-30], with = < <= > or >=")
    percent = parts.pop("percent", None)
    comparator = _SPELLING.get(str(parts["comparator"]), parts["comparator"])
    found = {**parts, "value": _number(str(parts["value"]))}
    del found["comparator"]
    if comparator is not None:
        found["comparator"] = comparator
    if percent is not None:
        found["unit"] = "%"
    return found


def _treatment(text: str) -> dict[str, Any]:
    form = "DRUG[:2024-01-01[..2025-01-01]]"
    found = _parts(_TREATMENT, text, "--on", form)
    if _HALF_A_DAY.search(found["code"]):
        message = f"--on {text!r} is not written as {form}"
        raise UsageError(message)
    return found


def _parts(grammar: re.Pattern[str], text: str, option: str, form: str) -> dict[str, Any]:
    match = grammar.match(text)
    if match is None:
        message = f"{option} {text!r} is not written as {form}"
        raise UsageError(message)
    return {key: value.strip() for key, value in match.groupdict().items() if value is not None}


def _present(parts: Mapping[str, Any], *, present: bool) -> dict[str, Any]:
    return dict(parts) if present else {**parts, "present": False}


def _number(text: str) -> int | Decimal:
    return Decimal(text) if "." in text else int(text)
