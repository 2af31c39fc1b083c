"""What every face says of itself: which document this is, that it is no medical device, how to report a mistake."""

import re
from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal, NamedNode

from kg.cli.language import read, say
from kg.cli.screen import Screen
from kg.model import Label
from kg.namespaces import PREFIXES, expand

if TYPE_CHECKING:
    from kg.graph import Graph

_PRINTED: Final = re.compile(r"(?:(?P<year>\d{4})年)?(?P<month>\d{1,2})月(?P<day>\d{1,2})日\Z", re.ASCII)
_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip

CAUTION: Final = Label(
    "Not a medical device; it does not replace clinical judgement.",
    "不是医疗器械，不能代替临床判断。",
)
REPORT: Final = Label(
    "A statement is wrong? Report its id and the output of `mbkg version`, as CONTRIBUTING.md says.",
    "发现陈述有误，请按CONTRIBUTING.md反馈其编号和`mbkg version`的输出。",
)


def write_about(screen: Screen, graph: "Graph") -> None:
    """Write which documents the answers come from, that this is no medical device, and how to report a mistake."""
    what = "".join(f"{read(title)}{_parenthesis(read(day))}" for title, day in documents(graph))
    text = say(f"From one document: {what}. {CAUTION.en} {REPORT.en}", f"依据一份文件：{what}。{CAUTION.zh}{REPORT.zh}")
    if len(documents(graph)) != 1:
        text = say(text.replace("one document", "several documents", 1), text.replace("一份文件", "多份文件", 1))
    screen.rule()
    screen.line(text, "dim")


def documents(graph: "Graph") -> tuple[tuple[Label, Label], ...]:
    """Return title and day of every document that statements were read from."""
    printed = sorted(graph.store.objects(expand("mbkg:dateAsPrinted")), key=str)
    return tuple((_title(graph, node), _day(day.value)) for node, day in printed if isinstance(node, NamedNode))


def _title(graph: "Graph", node: NamedNode) -> Label:
    """Return a label straight from the store: an index of all statements would cost more than all else here."""
    quads = graph.store.graphs.quads_for_pattern(node, NamedNode(PREFIXES["rdfs"] + "label"), None, None)
    found = {quad.object.language: quad.object.value for quad in quads if isinstance(quad.object, Literal)}
    return Label(found.get("en", ""), found.get("zh", ""))


def _day(printed: str) -> Label:
    match = _PRINTED.match(printed)
    if match is None or not 1 <= int(match["month"]) <= len(_MONTHS):
        return Label(printed, printed)
    day = f"{int(match['day'])} {_MONTHS[int(match['month']) - 1]}"
    if match["year"]:
        return Label(f"{day} {match['year']}", printed)
    return Label(f"{day}, no year printed", f"{printed}，未印年份")


def _parenthesis(text: str) -> str:
    return say(f" ({text})", f"（{text}）")
