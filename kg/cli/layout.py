"""Text in columns of a terminal: its width as displayed, wrapped where English and where Chinese may break."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import zip_longest
from typing import Final

_NARROW: Final = frozenset("\u00a0≥≤≠≈×·–—…“”‘’µμαβγκλ±●◐○✓✗▲│├└─━→←")
_NOT_FIRST: Final = frozenset("，。、；：！？）》」』】〉％,.;:!?)]}%")
_NOT_LAST: Final = frozenset("（《「『【〈([{")
_IDEOGRAPHS: Final = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef"
_PIECES: Final = re.compile(rf"[ \t\n]+|[{_IDEOGRAPHS}]|[^ \t\n{_IDEOGRAPHS}]+")
_LEAST: Final = 8


def width(text: str) -> int:
    """Return how many columns a text takes: Chinese characters take two, combining ones none.

    >>> width("骨 bone")
    7
    """
    return len(text) if text.isascii() else sum(map(_char_width, text))


def wrap(text: str, columns: int) -> list[str]:
    """Return the lines of a text, none wider than `columns`; line ends in the text stand.

    >>> wrap("骨保护治疗，每月一次", 12)
    ['骨保护治疗，', '每月一次']
    """
    columns = max(columns, _LEAST)
    if "\n" not in text and width(text) <= columns:
        return [text.rstrip(" ")]
    lines = [line for part in text.split("\n") for line in _wrapped(part, columns)]
    return lines or [""]


def pad(text: str, columns: int) -> str:
    """Return a text with spaces behind it up to a width.

    >>> pad("骨", 4)
    '骨  '
    """
    return text + " " * (columns - width(text))


def table(rows: Sequence[Sequence[str]], columns: int, *, gap: int = 2) -> Iterator[list[str]]:
    """Yield the lines of each row of a table no wider than `columns`: cells are wrapped, wide columns narrowed."""
    wanted = [max(max(map(width, cell.split("\n"))) for cell in column) for column in zip(*rows, strict=True)]
    widths = _shared(wanted, columns, gap)
    for row in rows:
        cells = [wrap(cell, size) for cell, size in zip(row, widths, strict=True)]
        yield [
            (" " * gap).join(pad(part, size) for part, size in zip(parts, widths, strict=True)).rstrip()
            for parts in zip_longest(*cells, fillvalue="")
        ]


def fits(rows: Sequence[Sequence[str]], columns: int, *, gap: int = 2) -> bool:
    """Tell whether a table can be laid side by side in so many columns of a terminal."""
    least = sum(min(_LEAST, max(map(width, cells))) + gap for cells in zip(*rows, strict=True))
    return least - gap <= columns


def _shared(wanted: list[int], columns: int, gap: int) -> list[int]:
    """Return widths that fit: the widest column gives way first, down to that of the next."""
    widths = [max(size, 1) for size in wanted]
    excess = sum(widths) + gap * (len(widths) - 1) - columns
    while excess > 0 and max(widths) > _LEAST:
        widest = max(widths)
        below = max((size for size in widths if size < widest), default=_LEAST)
        many = [place for place, size in enumerate(widths) if size == widest]
        step = max(1, min(widest - max(below, _LEAST), -(-excess // len(many))))
        for place in many:
            widths[place] -= step
        excess = sum(widths) + gap * (len(widths) - 1) - columns
    return widths


def _wrapped(text: str, columns: int) -> Iterator[str]:
    line, taken = "", 0
    for piece, size in _pieces(text, columns):
        if taken + size > columns and line.strip():
            yield line.rstrip()
            line, taken = "", 0
            if piece.isspace():
                continue
        line += piece
        taken += size
    yield line.rstrip()


def _pieces(text: str, columns: int) -> Iterator[tuple[str, int]]:
    """Yield what may not be broken: words, Chinese characters with their punctuation, and parts of overlong words."""
    held = ""
    pieces = _PIECES.findall(text)
    for place, piece in enumerate(pieces):
        held += piece
        after = pieces[place + 1] if place + 1 < len(pieces) else " "
        joined = after[0] in _NOT_FIRST or (held[-1] in _NOT_LAST and not after.isspace())
        if joined and width(held + after) <= columns:
            continue
        yield from _cut(held, columns)
        held = ""


def _cut(piece: str, columns: int) -> Iterator[tuple[str, int]]:
    part, taken = "", 0
    for char in piece:
        size = width(char)
        if taken + size > columns:
            yield part, taken
            part, taken = "", 0
        part += char
        taken += size
    yield part, taken


@cache
def _char_width(char: str) -> int:
    if char.isascii() or char in _NARROW:
        return 1
    if unicodedata.east_asian_width(char) in {"W", "F"} and not unicodedata.combining(char):
        return 2
    from wcwidth import wcwidth  # noqa: PLC0415 - its tables are not needed for plain English or Chinese

    return max(0, wcwidth(char))
