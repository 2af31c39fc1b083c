"""Reading a case from a file or standard input: JSON or YAML, strictly, with the line of what is wrong.

A clinical value must not change because of how a parser guesses: a key given twice, `NaN`, an alias, a date read as a
sum of sixties or `012` as ten are refused or kept as text. A file is at most 1 MiB, and at most 32 levels deep.
"""

import json
import re
import sys
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, Final, NoReturn

from kg.errors import DataError, LimitError, UsageError

SIZE_LIMIT: Final = 1024 * 1024
DEPTH_LIMIT: Final = 32
_JSON_STARTS: Final = ("{", "[")
_INT: Final = re.compile(r"-?(?:0|[1-9][0-9]*)\Z", re.ASCII)
_FLOAT: Final = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?\Z", re.ASCII)
_WORDS: Final = {"true": True, "false": False, "null": None, "~": None, "": None}
_DIGITS_LIMIT: Final = 100


def load_case(path: str | Path) -> dict[str, Any]:
    """Return the mapping that a case file holds; `-` is standard input.

    Raises UsageError where there is no such file, LimitError for one too large or too deep, DataError for the rest.
    """
    name = str(path)
    text = _decoded(_bytes(name), name)
    found = parse_case(text, name="standard input" if name == "-" else name)
    if not isinstance(found, dict):
        _fail(name, "a case is a mapping with an id", 'start with {"id": "…"} or id: …')
    return found


def parse_case(text: str, *, name: str = "case") -> Any:  # noqa: ANN401 - whatever the text holds
    """Return what a JSON or YAML text holds, numbers exactly as written (int or Decimal)."""
    if text.lstrip().startswith(_JSON_STARTS):
        return _json(text, name)
    return _yaml(text, name)


def _bytes(name: str) -> bytes:
    if name == "-":
        data = sys.stdin.buffer.read(SIZE_LIMIT + 1)
    else:
        try:
            with Path(name).open("rb") as stream:
                data = stream.read(SIZE_LIMIT + 1)
        except OSError as error:
            message = f"{name}: {error.strerror or error}; give the path of a case file, or - for standard input"
            raise UsageError(message) from None
    if len(data) > SIZE_LIMIT:
        message = f"{name}: larger than 1 MiB; a case is a few kilobytes"
        raise LimitError(message)
    return data


def _decoded(data: bytes, name: str) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        _fail(name, f"not UTF-8 at byte {error.start}", "save it as UTF-8")


def _fail(where: str, message: str, remedy: str | None = None) -> NoReturn:
    raise DataError(message, where=where, remedy=remedy)


def _json(text: str, name: str) -> Any:  # noqa: ANN401 - as above
    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, value in items:
            if key in found:
                _yaml(text, name)  # JSON is YAML, and that reader knows the line
                _fail(name, f"the key {key!r} stands twice", "keep one of them")
            found[key] = value
        return found

    def constant(word: str) -> NoReturn:
        _fail(name, f"{word} is not a number", "leave the measurement out if it is unknown")

    _refuse_depth(text, name)
    try:
        return json.loads(
            text,
            object_pairs_hook=pairs,
            parse_constant=constant,
            parse_float=lambda digits: _number(digits, name),
            parse_int=lambda digits: _number(digits, name),
        )
    except json.JSONDecodeError as error:
        _fail(f"{name}, line {error.lineno}", f"not JSON: {error.msg}", "correct it")


def _refuse_depth(text: str, name: str) -> None:
    """Refuse brackets nested too deeply, before a parser recurses into them."""
    depth = 0
    for bracket in re.findall(r'"(?:[^"\\]|\\.)*"|[\[\]{}]', text):
        if bracket in "[{":
            depth += 1
            if depth > DEPTH_LIMIT:
                message = f"{name}: nested more than {DEPTH_LIMIT} levels deep; a case has three"
                raise LimitError(message)
        elif bracket in "]}":
            depth -= 1


def _number(digits: str, name: str) -> int | Decimal:
    if len(digits) > _DIGITS_LIMIT:
        message = f"{name}: a number of {len(digits)} digits; no measurement has so many"
        raise LimitError(message)
    if _INT.match(digits):
        return int(digits)
    try:
        return Decimal(digits)
    except InvalidOperation:  # an exponent of many digits
        message = f"{name}: the number {digits} has an exponent that no measurement has"
        raise LimitError(message) from None


def _yaml(text: str, name: str) -> Any:  # noqa: ANN401 - as above
    import yaml  # noqa: PLC0415 - a JSON case does without it

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        return _YamlReader(yaml, name).read(yaml.parse(text, Loader=loader))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = name if mark is None else f"{name}, line {mark.line + 1}"
        _fail(where, f"not YAML: {getattr(error, 'problem', None) or 'unreadable'}", "correct it")


class _YamlReader:
    """Builds plain data from YAML events, refusing what two readers could read differently."""

    def __init__(self, yaml: Any, name: str) -> None:  # noqa: ANN401 - the module
        self._yaml = yaml
        self._name = name

    def read(self, events: Any) -> Any:  # noqa: ANN401 - a generator of events
        stream = iter(events)
        next(stream)
        first = next(stream)
        if isinstance(first, self._yaml.StreamEndEvent):
            return None
        value = self._value(next(stream), stream, 0)
        next(stream)
        if not isinstance(next(stream), self._yaml.StreamEndEvent):
            _fail(self._name, "holds more than one YAML document", "give one case a file")
        return value

    def _where(self, event: Any) -> str:  # noqa: ANN401 - an event
        return f"{self._name}, line {event.start_mark.line + 1}"

    def _value(self, event: Any, stream: Any, depth: int) -> Any:  # noqa: ANN401 - events in, plain data out
        if depth > DEPTH_LIMIT:
            message = f"{self._where(event)}: nested more than {DEPTH_LIMIT} levels deep; a case has three"
            raise LimitError(message)
        if isinstance(event, self._yaml.AliasEvent) or getattr(event, "anchor", None):
            _fail(self._where(event), "anchors and aliases are not used in a case", "write the value out")
        if getattr(event, "tag", None) is not None:
            _fail(self._where(event), f"the tag {event.tag} is not used in a case", "leave it out")
        if isinstance(event, self._yaml.ScalarEvent):
            return self._scalar(event)
        if isinstance(event, self._yaml.SequenceStartEvent):
            found = []
            while not isinstance(item := next(stream), self._yaml.SequenceEndEvent):
                found.append(self._value(item, stream, depth + 1))
            return found
        return self._mapping(stream, depth)

    def _mapping(self, stream: Any, depth: int) -> Mapping[str, Any]:  # noqa: ANN401 - as above
        found: dict[str, Any] = {}
        while not isinstance(key := next(stream), self._yaml.MappingEndEvent):
            if not isinstance(key, self._yaml.ScalarEvent) or key.anchor or key.tag is not None:
                _fail(self._where(key), "a key is a word", "write key: value")
            if key.value in found:
                _fail(self._where(key), f"the key {key.value!r} stands twice", "keep one of them")
            found[key.value] = self._value(next(stream), stream, depth + 1)
        return found

    def _scalar(self, event: Any) -> Any:  # noqa: ANN401 - as above
        text: str = event.value
        if not event.implicit[0]:
            return text
        if text in _WORDS:
            return _WORDS[text]
        return _number(text, self._where(event)) if _FLOAT.match(text) else text
