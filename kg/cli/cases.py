"""`mbkg case`: a template with every term that a case can hold, and example patients."""

import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from kg.casefile import load_case
from kg.cli.options import CONTEXT, open_graph, option, print_json, with_json, with_language
from kg.cli.options import command as declare
from kg.cli.program import Group
from kg.cli.screen import Screen
from kg.errors import NotFoundError
from kg.model import CONDITIONS, FINDINGS, KIND_OF_LIST, MEASUREMENTS, TREATMENTS, Concept, Json, Label
from kg.resources import ontology_root
from kg.verdicts import number_of

if TYPE_CHECKING:
    from kg.graph import Graph

_LISTS: Final = (CONDITIONS, MEASUREMENTS, FINDINGS)
_HEAD: Final = """\
# A patient case. Take away the # before what you know and correct the value. What is left out is unknown, not absent;
# write present: false for what was looked for and is not there. Dates are optional, as in date: 2025-06-30.
# 病例模板。去掉已知项前的#并改正数值。未写的即未知，并非没有；已查而无者写present: false。
# 日期可不写，格式如date: 2025-06-30。
id: patient-1
# as_of: 2025-06-30    # the day to judge at; today where left out · 判定之日，缺省为今日
"""
_TREATMENTS: Final = """
# Where this list is there, it is complete: [] says that no drug is given. start and end are days.
# 一旦写出本项即视为完整清单：[]表示未用任何药物。start与end为日期。
"""


@click.command(
    "case",
    cls=Group,
    about=Label("Write a case: a template, or an example.", "编写病例：模板或示例。"),
    context_settings=CONTEXT,
)
@with_language
def command() -> None:
    """Hold the commands about cases."""


@declare(
    "new",
    Label(
        "Print a YAML template with every term that a case can hold; --json prints an empty case.",
        "输出含全部可用术语的YAML模板；--json输出空病例。",
    ),
)
@with_json
def new_command(as_json: bool) -> None:  # noqa: FBT001 - as click passes it
    """Print a template."""
    if as_json:
        print_json({"id": "patient-1"} | {name: list[Json]() for name in _LISTS})
    else:
        sys.stdout.write("".join(_template(open_graph())))


def _template(graph: "Graph") -> Iterator[str]:
    concepts = list(graph.engine.vocabulary.concepts.values())
    yield _HEAD
    for name in _LISTS:
        yield f"\n{name}: [\n"
        yield from (_line(one) for one in concepts if one.kind == KIND_OF_LIST[name])
        yield "]\n"
    yield _TREATMENTS
    yield f"# {TREATMENTS}: [\n"
    yield from (_line(one) for one in concepts if one.kind == KIND_OF_LIST[TREATMENTS])
    yield "# ]\n"


def _line(concept: Concept) -> str:
    parts = [f"code: {concept.code}"]
    if concept.kind == "measurement":
        units = "" if concept.unit in {None, "1"} else f', unit: "{concept.unit}"'
        parts.append(f"value: 0{units}")
    if concept.modalities:
        parts.append(f"modality: {min(concept.modalities)}")
    if concept.takes_since:
        parts.append("since: 2025-01-01")
    choices = concept.accepted_units or sorted(concept.modalities)
    also = f" ({', '.join(choices)})" if choices else ""
    return f"#  {{{', '.join(parts)}}},  # {concept.label.en} · {concept.label.zh}{also}\n"


def examples() -> dict[str, Path]:
    """Return the example cases by name."""
    return {path.stem: path for path in sorted((ontology_root() / "examples").glob("*.yaml"))}


def complete_example(_context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
    """Return the names of examples that begin so, for completion in the shell."""
    return [name for name in examples() if name.startswith(incomplete)]


@declare(
    "example",
    Label(
        "Print an example case; without NAME the first. --list names them all.",
        "输出示例病例；不给NAME则输出第一个，--list列出全部。",
    ),
)
@click.argument("name", metavar="[NAME]", required=False, shell_complete=complete_example)
@option("--list", "only_list", is_flag=True, about=Label("Print the names.", "列出名称。"))
@with_json
def example_command(name: str | None, only_list: bool, as_json: bool) -> None:  # noqa: FBT001 - as click passes it
    """Print an example case."""
    there = examples()
    if only_list:
        _list(there, as_json=as_json)
        return
    chosen = next(iter(there), "") if name is None else name
    if chosen not in there:
        message = f"there is no example {chosen!r}; the examples are {', '.join(there)}"
        raise NotFoundError(message)
    if as_json:
        print_json(_plain(load_case(there[chosen])))
    else:
        sys.stdout.write(there[chosen].read_text(encoding="utf-8"))


def _list(there: dict[str, Path], *, as_json: bool) -> None:
    if as_json:
        print_json(list[Json](there))
        return
    screen = Screen()
    for name, path in there.items():
        lines = path.read_text(encoding="utf-8").splitlines()
        about = [line.removeprefix("#").strip() for line in lines if line.startswith("#")]
        screen.field(name, " ".join(about), indent=0, names=24)


def _plain(value: Any) -> Json:  # noqa: ANN401 - whatever a case holds
    """Return a case as JSON has it: decimals as numbers."""
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_plain(part) for part in value]
    return number_of(value) if isinstance(value, Decimal) else value


command.add_command(new_command)
command.add_command(example_command)
