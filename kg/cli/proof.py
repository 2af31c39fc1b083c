"""The proof of one verdict as a tree: readings, criteria, the facts that they stood on, and where it is written."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kg.cli.durations import duration_text, every_text
from kg.cli.facts import TRUTH_MARK, TRUTH_STYLE, entry_text, missing_text, truth_word
from kg.cli.language import read, say
from kg.cli.screen import Screen, joined
from kg.cli.statement_lines import flag_text, reference_text, span_text, speaker_text
from kg.cli.verdict_table import MARK, SHORT, STYLE
from kg.provenance import Statement
from kg.verdicts import Reason, Verdict, Verdicts

if TYPE_CHECKING:
    from kg.graph import Graph


@dataclass(slots=True)
class Node:
    """A line of the tree with what hangs below it."""

    text: str
    style: str | None = None
    below: "list[Node]" = field(default_factory=list)

    def add(self, text: str, style: str | None = None) -> "Node":
        """Hang a line below this one and return it."""
        self.below.append(Node(text, style))
        return self.below[-1]


def write_tree(screen: Screen, node: Node) -> None:
    """Write a tree, its root at the margin."""
    screen.line(node.text, node.style)
    _write_below(screen, node.below, "")


def _write_below(screen: Screen, nodes: Sequence[Node], lead: str) -> None:
    for place, node in enumerate(nodes):
        last = place == len(nodes) - 1
        rest = lead + ("   " if last else "│  ")
        wrapped = rest + ("│  " if node.below else "   ")
        screen.branch(lead + ("└─ " if last else "├─ "), wrapped[: len(rest)], node.text, node.style)
        _write_below(screen, node.below, rest)


def proof(verdict: Verdict, verdicts: Verdicts, graph: "Graph") -> Node:
    """Return the proof of a verdict."""
    one = verdict.recommendation
    root = Node(
        f"{MARK[verdict.outcome]} {read(one.title)}{say(': ', '：')}{read(SHORT[verdict.outcome])}",
        STYLE[verdict.outcome],
    )
    root.add(joined((one.id, read(one.topic_label), read(one.source_label))), "dim")
    _add_action(root, verdict)
    _add_readings(root, verdict)
    _add_criteria(root, verdict.reasons, graph)
    _add_missing(root, verdict, graph)
    for term in one.undefined:
        root.add(say(f"undefined in the source: {term.en}", f"来源未定义：{term.zh}"), "open")
    if one.note is not None:
        root.add(say(f"note: {one.note.en}", f"说明：{one.note.zh}"))
    _add_statements(root, verdict.provenance, graph)
    _add_outside(root, verdict, verdicts)
    return root


def _add_action(root: Node, verdict: Verdict) -> None:
    one = verdict.recommendation
    strength = "" if one.strength_label is None else read(one.strength_label)
    action = root.add(say("do: ", "措施：") + joined((read(one.action.text), strength)))
    for drug in one.action.drugs:
        dose = " ".join(part for part in (drug.dose, drug.unit) if part)
        route = "" if drug.route is None else read(drug.route)
        every = "" if drug.interval is None else every_text(drug.interval)
        least = "" if drug.duration is None else duration_text(drug.duration)
        duration = least and say(f"at least {least}", f"至少{least}")
        action.add(joined((read(drug.label), dose, route, every, duration)))


def _add_readings(root: Node, verdict: Verdict) -> None:
    if verdict.readings is None:
        return
    narrow, broad = verdict.readings
    text = say(
        f"two readings: narrow {truth_word(narrow)}, broad {truth_word(broad)}",
        f"两种读法：狭义{truth_word(narrow)}，广义{truth_word(broad)}",
    )
    root.add(text, "split" if narrow != broad else None).add(read(verdict.recommendation.why_two_readings), "dim")


def _add_criteria(root: Node, reasons: Sequence[Reason], graph: "Graph") -> None:
    criteria = root.add(say("criteria", "标准"))
    for reason in reasons:
        text = f"{TRUTH_MARK[reason.truth]} {read(reason.criterion.label)} [{truth_word(reason.truth)}]"
        node = criteria.add(text, TRUTH_STYLE[reason.truth])
        for entry in reason.facts:
            node.add(f"{entry_text(entry, graph)} ({entry.place})")


def _add_missing(root: Node, verdict: Verdict, graph: "Graph") -> None:
    if verdict.outcome not in {"unknown", "ambiguous"}:
        return
    if not verdict.missing:
        root.add(say("nothing can settle it: the wording itself is open", "无法确定：原文措辞本身未明确"), "open")
        return
    node = root.add(say("any of these would settle it", "以下任一项即可确定"), "open")
    for names in verdict.missing:
        node.add(f"{missing_text(names, graph)} ({', '.join(names)})")


def _add_statements(root: Node, statements: Sequence[Statement], graph: "Graph") -> None:
    """Hang the statements; what several share (a reference, a flag) stands in full where it comes first."""
    if not statements:
        return
    node = root.add(say("written", "出处"))
    seen: set[str] = set()
    for statement in statements:
        below = node.add(joined((statement.id, span_text(statement), speaker_text(statement))), "title")
        below.add(read(statement.paraphrase))
        if statement.quote is not None:
            below.add(f"“{statement.quote}”", "good")
        below.add(f"SHA-256 {statement.sha256}", "dim")
        for reference in statement.references:
            below.add(reference_text(reference, graph, brief=reference.iri in seen))
        for flag in statement.flags:
            style = "warn" if flag.severity == "high" else None
            below.add(f"▲ {flag_text(flag, brief=flag.code in seen)}", style)
        seen |= {reference.iri for reference in statement.references} | {flag.code for flag in statement.flags}


def _add_outside(root: Node, verdict: Verdict, verdicts: Verdicts) -> None:
    one = verdict.recommendation
    if one.is_advisory:
        node = root.add(say("from outside the document", "来自文件之外"), "outside")
        if one.basis is not None:
            node.add(read(one.basis))
        for title, url in one.outside:
            node.add(joined((title, url or "")))
        return
    for name in verdict.advisories:
        advisory = verdicts[name]
        text = f"▲ {read(advisory.recommendation.title)} [{read(SHORT[advisory.outcome])}]"
        node = root.add(text, "outside")
        node.add(read(advisory.recommendation.action.text))
        for title, url in advisory.recommendation.outside:
            node.add(joined((title, url or "")), "dim")
