"""What the structured content of a statement says in quantities and negations, to be held against the printed text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from loaders.entries import as_number
from loaders.strict_yaml import Entry, Value
from loaders.text_tokens import TIMES

_P: Final = re.compile(r"([<>]=?|=)\s*(\d+(?:\.\d+)?)\Z")


@dataclass(frozen=True, slots=True)
class Stated:
    """A quantity that the content states, and where; `number` is None for a comparison without one."""

    comparator: str | None
    number: Decimal | None
    unit: str | None
    where: str


@dataclass(frozen=True, slots=True)
class ContentTokens:
    """The quantities of a statement's content, and where it denies something."""

    quantities: tuple[Stated, ...]
    negations: tuple[str, ...]


def content_tokens(formal: Entry) -> ContentTokens:
    """Return what the structured content says."""
    return ContentTokens(tuple(_quantities(formal, None)), tuple(_negations(formal)))


def _quantities(entry: Entry, unit: str | None) -> Iterator[Stated]:
    own = entry.get("unit")
    unit = own if isinstance(own, str) else unit
    comparator = entry.get("comparator")
    word = comparator if isinstance(comparator, str) else None
    for key, value in entry.items():
        where = entry.place(key)
        number = as_number(value)
        if key == "p" and isinstance(value, str) and (match := _P.match(value)):
            yield Stated(match[1], Decimal(match[2]), None, where)
        elif number is not None:
            yield _stated(key, number, word, unit, where)
        elif isinstance(value, Entry):
            yield from _quantities(value, None)
        elif isinstance(value, list):
            for item in value:
                if isinstance(item, Entry):
                    yield from _quantities(item, unit if key == "arms" else None)
    if word is not None and not any(as_number(entry.get(key)) is not None for key in ("value", "min")):
        yield Stated(word, None, None, entry.place("comparator"))


def _stated(key: str, number: Decimal, word: str | None, unit: str | None, where: str) -> Stated:
    if key == "min":
        return Stated(">=", number, unit, where)
    if key == "times":
        return Stated(None, number, TIMES, where)
    if key == "ci_level":
        return Stated(None, number, "%", where)
    if key in {"ci_lower", "ci_upper", "phase"}:
        return Stated(None, number, None, where)
    return Stated(word, number, unit, where)


def _negations(value: Value) -> Iterator[str]:
    if isinstance(value, list):
        for item in value:
            yield from _negations(item)
    elif isinstance(value, Entry):
        for key, item in value.items():
            if (key == "negated" and item is True) or key == "absent" or (key == "do" and item == "avoid"):
                yield value.place(key)
            yield from _negations(item)
