"""Help texts laid out by the width that they have on the screen, in the reader's language."""

from collections.abc import Iterable
from typing import Final

import click

from kg.cli.language import say
from kg.cli.layout import pad, width, wrap
from kg.cli.screen import columns

_HEADINGS: Final = {"Usage: ": "用法：", "Options": "选项", "Commands": "命令"}
_FIRST: Final = 30
_GAP: Final = 2
_LEAST: Final = 20


class HelpText(click.HelpFormatter):
    """Collects a help text."""

    def __init__(self, columns_wanted: int | None = None) -> None:
        """Lay out for so many columns, or for the terminal."""
        super().__init__(width=columns_wanted or columns())

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """Write the line that says how a command is called."""
        first = _heading(prefix or "Usage: ") + prog + " "
        indent = min(width(first), self.width // 2)
        lines = wrap(args, self.width - indent)
        if width(first) > indent:
            self.write(f"{first.rstrip()}\n")
        for place, line in enumerate(lines):
            head = first if place == 0 and width(first) <= indent else " " * indent
            self.write(f"{head}{line}\n")

    def write_heading(self, heading: str) -> None:
        """Write the name of a section."""
        self.write(f"{' ' * self.current_indent}{_heading(heading)}{say(':', '：')}\n")

    def write_text(self, text: str) -> None:
        """Write paragraphs; one that begins with two spaces is an example and stands as it is."""
        for place, paragraph in enumerate(text.split("\n\n")):
            if place:
                self.write("\n")
            if paragraph.startswith("  "):
                self._write_lines(paragraph.split("\n"))
            else:
                self._write_lines(wrap(" ".join(paragraph.split("\n")), self.width - self.current_indent))

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = _FIRST, col_spacing: int = _GAP) -> None:
        """Write names with their explanations beside them, or below where there is no room."""
        rows = tuple(rows)
        room = self.width - self.current_indent
        longest = max((width(name) for name, _ in rows), default=0)
        first = min(longest, col_max, max(room - _LEAST, 0)) + col_spacing
        for name, about in rows:
            lines = wrap(about, room - first)
            if width(name) > first - col_spacing:
                self._write_lines(wrap(name, room))
            else:
                self._write_lines([pad(name, first) + lines.pop(0)])
            self._write_lines([" " * first + line for line in lines])

    def _write_lines(self, lines: Iterable[str]) -> None:
        for line in lines:
            self.write(f"{' ' * self.current_indent}{line}".rstrip() + "\n")


def _heading(text: str) -> str:
    return say(text, _HEADINGS.get(text, text))
