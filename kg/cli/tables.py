"""Rows of a query: as a table for people, as JSON, and as CSV or TSV that no spreadsheet runs as formulas."""

import csv
import sys
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from kg.cli.language import language, say
from kg.cli.options import print_json
from kg.cli.screen import Screen
from kg.model import Json
from kg.namespaces import compress
from kg.verdicts import number_of

if TYPE_CHECKING:
    from kg.results import Result, Value

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_LANGUAGES: Final = ("_en", "_zh")


def print_rows(result: "Result", form: str | None) -> None:
    """Print rows as `json`, `csv` or `tsv`, or as a table for people."""
    if form == "json":
        print_json([{name: _json(cell) for name, cell in row.items()} for row in result.to_dicts()])
    elif form is not None:
        _print_separated(result, "\t" if form == "tsv" else ",")
    else:
        write_rows(Screen(), result)


def write_rows(screen: Screen, result: "Result") -> None:
    """Write rows for people: columns that come in both languages in the reader's, IRIs as prefixed names."""
    places = [place for place, name in enumerate(result.columns) if _is_read(name, result.columns)]
    if result.rows:
        head = [_shown_name(result.columns[place], result.columns) for place in places]
        screen.table([head, *([_text(row[place]) for place in places] for row in result.rows)], wide=True)
    count = len(result.rows)
    screen.line(say(f"{count} row{'s' * (count != 1)}", f"{count}行"), "dim")


def guarded(text: str) -> str:
    """Return a cell that no spreadsheet takes for a formula.

    >>> guarded("=1+1")
    "'=1+1"
    """
    return f"'{text}" if text.startswith(_FORMULA) else text


def _print_separated(result: "Result", delimiter: str) -> None:
    writer = csv.writer(sys.stdout, delimiter=delimiter, lineterminator="\n")
    writer.writerow(result.columns)
    writer.writerows([_cell(cell) for cell in row] for row in result.rows)


def _cell(value: "Value") -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | Decimal):
        return format(value, "f") if isinstance(value, Decimal) else str(value)
    return "" if value is None else guarded(value).replace("\r\n", "\n").replace("\r", "\n")


def _text(value: "Value") -> str:
    if isinstance(value, bool):
        return say("yes" if value else "no", "是" if value else "否")
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, str):
        return compress(value).removeprefix("mbkg:")
    return "" if value is None else str(value)


def _json(value: "Value") -> Json:
    return number_of(value) if isinstance(value, Decimal) else value


def _is_read(name: str, columns: Sequence[str]) -> bool:
    """Tell whether a column is for this reader: labels in their language, and no IRI that has labels."""
    if {f"{name}{ending}" for ending in _LANGUAGES} <= set(columns):
        return False
    ending = name[-len(_LANGUAGES[0]) :]
    if ending not in _LANGUAGES or not set(_pair(name)) <= set(columns):
        return True
    return ending == f"_{language()}"


def _shown_name(name: str, columns: Sequence[str]) -> str:
    return name[:-3] if name.endswith(_LANGUAGES) and set(_pair(name)) <= set(columns) else name


def _pair(name: str) -> Iterable[str]:
    return (name[:-3] + ending for ending in _LANGUAGES)
