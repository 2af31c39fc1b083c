"""`mbkg query`, `mbkg queries`, `mbkg sparql`: what can be asked of the graph, and asking it."""

import sys
from collections.abc import Callable, Iterable
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from kg.cli.language import language, read, say
from kg.cli.options import checked_name, command, open_graph, option, print_json, with_json
from kg.cli.screen import Screen
from kg.cli.tables import print_rows
from kg.errors import DataError, LimitError, UsageError
from kg.model import Json, Label
from kg.namespaces import PREFIXES
from kg.sparql import tokens

if TYPE_CHECKING:
    from kg.catalogue import NamedQuery

_F = TypeVar("_F", bound=Callable[..., Any])
_SIZE_LIMIT: Final = 1024 * 1024
_DEPTH_LIMIT: Final = 200
_FILES: Final = (".rq", ".sparql")


def with_forms(function: _F) -> _F:
    """Add `--json`, `--csv` and `--tsv`."""
    for form, about in (
        ("tsv", Label("Print tab-separated values.", "输出制表符分隔的值。")),
        ("csv", Label("Print comma-separated values.", "输出逗号分隔的值。")),
        ("json", Label("Print JSON for programs.", "输出JSON，供程序使用。")),
    ):
        function = option(f"--{form}", "form", flag_value=form, default=None, about=about)(function)
    return function


def complete_query(_context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
    """Return the ids of queries that begin so, for completion in the shell."""
    from kg.catalogue import Catalogue  # noqa: PLC0415 - for completion only

    return [name for name in Catalogue.load().ids if name.startswith(incomplete)]


@command(
    "query",
    Label(
        "Run a named query; `mbkg queries` lists them.\n\n  mbkg query ID name=value\n\n"
        "A value is a name or synonym in either language, or a number.",
        "运行具名查询；`mbkg queries`列出全部。\n\n  mbkg query ID 参数=值\n\n值可用任一语言的名称或同义词，或数字。",
    ),
)
@click.argument("name", metavar="ID", shell_complete=complete_query)
@click.argument("parameters", metavar="[NAME=VALUE]...", nargs=-1)
@with_forms
@option(
    "--show", is_flag=True, about=Label("Print the SPARQL text with the values put in.", "输出代入参数后的SPARQL文本。")
)
def query_command(name: str, parameters: tuple[str, ...], form: str | None, show: bool) -> None:  # noqa: FBT001 - as click passes it
    """Run a named query."""
    result = open_graph().query(name, **dict(_pairs(parameters)))
    if show:
        sys.stdout.write(result.text.strip("\n") + "\n")
    else:
        print_rows(result, form)


def _pairs(texts: Iterable[str]) -> Iterable[tuple[str, str]]:
    seen = set()
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals or not name:
            message = f"{text!r} is not written as NAME=VALUE"
            raise UsageError(message)
        if name in seen:
            message = f"the parameter {name!r} is given twice; give it once"
            raise UsageError(message)
        seen.add(name)
        yield name, checked_name(value)


@command(
    "queries",
    Label(
        "List the named queries. Competency questions are cq; hygiene checks, whose rows are violations, are qc.",
        "列出具名查询。包括能力问题（cq），以及结果即为违例的卫生检查（qc）。",
    ),
)
@option("--kind", type=click.Choice(["cq", "qc"]), about=Label("Only this kind.", "只列该类。"))
@with_json
def queries_command(kind: str | None, as_json: bool) -> None:  # noqa: FBT001 - as click passes it
    """List the named queries."""
    from kg.catalogue import Catalogue  # noqa: PLC0415 - for this command only

    found = [query for query in Catalogue.load() if kind in {None, query.kind}]
    if as_json:
        print_json([_described(query) for query in found])
        return
    screen = Screen()
    for query in found:
        asked = " ".join(f"{one.name}={one.type}" for one in query.parameters)
        screen.line(f"{query.id}  {asked}".rstrip(), "title")
        screen.line(read(query.summary), indent=2)
        for question in query.questions[language()][:1]:
            screen.line(question, "dim", indent=2)
    screen.line(say(f"{len(found)} queries", f"{len(found)}个查询"), "dim")


def _described(query: "NamedQuery") -> dict[str, Json]:
    return {
        "id": query.id,
        "kind": query.kind,
        "summary": query.summary.to_dict(),
        "questions": {lang: list[Json](texts) for lang, texts in query.questions.items()},
        "parameters": [
            {"name": one.name, "type": one.type, "required": one.required, "default": one.default}
            for one in query.parameters
        ],
        "problem": None if query.problem is None else query.problem.to_dict(),
        "solution": None if query.solution is None else query.solution.to_dict(),
    }


@command(
    "sparql",
    Label(
        "Run a SPARQL query. It is a text, a file, or - for standard input. Our prefixes need not be declared; without"
        " FROM all graphs but the one from outside the document are asked.",
        "运行SPARQL查询。可为文本、文件，或-表示标准输入。我们的前缀不必声明；未写FROM时查询除“文件之外”图以外的全部图。",
    ),
)
@click.argument("query", metavar="QUERY|FILE|-")
@with_forms
def sparql_command(query: str, form: str | None) -> None:
    """Run a query."""
    text = _with_prefixes(_query_text(query))
    found = open_graph().sparql(text)
    if isinstance(found, bool):
        _print_answer(answer=found, form=form)
    elif isinstance(found, str):
        if form is not None:
            message = f"CONSTRUCT and DESCRIBE give triples, printed as N-Triples; leave --{form} out"
            raise UsageError(message)
        sys.stdout.write(found)
    else:
        print_rows(found, form)


def _print_answer(*, answer: bool, form: str | None) -> None:
    if form == "json":
        print_json(answer)
    else:
        word = "true" if answer else "false"
        sys.stdout.write((word if form or language() == "en" else {"true": "是", "false": "否"}[word]) + "\n")


def _query_text(given: str) -> str:
    if given == "-":
        text = _decoded(sys.stdin.buffer.read(_SIZE_LIMIT + 1), "standard input")
    elif "\n" not in given and "{" not in given and (Path(given).is_file() or given.endswith(_FILES)):
        try:
            with Path(given).open("rb") as stream:
                text = _decoded(stream.read(_SIZE_LIMIT + 1), given)
        except OSError as error:
            message = f"{given}: cannot be read: {error.strerror or error}"
            raise UsageError(message) from None
    else:
        text = given
    _refuse_depth(text)
    return text


def _decoded(data: bytes, name: str) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = f"{name}: not UTF-8 at byte {error.start}; save it as UTF-8"
        raise DataError(message) from None


def _refuse_depth(text: str) -> None:
    """Refuse what would exhaust the parser: too long, or brackets nested too deeply."""
    if len(text) > _SIZE_LIMIT:
        message = "the query is larger than 1 MiB; make it shorter"
        raise LimitError(message)
    depth = 0
    for kind, word in tokens(text):
        if kind == "other":
            depth += (word in "({[") - (word in ")}]")
            if depth > _DEPTH_LIMIT:
                message = f"the query nests more than {_DEPTH_LIMIT} brackets; make it flatter"
                raise LimitError(message)


def _with_prefixes(text: str) -> str:
    """Return the query with those of our prefixes declared that it uses and does not declare, on its first line."""
    names = [token for kind, token in tokens(text) if kind == "name"]
    declared = {after for before, after in pairwise(names) if before.upper() == "PREFIX"}
    used = {name.partition(":")[0] for name in names if ":" in name}
    missing = (prefix for prefix in PREFIXES if prefix in used and f"{prefix}:" not in declared)
    return "".join(f"PREFIX {prefix}: <{PREFIXES[prefix]}> " for prefix in missing) + text
