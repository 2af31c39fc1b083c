"""`mbkg source`: the documents that statements were read from, held against the reader's own copy."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from kg.cli.language import language, say
from kg.cli.options import (
    CONTEXT,
    checked_statement,
    document,
    open_graph,
    print_json,
    remember_document,
    with_json,
    with_language,
    with_source,
)
from kg.cli.options import command as declare
from kg.cli.program import Group, complain
from kg.cli.progress import progress
from kg.cli.screen import Screen, joined
from kg.cli.terms import write_statement
from kg.errors import EnvironmentLackError, UsageError
from kg.model import Json, Label
from kg.resources import ontology_root

if TYPE_CHECKING:
    from collections.abc import Iterator

    from loaders.verify import Verification

_NOWHERE: Final = (
    "the document is not at hand; give the path of your copy, or --source, or set MBKG_SOURCES to the folder of it"
)


class SourceGroup(Group):
    """Takes the path of a document where a command is expected, and verifies it."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that the arguments name; a path alone asks to verify it."""
        if args and args[0] not in self.commands and Path(args[0]).exists():
            args = ["verify", *args]
        return super().resolve_command(ctx, args)


@click.command(
    "source",
    cls=SourceGroup,
    about=Label(
        "Verify and quote your own copy of the document. The project holds where a"
        " statement stands and the SHA-256 of its words, not the words.\n\n"
        "  mbkg source verify FILE\n  mbkg source show FILE S042",
        "用您自己的原文核验并引用。本项目只保存陈述的位置及其SHA-256，不保存原文。\n\n"
        "  mbkg source verify FILE\n  mbkg source show FILE S042",
    ),
    context_settings=CONTEXT,
)
@with_language
def command() -> None:
    """Hold the commands about sources."""


@declare(
    "list",
    Label("List the documents that statements were read from.", "列出各条陈述所依据的文件。"),
)
@with_json
@with_source
def list_command(as_json: bool) -> None:  # noqa: FBT001 - as click passes it
    """List the documents."""
    rows = open_graph().query("document-facts").to_dicts()
    if as_json:
        print_json([dict[str, Json](row) for row in rows])  # type: ignore[arg-type]
        return
    screen, lang = Screen(), language()
    for row in rows:
        screen.line(str(row[f"document_{lang}"]), "title")
        for name, text in (
            (say("printed", "所印日期"), row["date"]),
            (say("publisher", "发布者"), row[f"publisher_{lang}"]),
            (say("length", "长度"), say(f"{row['characters']} code points", f"{row['characters']}个码位")),
            ("SHA-256", row["digest"]),
            (say("note", "说明"), row[f"note_{lang}"]),
        ):
            screen.field(name, str(text), indent=2)


@declare(
    "verify",
    Label(
        "Check every span against the document: its SHA-256, and each number, comparator, unit and negation, both ways."
        " FILE is your copy, or a folder of copies. Without the document nothing is verified, and the exit code is 4.",
        "用原文核验每个片段：SHA-256，以及每个数值、比较符、单位和否定词，双向核对。FILE为您的原文文件或其所在文件夹。"
        "没有原文则未核验任何内容，退出码为4。",
    ),
)
@click.argument("file", metavar="[FILE]", required=False)
@with_json
@with_source
def verify_command(file: str | None, as_json: bool) -> int:  # noqa: FBT001 - as click passes it
    """Verify every source."""
    remember_document(file)
    place = document()
    with progress(say("verifying", "正在核验")):
        found = list(_verified(place))
    if as_json:
        print_json([_described(one) for one in found])
    else:
        _write_verified(Screen(), [one for one in found if one.found])
    lacking = [one.source for one in found if not one.found]
    if lacking:
        complain(EnvironmentLackError(f"nothing was verified of {', '.join(lacking)}: {_nowhere(place)}"))
        return EnvironmentLackError.exit_code
    return 0 if found and all(one.ok for one in found) else 1


def _nowhere(place: Path | None) -> str:
    return _NOWHERE if place is None else f"{place} does not hold the document that was read (its SHA-256 differs)"


def _verified(place: Path | None) -> "Iterator[Verification]":
    from loaders.verify import verify_source  # noqa: PLC0415 - for this command only

    root = ontology_root()
    for path in sorted((root / "sources").glob("*/source.yaml")):
        yield verify_source(path.parent, root, place)


def _described(one: "Verification") -> dict[str, Json]:
    return {
        "source": one.source,
        "found": one.found,
        "ok": one.ok,
        "total": one.total,
        "verified": one.verified,
        "exceptions": one.exceptions,
        "findings": [
            {"where": item.where, "statement": item.statement, "message": {"en": item.text.en, "zh": item.text.zh}}
            for item in one.findings
        ],
    }


def _write_verified(screen: Screen, found: "list[Verification]") -> None:
    for one in found:
        for item in one.findings:
            screen.line(f"{item.where}: {item.statement}: {say(item.text.en, item.text.zh)}", "warn")
        summary = say(one.summary.en, one.summary.zh)
        screen.item("✓" if one.ok else "✗", summary, "title", mark_style="good" if one.ok else "warn")


@declare(
    "show",
    Label(
        "Show statements with their words in the document. FILE may be left out where --source or MBKG_SOURCES names"
        " it.",
        "显示陈述及其原文引文。已用--source或MBKG_SOURCES指明时可省略FILE。",
    ),
)
@click.argument("words", metavar="[FILE] ID...", nargs=-1, required=True)
@with_json
@with_source
def show_command(words: tuple[str, ...], as_json: bool) -> None:  # noqa: FBT001 - as click passes it
    """Show statements with quotations."""
    identifiers = words
    if Path(words[0]).exists():
        remember_document(words[0])
        identifiers = words[1:]
    if not identifiers:
        message = "name the statements to show, like S042"
        raise UsageError(message)
    graph = open_graph()
    statements = [graph.statement(checked_statement(name)) for name in identifiers]
    if document() is None:
        raise EnvironmentLackError(_nowhere(None))
    lacking = [one.id for one in statements if one.quote is None]
    if lacking:
        message = f"{document()}: is not the document that {joined(lacking, ', ')} was read from (SHA-256 differs)"
        raise EnvironmentLackError(message)
    if as_json:
        found: list[Any] = [statement.to_dict() for statement in statements]
        print_json(found)
        return
    screen = Screen()
    for statement in statements:
        write_statement(screen, statement, graph)


command.add_command(list_command)
command.add_command(verify_command)
command.add_command(show_command)
