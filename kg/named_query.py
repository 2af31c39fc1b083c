"""A named query: the grlc head of its file, checked, and the SPARQL below it.

A head is YAML behind `#+` at the top of the file, so that an editor, grlc and this module read the same text. A
parameter that is not given stays unbound; a default is written in the query itself, as COALESCE, so that the file means
the same in every engine.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Final, Literal, NoReturn, TypeAlias

import pyoxigraph as ox

from kg.errors import DataError, UsageError
from kg.model import LANGS, Label, Lang
from kg.namespaces import PREFIXES, expand
from kg.store import Term

Kind: TypeAlias = Literal["cq", "qc"]
Resolve: TypeAlias = Callable[[str, str], str]

_HEAD: Final = "#+"
_FIELDS: Final = frozenset({"id", "summary", "questions", "parameters", "problem", "solution"})
_PARAMETER_FIELDS: Final = frozenset({"type", "label", "default", "required"})
_GRAMMAR: Final = {
    "integer": re.compile(r"[+-]?[0-9]{1,18}\Z", re.ASCII),
    "decimal": re.compile(r"[+-]?[0-9]{1,18}(?:\.[0-9]{1,18})?\Z", re.ASCII),
    "boolean": re.compile(r"(?:true|false)\Z"),
    "string": re.compile(r"[^\x00-\x08\x0b\x0c\x0e-\x1f]*\Z"),
}


@dataclass(frozen=True, slots=True)
class Parameter:
    """What a query may be asked about: `type` is a class of ours or an XSD type, as a prefixed name."""

    name: str
    type: str
    label: Label | None = None
    default: str | None = None
    required: bool = False


@dataclass(frozen=True, slots=True)
class NamedQuery:
    """A query file: its head, and the SPARQL below it; problem and solution are those of a check."""

    id: str
    kind: Kind
    summary: Label
    questions: Mapping[Lang, tuple[str, ...]]
    parameters: tuple[Parameter, ...]
    text: str
    path: Path
    problem: Label | None = None
    solution: Label | None = None

    def bind(self, values: Mapping[str, object], resolve: Resolve) -> dict[str, Term]:
        """Return the terms of the given parameters by name; None stands for one that is not given.

        `resolve` turns a text and the IRI of a class into the IRI meant. Raises UsageError for an unknown or missing
        parameter and for a value that is not of its type, and whatever `resolve` raises.
        """
        known = {parameter.name: parameter for parameter in self.parameters}
        for name in values:
            if name not in known:
                there = ", ".join(known) if known else "none"
                message = f"query {self.id!r} has no parameter {name!r}; it has: {there}"
                raise UsageError(message)
        given = {name: value for name, value in values.items() if value is not None}
        for parameter in self.parameters:
            if parameter.required and parameter.name not in given:
                message = f"query {self.id!r} needs the parameter {parameter.name!r} ({parameter.type})"
                raise UsageError(message)
        return {name: self._term(known[name], value, resolve) for name, value in given.items()}

    def _term(self, parameter: Parameter, value: object, resolve: Resolve) -> Term:
        if parameter.type.startswith("xsd:"):
            text, kind = _lexical(value), parameter.type.removeprefix("xsd:")
            if text is None or not _GRAMMAR[kind].match(text):
                message = f"parameter {parameter.name!r} of query {self.id!r} must be {parameter.type}, not {value!r}"
                raise UsageError(message)
            return ox.Literal(text, datatype=ox.NamedNode(PREFIXES["xsd"] + kind))
        if isinstance(value, ox.NamedNode):
            return value
        if not isinstance(value, str) or not value.strip():
            message = f"parameter {parameter.name!r} of query {self.id!r} must name a {parameter.type}, not {value!r}"
            raise UsageError(message)
        return ox.NamedNode(resolve(value, expand(parameter.type)))


def read_query(path: Path) -> NamedQuery:
    """Return the query of a file; raises DataError with file and line for a head that is not as it should be."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    except (OSError, UnicodeDecodeError) as error:
        message = f"cannot be read: {error}"
        raise DataError(message, where=str(path), remedy="restore the file") from None
    size = next((number for number, line in enumerate(lines) if not line.startswith(_HEAD)), len(lines))
    head = _Head(path, [line.removeprefix(_HEAD).removeprefix(" ") for line in lines[:size]])
    return head.query("".join(lines[size:]))


def _lexical(value: object) -> str | None:
    """Return a Python value as it is written in RDF, or None for one whose text would be a guess (a float)."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, ox.Literal):
        return value.value
    if isinstance(value, Decimal):
        return format(value, "f")
    return str(value) if isinstance(value, int | str) else None


class _Head:
    """The head of one file, checked field by field."""

    def __init__(self, path: Path, lines: list[str]) -> None:
        self._path = path
        self._lines = lines
        self._fields = self._parse()

    def query(self, text: str) -> NamedQuery:
        """Return the query with the SPARQL below the head; raises DataError."""
        fields, path = self._fields, self._path
        if fields.get("id") != path.stem:
            self._fail("id", f"the id must be the name of the file, {path.stem!r}")
        kind: Kind = "qc" if path.parent.name == "qc" else "cq"
        for name in ("problem", "solution"):
            if (name in fields) != (kind == "qc"):
                self._fail(name, f"{name} belongs in the head of a check, and of no other query")
        return NamedQuery(
            id=path.stem,
            kind=kind,
            summary=self._label("summary", fields.get("summary")),
            questions={lang: self._questions(lang) for lang in LANGS},
            parameters=tuple(self._parameters()),
            text=text,
            path=path,
            problem=self._label("problem", fields["problem"]) if kind == "qc" else None,
            solution=self._label("solution", fields["solution"]) if kind == "qc" else None,
        )

    def _parse(self) -> dict[str, object]:
        import yaml  # noqa: PLC0415 - a cold command that runs no named query does without

        if not self._lines:
            self._refuse(1, "there is no head; a query file begins with `#+ id: …`")
        text = "".join(self._lines)
        try:
            root = yaml.compose(text, yaml.SafeLoader)
            fields = yaml.safe_load(text)
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            reason = getattr(error, "problem", None) or "not YAML"
            self._refuse(1 if mark is None else mark.line + 1, f"the head cannot be read: {reason}; quote its texts")
        if not isinstance(fields, dict) or not isinstance(root, yaml.MappingNode):
            self._fail("", "the head must hold fields such as `id: name`")
        self._refuse_twice(root)
        for name in fields:
            if name not in _FIELDS:
                self._fail(str(name), f"{name!r} is no field of a head; those are: {', '.join(sorted(_FIELDS))}")
        return fields

    def _refuse_twice(self, node: object) -> None:
        """Raise DataError where a key stands twice: YAML would silently keep the last."""
        import yaml  # noqa: PLC0415 - as above

        if not isinstance(node, yaml.MappingNode):
            return
        seen = set()
        for key, value in node.value:
            if key.value in seen:
                self._refuse(key.start_mark.line + 1, f"{key.value!r} stands twice")
            seen.add(key.value)
            self._refuse_twice(value)

    def _fail(self, field: str, message: str) -> NoReturn:
        found = (number for number, line in enumerate(self._lines, 1) if field and line.startswith(field))
        self._refuse(next(found, 1), message)

    def _refuse(self, line: int, message: str) -> NoReturn:
        raise DataError(message, where=f"{self._path}, line {line}", remedy="correct the head")

    def _label(self, field: str, value: object) -> Label:
        texts = value if isinstance(value, dict) and set(value) == set(LANGS) else {}
        english, chinese = texts.get("en"), texts.get("zh")
        if not isinstance(english, str) or not isinstance(chinese, str) or not english or not chinese:
            self._fail(field, f"{field} must be a text in each language: {{en: …, zh: …}}")
        return Label(english, chinese)

    def _questions(self, lang: Lang) -> tuple[str, ...]:
        asked = self._fields.get("questions", {})
        texts = asked.get(lang, []) if isinstance(asked, dict) and set(asked) <= set(LANGS) else None
        if not isinstance(texts, list) or not all(isinstance(text, str) and text for text in texts):
            self._fail("questions", "questions must be lists of texts by language: {en: […], zh: […]}")
        return tuple(texts)

    def _parameters(self) -> Iterator[Parameter]:
        given = self._fields.get("parameters", {})
        if not isinstance(given, dict):
            self._fail("parameters", "parameters must be given by name: {name: {type: …}}")
        for name, about in given.items():
            if not isinstance(name, str) or not isinstance(about, dict) or not set(about) <= _PARAMETER_FIELDS:
                allowed = ", ".join(sorted(_PARAMETER_FIELDS))
                self._fail("parameters", f"parameter {name!r} may say {allowed}, and must say its type")
            label = about.get("label")
            yield Parameter(
                name=name,
                type=self._type(name, about.get("type")),
                label=None if label is None else self._label("parameters", label),
                default=str(about["default"]) if "default" in about else None,
                required=about.get("required") is True,
            )

    def _type(self, name: str, given: object) -> str:
        text = given if isinstance(given, str) else ""
        prefix, _, local = text.partition(":")
        if prefix not in PREFIXES or not local or (prefix == "xsd" and local not in _GRAMMAR):
            kinds = ", ".join(f"xsd:{kind}" for kind in _GRAMMAR)
            self._fail("parameters", f"the type of parameter {name!r} must be a class or one of {kinds}")
        return text
