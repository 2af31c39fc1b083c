"""`mbkg why`: the proof of one verdict."""

from typing import Final

import click

from kg.casefile import load_case
from kg.cli.about import write_about
from kg.cli.options import command as declare
from kg.cli.options import open_graph, option, print_json, with_json, with_source
from kg.cli.proof import proof, write_tree
from kg.cli.recommend import check_day
from kg.cli.screen import Screen
from kg.model import Label

_ABOUT: Final = Label(
    "Why a recommendation has its verdict. A tree of readings, criteria, the facts of the case that they stood on, and"
    " the statements with their place in the document, speaker, references and flags.\n\n"
    "  mbkg why case.yaml RECOMMENDATION\n\n"
    "RECOMMENDATION is an id that `mbkg recommend` prints.",
    "一条建议为何得此判定。以树状列出两种读法、各项标准、所依据的病例事实，以及有关陈述在原文中的位置、发言者、参考文献与提示。\n\n"
    "  mbkg why case.yaml RECOMMENDATION\n\n"
    "RECOMMENDATION为`mbkg recommend`所列编号。",
)


@declare("why", _ABOUT)
@click.argument("case", metavar="CASE")
@click.argument("recommendation", metavar="RECOMMENDATION")
@option("--as-of", metavar="DATE", about=Label("The day to judge at.", "判定之日。"))
@with_json
@with_source
def command(case: str, recommendation: str, as_of: str | None, as_json: bool) -> None:  # noqa: FBT001 - as click passes it
    """Print the proof of one verdict."""
    data = load_case(case)
    day = check_day(as_of)
    graph = open_graph()
    verdicts = graph.recommend(data if day is None else {**data, "as_of": day})
    verdict = verdicts[recommendation]
    if as_json:
        print_json(verdict.to_dict())
        return
    screen = Screen()
    write_tree(screen, proof(verdict, verdicts, graph))
    write_about(screen, graph)
