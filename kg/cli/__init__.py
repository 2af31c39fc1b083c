"""The command line: `mbkg`, and `python -m kg`."""

from typing import Final

import click

from kg.cli.options import CONTEXT, with_language, with_source
from kg.cli.program import Program
from kg.model import Label

__all__ = ["main"]

_MODULES: Final = {
    "recommend": "kg.cli.recommend",
    "why": "kg.cli.why",
    "case": "kg.cli.cases",
    "query": "kg.cli.queries:query_command",
    "queries": "kg.cli.queries:queries_command",
    "sparql": "kg.cli.queries:sparql_command",
    "lookup": "kg.cli.terms:lookup_command",
    "statement": "kg.cli.terms:statement_command",
    "source": "kg.cli.source",
    "build": "kg.cli.maintenance:build_command",
    "check": "kg.cli.maintenance:check_command",
    "export": "kg.cli.maintenance:export_command",
    "version": "kg.cli.version",
    "completion": "kg.cli.completion",
}
_ABOUT: Final = Label(
    "What each source says about bone protection in multiple myeloma, whether it applies to a patient, and where it is"
    " written.\n\n"
    "  mbkg case example > case.yaml\n"
    "  mbkg recommend case.yaml\n"
    "  mbkg why case.yaml RECOMMENDATION\n\n"
    "From one article whose day and month are known and whose year is not printed (`mbkg version` names it). Not a"
    " medical device. A wrong statement: report its id, as CONTRIBUTING.md says.",
    "多发性骨髓瘤骨保护：各来源怎么说，是否适用于某一患者，写在何处。\n\n"
    "  mbkg case example > case.yaml\n"
    "  mbkg recommend case.yaml\n"
    "  mbkg why case.yaml RECOMMENDATION\n\n"
    "依据一篇已知月日、未印年份的文章（见`mbkg version`）。不是医疗器械。发现陈述有误，请按CONTRIBUTING.md反馈其编号。",
)


@click.command("mbkg", cls=Program, about=_ABOUT, modules=_MODULES, context_settings=CONTEXT)
@with_language
@with_source
def main() -> None:
    """Run the command that the arguments name; called as a function, it takes those of the process."""
