"""`mbkg recommend`: what every source says for a patient."""

import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import click

from kg.casefile import load_case
from kg.cli.about import write_about
from kg.cli.measures import CaseOptions
from kg.cli.options import command as declare
from kg.cli.options import open_graph, option, print_json, with_json, with_source
from kg.cli.program import complain
from kg.cli.screen import Screen
from kg.cli.verdict_table import VerdictTable
from kg.errors import DataError, MbkgError, UsageError
from kg.model import Label

if TYPE_CHECKING:
    from kg.graph import Graph
    from kg.verdicts import Agreement, Verdict, Verdicts

TYPED: Final = "command line"
_ABOUT: Final = Label(
    "What every source recommends for a patient. Why, and what would settle what is unknown, stands with it.\n\n"
    "CASE is a JSON or YAML file, or - for standard input; without one, describe the patient with options. What is not"
    " given is unknown, and not absent.\n\n"
    '  mbkg recommend case.yaml\n  mbkg recommend --condition NAME --measure "NAME=12 %" --not-on-anything\n\n'
    "Several cases: one that cannot be read is reported, and the others go on. With --json, several are one object a"
    " line.",
    "各来源对某一患者的建议。并列出理由，以及尚未确定者需要何种信息。\n\n"
    "CASE为JSON或YAML文件，-表示标准输入；也可不给文件而用选项描述患者。未给出的即未知，并不等于没有。\n\n"
    '  mbkg recommend case.yaml\n  mbkg recommend --condition NAME --measure "NAME=12 %" --not-on-anything\n\n'
    "可给多个病例：无法读取者会报告，其余照常进行。与--json并用时，多个病例各占一行。",
)
_DESCRIPTION: Final = (
    (("--condition",), "conditions", "NAME", Label("A condition that the patient has.", "患者所患疾病。")),
    (("--no-condition",), "no_conditions", "NAME", Label("A condition that the patient has not.", "患者未患的疾病。")),
    (
        ("--measure",), "measures", "NAME=NUMBER",
        Label(
            'A measurement: "NAME=12 %", "NAME<2.0 mmol/L", "NAME=3@2025-06-30".',
            "检测值，如“名称=12 %”“名称<2.0 mmol/L”“名称=3@2025-06-30”。",
        ),
    ),
    (
        ("--finding",), "findings", "NAME[@MODALITY]",
        Label('A finding, and how it was seen: "NAME@MODALITY".', "检查所见及影像方法，如“名称@影像方法”。"),
    ),
    (("--no-finding",), "no_findings", "NAME[@MODALITY]", Label("A finding that is absent.", "未见的检查所见。")),
    (
        ("--on",), "drugs", "DRUG[:START[..END]]",
        Label(
            "A drug that is given; the list is complete as soon as one is named.",
            "正在使用的药物；一经给出即视为完整清单。",
        ),
    ),
)  # fmt: skip


def with_patient(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that describe a patient."""
    function = option(
        "--not-on-anything",
        "no_drugs",
        is_flag=True,
        about=Label("The patient is given no drug.", "患者未使用任何药物。"),
    )(function)
    for names, name, form, about in reversed(_DESCRIPTION):
        function = option(*names, name, multiple=True, metavar=form, about=about)(function)
    return function


@dataclass(frozen=True, slots=True)
class Choice:
    """Which verdicts to show, and how."""

    topics: frozenset[str]
    sources: frozenset[str]
    as_of: str | None
    as_json: bool

    def verdicts(self, all_: "Iterable[Verdict]") -> "list[Verdict]":
        """Return the verdicts to show."""
        return [one for one in all_ if self._has(one.recommendation.topic, one.recommendation.says)]

    def agreement(self, all_: "Iterable[Agreement]") -> "list[Agreement]":
        """Return the agreement on the topics to show; with only some sources shown there is none to speak of."""
        return [one for one in all_ if not self.sources and (not self.topics or one.topic in self.topics)]

    def _has(self, topic: str, source: str) -> bool:
        return (not self.topics or topic in self.topics) and (not self.sources or source in self.sources)


@declare("recommend", _ABOUT)
@click.argument("cases", metavar="[CASE]...", nargs=-1)
@with_patient
@option(
    "--as-of",
    metavar="DATE",
    about=Label("The day to judge at; default: the case's own, or today.", "判定之日；默认取病例所载日期或今日。"),
)
@option(
    "--only",
    "topics",
    multiple=True,
    metavar="TOPIC",
    about=Label("Only this topic; repeatable.", "只看该主题，可重复。"),
)
@option(
    "--says",
    "sources",
    multiple=True,
    metavar="SOURCE",
    about=Label("Only this source; repeatable.", "只看该来源，可重复。"),
)
@option("--strict", is_flag=True, about=Label("Exit with 1 where a case has problems.", "病例有问题时以1退出。"))
@with_json
@with_source
def command(cases: tuple[str, ...], as_of: str | None, strict: bool, as_json: bool, **rest: Any) -> int:  # noqa: ANN401, FBT001 - as click passes them
    """Print the verdicts of every case."""
    topics, sources = rest.pop("topics"), rest.pop("sources")
    typed = CaseOptions(**rest)
    if bool(cases) == bool(typed):
        message = "give a case file, or - for standard input, or options such as --condition; one of the two"
        raise UsageError(message)
    graph = open_graph()
    choice = Choice(*_known(graph, topics, sources), check_day(as_of), as_json)
    if len(cases) < 2:  # noqa: PLR2004 - one case is not a run of many
        data = load_case(cases[0]) if cases else typed.to_case(TYPED)
        return _exit_code(_show(graph, data, choice, many=False), strict=strict)
    return _run_of_many(graph, cases, choice, strict=strict)


def _run_of_many(graph: "Graph", cases: Sequence[str], choice: Choice, *, strict: bool) -> int:
    worst = 0
    for place, path in enumerate(cases):
        try:
            if place and not choice.as_json:
                sys.stdout.write("\n")
            code = _exit_code(_show(graph, load_case(path), choice, many=True), strict=strict)
        except MbkgError as error:
            message = str(error)
            code = complain(DataError(message, where=None if message.startswith(path) else path))
        worst = max(worst, code)
    if not choice.as_json:
        write_about(Screen(), graph)
    return worst


def _show(graph: "Graph", data: dict[str, Any], choice: Choice, *, many: bool) -> "Verdicts":
    verdicts = graph.recommend(data if choice.as_of is None else {**data, "as_of": choice.as_of})
    shown, agreement = choice.verdicts(verdicts), choice.agreement(verdicts.agreement)
    if choice.as_json:
        found = verdicts.to_dict()
        if choice.topics or choice.sources:
            found["verdicts"] = [verdict.to_dict() for verdict in shown]
            found["agreement"] = [one.to_dict() for one in agreement]
        print_json(found, compact=many)
        return verdicts
    screen = Screen()
    VerdictTable(screen, graph, verdicts).write(shown, agreement)
    if not many:
        write_about(screen, graph)
    return verdicts


def _exit_code(verdicts: "Verdicts", *, strict: bool) -> int:
    return 1 if strict and verdicts.problems else 0


def _known(graph: "Graph", topics: Sequence[str], sources: Sequence[str]) -> tuple[frozenset[str], frozenset[str]]:
    """Return topics and sources as the graph has them; raises UsageError, with the choices, for another."""
    all_ = graph.engine.recommendations
    by_topic = {name: one.topic for one in all_ for name in (one.topic, one.topic_label.en, one.topic_label.zh)}
    by_source = {name: one.says for one in all_ for name in (one.says, one.source_label.en, one.source_label.zh)}
    return frozenset(_pick(topics, by_topic, "topic")), frozenset(_pick(sources, by_source, "source"))


def _pick(wanted: Sequence[str], known: dict[str, str], what: str) -> Iterable[str]:
    folded = {name.casefold(): value for name, value in known.items()}
    for name in wanted:
        if name.casefold() not in folded:
            message = f"there is no {what} {name!r}; choose from {', '.join(dict.fromkeys(known.values()))}"
            raise UsageError(message)
        yield folded[name.casefold()]


def check_day(text: str | None) -> str | None:
    """Return a day as it is; raises UsageError where it is none."""
    if text is None:
        return None
    try:
        if text.isascii() and date.fromisoformat(text).isoformat() == text:
            return text
    except ValueError:
        pass
    message = f"--as-of {text!r} is not a date; write it as 2025-06-30"
    raise UsageError(message)
