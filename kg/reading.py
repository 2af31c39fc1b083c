"""What a case says at its moment: which entries stand, and which facts are true, false or unknown for it.

The rules are those at the head of the rulebook: the older of two entries that clash falls, two of one day both stand
and leave unknown what they dispute; a measurement is that of its latest day; a list of treatments is complete.
"""

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Final

from kg.case import Case, Entry
from kg.expressions import Fact
from kg.facts import FactIndex, Interval
from kg.model import FINDINGS, Concept, Label, Problem, Truth
from kg.months import months_between, unbroken_run
from kg.plausibility import doubt_about
from kg.vocabulary import Vocabulary

_NEAR: Final = Fraction(1, 200)


@dataclass(slots=True)
class Standing:
    """An entry that counts, with the facts that it makes true and false."""

    entry: Entry
    true: int
    false: int


@dataclass(slots=True)
class State:
    """What is known: masks of true and of false facts, the interval of each measurement, and what each stands on."""

    true: int = 0
    false: int = 0
    intervals: dict[str, Interval] = field(default_factory=dict)
    sources: dict[str, list[Entry]] = field(default_factory=dict)
    standing: list[Standing] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    drugs: list[int] | None = None
    """For each current drug the classes it is not of, as a mask; None where the case has no list of treatments."""


def read_state(case: Case, index: FactIndex, vocabulary: Vocabulary) -> State:
    """Return what a case says at its moment."""
    return _Reader(case, index, vocabulary).state()


class _Reader:
    """Reads one case into one state."""

    def __init__(self, case: Case, index: FactIndex, vocabulary: Vocabulary) -> None:
        self._case = case
        self._index = index
        self._vocabulary = vocabulary
        self._today = case.as_of.toordinal()
        self._state = State(problems=list(case.problems))

    def state(self) -> State:
        state = self._state
        self._read_presences()
        if self._case.treatments is not None:
            self._read_treatments([entry for entry in self._case.treatments if self._begun(entry)])
        if self._case.measurements:
            self._read_measurements()
        self._derive_months()
        for code, interval in state.intervals.items():
            for comparator, value, bit in self._index.thresholds.get(code, ()):
                truth = interval.truth(comparator, value)
                if truth is True:
                    state.true |= bit
                elif truth is False:
                    state.false |= bit
        return state

    # --- conditions and findings -------------------------------------------------------------------------------------

    def _read_presences(self) -> None:
        for entry in self._case.findings:
            if entry.since > self._today >= entry.day:
                self._future_since(entry)
        entries = [
            self._standing(entry)
            for entry in (*self._case.conditions, *self._case.findings)
            if entry.day <= self._today or self._future(entry)
        ]
        true = false = 0
        for one in entries:
            true |= one.true
            false |= one.false
        if true & false:
            entries = self._settle(entries)
            true = false = 0
            for one in entries:
                true |= one.true
                false |= one.false
        disputed = true & false
        self._state.true |= true & ~disputed
        self._state.false |= false & ~disputed
        self._state.standing = entries

    def _standing(self, entry: Entry) -> Standing:
        concept = entry.concept
        fact = Fact(entry.list, concept.code if concept else "", entry.modality)
        found = self._index.consequences(fact)
        return Standing(entry, found.true, found.false) if entry.present else Standing(entry, 0, found.absent)

    def _settle(self, entries: list[Standing]) -> list[Standing]:
        """Drop the older of any two that clash, and report those of one day."""
        fallen: set[int] = set()
        disputes: list[tuple[int, int]] = []
        for place, one in enumerate(entries):
            for other_place in range(place):
                other = entries[other_place]
                if not (one.true & other.false or one.false & other.true):
                    continue
                if one.entry.day == other.entry.day:
                    disputes.append((other_place, place))
                else:
                    fallen.add(place if one.entry.day < other.entry.day else other_place)
        for older, newer in disputes:
            if not {older, newer} & fallen:
                self._dispute(entries[older].entry, entries[newer].entry)
        return [one for place, one in enumerate(entries) if place not in fallen]

    def _dispute(self, one: Entry, other: Entry) -> None:
        message = Label(
            f"{_said(one, 'en')} and {_said(other, 'en')} contradict each other on one day; the dispute is unknown",
            f"{_said(one, 'zh')}与{_said(other, 'zh')}在同一天相互矛盾，其争议内容按未知处理",
        )
        self._report("contradiction", message, one, other)

    # --- treatments --------------------------------------------------------------------------------------------------

    def _read_treatments(self, entries: list[Entry]) -> None:
        state, index = self._state, self._index
        true, false = 0, index.drugs
        state.drugs = drugs = []
        for entry in entries:
            if not self._current(entry):
                continue
            if entry.concept is None:
                false = 0
                drugs.append(0)
                state.standing.append(Standing(entry, 0, 0))
                continue
            is_one, is_none = index.drug_masks(entry.concept.code)
            true |= is_one
            false &= is_none
            drugs.append(is_none)
            state.standing.append(Standing(entry, is_one, is_none))
        state.true |= true
        state.false |= false & ~true

    def _begun(self, entry: Entry) -> bool:
        return entry.start <= self._today or self._future(entry)

    def _current(self, entry: Entry) -> bool:
        return not entry.end or entry.end > self._today

    # --- measurements ------------------------------------------------------------------------------------------------

    def _read_measurements(self) -> None:
        latest: dict[str, list[Entry]] = {}
        for entry in self._case.measurements:
            if entry.day > self._today:
                self._future(entry)
                continue
            code = _concept(entry).code
            known = latest.get(code)
            if known is None or entry.day > known[0].day:
                latest[code] = [entry]
            elif entry.day == known[0].day:
                known.append(entry)
        for code, entries in latest.items():
            self._measure(code, [(entry, Interval.of(entry.comparator, entry.value)) for entry in entries])
            self._mark_borderline(code, entries)
            for entry in entries:
                doubt = doubt_about(entry, _concept(entry))
                if doubt is not None:
                    self._report("other", doubt, entry)

    def _measure(self, code: str, values: list[tuple[Entry, Interval]]) -> None:
        interval = Interval()
        for _, one in values:
            interval = interval.meet(one)
        entries = [entry for entry, _ in values]
        self._state.sources[code] = entries
        if interval.is_empty:
            label = self._vocabulary.concepts[code].label
            message = Label(
                f"the values given for {label.en} on one day contradict each other; it is unknown",
                f"同一天给出的“{label.zh}”数值相互矛盾，按未知处理",
            )
            self._report("contradiction", message, *entries)
        else:
            self._state.intervals[code] = interval

    def _mark_borderline(self, code: str, entries: list[Entry]) -> None:
        for entry in entries:
            if not entry.converted:
                continue
            for _, value, _ in self._index.thresholds.get(code, ()):
                if abs(Fraction(entry.value) - Fraction(value)) <= _NEAR * Fraction(value):
                    concept = _concept(entry)
                    message = Label(
                        f"{concept.label.en}: converted, it lies within 0.5 % of the threshold {value} {concept.unit}",
                        f"{concept.label.zh}：换算后的数值与阈值{value} {concept.unit}相差不到0.5%",
                    )
                    self._report("borderline", message, entry)
                    break

    # --- months ------------------------------------------------------------------------------------------------------

    def _derive_months(self) -> None:
        for concept in self._vocabulary.measured_in_months:
            if concept.code in self._state.sources:
                continue
            if concept.months_since_finding is not None:
                self._months_since(concept)
            elif concept.months_of_drug is not None and self._case.treatments is not None:
                self._months_of_drug(concept)

    def _months_since(self, concept: Concept) -> None:
        code = concept.months_since_finding or ""
        if not self._state.true & self._index.bit.get(Fact(FINDINGS, code), 0):
            return
        entries = [
            one.entry
            for one in self._state.standing
            if 0 < one.entry.since <= self._today and one.entry.present and _concept(one.entry).code == code
        ]
        latest = max((entry.day for entry in entries), default=0)
        values = [(entry, self._months(entry.since)) for entry in entries if entry.day == latest]
        if values:
            self._measure(concept.code, values)

    def _months(self, start: int) -> Interval:
        return Interval.of(None, months_between(date.fromordinal(start), self._case.as_of))

    def _months_of_drug(self, concept: Concept) -> None:
        entries = [entry for entry in self._case.treatments or () if self._counts(entry, concept)]
        run, start = unbroken_run(entries, self._today, concept.largest_gap_in_days)
        if run:
            self._state.sources[concept.code] = run
        if start is not None:
            self._state.intervals[concept.code] = self._months(start)

    def _counts(self, entry: Entry, concept: Concept) -> bool:
        return (
            entry.concept is not None
            and entry.start <= self._today
            and concept.months_of_drug in self._vocabulary.above(entry.concept.code)
        )

    # --- problems ----------------------------------------------------------------------------------------------------

    def _future_since(self, entry: Entry) -> None:
        message = Label("the since date lies after the case's date; it was left out", "起始日期晚于病例日期，已略去")
        self._report("future", message, entry)

    def _future(self, entry: Entry) -> bool:
        message = Label("dated after the case's date; it was left out", "日期晚于病例日期，已略去")
        self._report("future", message, entry)
        return False

    def _report(self, kind: str, message: Label, *entries: Entry) -> None:
        self._state.problems.append(Problem(kind, message, tuple(entry.place for entry in entries)))


def _concept(entry: Entry) -> Concept:
    if entry.concept is None:  # only a treatment may be without
        raise AssertionError(entry.place)
    return entry.concept


def _said(entry: Entry, lang: str) -> str:
    label = _concept(entry).label
    if lang == "zh":
        return f"{'有' if entry.present else '无'}“{label.zh}”（{entry.place}）"
    return f"{label.en} {'present' if entry.present else 'absent'} ({entry.place})"


def entries_behind(state: State, mask: int, truth: Truth) -> tuple[Entry, ...]:
    """Return the conditions, findings and treatments that something with a truth stood on, `mask` being its facts.

    What is true stood on entries that make one of its facts true, what is false on those that make one false; where
    there are none (a complement) and for what is unknown, all that bear on its facts.
    """
    if truth != "unknown":
        chosen = [one.entry for one in state.standing if (one.true if truth == "true" else one.false) & mask]
        if chosen:
            return tuple(chosen)
    return tuple([one.entry for one in state.standing if (one.true | one.false) & mask])


__all__ = ["Standing", "State", "entries_behind", "read_state"]
