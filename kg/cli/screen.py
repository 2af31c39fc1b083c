"""What a person sees: lines that fit the terminal, in colour where there is one."""

import os
import shutil
import sys
from collections.abc import Iterable, Sequence
from typing import Final

import click

from kg.cli.layout import fits, pad, table, width, wrap
from kg.cli.streams import BOUND, showable

_WIDEST: Final = 110
_NARROWEST: Final = 20
_STYLES: Final[dict[str, dict[str, str | bool]]] = {
    "title": {"bold": True},
    "dim": {"dim": True},
    "good": {"fg": "green", "bold": True},
    "open": {"fg": "yellow", "bold": True},
    "split": {"fg": "magenta", "bold": True},
    "off": {"dim": True},
    "warn": {"fg": "red"},
    "outside": {"fg": "cyan"},
}


def columns() -> int:
    """Return how wide a line may be: as wide as the terminal, up to where reading becomes hard."""
    return max(_NARROWEST, min(shutil.get_terminal_size((80, 24)).columns, _WIDEST))


def full_width() -> int:
    """Return how wide a table may be: as wide as the terminal."""
    return max(_NARROWEST, shutil.get_terminal_size((80, 24)).columns)


def wants_colour() -> bool:
    """Tell whether to write in colour: in a terminal that is not dumb, and unless NO_COLOR says no."""
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


class Screen:
    """Writes to standard output."""

    def __init__(self) -> None:
        """Look at the terminal once."""
        self.columns = columns()
        self._colour = wants_colour()

    def line(self, text: str = "", style: str | None = None, *, indent: int = 0) -> None:
        """Write a text, wrapped, every line indented alike."""
        for part in wrap(showable(text), self.columns - indent):
            self._write(" " * indent + self._styled(part, style) if part else "")

    def field(self, name: str, text: str, style: str | None = None, *, indent: int = 4, names: int = 11) -> None:
        """Write a name and, beside it, a text that is wrapped under itself."""
        shown = showable(name)
        gap = max(names, width(shown) + 2)
        for place, part in enumerate(wrap(showable(text), self.columns - indent - gap)):
            head = self._styled(shown, "dim") + " " * (gap - width(shown)) if place == 0 else " " * gap
            self._write(" " * indent + head + self._styled(part, style))

    def item(
        self, mark: str, text: str, style: str | None = None, *, indent: int = 0, mark_style: str | None = None
    ) -> None:
        """Write a text behind a mark, wrapped under itself."""
        shown = showable(mark) + " "
        for place, part in enumerate(wrap(showable(text), self.columns - indent - width(shown))):
            head = self._styled(shown, mark_style) if place == 0 else " " * width(shown)
            self._write(" " * indent + head + self._styled(part, style))

    def branch(self, first: str, rest: str, text: str, style: str | None = None) -> None:
        """Write a text behind the branch of a tree: `first` before its first line, `rest` before the others."""
        first, rest = showable(first), showable(rest)
        for place, part in enumerate(wrap(showable(text), self.columns - width(first))):
            head = first if place == 0 else pad(rest, width(first))
            self._write((self._styled(head, "dim") + self._styled(part, style)).rstrip())

    def rule(self) -> None:
        """Write a line across."""
        self._write(self._styled(showable("─") * self.columns, "dim"))

    def table(self, rows: Sequence[Sequence[str]], *, header: bool = True, indent: int = 0, wide: bool = False) -> None:
        """Write rows side by side, or, where the terminal is too narrow, one cell under the other."""
        room = (full_width() if wide else self.columns) - indent
        shown = [[showable(cell) for cell in row] for row in rows]
        if shown and not fits(shown, room):
            self._records(shown)
            return
        for place, lines in enumerate(table(shown, room)):
            for line in lines:
                self._write(" " * indent + self._styled(line, "dim" if header and place == 0 else None))

    def _records(self, rows: Sequence[Sequence[str]]) -> None:
        for row in rows[1:]:
            for name, cell in zip(rows[0], row, strict=True):
                self.line(f"{name}: {cell}")
            self._write("")

    def _styled(self, text: str, style: str | None) -> str:
        if not self._colour or style is None or not text:
            return text
        return click.style(text, **_STYLES[style])  # type: ignore[arg-type]

    @staticmethod
    def _write(text: str) -> None:
        sys.stdout.write(text.replace(BOUND, " ") + "\n")


def joined(parts: Iterable[str], mark: str = " · ") -> str:
    """Return the parts that are not empty, with a mark between them."""
    return mark.join(part for part in parts if part)
