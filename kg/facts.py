"""Every fact that a verdict can stand on, as one bit each: a patient is two integers, what is true and what is false.

A bit is a condition, a finding (bare or on a modality), a current drug class, or a comparison of a measurement with a
threshold. What a fact entails is a mask that is looked up, not derived again for each patient.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias

from kg.expressions import Comparison, Fact
from kg.model import TREATMENTS, bits
from kg.vocabulary import Vocabulary

Number: TypeAlias = int | Decimal | Fraction


@dataclass(frozen=True, slots=True)
class Consequences:
    """Masks of what is true and what is false where a fact is true, and of what is false where it is false."""

    true: int
    false: int
    absent: int


@dataclass(frozen=True, slots=True)
class Interval:
    """Where a value lies: between two ends, each within or not; None is an open end."""

    low: Number | None = None
    low_within: bool = True
    high: Number | None = None
    high_within: bool = True

    @classmethod
    def of(cls, comparator: str | None, value: Number) -> "Interval":
        """Return where the true value lies, given one reported with a comparator (as FHIR's Quantity.comparator)."""
        if comparator is None:
            return cls(value, low_within=True, high=value, high_within=True)
        if comparator in {">", ">="}:
            return cls(low=value, low_within=comparator == ">=")
        return cls(high=value, high_within=comparator == "<=")

    def meet(self, other: "Interval") -> "Interval":
        """Return the intersection, which may be empty."""
        low, low_within = self.low, self.low_within
        if other.low is not None and (low is None or other.low > low or (other.low == low and not other.low_within)):
            low, low_within = other.low, other.low_within
        high, high_within = self.high, self.high_within
        if other.high is not None and (
            high is None or other.high < high or (other.high == high and not other.high_within)
        ):
            high, high_within = other.high, other.high_within
        return Interval(low, low_within, high, high_within)

    @property
    def is_empty(self) -> bool:
        """Whether no value lies in it."""
        if self.low is None or self.high is None:
            return False
        return self.low > self.high or (self.low == self.high and not (self.low_within and self.high_within))

    def truth(self, comparator: str, value: Decimal) -> bool | None:
        """Return whether every value in it, or none, compares so with a threshold; None where some do."""
        low, high = self.low, self.high
        if comparator in {">=", ">"}:
            within = comparator == ">="
            if low is not None and (low > value or (low == value and (within or not self.low_within))):
                return True
            if high is not None and (high < value or (high == value and not (within and self.high_within))):
                return False
            return None
        within = comparator == "<="
        if high is not None and (high < value or (high == value and (within or not self.high_within))):
            return True
        if low is not None and (low > value or (low == value and not (within and self.low_within))):
            return False
        return None


class FactIndex:
    """The bits, and the masks between them."""

    def __init__(self, vocabulary: Vocabulary, comparisons: Iterable[Comparison], drugs: Iterable[Fact]) -> None:
        """Give a bit to every fact of the vocabulary and to every comparison and drug class that a rule uses."""
        facts = [fact for fact in vocabulary.facts() if fact.list != TREATMENTS]
        self.atoms: tuple[Fact | Comparison, ...] = (
            *facts,
            *sorted(set(drugs), key=lambda fact: fact.code),
            *sorted(set(comparisons), key=lambda part: (part.code, part.value, part.comparator)),
        )
        self.bit: Mapping[Fact | Comparison, int] = {atom: 1 << place for place, atom in enumerate(self.atoms)}
        self.thresholds: Mapping[str, tuple[tuple[str, Decimal, int], ...]] = self._thresholds()
        self.drugs = bits(
            place for place, atom in enumerate(self.atoms) if isinstance(atom, Fact) and atom.list == TREATMENTS
        )
        self.apart = {
            bit: sum(
                other_bit
                for other, other_bit in self.bit.items()
                if isinstance(other, Fact)
                and other.list == TREATMENTS
                and vocabulary.excludes_drug(atom.code, other.code)
            )
            for atom, bit in self.bit.items()
            if isinstance(atom, Fact) and atom.list == TREATMENTS
        }
        self._vocabulary = vocabulary
        self._facts = [atom for atom in self.atoms if isinstance(atom, Fact)]
        self._true = {fact: self._mask(vocabulary.implied(fact)) for fact in self._facts}
        self._consequences: dict[Fact, Consequences] = {}
        self._drug_masks: dict[str, tuple[int, int]] = {}

    def _thresholds(self) -> dict[str, tuple[tuple[str, Decimal, int], ...]]:
        found: dict[str, list[tuple[str, Decimal, int]]] = defaultdict(list)
        for atom, bit in self.bit.items():
            if isinstance(atom, Comparison):
                found[atom.code].append((atom.comparator, atom.value, bit))
        return {code: tuple(limits) for code, limits in found.items()}

    def _mask(self, facts: Iterable[Fact]) -> int:
        mask = 0
        for fact in facts:
            mask |= self.bit.get(fact, 0)
        return mask

    def _implying(self, bit: int) -> int:
        """Return the facts that cannot be true where the fact of this bit is false."""
        return sum(self.bit[fact] for fact in self._facts if self._true[fact] & bit)

    def consequences(self, fact: Fact) -> Consequences:
        """Return what a condition or finding entails, present or absent."""
        found = self._consequences.get(fact)
        if found is None:
            true = self._mask(self._vocabulary.implied(fact))
            false = 0
            for other in self._vocabulary.excluded(fact):
                false |= self._implying(self.bit.get(other, 0))
            found = Consequences(true, false, self._implying(self.bit.get(fact, 0)))
            self._consequences[fact] = found
        return found

    def drug_masks(self, code: str) -> tuple[int, int]:
        """Return which of the drug classes a drug belongs to, and which it does not, as masks."""
        found = self._drug_masks.get(code)
        if found is None:
            above = self._vocabulary.above(code)
            drugs = [fact for fact in self._facts if fact.list == TREATMENTS]
            true = sum(self.bit[fact] for fact in drugs if fact.code in above)
            false = sum(self.bit[fact] for fact in drugs if self._vocabulary.excludes_drug(code, fact.code))
            found = self._drug_masks[code] = (true, false)
        return found

    def drugs_within(self, fact: Fact) -> int:
        """Return the drug classes that are this one or narrower, as a mask: what is false where it is."""
        bit = self.bit[fact]
        drugs = (other for other in self._facts if other.list == TREATMENTS)
        return sum(self.bit[other] for other in drugs if self.drug_masks(other.code)[0] & bit)

    def drugs_allow(self, needed: int, drugs: Sequence[int]) -> bool:
        """Tell whether current drugs, each given by the classes it is not of, can together be of all needed classes.

        One drug cannot be of two classes that exclude one another.
        """
        if not needed:
            return True
        if not drugs:
            return False
        part = needed
        while part:
            if not part & drugs[0] and not self._clash(part) and self.drugs_allow(needed & ~part, drugs[1:]):
                return True
            part = (part - 1) & needed
        return self.drugs_allow(needed, drugs[1:])

    def _clash(self, classes: int) -> bool:
        return any(classes & bit and classes & others for bit, others in self.apart.items())
