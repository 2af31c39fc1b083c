"""What several commands share: language, the reader's document, JSON, and the graph that they ask."""

import json
import os
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from kg.cli.language import choose
from kg.cli.program import Command, Option
from kg.cli.streams import output_encoding
from kg.errors import NotFoundError, UsageError
from kg.model import LANGS, Json, Label
from kg.namespaces import BASE

if TYPE_CHECKING:
    from kg.graph import Graph

_F = TypeVar("_F", bound="Callable[..., Any]")
_DOCUMENT: Final = "mbkg.document"

SOURCE: Final = Label(
    "Your own copy of the document, or a folder of copies; quotations are shown where its SHA-256 is the one that was"
    " read. Default: the folder MBKG_SOURCES.",
    "您自己的原文文件，或存放原文的文件夹；其SHA-256与所读文件一致时显示引文。默认为文件夹MBKG_SOURCES。",
)


def option(*names: str, about: Label, **attributes: Any) -> Callable[[_F], _F]:  # noqa: ANN401 - as click has it
    """Declare an option with help in both languages."""
    return click.option(*names, cls=Option, about=about, **attributes)


def command(name: str, about: Label) -> Callable[[Callable[..., Any]], Command]:
    """Declare a command with help in both languages; `--lang` and `--help` come with it."""

    def declare(function: Callable[..., Any]) -> Command:
        return click.command(name, cls=Command, about=about, context_settings=CONTEXT)(with_language(function))

    return declare


def with_language(function: _F) -> _F:
    """Add `--lang` and the help option."""
    function = click.help_option(
        "-h", "--help", cls=Option, about=Label("Show this text and leave.", "显示本帮助并退出。")
    )(function)
    return option(
        "--lang",
        type=click.Choice(LANGS),
        expose_value=False,
        is_eager=True,
        callback=lambda _context, _parameter, value: choose(value) if value else None,
        about=Label("Language. Default: MBKG_LANG, or that of the locale.", "语言。默认取MBKG_LANG或系统区域设置。"),
    )(function)


def with_source(function: _F) -> _F:
    """Add `--source`."""
    return option(
        "--source",
        metavar="PATH",
        expose_value=False,
        callback=lambda _context, _parameter, value: remember_document(value),
        about=SOURCE,
    )(function)


def with_json(function: _F) -> _F:
    """Add `--json`."""
    about = Label("Print JSON for programs.", "输出JSON，供程序使用。")
    return option("--json", "as_json", is_flag=True, about=about)(function)


_NAME: Final = re.compile(r"[A-Za-z0-9:/._~-]+\Z")
CONTEXT: Final[dict[str, Any]] = {"max_content_width": 110}


def remember_document(value: str | None) -> None:
    """Keep where the reader's document lies for this run; raises UsageError where there is nothing."""
    if value is None:
        return
    if not Path(value).exists():
        message = f"{value}: there is no such file or folder; give the path of your copy of the document"
        raise UsageError(message)
    click.get_current_context().meta[_DOCUMENT] = Path(value)


def document() -> Path | None:
    """Return where the reader's document lies: `--source`, else the folder MBKG_SOURCES, else nowhere."""
    given = click.get_current_context().meta.get(_DOCUMENT)
    if given is not None:
        return Path(given)
    folder = os.environ.get("MBKG_SOURCES")
    return Path(folder) if folder and Path(folder).exists() else None


def open_graph() -> "Graph":
    """Return the graph, with the reader's document where there is one."""
    import kg  # noqa: PLC0415 - the parent package, whole by now

    return kg.open(document=click.get_current_context().meta.get(_DOCUMENT))


def print_json(value: Json, *, compact: bool = False) -> None:
    """Print JSON that is valid in every encoding."""
    plain = not output_encoding().startswith("utf")
    layout: dict[str, Any] = {"separators": (",", ":")} if compact else {"indent": 2}
    sys.stdout.write(json.dumps(value, ensure_ascii=plain, **layout) + "\n")


def checked_name(text: str) -> str:
    """Return what someone typed for a term; raises NotFoundError for an IRI of ours that no IRI can be."""
    if text.startswith((BASE, "mbkg:")) and not _NAME.match(text):
        message = f"{text!r} is no name that the graph could have; see: mbkg lookup"
        raise NotFoundError(message)
    return text


def checked_statement(text: str) -> str:
    """Return what someone typed for a statement; raises NotFoundError for what could be the name of none."""
    if not _NAME.match(text):
        message = f"there is no statement {text!r}; they are named like S042"
        raise NotFoundError(message)
    return text
