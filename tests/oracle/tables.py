"""What the notes of concepts.tsv and the head of the rulebook say of the concepts, written out by hand.

A *fact* is named as the contracts name it: `MultipleMyeloma`, `FocalBoneLesion@MRI`, `on:Denosumab`.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

DATA = Path(__file__).resolve().parent.parent / "data"


@dataclass(frozen=True, slots=True)
class Concept:
    """One row of concepts.tsv: its kind, the unit of its value and the other unit that is accepted ("" if none)."""

    name: str
    kind: str
    unit: str
    accepts: str


def _load_concepts() -> dict[str, Concept]:
    with (DATA / "concepts.tsv").open(encoding="utf-8", newline="") as rows:
        return {
            row["local_name"]: Concept(row["local_name"], row["kind"], row["unit"] or "", row["accepts"] or "")
            for row in csv.DictReader(rows, delimiter="\t")
        }


CONCEPTS: Mapping[str, Concept] = _load_concepts()

# The findings that take a modality, with the allowed values, and the one that takes `since`.
MODALITIES: Mapping[str, tuple[str, ...]] = {
    "FocalBoneLesion": ("MRI", "PETCT"),
    "AbnormalBoneMetabolism": ("MRI", "PETCT"),
    "MetabolicallyActiveLesion": ("PETCT",),
}
TAKES_SINCE = frozenset({"BoneLesionsStable"})

# Each fact with the facts directly broader than it. An example of an open class is narrower than the class.
DIRECTLY_BROADER: Mapping[str, tuple[str, ...]] = {
    "ActiveMultipleMyeloma": ("MultipleMyeloma", "HighRiskDisease"),
    "NewlyDiagnosedMultipleMyeloma": ("MultipleMyeloma",),
    "HighRiskSmolderingMultipleMyeloma": ("SmolderingMultipleMyeloma", "HighRiskDisease"),
    "LowRiskSmolderingMultipleMyeloma": ("SmolderingMultipleMyeloma", "LowRiskDisease"),
    "MonoclonalGammopathyOfUndeterminedSignificance": ("LowRiskDisease",),
    "FocalBoneLesion@MRI": ("FocalBoneLesion", "EvidenceOfBoneDamage"),
    "FocalBoneLesion@PETCT": ("FocalBoneLesion", "EvidenceOfBoneDamage"),
    "MultipleFocalLesions": ("FocalBoneLesion@MRI",),
    "AbnormalBoneMetabolism@MRI": ("AbnormalBoneMetabolism",),
    "AbnormalBoneMetabolism@PETCT": ("AbnormalBoneMetabolism",),
    "MetabolicallyActiveLesion@PETCT": ("MetabolicallyActiveLesion",),
    "Gain1q": ("VeryHighProgressionRisk",),
    "Del17p": ("VeryHighProgressionRisk",),
    "MildBoneDisease": ("OvertBoneDisease",),
    "PathologicalFracture": ("OvertBoneDisease",),
    "SevereBonePain": ("OvertBoneDisease",),
    "OsteolyticLesion": ("MildBoneDisease",),
    "MinorFracture": ("MildBoneDisease",),
    "DecreasedBoneMineralDensity": ("PotentialBoneRisk",),
    "MildBonePain": ("PotentialBoneRisk",),
}

# Of each group a patient has at most one (the narrower ones included).
EXCLUSIVE: tuple[tuple[str, ...], ...] = (
    ("MultipleMyeloma", "SmolderingMultipleMyeloma", "MonoclonalGammopathyOfUndeterminedSignificance"),
    ("HighRiskDisease", "LowRiskDisease"),
    ("HighRiskSmolderingMultipleMyeloma", "LowRiskSmolderingMultipleMyeloma"),
)

# Every kind of drug that there can be, each with all the classes that it belongs to. The kinds with a class and nothing
# below it are the members that the two named ones leave over (BoneProtectiveDrug has other members than the two named).
DRUG_KINDS: tuple[frozenset[str], ...] = (
    frozenset({"Denosumab", "BoneProtectiveDrug"}),
    frozenset({"ZoledronicAcid", "Bisphosphonate", "BoneProtectiveDrug"}),
    frozenset({"Bisphosphonate", "BoneProtectiveDrug"}),
    frozenset({"BoneProtectiveDrug"}),
    frozenset({"CalciumSupplement"}),
    frozenset({"VitaminD"}),
    frozenset({"CalciumGluconate"}),
    frozenset({"BoneFormingDrug"}),
    frozenset({"OtherDrug"}),
    frozenset({"AntiMyelomaTherapy"}),
    frozenset({"Glucocorticoid"}),
    frozenset({"AntiMyelomaTherapy", "Glucocorticoid"}),
)

# Units beside the default one: how many of the default unit is one of it. mg/dL over a molar mass in g/mol: times 10 is
# mg/L, over the molar mass is mmol/L. Phosphate is reported as phosphorus.
UNITS: Mapping[str, Mapping[str, Fraction]] = {
    "SerumMProtein": {"g/L": Fraction(1, 10)},
    "SerumCalcium": {"mg/dL": 10 / Fraction("40.078")},
    "SerumMagnesium": {"mg/dL": 10 / Fraction("24.305")},
    "SerumPhosphate": {"mg/dL": 10 / Fraction("30.974")},
    "SerumCreatinine": {"mg/dL": 10_000 / Fraction("113.12")},
    "BetaCTX": {"ng/mL": Fraction(1000)},
    "PINP": {"ng/mL": Fraction(1)},
}


def _all_facts() -> tuple[str, ...]:
    stated = [name for name, concept in CONCEPTS.items() if concept.kind in {"condition", "finding"}]
    return (*stated, *(f"{name}@{modality}" for name, some in MODALITIES.items() for modality in some))


def _with_broader(fact: str) -> frozenset[str]:
    above = DIRECTLY_BROADER.get(fact, ())
    return frozenset({fact}).union(*(_with_broader(one) for one in above))


def _excluded(fact: str) -> frozenset[str]:
    broader = _with_broader(fact)
    others = {other for group in EXCLUSIVE for one in group if one in broader for other in group if other != one}
    return frozenset().union(*(NARROWER[other] for other in others))


FACTS = _all_facts()
# A fact and all that is broader; a fact and all that is narrower; all that cannot hold beside it.
BROADER: Mapping[str, frozenset[str]] = {fact: _with_broader(fact) for fact in FACTS}
NARROWER: Mapping[str, frozenset[str]] = {
    fact: frozenset(low for low in FACTS if fact in BROADER[low]) for fact in FACTS
}
EXCLUDED: Mapping[str, frozenset[str]] = {fact: _excluded(fact) for fact in FACTS}
