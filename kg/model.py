"""Small things that many modules speak of: a label in both languages, a concept of a case, a problem of a case."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final, Literal, TypeAlias

Lang: TypeAlias = Literal["en", "zh"]
Truth: TypeAlias = Literal["true", "false", "unknown"]
Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | float | bool | None"

LANGS: Final[tuple[Lang, ...]] = ("en", "zh")

CONDITIONS: Final = "conditions"
MEASUREMENTS: Final = "measurements"
FINDINGS: Final = "findings"
TREATMENTS: Final = "treatments"

KIND_OF_LIST: Final[dict[str, str]] = {
    CONDITIONS: "condition",
    MEASUREMENTS: "measurement",
    FINDINGS: "finding",
    TREATMENTS: "drug",
}
"""The kind of concept that each list of a case holds."""


@dataclass(frozen=True, slots=True)
class Label:
    """A text in English and Chinese."""

    en: str
    zh: str

    def to_dict(self) -> dict[str, Json]:
        """Return {"en": …, "zh": …}."""
        return {"en": self.en, "zh": self.zh}

    def text(self, lang: Lang) -> str:
        """Return the text in one language."""
        return self.zh if lang == "zh" else self.en


@dataclass(frozen=True, slots=True)
class Concept:
    """A term that a case may name, with what the ontology says of how it is given."""

    code: str
    kind: str
    label: Label
    unit: str | None = None
    accepted_units: tuple[str, ...] = ()
    molar_mass: Decimal | None = None
    modalities: frozenset[str] = frozenset()
    takes_since: bool = False
    months_of_drug: str | None = None
    largest_gap_in_days: int = 0
    months_since_finding: str | None = None
    factors: Mapping[str, Fraction] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in a case that was left out, is unknown, or should be looked at; `entries` as `measurements/2`."""

    kind: str
    message: Label
    entries: tuple[str, ...] = field(default=())

    def to_dict(self) -> dict[str, Json]:
        """Return the problem as the contract has it."""
        return {"kind": self.kind, "entries": list[Json](self.entries), "message": self.message.to_dict()}


def copier(value: Json) -> Callable[[], Any]:
    """Return a function that makes fresh copies of plain data: what is looked at once need not be walked again."""
    if not isinstance(value, dict | list):
        return lambda: value
    if _is_flat(value):
        return value.copy
    if isinstance(value, dict):
        return _dict_copier(value)
    shallow = [part for part in value if isinstance(part, dict) and _is_flat(part)]
    if len(shallow) == len(value):
        return lambda: [part.copy() for part in shallow]
    parts = [copier(part) for part in value]
    return lambda: [part() for part in parts]


def _dict_copier(value: dict[str, Json]) -> Callable[[], Any]:
    nested = [(key, part) for key, part in value.items() if isinstance(part, dict | list)]
    shallow = [(key, part) for key, part in nested if _is_flat(part)]
    deep = [(key, copier(part)) for key, part in nested if not _is_flat(part)]

    def copy_dict() -> dict[str, Json]:
        copy = value.copy()
        for key, part in shallow:
            copy[key] = part.copy()
        for key, make in deep:
            copy[key] = make()
        return copy

    return copy_dict


def _is_flat(value: dict[str, Json] | list[Json]) -> bool:
    """Tell whether nothing in a container is a container."""
    parts = value.values() if isinstance(value, dict) else value
    return not any(isinstance(part, dict | list) for part in parts)


def bits(numbers: Iterable[int]) -> int:
    """Return the integer whose bits at these places are set.

    >>> bits([0, 2])
    5
    """
    mask = 0
    for number in numbers:
        mask |= 1 << number
    return mask
