"""What comes out: for every recommendation a verdict with its reasons, and how the sources agree.

The results keep the masks that they were decided on and work the rest out when it is asked for, so that a thousand
patients cost what their verdicts cost, and one patient can have everything.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any, Final, Literal, NamedTuple, Protocol, TypeAlias

from kg.case import Case, Entry
from kg.model import Json, Problem, Truth
from kg.provenance import Provenance, Statement
from kg.reading import State, entries_behind
from kg.recommendations import Criterion, Recommendation

Outcome: TypeAlias = Literal["applies", "does-not-apply", "ambiguous", "unknown"]

OUTCOMES: Final[tuple[Outcome, ...]] = ("applies", "ambiguous", "unknown", "does-not-apply")
"""The order in which a source's verdicts on one topic count: the first that one of its recommendations has."""
_SETTLED: Final = frozenset({"applies", "does-not-apply"})
_DIGITS: Final = 15
"""Significant digits of a converted value in JSON: as many as every reader keeps."""


class Rulebook(Protocol):
    """What verdicts ask of the engine that decided them."""

    recommendations: tuple[Recommendation, ...]

    @property
    def provenance(self) -> Provenance:
        """The statements behind the recommendations."""

    @property
    def topics(self) -> tuple[tuple[str, dict[str, tuple[str, ...]]], ...]:
        """The topics that more than one source speaks to, with the recommendations of each source."""

    def place(self, identifier: str) -> int:
        """Return where a recommendation stands."""

    def template(self, recommendation: Recommendation) -> dict[str, Any]:
        """Return a fresh copy of what of a recommendation's verdict is the same for every patient."""

    def knowledge(self) -> dict[str, Json]:
        """Return the version and the digest of the knowledge."""

    def label_conflicts(self, verdicts: "Verdicts") -> Iterator[Problem]:
        """Yield a problem for each recommendation that applies against others that apply."""


class Reason(NamedTuple):
    """A criterion under a verdict, its truth, and the entries of the case that it stood on."""

    criterion: Criterion
    truth: Truth
    facts: tuple[Entry, ...]


def fact_of(entry: Entry) -> dict[str, Json]:
    """Return an entry as given, with its list and place, and its converted value where there was a conversion."""
    fact: dict[str, Json] = {"list": entry.list, "index": entry.index}
    for key, value in entry.given.items():
        fact[key] = number_of(value) if isinstance(value, Decimal) else value
    if entry.converted and entry.concept is not None:
        fact["converted"] = {"value": number_text(entry.value, _DIGITS), "unit": entry.concept.unit}
    return fact


def number_of(value: Decimal) -> Json:
    """Return a decimal as a JSON number, or as text where no JSON reader's number is exactly that."""
    if value == value.to_integral_value() and value.adjusted() < 15:  # noqa: PLR2004 - what a double holds exactly
        return int(value)
    number = float(value)
    return number if Decimal(repr(number)) == value else str(value)


def number_text(value: float | Decimal | Fraction, digits: int = 6) -> str:
    """Return a number as text: exact where it ends, else rounded to some significant digits."""
    if isinstance(value, Fraction):
        exact = Decimal(value.numerator) / Decimal(value.denominator)
        value = exact if Fraction(exact) == value else Decimal(f"{float(value):.{digits}g}")
    return format(value.normalize(), "f") if isinstance(value, Decimal) else str(value)


class Verdict:
    """What one recommendation says for one patient."""

    __slots__ = ("_verdicts", "outcome", "recommendation")

    def __init__(self, verdicts: "Verdicts", recommendation: Recommendation, outcome: Outcome) -> None:
        """Keep the whole that it belongs to; its reasons are worked out from it."""
        self._verdicts = verdicts
        self.recommendation = recommendation
        self.outcome: Outcome = outcome

    def __repr__(self) -> str:
        """Show the recommendation and the outcome."""
        return f"Verdict({self.recommendation.id!r}, {self.outcome!r})"

    @property
    def id(self) -> str:
        """The id of the recommendation."""
        return self.recommendation.id

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """The named criteria under the verdict, in the order of the axiom, with their truth and their facts."""
        return tuple(self._verdicts.reason(criterion) for criterion in self.recommendation.criteria)

    @property
    def missing(self) -> tuple[tuple[str, ...], ...]:
        """The smallest sets of unknown facts that would settle it; empty where it is settled or nothing can."""
        if self.outcome in _SETTLED:
            return ()
        return self.recommendation.settler.sets(self._verdicts.state)

    @property
    def readings(self) -> tuple[Truth, Truth] | None:
        """The truth of the narrow and of the broad reading, or None where there is one reading."""
        if not self.recommendation.has_two_readings:
            return None
        state = self._verdicts.state
        return self.recommendation.narrow_truth(state), self.recommendation.broad_truth(state)

    @property
    def advisories(self) -> tuple[str, ...]:
        """The ids of the advisories from outside that concern it, none where it does not apply."""
        if self.outcome == "does-not-apply":
            return ()
        return tuple(
            name for name in self.recommendation.advisories if self._verdicts[name].outcome != "does-not-apply"
        )

    @property
    def provenance(self) -> tuple[Statement, ...]:
        """The statements that the recommendation comes from."""
        return self._verdicts.statements(self.recommendation)

    def to_dict(self, because: "Because | None" = None) -> dict[str, Json]:
        """Return the verdict as `verdicts.schema.json` has it.

        `because` holds the criteria already written for the same answer: a criterion under several verdicts is one
        object in an answer, and never the same object in two.
        """
        found = self._verdicts.template(self.recommendation)
        written = Because(self._verdicts) if because is None else because
        found["verdict"] = self.outcome
        found["because"] = [written.of(criterion) for criterion in self.recommendation.criteria]
        if self.outcome not in _SETTLED:
            found["missing"] = [list(names) for names in self.missing]
        found["advisories"] = list(self.advisories)
        readings = self.readings
        if readings is not None:
            found["readings"]["narrow"], found["readings"]["broad"] = readings
        return found


class Because:
    """The criteria of one answer as JSON has them, each written when it is first asked for."""

    __slots__ = ("_verdicts", "_written")

    def __init__(self, verdicts: "Verdicts") -> None:
        """Write nothing yet."""
        self._verdicts = verdicts
        self._written: dict[str, dict[str, Json]] = {}

    def of(self, criterion: Criterion) -> dict[str, Json]:
        """Return a criterion, its truth and the entries that it stood on."""
        found = self._written.get(criterion.iri)
        if found is None:
            reason = self._verdicts.reason(criterion)
            facts: list[Json] = [fact_of(entry) for entry in reason.facts]
            found = {"criterion": criterion.to_dict(), "truth": reason.truth, "facts": facts}
            self._written[criterion.iri] = found
        return found


@dataclass(frozen=True, slots=True)
class Agreement:
    """What the sources that speak to one topic say for this patient, and whether all have the same verdict."""

    topic: str
    says: Mapping[str, Mapping[str, Outcome]]
    agree: bool

    def to_dict(self) -> dict[str, Json]:
        """Return the agreement as the contract has it."""
        says: dict[str, Json] = {source: dict[str, Json](verdicts) for source, verdicts in self.says.items()}
        return {"topic": self.topic, "says": says, "agree": self.agree}


class Verdicts:
    """All verdicts for one case; a sequence of them in the rulebook's order, and a mapping by id."""

    def __init__(self, rulebook: Rulebook, case: Case, state: State, outcomes: tuple[Outcome, ...]) -> None:
        """Keep what was decided, and what it was decided on."""
        self._rulebook = rulebook
        self.case = case
        self.state = state
        self.outcomes = outcomes
        self._reasons: dict[str, Reason] = {}

    @cached_property
    def verdicts(self) -> tuple[Verdict, ...]:
        """One verdict for every recommendation, advisories included, in the rulebook's order."""
        pairs = zip(self._rulebook.recommendations, self.outcomes, strict=True)
        return tuple(Verdict(self, recommendation, outcome) for recommendation, outcome in pairs)

    def __iter__(self) -> Iterator[Verdict]:
        """Iterate over the verdicts."""
        return iter(self.verdicts)

    def __len__(self) -> int:
        """Return how many recommendations there are."""
        return len(self.outcomes)

    def __getitem__(self, identifier: str) -> Verdict:
        """Return the verdict on one recommendation; raises NotFoundError with the nearest ids."""
        return self.verdicts[self._rulebook.place(identifier)]

    @property
    def as_of(self) -> date:
        """The day that the case was judged at."""
        return self.case.as_of

    @cached_property
    def problems(self) -> tuple[Problem, ...]:
        """What was left out, is unknown for a contradiction, or should be looked at."""
        return (*self.state.problems, *self._rulebook.label_conflicts(self))

    @cached_property
    def agreement(self) -> tuple[Agreement, ...]:
        """How the sources agree, for every topic that more than one of them speaks to."""
        found = []
        for topic, sources in self._rulebook.topics:
            says = {source: {name: self[name].outcome for name in names} for source, names in sources.items()}
            firsts = {min(by_id.values(), key=OUTCOMES.index) for by_id in says.values()}
            found.append(Agreement(topic, says, len(firsts) == 1))
        return tuple(found)

    def reason(self, criterion: Criterion) -> Reason:
        """Return a criterion's truth and the entries that it stood on."""
        found = self._reasons.get(criterion.iri)
        if found is None:
            state = self.state
            holds, fails = criterion.tests
            truth: Truth = (
                "true" if holds(state.true, state.false) else "false" if fails(state.true, state.false) else "unknown"
            )
            if criterion.measurement is not None:
                facts = tuple(state.sources.get(criterion.measurement, ()))
            else:
                facts = entries_behind(state, criterion.mask, truth)
            found = self._reasons[criterion.iri] = Reason(criterion, truth, facts)
        return found

    def template(self, recommendation: Recommendation) -> dict[str, Any]:
        """Return a fresh copy of what of a verdict does not depend on the patient, provenance included."""
        return self._rulebook.template(recommendation)

    def statements(self, recommendation: Recommendation) -> tuple[Statement, ...]:
        """Return the statements of a recommendation."""
        return tuple(self._rulebook.provenance.get(name) for name in recommendation.statements)

    def to_dict(self) -> dict[str, Json]:
        """Return exactly what `mbkg recommend --json` prints."""
        because = Because(self)
        return {
            "case": self.case.id,
            "as_of": self.case.as_of.isoformat(),
            "knowledge": self._rulebook.knowledge(),
            "verdicts": [verdict.to_dict(because) for verdict in self.verdicts],
            "agreement": [agreement.to_dict() for agreement in self.agreement],
            "problems": [problem.to_dict() for problem in self.problems],
        }
