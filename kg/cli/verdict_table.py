"""All verdicts of one patient for people: what applies, what is open and what would settle it, and who agrees."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

from kg.cli.facts import missing_text, reason_text
from kg.cli.language import read, say
from kg.cli.screen import Screen, joined
from kg.model import Label
from kg.verdicts import OUTCOMES, Agreement, Outcome, Verdict, Verdicts

if TYPE_CHECKING:
    from kg.graph import Graph

OUTCOME: Final[dict[Outcome, Label]] = {
    "applies": Label("Applies", "适用"),
    "ambiguous": Label(
        "Ambiguous: applies under one reading and not under the other", "有歧义：一种读法适用，另一种不适用"
    ),
    "unknown": Label("Unknown: what would settle it", "未知：尚需何种信息"),
    "does-not-apply": Label("Does not apply", "不适用"),
}
SHORT: Final[dict[Outcome, Label]] = {
    "applies": Label("applies", "适用"),
    "ambiguous": Label("ambiguous", "有歧义"),
    "unknown": Label("unknown", "未知"),
    "does-not-apply": Label("no", "不适用"),
}
MARK: Final[dict[Outcome, str]] = {"applies": "●", "ambiguous": "◐", "unknown": "○", "does-not-apply": "✗"}
STYLE: Final[dict[Outcome, str]] = {"applies": "good", "ambiguous": "split", "unknown": "open", "does-not-apply": "off"}
_SETS_SHOWN: Final = 4
_REASONS_SHOWN: Final = 6


class VerdictTable:
    """Writes the verdicts of one case."""

    def __init__(self, screen: Screen, graph: "Graph", verdicts: Verdicts) -> None:
        """Write to a screen, with labels from a graph."""
        self._screen = screen
        self._graph = graph
        self._all = verdicts

    def write(self, shown: Sequence[Verdict], agreement: Iterable[Agreement]) -> None:
        """Write these verdicts by outcome, then the agreement, then the problems of the case."""
        self._head(shown)
        own = [verdict for verdict in shown if not verdict.recommendation.is_advisory]
        for outcome in OUTCOMES[:-1]:
            self._group(outcome, [verdict for verdict in own if verdict.outcome == outcome])
        self._outside([verdict for verdict in shown if verdict.recommendation.is_advisory])
        self._excluded([verdict for verdict in shown if verdict.outcome == "does-not-apply"])
        self._agreement(tuple(agreement))
        self._problems()

    def _head(self, shown: Sequence[Verdict]) -> None:
        own = [verdict.outcome for verdict in shown if not verdict.recommendation.is_advisory]
        counts = (f"{read(SHORT[one])} {own.count(one)}" for one in OUTCOMES)
        day = say(f"as of {self._all.as_of}", f"截至{self._all.as_of}")
        self._screen.line(joined((self._all.case.id, day)), "title")
        self._screen.line(joined(counts), "dim")

    def _group(self, outcome: Outcome, verdicts: Sequence[Verdict]) -> None:
        if not verdicts:
            return
        self._screen.line()
        self._screen.line(f"{read(OUTCOME[outcome])} ({len(verdicts)})", STYLE[outcome])
        for verdict in verdicts:
            self._verdict(verdict)

    def _verdict(self, verdict: Verdict) -> None:
        screen, one = self._screen, verdict.recommendation
        screen.item(MARK[verdict.outcome], read(one.title), "title", mark_style=STYLE[verdict.outcome])
        strength = "" if one.strength_label is None else read(one.strength_label)
        screen.field(say("do", "措施"), joined((read(one.action.text), strength)), indent=2)
        if verdict.outcome == "ambiguous":
            screen.field(say("readings", "两种读法"), read(one.why_two_readings), indent=2)
        self._because(verdict)
        self._settle(verdict)
        if one.undefined:
            terms = say(", ", "、").join(map(read, one.undefined))
            screen.field(say("undefined", "未定义"), terms, indent=2)
        self._advisories(verdict.advisories)
        where = ("outside", "外部") if one.is_advisory else ("written", "出处")
        source = (title for title, _ in one.outside) if one.is_advisory else iter(_ranges(one.statements))
        screen.field(say(*where), joined((", ".join(source), one.id)), "dim", indent=2)

    def _because(self, verdict: Verdict) -> None:
        if verdict.recommendation.is_advisory and verdict.outcome != "applies":
            return
        reasons = [reason_text(reason, self._graph) for reason in verdict.reasons if reason.truth == "true"]
        rest = len(reasons) - _REASONS_SHOWN
        if rest > 0:
            reasons = [*reasons[:_REASONS_SHOWN], f"+{rest}"]
        if reasons:
            self._screen.field(say("because", "理由"), "  ".join(reasons), indent=2)

    def _settle(self, verdict: Verdict) -> None:
        if verdict.outcome not in {"unknown", "ambiguous"}:
            return
        sets = [missing_text(names, self._graph) for names in verdict.missing]
        if not sets:
            text = say("nothing can: the wording itself is open", "无法确定：原文措辞本身未明确")
        else:
            more = len(sets) - _SETS_SHOWN
            text = say("; or ", "；或").join(sets[:_SETS_SHOWN])
            text += say(f"; or {more} more", f"；另有{more}种") if more > 0 else ""
        self._screen.field(say("settle by", "可由此定"), text, "open" if sets else None, indent=2)

    def _advisories(self, names: Sequence[str]) -> None:
        if names:
            found = (self._all[name] for name in names)
            texts = (f"▲ {read(one.recommendation.title)} [{read(SHORT[one.outcome])}]" for one in found)
            self._screen.field(say("outside", "外部提示"), "  ".join(texts), "outside", indent=2)

    def _outside(self, verdicts: Sequence[Verdict]) -> None:
        standing = [verdict for verdict in verdicts if verdict.outcome != "does-not-apply"]
        if not standing:
            return
        text = say("From outside the document", "文件之外的提示")
        self._screen.line()
        self._screen.line(f"{text} ({len(standing)})", "outside")
        for verdict in sorted(standing, key=lambda one: OUTCOMES.index(one.outcome)):
            self._verdict(verdict)

    def _excluded(self, verdicts: Sequence[Verdict]) -> None:
        if not verdicts:
            return
        by_topic: dict[str, list[str]] = defaultdict(list)
        for verdict in verdicts:
            by_topic[read(verdict.recommendation.topic_label)].append(verdict.id)
        self._screen.line()
        self._screen.line(f"{read(OUTCOME['does-not-apply'])} ({len(verdicts)})", "off")
        for topic, names in by_topic.items():
            self._screen.line(f"{topic}{say(': ', '：')}{', '.join(names)}", "off", indent=2)

    def _agreement(self, topics: Sequence[Agreement]) -> None:
        rows = [self._topic(topic) for topic in topics]
        rows = [row for row in rows if row]
        if not rows:
            return
        head = (say("topic", "主题"), "", say("what each source says", "各来源的判定"))
        self._screen.line()
        self._screen.line(say("Do the sources agree?", "各来源是否一致？"), "title")
        self._screen.table([head, *rows], indent=2)

    def _topic(self, topic: Agreement) -> tuple[str, ...]:
        by_outcome: dict[Outcome, list[str]] = defaultdict(list)
        for source, verdicts in topic.says.items():
            first = min(verdicts.values(), key=OUTCOMES.index)
            by_outcome[first].append(self._source(source))
        if set(by_outcome) == {"does-not-apply"}:
            return ()
        says = (
            f"{read(SHORT[one])}{say(': ', '：')}{say(', ', '、').join(by_outcome[one])}"
            for one in OUTCOMES
            if one in by_outcome
        )
        agreed = say("agree", "一致") if topic.agree else say("differ", "不一")
        return self._topic_label(topic.topic), agreed, say("; ", "；").join(says)

    def _source(self, short: str) -> str:
        label = next(one.recommendation.source_label for one in self._all if one.recommendation.says == short)
        return short if label.en != short else read(label)

    def _topic_label(self, topic: str) -> str:
        return next(read(one.recommendation.topic_label) for one in self._all if one.recommendation.topic == topic)

    def _problems(self) -> None:
        problems = self._all.problems
        if not problems:
            return
        self._screen.line()
        self._screen.line(say(f"Problems of the case ({len(problems)})", f"病例中的问题（{len(problems)}）"), "warn")
        for problem in problems:
            self._screen.item("▲", joined((read(problem.message), ", ".join(problem.entries))), mark_style="warn")


def _ranges(names: Sequence[str]) -> list[str]:
    """Return ids with runs of neighbours drawn together: S042–S045.

    >>> _ranges(("S042", "S043", "S044", "S050"))
    ['S042–S044', 'S050']
    """
    found: list[list[str]] = []
    for name in names:
        if found and name[1:].isdigit() and found[-1][-1][1:].isdigit() and int(name[1:]) == int(found[-1][-1][1:]) + 1:
            found[-1].append(name)
        else:
            found.append([name])
    return [run[0] if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in found]
