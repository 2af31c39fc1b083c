"""The facts of a case in words: an entry as given and converted, a missing fact, a criterion with its truth."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Final

from kg.case import Entry
from kg.cli.language import read, say
from kg.cli.streams import BOUND
from kg.model import FINDINGS, MEASUREMENTS, TREATMENTS, Truth
from kg.verdicts import Reason, number_text

if TYPE_CHECKING:
    from kg.graph import Graph

TRUTH_MARK: Final[dict[Truth, str]] = {"true": "✓", "false": "✗", "unknown": "?"}
TRUTH_STYLE: Final[dict[Truth, str]] = {"true": "good", "false": "dim", "unknown": "open"}


def truth_word(truth: Truth) -> str:
    """Return a truth in words."""
    return {"true": say("true", "成立"), "false": say("false", "不成立"), "unknown": say("unknown", "未知")}[truth]


def entry_text(entry: Entry, graph: "Graph") -> str:
    """Return an entry of a case in words: what it names, its value as given and converted, its days."""
    name = read(entry.concept.label) if entry.concept is not None else str(entry.given.get("code", ""))
    if entry.modality is not None and entry.concept is not None:
        name = read(graph.fact_label(f"{entry.concept.code}@{entry.modality}"))
    if entry.list == MEASUREMENTS:
        text = f"{name} {_value(entry)}"
    elif entry.list == TREATMENTS:
        text = f"{name} {_span(entry)}"
    else:
        text = name if entry.present else say(f"{name}: absent", f"{name}：无")
    since = _day(entry.since) if entry.list == FINDINGS else ""
    days = [say(f"since {since}", f"自{since}起") if since else "", _day(entry.day)]
    return " ".join(part for part in (text.rstrip(), *(f"[{day}]" for day in days if day)) if part)


def entries_text(entries: Sequence[Entry], graph: "Graph") -> str:
    """Return several entries in words."""
    return say("; ", "；").join(entry_text(entry, graph) for entry in entries)


def reason_text(reason: Reason, graph: "Graph") -> str:
    """Return a criterion with its truth in one line; for a measurement, with the values that it stood on."""
    text = f"{TRUTH_MARK[reason.truth]}{BOUND}{read(reason.criterion.label)}"
    if reason.criterion.measurement is None or not reason.facts:
        return text
    values = say(", ", "、").join(
        _value(entry) if entry.list == MEASUREMENTS else entry_text(entry, graph) for entry in reason.facts
    )
    return f"{text} [{values}]"


def missing_text(names: Sequence[str], graph: "Graph") -> str:
    """Return a set of missing facts in words."""
    return " + ".join(read(graph.fact_label(name)) for name in names)


def _value(entry: Entry) -> str:
    given = entry.given
    unit = given.get("unit") or (entry.concept.unit if entry.concept is not None else None)
    text = f"{entry.comparator or ''}{number_text(given['value'])}{_unit(unit)}"
    if entry.converted and entry.concept is not None:
        text += f" = {number_text(entry.value)}{_unit(entry.concept.unit)}"
    return text


def _unit(unit: str | None) -> str:
    return "" if unit in {None, "1"} else f"{BOUND}{unit}"


def _span(entry: Entry) -> str:
    start, end = _day(entry.start), _day(entry.end)
    if end:
        return say(f"{start or '?'} to {end}", f"{start or '？'}至{end}")
    return say(f"from {start}", f"自{start}") if start else ""


def _day(ordinal: int) -> str:
    return date.fromordinal(ordinal).isoformat() if ordinal else ""
