"""Parts of a statement in words: where it stands, who made it, what it cites, what to know before relying on it."""

from kg.cli.language import read, say
from kg.provenance import CitedReference, Flag, Statement


def span_text(statement: Statement) -> str:
    """Return where a statement stands, in code points of the raw text."""
    return f"{statement.source} [{statement.start}, {statement.end})"


def speaker_text(statement: Statement) -> str:
    """Return who made a statement, and in which turn."""
    turn = say(f"turn {statement.turn}", f"第{statement.turn}段发言")
    return read(statement.speaker_label) + say(f" ({turn})", f"（{turn}）")


def reference_text(reference: CitedReference, *, brief: bool = False) -> str:
    """Return a reference with its printed number and how far the marker reaches; `brief`: without what it is."""
    scope = say(f"marker covers: {reference.scope}", f"引用标记范围：{reference.scope}")
    return f"[{reference.number}] {scope}" if brief else f"[{reference.number}] {read(reference.label)} · {scope}"


def flag_text(flag: Flag, *, brief: bool = False) -> str:
    """Return a flag with its severity, whether it is seen in the text or known from outside, and if that was checked.

    `brief`: the code alone.
    """
    if brief:
        return flag.code
    origin = say(
        "known from outside" if flag.origin == "outside" else "seen in the text",
        "据外部信息" if flag.origin == "outside" else "见于原文",
    )
    severity = say(flag.severity, {"high": "高", "medium": "中", "low": "低"}.get(flag.severity, flag.severity))
    checked = f", {flag.verification}" if flag.verification else ""
    return f"{flag.code} ({severity}, {origin}{checked}): {read(flag.note)}"
