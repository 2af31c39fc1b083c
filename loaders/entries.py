"""Reading one entry of a source folder: each value has the expected type or an error that names file and line."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Final

from kg.errors import DataError
from loaders.strict_yaml import Entry, Value, load_yaml

DIGEST: Final = re.compile(r"[0-9a-f]{64}\Z")


@dataclass(frozen=True, slots=True)
class Bilingual:
    """A text for people, in English and in Chinese."""

    en: str
    zh: str


def known_keys(entry: Entry, allowed: Iterable[str]) -> None:
    """Raise DataError for a key that the entry may not have."""
    names = sorted(allowed)
    for key in entry:
        if key not in names:
            message = f"the key {key!r} means nothing here"
            raise DataError(message, where=entry.place(key), remedy="use one of: " + ", ".join(names))


def require(entry: Entry, key: str) -> Value:
    """Return a value that must be there; raises DataError."""
    if key not in entry:
        message = f"{key!r} is missing"
        raise DataError(message, where=entry.where, remedy="add it")
    return entry[key]


def get_text(entry: Entry, key: str) -> str:
    """Return a text that must be there and not be empty."""
    value = require(entry, key)
    if not isinstance(value, str) or not value.strip():
        message = f"{key!r} must be a text"
        raise DataError(message, where=entry.place(key), remedy="put a number in quotes")
    return value


def find_text(entry: Entry, key: str) -> str | None:
    """Return a text or None where the key is missing or null."""
    return None if entry.get(key) is None else get_text(entry, key)


def get_integer(entry: Entry, key: str) -> int:
    """Return a whole number that must be there."""
    value = require(entry, key)
    if not isinstance(value, int) or isinstance(value, bool):
        message = f"{key!r} must be a whole number"
        raise DataError(message, where=entry.place(key), remedy="write digits only")
    return value


def find_integer(entry: Entry, key: str) -> int | None:
    """Return a whole number or None."""
    return None if entry.get(key) is None else get_integer(entry, key)


def get_flag(entry: Entry, key: str) -> bool:
    """Return a truth value; a missing key is false."""
    value = entry.get(key, False)
    if not isinstance(value, bool):
        message = f"{key!r} must be true or false"
        raise DataError(message, where=entry.place(key), remedy="write true or false")
    return value


def get_digest(entry: Entry, key: str) -> str:
    """Return a SHA-256 as 64 lower-case hexadecimal characters."""
    value = get_text(entry, key)
    if not DIGEST.match(value):
        message = f"{key!r} is no SHA-256"
        raise DataError(message, where=entry.place(key), remedy="64 characters of 0-9a-f")
    return value


def as_bilingual(value: Value, where: str) -> Bilingual:
    """Return {en, zh} as a text in two languages; raises DataError where one is missing."""
    if not isinstance(value, Entry) or set(value) != {"en", "zh"}:
        message = "a text for people needs {en: …, zh: …}"
        raise DataError(message, where=where, remedy="give both languages and nothing else")
    return Bilingual(get_text(value, "en"), get_text(value, "zh"))


def get_bilingual(entry: Entry, key: str) -> Bilingual:
    """Return a text in two languages that must be there."""
    return as_bilingual(require(entry, key), entry.place(key))


def find_bilingual(entry: Entry, key: str) -> Bilingual | None:
    """Return a text in two languages or None."""
    return None if entry.get(key) is None else get_bilingual(entry, key)


def get_entries(entry: Entry, key: str) -> tuple[Entry, ...]:
    """Return a list of entries; a missing key is an empty one."""
    return as_entries(entry.get(key), entry.place(key))


def as_entries(value: Value, where: str) -> tuple[Entry, ...]:
    """Return a value as entries; null is none."""
    items = [] if value is None else value
    if not isinstance(items, list):
        message = "a list is expected here"
        raise DataError(message, where=where, remedy="begin each entry with a dash")
    entries = []
    for item in items:
        if not isinstance(item, Entry):
            message = f"{item!r} is no entry with keys"
            raise DataError(message, where=where, remedy="write key: value")
        entries.append(item)
    return tuple(entries)


def get_texts(entry: Entry, key: str) -> tuple[str, ...]:
    """Return a list of texts; a missing key is an empty one."""
    items = entry.get(key)
    values = [] if items is None else items
    if not isinstance(values, list):
        message = f"{key!r} must be a list of texts"
        raise DataError(message, where=entry.place(key), remedy="write [one, two]")
    texts = tuple(item for item in values if isinstance(item, str))
    if len(texts) != len(values):
        message = f"{key!r} must be a list of texts"
        raise DataError(message, where=entry.place(key), remedy="put numbers in quotes")
    return texts


def read_entries(path: Path) -> tuple[Entry, ...]:
    """Return the entries of a file that is one list."""
    return as_entries(load_yaml(path), path.name)


def read_entry(path: Path) -> Entry:
    """Return the one mapping that a file is."""
    value = load_yaml(path)
    if not isinstance(value, Entry):
        message = "the file must be one mapping"
        raise DataError(message, where=path.name, remedy="write key: value")
    return value


def as_number(value: Value) -> Decimal | None:
    """Return a number as a Decimal, or None for what is no number."""
    if isinstance(value, Decimal):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    return None
