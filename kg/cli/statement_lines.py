"""Parts of a statement in words: where it stands, who made it, what it cites, what to know before relying on it."""

from typing import TYPE_CHECKING, Final

from pyoxigraph import NamedNode

from kg.cli.language import read, say
from kg.namespaces import expand
from kg.provenance import CitedReference, Flag, Statement

if TYPE_CHECKING:
    from kg.graph import Graph

_CHECKED: Final = {
    "verified": "已核实",
    "unverified": "未核实",
    "confirmed": "已证实",
    "contradicted": "与之矛盾",
    "not-determined": "未能判定",
}


def span_text(statement: Statement) -> str:
    """Return where a statement stands, in code points of the raw text."""
    return f"{statement.source} [{statement.start}, {statement.end})"


def speaker_text(statement: Statement) -> str:
    """Return who made a statement, and in which turn."""
    turn = say(f"turn {statement.turn}", f"第{statement.turn}段发言")
    return read(statement.speaker_label) + say(f" ({turn})", f"（{turn}）")


def reference_text(reference: CitedReference, graph: "Graph", *, brief: bool = False) -> str:
    """Return a reference with its printed number and how far the marker reaches; `brief`: without what it is."""
    reach = read(graph.provenance.label(NamedNode(expand(f"mbkg:Scope-{reference.scope}"))))
    scope = say(f"marker reaches: {reach}", f"引用标记范围：{reach}")
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
    checked = flag.verification and say(
        f", {flag.verification}", f"，{_CHECKED.get(flag.verification, flag.verification)}"
    )
    return f"{flag.code} ({severity}{say(', ', '，')}{origin}{checked or ''}): {read(flag.note)}"
