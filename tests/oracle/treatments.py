"""The treatments of a case: what the patient may be receiving now, and for how long bone-protective drugs."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from .entries import Case, CaseError, Problem, Row, is_later, parse_day
from .tables import CONCEPTS, DRUG_KINDS

LONGEST_GAP = timedelta(days=92)
World = frozenset[str]  # the drug classes of which the patient receives a drug, in one way that the list can be meant


@dataclass(frozen=True, slots=True)
class Treatment:
    """One drug: the kinds that it may be, its first day (None: not known), the first day without it (None: none)."""

    kinds: tuple[frozenset[str], ...]
    is_known: bool
    start: date | None
    end: date | None

    def is_current(self, as_of: date) -> bool:
        return self.end is None or self.end > as_of

    @property
    def is_bone_protective(self) -> bool:
        return all("BoneProtectiveDrug" in kind for kind in self.kinds)


def read_treatments(case: Case, as_of: date, problems: list[Problem]) -> list[Treatment] | None:
    """The treatments that have begun by `as_of`, or None where the case has no list."""
    if "treatments" not in case:
        return None
    treatments = []
    for index, row in enumerate(case["treatments"]):
        treatment = _read_treatment(row, f"treatments/{index}", problems)
        if is_later(treatment.start, as_of):
            problems.append(Problem("future", (f"treatments/{index}",)))
        else:
            treatments.append(treatment)
    return treatments


def _read_treatment(row: Row, where: str, problems: list[Problem]) -> Treatment:
    code, start, end = row["code"], parse_day(row.get("start")), parse_day(row.get("end"))
    if start is not None and end is not None and end < start:
        message = f"{where} ends before it starts"
        raise CaseError(message)
    if code not in CONCEPTS:
        problems.append(Problem("unknown-drug", (where,)))
        return Treatment(DRUG_KINDS, is_known=False, start=start, end=end)
    if CONCEPTS[code].kind != "drug":
        message = f"{code!r} is not a drug"
        raise CaseError(message)
    return Treatment(tuple(kind for kind in DRUG_KINDS if code in kind), is_known=True, start=start, end=end)


def _worlds(drugs: Iterable[Sequence[frozenset[str]]]) -> frozenset[World]:
    worlds: frozenset[World] = frozenset({frozenset()})
    for kinds in drugs:
        worlds = frozenset(world | kind for world in worlds for kind in kinds)
    return worlds


# Without a list the patient may receive none, or one, or any number of every kind of drug.
ANYTHING = _worlds((frozenset(), kind) for kind in DRUG_KINDS)


def possible_worlds(treatments: Sequence[Treatment] | None, as_of: date) -> frozenset[World]:
    """Every way in which the list can be meant: each current drug is one of the kinds that its name allows."""
    if treatments is None:
        return ANYTHING
    return _worlds(one.kinds for one in treatments if one.is_current(as_of))


@lru_cache(maxsize=1024)
def drug_truths(worlds: frozenset[World]) -> Mapping[str, bool]:
    """on:D is true where every way of meaning the list has it, false where none has; else it is left out."""
    always, ever = frozenset.intersection(*worlds), frozenset[str]().union(*worlds)
    drugs = [name for name, concept in CONCEPTS.items() if concept.kind == "drug"]
    return {f"on:{drug}": drug in always for drug in drugs if drug in always or drug not in ever}


def find_start_of_run(treatments: Sequence[Treatment], as_of: date) -> date | None:
    """The first day of the unbroken run of bone-protective drugs that reaches `as_of`; None where it is not known.

    A drug whose name is not modelled is not known to be one of them, and is not counted in the run.
    """
    return _find_start([one for one in treatments if one.is_bone_protective], as_of)


def _find_start(drugs: Sequence[Treatment], as_of: date) -> date | None:
    run = [drug for drug in drugs if drug.is_current(as_of)]
    while run:
        starts = [drug.start for drug in run if drug.start is not None]
        if len(starts) < len(run):
            return None
        reaching = [drug for drug in drugs if drug.end is None or drug.end + LONGEST_GAP >= min(starts)]
        if len(reaching) == len(run):
            return min(starts)
        run = reaching
    return None
