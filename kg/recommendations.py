"""Recommendations and criteria as the graph holds them: what each says to do, for whom, and on whose word."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

import pyoxigraph as ox

from kg.errors import DataError
from kg.expressions import Comparison, Expression, Triples, Value
from kg.facts import FactIndex
from kg.missing import Settler
from kg.model import Json, Label
from kg.namespaces import PREFIXES, expand, local_name
from kg.reading import State
from kg.rules import Definitions, Test, atoms, compile_tests

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
        return {
            "text": self.text.to_dict(),
            "drugs": [drug.to_dict() for drug in self.drugs],
            "tests": [test.to_dict() for test in self.tests],
            "procedures": [procedure.to_dict() for procedure in self.procedures],
        }


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

    def narrow_truth(self, state: State) -> "str":
        """Return the truth of the narrow reading."""
        return _truth(self.tests[0], state)

    def broad_truth(self, state: State) -> "str":
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
            "undefined_zh": [term.zh for term in self.undefined],
            "strength": self.strength,
            "note": None if self.note is None else self.note.en,
            "note_zh": None if self.note is None else self.note.zh,
        }
        if self.is_advisory:
            found["basis"] = "" if self.basis is None else self.basis.en
            found["outside"] = [{"title": title} | ({"url": url} if url else {}) for title, url in self.outside]
        return found


def _truth(tests: tuple[Test, Test], state: State) -> str:
    holds, fails = tests
    return "true" if holds(state.true, state.false) else "false" if fails(state.true, state.false) else "unknown"


class RecommendationReader:
    """Reads recommendations and the criteria under them; one criterion is one object, however often it is used."""

    def __init__(self, triples: Triples, index: FactIndex, definitions: Definitions, units: dict[str, str | None]) -> None:
        """Read from these triples; `units` gives each measurement's canonical unit."""
        self._triples = triples
        self._index = index
        self._definitions = definitions
        self._units = units
        self._criteria: dict[str, Criterion] = {}

    def read(self, node: ox.NamedNode, conditions: Sequence[str], advisories: tuple[str, ...]) -> Recommendation:
        """Read one recommendation, whose condition classes and concerning advisories are known."""
        expanded = [self._definitions.expanded(self._definitions.get(iri)) for iri in conditions]
        topic, source = self._one(node, "topic"), self._one(node, "attributedTo")
        strength = self._find(node, "strength")
        named = dict.fromkeys(iri for condition in conditions[::-1] for iri in self._named(condition))
        return Recommendation(
            iri=node.value,
            id=local_name(node.value),
            order=int(self._text(node, "mbkg:order") or 0),
            topic=self._text(topic, "dcterms:identifier"),
            topic_label=self._label(topic),
            says=self._text(source, "mbkg:shortName"),
            source_label=self._label(source),
            title=self._label(node),
            action=self._action(node),
            strength=None if strength is None else self._text(strength, "dcterms:identifier"),
            strength_label=None if strength is None else self._label(strength),
            note=self._both(node, "note"),
            why_two_readings=self._both(node, "whyTwoReadings") or _NO_TEXT,
            undefined=tuple(sorted(map(self._label, self._all(node, "leavesUndefined")), key=lambda term: term.en)),
            statements=tuple(sorted(local_name(value.value) for value in self._all(node, "fromStatement"))),
            conditions=tuple(conditions),
            is_advisory=self._is_advisory(node),
            basis=self._both(node, "basis"),
            outside=tuple(self._outside(node)),
            concerns=tuple(sorted(local_name(value.value) for value in self._all(node, "concerns"))),
            counts_for_agreement=self._text(node, "mbkg:outOfAgreement") != "true",
            pulls_against=self._pulled(node),
            advisories=advisories,
            criteria=tuple(self._criterion(iri) for iri in named),
            tests=tuple(compile_tests(expression, self._index) for expression in expanded),
            settler=Settler(expanded[0], expanded[-1], self._index),
        )

    def _named(self, condition: str) -> Iterator[str]:
        return self._definitions.criteria(self._definitions.get(condition))

    def _criterion(self, iri: str) -> Criterion:
        found = self._criteria.get(iri)
        if found is None:
            expression: Expression = self._definitions.expanded(self._definitions.get(iri))
            parts = tuple(atoms(expression))
            threshold = next((part for part in parts if isinstance(part, Comparison)), None)
            found = self._criteria[iri] = Criterion(
                iri=iri,
                label=self._label(ox.NamedNode(iri)),
                threshold=threshold,
                unit=None if threshold is None else self._units.get(threshold.code),
                mask=sum({self._index.bit[part] for part in parts}),
                tests=compile_tests(expression, self._index),
            )
        return found

    def _action(self, node: Value) -> Action:
        actions = sorted(self._all(node, "hasAction"), key=lambda action: int(self._text(action, "mbkg:order") or 0))
        drugs, tests, procedures = [], [], []
        for action in actions:
            for drug in self._all(action, "drug"):
                drugs.append(self._drug_use(action, drug))
            for test in self._all(action, "test"):
                tests.append(self._task(action, test))
            for procedure in self._all(action, "procedure"):
                procedures.append(self._task(action, procedure))
        return Action(self._both(node, "actionText") or _NO_TEXT, tuple(drugs), tuple(tests), tuple(procedures))

    def _drug_use(self, action: Value, drug: Value) -> DrugUse:
        route = self._find(action, "route")
        dose = self._text(action, "mbkg:dose")
        return DrugUse(
            iri=drug.value,
            label=self._label(drug),
            dose=dose.removesuffix(".0") or None,
            unit=self._text(action, "mbkg:doseUnit") or None,
            route=None if route is None else self._label(route),
            interval=self._text(action, "mbkg:interval") or None,
            duration=self._text(action, "mbkg:duration") or None,
        )

    def _task(self, action: Value, target: Value) -> Task:
        site = self._find(action, "site")
        return Task(
            iri=target.value,
            label=self._label(target),
            site=None if site is None else self._label(site),
            after=self._text(action, "mbkg:after") or None,
            interval=self._text(action, "mbkg:interval") or None,
            polarity=self._text(action, "mbkg:polarity") or None,
        )

    def _outside(self, node: Value) -> Iterator[tuple[str, str | None]]:
        sources = self._all(node, "hasOutsideSource")
        for source in sorted(sources, key=lambda one: int(self._text(one, "mbkg:order") or 0)):
            yield self._label(source).en, self._text(source, "mbkg:url") or None

    def _pulled(self, node: Value) -> str | None:
        topic = self._find(node, "pullsAgainstTopic")
        return None if topic is None else self._text(topic, "dcterms:identifier")

    def _is_advisory(self, node: Value) -> bool:
        types = self._triples.values(node, PREFIXES["rdf"] + "type")
        return any(value.value == expand("mbkg:Advisory") for value in types)

    def _all(self, node: Value, name: str) -> list[Value]:
        return self._triples.values(node, expand("mbkg:" + name))

    def _find(self, node: Value, name: str) -> Value | None:
        return self._triples.value(node, expand("mbkg:" + name))

    def _one(self, node: Value, name: str) -> Value:
        found = self._find(node, name)
        if found is None:
            raise DataError(f"a recommendation needs a {name}", where=local_name(node.value))
        return found

    def _text(self, node: Value, curie: str) -> str:
        found = self._triples.value(node, expand(curie))
        return "" if found is None else found.value

    def _label(self, node: Value) -> Label:
        return self._texts(node, _LABEL) or Label(local_name(node.value), local_name(node.value))

    def _both(self, node: Value, name: str) -> Label | None:
        return self._texts(node, expand("mbkg:" + name))

    def _texts(self, node: Value, predicate: str) -> Label | None:
        found = {
            value.language: value.value
            for value in self._triples.values(node, predicate)
            if isinstance(value, ox.Literal)
        }
        english = found.get("en") or found.get("zh")
        return None if english is None else Label(english, found.get("zh") or english)
