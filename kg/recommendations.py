"""Recommendations and criteria as the graph holds them: what each says to do, for whom, and on whose word."""

from dataclasses import dataclass, field
from typing import Final

from kg.expressions import Comparison
from kg.missing import Settler
from kg.model import Json, Label, Truth
from kg.namespaces import PREFIXES
from kg.reading import State
from kg.rules import Test

_LABEL: Final = PREFIXES["rdfs"] + "label"
_NO_TEXT: Final = Label("", "")


@dataclass(frozen=True, slots=True)
class Criterion:
    """A named class of patients that verdicts list."""

    iri: str
    label: Label
    threshold: Comparison | None
    unit: str | None
    mask: int
    tests: tuple[Test, Test] = field(repr=False)

    @property
    def measurement(self) -> str | None:
        """The measurement that it compares, or None."""
        return None if self.threshold is None else self.threshold.code

    def to_dict(self) -> dict[str, Json]:
        """Return the criterion as the contract has it."""
        found: dict[str, Json] = {"iri": self.iri, "label": self.label.to_dict()}
        if self.threshold is not None:
            found["threshold"] = {
                "measurement": self.threshold.code,
                "comparator": self.threshold.comparator,
                "value": str(self.threshold.value),
                "unit": self.unit or "1",
            }
        return found


@dataclass(frozen=True, slots=True)
class DrugUse:
    """A drug that an action names, with what the source says of its use; None where it says nothing."""

    iri: str
    label: Label
    dose: str | None
    unit: str | None
    route: Label | None
    interval: str | None
    duration: str | None

    def to_dict(self) -> dict[str, Json]:
        """Return the drug as the contract has it."""
        found: dict[str, Json] = {"iri": self.iri, "label": self.label.to_dict()}
        stated = {
            "dose": self.dose,
            "unit": self.unit,
            "route": None if self.route is None else self.route.en,
            "interval": self.interval,
            "duration": self.duration,
        }
        return found | {key: value for key, value in stated.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Task:
    """A test or procedure that an action names; `after`, `interval` are ISO 8601 durations, `polarity` do or avoid."""

    iri: str
    label: Label
    site: Label | None = None
    after: str | None = None
    interval: str | None = None
    polarity: str | None = None

    def to_dict(self) -> dict[str, Json]:
        """Return the task as JSON has it."""
        found: dict[str, Json] = {"iri": self.iri, "label": self.label.to_dict()}
        if self.site is not None:
            found["site"] = self.site.to_dict()
        stated = {"after": self.after, "interval": self.interval, "polarity": self.polarity}
        return found | {key: value for key, value in stated.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Action:
    """What a recommendation says to do."""

    text: Label
    drugs: tuple[DrugUse, ...]
    tests: tuple[Task, ...]
    procedures: tuple[Task, ...]

    def to_dict(self) -> dict[str, Json]:
        """Return the action as the contract has it."""
        parts: dict[str, list[Json]] = {
            "drugs": [drug.to_dict() for drug in self.drugs],
            "tests": [test.to_dict() for test in self.tests],
            "procedures": [procedure.to_dict() for procedure in self.procedures],
        }
        return {"text": self.text.to_dict()} | {name: part for name, part in parts.items() if part}


@dataclass(frozen=True, slots=True)
class Recommendation:
    """What a source says should be done for the patients of one condition."""

    iri: str
    id: str
    order: int
    topic: str
    topic_label: Label
    says: str
    source_label: Label
    title: Label
    action: Action
    strength: str | None
    strength_label: Label | None
    note: Label | None
    why_two_readings: Label
    undefined: tuple[Label, ...]
    statements: tuple[str, ...]
    conditions: tuple[str, ...]
    is_advisory: bool
    basis: Label | None
    outside: tuple[tuple[str, str | None], ...]
    concerns: tuple[str, ...]
    counts_for_agreement: bool
    pulls_against: str | None
    advisories: tuple[str, ...]
    criteria: tuple[Criterion, ...]
    tests: tuple[tuple[Test, Test], ...] = field(repr=False)
    settler: Settler = field(repr=False)

    @property
    def has_two_readings(self) -> bool:
        """Whether the wording leaves a narrow and a broad reading."""
        return len(self.tests) > 1

    def narrow_truth(self, state: State) -> Truth:
        """Return the truth of the narrow reading."""
        return _truth(self.tests[0], state)

    def broad_truth(self, state: State) -> Truth:
        """Return the truth of the broad reading."""
        return _truth(self.tests[-1], state)

    def to_dict(self) -> dict[str, Json]:
        """Return what of a verdict does not depend on the patient."""
        found: dict[str, Json] = {
            "id": self.id,
            "iri": self.iri,
            "topic": self.topic,
            "says": self.says,
            "verdict": None,
            "title": self.title.to_dict(),
            "action": self.action.to_dict(),
            "undefined": [term.en for term in self.undefined],
            "strength": self.strength,
            "note": None if self.note is None else self.note.en,
            "note_zh": None if self.note is None else self.note.zh,
        }
        if self.undefined:
            found["undefined_zh"] = [term.zh for term in self.undefined]
        if self.is_advisory:
            found["basis"] = "" if self.basis is None else self.basis.en
            found["outside"] = [_source(title, url) for title, url in self.outside]
        return found


def _source(title: str, url: str | None) -> dict[str, Json]:
    return {"title": title} if url is None else {"title": title, "url": url}


def _truth(tests: tuple[Test, Test], state: State) -> Truth:
    holds, fails = tests
    return "true" if holds(state.true, state.false) else "false" if fails(state.true, state.false) else "unknown"
