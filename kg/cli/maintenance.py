"""`mbkg build`, `mbkg check`, `mbkg export`: the generated files, the mistakes, the graph as one file."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from kg.cli.language import read, say
from kg.cli.options import command, open_graph, option, print_json, with_json
from kg.cli.progress import progress
from kg.cli.screen import Screen
from kg.errors import UsageError
from kg.model import Json, Label
from kg.namespaces import local_name
from kg.resources import write_whole

if TYPE_CHECKING:
    from kg.graph import Graph

_FORMATS: Final = ("ttl", "rdfxml", "ofn", "jsonld", "nq")


@command(
    "build",
    Label(
        "Write the generated files of the ontology. The hand-written ones are put in order, too.",
        "写出本体中自动生成的文件。同时整理手写文件的顺序。",
    ),
)
@option(
    "--check",
    is_flag=True,
    about=Label("Write nothing; exit with 1 where a file is stale.", "不写文件；有过期文件时以1退出。"),
)
@with_json
def build_command(check: bool, as_json: bool) -> int:  # noqa: FBT001 - as click passes it
    """Build."""
    from kg.build import build  # noqa: PLC0415 - for this command only

    with progress(say("building", "正在生成")):
        built = build(check=check)
    if as_json:
        print_json({"changed": list[Json](built.changed), "total": built.total})
    else:
        _write_built(built.changed, built.total, check=check)
    return 1 if check and built.changed else 0


def _write_built(changed: tuple[str, ...], total: int, *, check: bool) -> None:
    screen = Screen()
    for path in changed:
        screen.line(say(f"{path}: {'stale' if check else 'written'}", f"{path}：{'已过期' if check else '已写出'}"))
    screen.line(say(f"{len(changed)} of {total} files changed", f"{total}个文件中{len(changed)}个有变化"), "dim")


@command(
    "check",
    Label(
        "Look for mistakes in the ontology. Runs every hygiene query, and looks for stale files and for rules whose"
        " truth an engine could see differently. Exits with 1 where anything is found.",
        "检查本体中的错误。运行全部卫生查询，检查过期文件以及不同推理引擎可能得出不同真值的规则；有所发现即以1退出。",
    ),
)
@with_json
def check_command(as_json: bool) -> int:  # noqa: FBT001 - as click passes it
    """Check."""
    graph = open_graph()
    with progress(say("checking", "正在检查")):
        found = {**_violations(graph), "fresh": _stale(), "sound": _unsound(graph)}
    if as_json:
        print_json({name: list[Json](rows) for name, rows in found.items()})
    else:
        _write_check(graph, found)
    return 1 if any(found.values()) else 0


def _violations(graph: "Graph") -> dict[str, list[str]]:
    checks = graph.catalogue.of_kind("qc")
    return {query.id: [_row(row) for row in graph.query(query.id)] for query in checks}


def _row(row: tuple[object, ...]) -> str:
    return " · ".join(local_name(str(cell)) for cell in row if cell is not None)


def _stale() -> list[str]:
    from kg.build import build  # noqa: PLC0415 - for this command only

    return list(build(check=True).changed)


def _unsound(graph: "Graph") -> list[str]:
    from kg.soundness import all_unsound  # noqa: PLC0415 - for this command only

    engine = graph.engine
    names = [iri for one in engine.recommendations for iri in one.conditions]
    conditions = [(local_name(iri), engine.definitions.expanded(engine.definitions.get(iri))) for iri in names]
    found = all_unsound(conditions, engine.index, engine.vocabulary)
    return [f"{one.condition}: {one.one} / {one.other} ({one.side})" for one in found]


def _write_check(graph: "Graph", found: dict[str, list[str]]) -> None:
    screen = Screen()
    for name, rows in found.items():
        if not rows:
            screen.item("✓", name, mark_style="good")
            continue
        screen.item("✗", f"{name} ({len(rows)})", "title", mark_style="warn")
        query = graph.catalogue.find(name)
        if query is not None and query.problem is not None and query.solution is not None:
            screen.line(f"{read(query.problem)} {read(query.solution)}", "dim", indent=2)
        for row in rows:
            screen.line(row, indent=2)
    total = sum(map(len, found.values()))
    screen.line(say(f"{len(found)} checks, {total} findings", f"{len(found)}项检查，{total}处发现"), "dim")


@command(
    "export",
    Label(
        "Write the whole ontology as one file. Turtle, RDF/XML, OWL functional syntax, JSON-LD, or N-Quads with the"
        " named graphs.",
        "将整个本体写成一个文件。可用Turtle、RDF/XML、OWL函数式语法、JSON-LD，或含命名图的N-Quads。",
    ),
)
@option(
    "--format",
    "form",
    type=click.Choice(_FORMATS),
    default="ttl",
    show_default=True,
    about=Label("The form.", "格式。"),
)
@option(
    "-o",
    "--output",
    metavar="FILE",
    about=Label("Write to this file, whole or not at all.", "写入该文件；要么完整写入，要么不写。"),
)
def export_command(form: str, output: str | None) -> None:
    """Export."""
    if output is not None:
        _refuse_place(Path(output))
    with progress(say("exporting", "正在导出")):
        text = open_graph().export(form)
    if output is None:
        sys.stdout.write(text)
    else:
        write_whole(Path(output), text)


def _refuse_place(path: Path) -> None:
    if path.is_dir():
        message = f"{path}: is a folder; give the name of a file"
        raise UsageError(message)
    if not path.parent.is_dir():
        message = f"{path}: there is no folder {path.parent}; make it first"
        raise UsageError(message)
