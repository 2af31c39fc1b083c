"""The entries of a case, one by one: codes, days, what is left out and reported, and which entries stand."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import Any

from .tables import BROADER, CONCEPTS, EXCLUDED, MODALITIES, NARROWER, TAKES_SINCE

Case = Mapping[str, Any]
Row = Mapping[str, Any]


class CaseError(ValueError):
    """The case cannot be read."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that is reported: its kind (verdicts.schema.json) and the entries concerned (`findings/2`)."""

    kind: str
    entries: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """A condition or a finding that was said to be present or absent. An undated one has the day None."""

    where: str
    fact: str
    present: bool
    day: date | None
    since: date | None = None

    @property
    def makes_true(self) -> frozenset[str]:
        """What is present makes every broader thing present."""
        return BROADER[self.fact] if self.present else frozenset()

    @property
    def makes_false(self) -> frozenset[str]:
        """What is absent makes every narrower one absent; what is present, all that it excludes."""
        return EXCLUDED[self.fact] if self.present else NARROWER[self.fact]


def parse_day(text: object) -> date | None:
    """A date as printed in a case, None for none. Raises CaseError for any other text."""
    if text is None:
        return None
    if not isinstance(text, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        message = f"{text!r} is not a date"
        raise CaseError(message)
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise CaseError(str(error)) from error


def parse_code(row: Row, kind: str) -> str:
    """The code of a row. Raises CaseError where it names nothing or something of another kind."""
    code = row["code"]
    if code not in CONCEPTS or CONCEPTS[code].kind != kind:
        message = f"{code!r} is not a {kind}"
        raise CaseError(message)
    return str(code)


def is_later(one: date | None, other: date | None) -> bool:
    """An undated entry is older than any dated one, and all undated ones are of one day."""
    return one is not None and (other is None or one > other)


def read_entries(case: Case, as_of: date, problems: list[Problem]) -> list[Entry]:
    """The conditions and findings of a case that are not dated after `as_of`."""
    entries = []
    for kind in ("condition", "finding"):
        for index, row in enumerate(case.get(f"{kind}s", ())):
            where = f"{kind}s/{index}"
            entry = _read_entry(row, kind, where, as_of, problems)
            if is_later(entry.day, as_of):
                problems.append(Problem("future", (where,)))
            else:
                entries.append(entry)
    return entries


def _read_entry(row: Row, kind: str, where: str, as_of: date, problems: list[Problem]) -> Entry:
    code = parse_code(row, kind)
    since = parse_day(row.get("since"))
    if since is not None and code not in TAKES_SINCE:
        problems.append(Problem("wrong-kind", (where,)))
        since = None
    if is_later(since, as_of):
        problems.append(Problem("future", (where,)))
        since = None
    fact = _fact_of(row, code, where, problems)
    return Entry(where, fact, row.get("present", True), parse_day(row.get("date")), since)


def _fact_of(row: Row, code: str, where: str, problems: list[Problem]) -> str:
    modality = row.get("modality")
    if modality is None:
        return code
    if modality not in CONCEPTS or CONCEPTS[modality].kind != "modality":
        message = f"{modality!r} is not a modality"
        raise CaseError(message)
    if code not in MODALITIES:
        problems.append(Problem("wrong-kind", (where,)))
        return code
    if modality not in MODALITIES[code]:
        message = f"{code} is not seen with {modality}"
        raise CaseError(message)
    return f"{code}@{modality}"


def both_cannot_hold(one: Entry, other: Entry) -> bool:
    """Two entries clash: one says that something is so of which the other says that it is not."""
    return bool(one.makes_true & other.makes_false or other.makes_true & one.makes_false)


def standing(entries: Sequence[Entry], problems: list[Problem]) -> list[Entry]:
    """The entries that count: of two that clash the older falls, even where the newer falls to a third.

    Two of one day both stand, and are reported.
    """
    fallen = {
        one.where
        for one in entries
        for other in entries
        if is_later(other.day, one.day) and both_cannot_hold(one, other)
    }
    stand = [entry for entry in entries if entry.where not in fallen]
    clashes = [(one.where, other.where) for one, other in combinations(stand, 2) if both_cannot_hold(one, other)]
    problems += [Problem("contradiction", both) for both in clashes]
    return stand


def truths_of(stand: Sequence[Entry]) -> dict[str, bool]:
    """The facts that are known. One that an entry makes true and another makes false is not."""
    true = frozenset[str]().union(*(entry.makes_true for entry in stand))
    false = frozenset[str]().union(*(entry.makes_false for entry in stand))
    return dict.fromkeys(true - false, True) | dict.fromkeys(false - true, False)
