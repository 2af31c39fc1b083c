"""The engine: from a case to the verdict of every recommendation.

It holds no drug, threshold or guideline. It reads the conditions from the ontology, gives each fact a bit, and asks
each condition of the two masks of a patient.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from functools import cached_property
from typing import Any, Final

import pyoxigraph as ox

from kg.case import Case, read_case
from kg.errors import DataError, NotFoundError
from kg.expressions import Expression
from kg.facts import FactIndex
from kg.model import Json, Label, Problem, Template
from kg.namespaces import expand, local_name
from kg.provenance import Provenance, Quotation
from kg.reading import State, read_state
from kg.recommendation_reader import RecommendationReader
from kg.recommendations import Recommendation
from kg.resolver import Resolver
from kg.rules import Definitions, Test, drugs_and_comparisons
from kg.store import Store
from kg.verdicts import Outcome, Verdicts
from kg.vocabulary import Vocabulary

_CONDITIONS: Final = ("condition", "narrowCondition", "broadCondition")


class Engine:
    """Verdicts from one graph. Building it costs milliseconds; each case after that costs microseconds."""

    def __init__(
        self, store: Store, *, version_iri: str = "", digest: str = "", quotation: Quotation | None = None
    ) -> None:
        """Read concepts, criteria and recommendations from all graphs of a store."""
        self._store = store
        self._knowledge = (version_iri, digest)
        self._quotation = quotation
        self.vocabulary = Vocabulary(store)
        self.resolver = Resolver(store, self.vocabulary)
        self.definitions = Definitions(self.vocabulary.triples)
        conditions = self._conditions_of()
        expanded = {
            iri: self.definitions.expanded(self.definitions.get(iri))
            for classes in conditions.values()
            for iri in classes
        }
        self.index = self._index(expanded)
        self.recommendations = tuple(sorted(self._read(conditions), key=lambda one: one.order))
        self._templates: dict[str, Template] = {}
        self._places = {one.id: place for place, one in enumerate(self.recommendations)}
        self._tests: tuple[tuple[Test, Test, Test | None], ...] = tuple(
            (one.tests[0][0], one.tests[-1][1], one.tests[-1][0] if one.has_two_readings else None)
            for one in self.recommendations
        )
        self.vocabulary.triples.forget()

    def recommend(self, data: object, *, today: date | None = None) -> Verdicts:
        """Return all verdicts for a case given as a mapping; raises DataError for the first thing wrong with it."""
        return self.decide(read_case(data, self.resolver, today=today))

    def decide(self, case: Case) -> Verdicts:
        """Return all verdicts for a checked case."""
        state = read_state(case, self.index, self.vocabulary)
        return Verdicts(self, case, state, self.outcomes(state))

    def outcomes(self, state: State) -> tuple[Outcome, ...]:
        """Return the outcome of every recommendation, in order, for what is known."""
        true, false = state.true, state.false
        found: list[Outcome] = []
        for holds, fails, may_hold in self._tests:
            if holds(true, false):
                found.append("applies")
            elif fails(true, false):
                found.append("does-not-apply")
            elif may_hold is not None and may_hold(true, false):
                found.append("ambiguous")
            else:
                found.append("unknown")
        return tuple(found)

    def place(self, identifier: str) -> int:
        """Return where a recommendation stands; raises NotFoundError with the nearest ids."""
        found = self._places.get(identifier)
        if found is None:
            from rapidfuzz import process  # noqa: PLC0415 - needed only where an id names nothing

            near = ", ".join(name for name, _, _ in process.extract(identifier, list(self._places), limit=3))
            message = f"there is no recommendation {identifier!r}; nearest: {near}"
            raise NotFoundError(message)
        return found

    @cached_property
    def provenance(self) -> Provenance:
        """The statements behind the recommendations."""
        return Provenance(self._store, self._quotation)

    @cached_property
    def topics(self) -> tuple[tuple[str, dict[str, tuple[str, ...]]], ...]:
        """The topics that more than one source speaks to, with the recommendations of each source."""
        found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for one in self.recommendations:
            if one.counts_for_agreement and not one.is_advisory:
                found[one.topic][one.says].append(one.id)
        return tuple(
            (topic, {source: tuple(names) for source, names in sources.items()})
            for topic, sources in found.items()
            if len(sources) > 1
        )

    def template(self, recommendation: Recommendation) -> dict[str, Any]:
        """Return a fresh copy of what of a recommendation's verdict is the same for every patient."""
        found = self._templates.get(recommendation.id)
        if found is None:
            found = self._templates[recommendation.id] = Template(self._unfilled(recommendation))
        return found.fresh()

    def _unfilled(self, recommendation: Recommendation) -> dict[str, Json]:
        """Return a verdict in which what depends on the patient has its place and no value."""
        found = recommendation.to_dict()
        if recommendation.has_two_readings:
            why = recommendation.why_two_readings
            found["readings"] = {"narrow": None, "broad": None, "why": why.en, "why_zh": why.zh}
        found["because"] = []
        found["missing"] = []
        found["advisories"] = []
        found["provenance"] = [self.provenance.get(name).to_provenance() for name in recommendation.statements]
        return found

    def knowledge(self) -> dict[str, Json]:
        """Return the version and the digest of the knowledge that verdicts come from."""
        return {"version_iri": self._knowledge[0], "sha256": self._knowledge[1]}

    def label_conflicts(self, verdicts: Verdicts) -> Iterator[Problem]:
        """Yield a problem for each recommendation that applies against others that apply."""
        for one in self.recommendations:
            if one.pulls_against is None or verdicts[one.id].outcome != "applies":
                continue
            against = [
                other.id
                for other in self.recommendations
                if other.topic == one.pulls_against and other.id != one.id and verdicts[other.id].outcome == "applies"
            ]
            if against:
                message = Label(
                    f"{one.id} applies beside {', '.join(against)}: the case pulls in different directions",
                    f"{one.id}与{'、'.join(against)}同时成立：该病例的标签指向不同方向",
                )
                yield Problem("label-conflict", message, ())

    def _conditions_of(self) -> dict[str, tuple[str, ...]]:
        """Return the condition classes of every recommendation: one, or the narrow and the broad one."""
        found: dict[str, dict[str, str]] = defaultdict(dict)
        for name in _CONDITIONS:
            for subject, condition in self._store.objects(expand("mbkg:" + name)):
                found[subject.value][name] = condition.value
        conditions = {}
        for iri, named in found.items():
            if set(named) not in ({"condition"}, {"narrowCondition", "broadCondition"}):
                raise DataError(
                    "a recommendation has one condition, or a narrow and a broad one", where=local_name(iri)
                )
            conditions[iri] = tuple(named[name] for name in _CONDITIONS if name in named)
        return conditions

    def _index(self, expanded: dict[str, Expression]) -> FactIndex:
        drugs, comparisons = drugs_and_comparisons(expanded)
        return FactIndex(self.vocabulary, comparisons, drugs)

    def _read(self, conditions: dict[str, tuple[str, ...]]) -> Iterator[Recommendation]:
        units = {concept.code: concept.unit for concept in self.vocabulary.concepts.values()}
        reader = RecommendationReader(self.vocabulary.triples, self.index, self.definitions, units)
        concerning: dict[str, list[str]] = defaultdict(list)
        for advisory, concerned in self._store.objects(expand("mbkg:concerns")):
            if advisory.value in conditions:
                concerning[concerned.value].append(local_name(advisory.value))
        for iri, classes in conditions.items():
            yield reader.read(ox.NamedNode(iri), classes, tuple(sorted(concerning.get(iri, ()))))
