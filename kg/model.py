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


class Template:
    """Plain data of which fresh copies are made: walked the first time, from a compiled literal after that."""

    __slots__ = ("_make", "_used", "_value")

    def __init__(self, value: dict[str, Json]) -> None:
        """Keep the data, which nobody may change."""
        self._value = value
        self._used = False
        self._make: Callable[[], dict[str, Any]] | None = None

    def fresh(self) -> dict[str, Any]:
        """Return a copy that shares no container with the data or with another copy."""
        if self._make is not None:
            return self._make()
        if self._used:
            self._make = eval(f"lambda: {self._value!r}")  # noqa: S307 - a literal of our own plain data
        self._used = True
        copy: dict[str, Any] = _copied(self._value)
        return copy


def _copied(value: Any) -> Any:  # noqa: ANN401 - plain data of any shape
    if isinstance(value, dict):
        return {key: _copied(part) for key, part in value.items()}
    return [_copied(part) for part in value] if isinstance(value, list) else value


def bits(numbers: Iterable[int]) -> int:
    """Return the integer whose bits at these places are set.

    >>> bits([0, 2])
    5
    """
    mask = 0
    for number in numbers:
        mask |= 1 << number
    return mask
