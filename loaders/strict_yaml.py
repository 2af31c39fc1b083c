"""YAML as our source folders use it: what a person typed is what is read, and every entry knows its line.

PyYAML keeps the last of two equal keys, reads `1:30` as ninety and `012` as ten, and follows aliases. None of that can
be told from a slip of the hand, so each is refused here with file and line, and a value that YAML 1.1 would turn into
something else must be quoted. Numbers are `int` or `Decimal`; nothing becomes a binary fraction.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Final, NoReturn, TypeAlias

import yaml

from kg.errors import DataError, LimitError

Value: TypeAlias = "str | int | Decimal | bool | Entry | list[Value] | None"

_INTEGER: Final = re.compile(r"-?(?:0|[1-9][0-9]*)\Z")
_DECIMAL: Final = re.compile(r"-?(?:0|[1-9][0-9]*)\.[0-9]+\Z")
_EXPONENT: Final = re.compile(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)[eE][-+]?[0-9]+\Z")
_WORDS: Final[dict[str, bool | None]] = {"null": None, "true": True, "false": False}
_MAX_BYTES: Final = 8 * 1024 * 1024
_MAX_DEPTH: Final = 32
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Entry(dict[str, Value]):
    """A mapping that knows where it stands; `where` is `file:line`, and `place(key)` the same for one key."""

    __slots__ = ("_file", "_lines", "line")

    def __init__(self, file: str, line: int) -> None:
        """Start empty at one line (from 1) of a file."""
        super().__init__()
        self._file = file
        self._lines: dict[str, int] = {}
        self.line = line

    @property
    def where(self) -> str:
        """Return `file:line` of the entry."""
        return f"{self._file}:{self.line}"

    def line_of(self, key: str) -> int:
        """Return the line of a key, or of the entry where the key is missing."""
        return self._lines.get(key, self.line)

    def place(self, key: str) -> str:
        """Return `file:line` of a key, or of the entry where the key is missing."""
        return f"{self._file}:{self.line_of(key)}"

    def empty(self) -> "Entry":
        """Return an entry without keys at the same place."""
        return Entry(self._file, self.line)

    def put(self, key: str, value: Value, line: int) -> None:
        """Add a key; raises DataError where it is there already."""
        if key in self:
            message = f"the key {key!r} stands twice"
            raise DataError(message, where=f"{self._file}:{line}", remedy="keep one of the two")
        self[key] = value
        self._lines[key] = line


def load_yaml(path: Path) -> Value:
    """Return the content of a YAML file; raises DataError (file and line) or LimitError."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise DataError(error.strerror or "cannot be read", where=str(path), remedy="check the path") from error
    if len(content) > _MAX_BYTES:
        message = f"{path}: larger than {_MAX_BYTES} bytes; split the file"
        raise LimitError(message)
    try:
        return parse_yaml(content.decode("utf-8"), file=path.name)
    except UnicodeDecodeError as error:
        message = f"not UTF-8 at byte {error.start}"
        raise DataError(message, where=path.name, remedy="save the file as UTF-8") from error


def parse_yaml(text: str, *, file: str = "<text>") -> Value:
    """Return the content of YAML text; raises DataError with `file:line`."""
    try:
        return _Reader(file, iter(yaml.parse(text, Loader=_LOADER))).document()
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = file if mark is None else f"{file}:{mark.line + 1}"
        problem = getattr(error, "problem", None) or "not YAML"
        raise DataError(str(problem), where=where, remedy="check quotes and indentation") from error


class _Reader:
    """Turns YAML's events into values, without YAML's guesses."""

    def __init__(self, file: str, events: Iterator[yaml.Event]) -> None:
        self._file = file
        self._events = events

    def document(self) -> Value:
        value: Value = None
        documents = 0
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self._refuse("a second document", event, "one document a file")
                value = self._value(next(self._events), 0)
        return value

    def _refuse(self, message: str, event: yaml.Event, remedy: str) -> NoReturn:
        raise DataError(message, where=f"{self._file}:{_line(event)}", remedy=remedy)

    def _value(self, event: yaml.Event, depth: int) -> Value:
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None:
            self._refuse("an anchor or alias", event, "write the value out")
        if getattr(event, "tag", None) is not None:
            self._refuse(f"a tag {getattr(event, 'tag', '')}", event, "leave it out")
        if depth > _MAX_DEPTH:
            self._refuse(f"nested more than {_MAX_DEPTH} deep", event, "flatten it")
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event)
        if isinstance(event, yaml.SequenceStartEvent):
            return list(self._items(depth))
        return self._entry(event, depth)

    def _items(self, depth: int) -> Iterator[Value]:
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            yield self._value(event, depth + 1)

    def _entry(self, start: yaml.Event, depth: int) -> Entry:
        entry = Entry(self._file, _line(start))
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent):
                self._refuse("a key that is not a word", event, "use a plain key")
            if event.value == "<<":
                self._refuse("a merge key", event, "write the keys out")
            entry.put(event.value, self._value(next(self._events), depth + 1), _line(event))
        return entry

    def _scalar(self, event: yaml.ScalarEvent) -> Value:
        text = str(event.value)
        if not event.implicit[0]:
            return text
        if text in _WORDS:
            return _WORDS[text]
        if _INTEGER.match(text):
            return int(text)
        if _DECIMAL.match(text):
            return Decimal(text)
        if text == "" or self._would_change(text):
            self._refuse(f"{text!r} is read differently by different programs", event, "put it in quotes")
        return text

    @staticmethod
    def _would_change(text: str) -> bool:
        resolvers = yaml.SafeLoader.yaml_implicit_resolvers.get(text[0], [])
        return _EXPONENT.match(text) is not None or any(pattern.match(text) for _, pattern in resolvers)


def _line(event: yaml.Event) -> int:
    """Return the line of an event, from 1."""
    return 0 if event.start_mark is None else event.start_mark.line + 1
