"""Reading recommendations, and the criteria under them, from the graph."""

from collections.abc import Iterator, Sequence
from typing import Final

import pyoxigraph as ox

from kg.errors import DataError
from kg.expressions import Comparison, Expression, Triples, Value
from kg.facts import FactIndex
from kg.missing import Settler
from kg.model import Label
from kg.namespaces import PREFIXES, expand, local_name
from kg.recommendations import Action, Criterion, DrugUse, Recommendation, Task
from kg.rules import Definitions, atoms, compile_tests

_LABEL: Final = PREFIXES["rdfs"] + "label"
_NO_TEXT: Final = Label("", "")


class RecommendationReader:
    """Reads recommendations and the criteria under them; one criterion is one object, however often it is used."""

    def __init__(
        self, triples: Triples, index: FactIndex, definitions: Definitions, units: dict[str, str | None]
    ) -> None:
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
            order=self._order(node),
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
            undefined=tuple(map(self._label, sorted(self._all(node, "leavesUndefined"), key=self._order))),
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
        actions = sorted(self._all(node, "hasAction"), key=self._order)
        drugs: list[DrugUse] = []
        tests: list[Task] = []
        procedures: list[Task] = []
        for action in actions:
            drugs += [self._drug_use(action, drug) for drug in self._all(action, "drug")]
            tests += [self._task(action, test) for test in self._all(action, "test")]
            procedures += [self._task(action, procedure) for procedure in self._all(action, "procedure")]
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
        for source in sorted(self._all(node, "hasOutsideSource"), key=self._order):
            yield self._label(source).en, self._text(source, "mbkg:url") or None

    def _order(self, node: Value) -> int:
        return int(self._text(node, "mbkg:order") or 0)

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
        return self._triples.label(node)

    def _both(self, node: Value, name: str) -> Label | None:
        return self._triples.texts(node, expand("mbkg:" + name))
