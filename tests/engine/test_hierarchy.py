"""Which class of patients contains which: held against sampled whole patients; and the shape of what is inferred."""

import random
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

import pytest
from oracle import read
from oracle.tables import BROADER, DRUG_KINDS, EXCLUDED
from strategies import drawn_cases

from kg.classify import direct, patient_hierarchy
from kg.expressions import Comparison, Expression
from kg.facts import FactIndex, Interval
from kg.graph import Graph
from kg.model import TREATMENTS
from kg.namespaces import INFERRED_GRAPH, PREFIXES, expand, local_name
from kg.recommend import Engine
from kg.rules import Test, compile_tests

SUBCLASS = PREFIXES["rdfs"] + "subClassOf"
EQUIVALENT = PREFIXES["owl"] + "equivalentClass"


@dataclass(frozen=True, slots=True)
class Patient:
    """A patient of whom everything is known; a measurement that is not there was never made."""

    facts: frozenset[str]
    drugs: tuple[frozenset[str], ...]
    values: Mapping[str, Fraction]

    def masks(self, index: FactIndex) -> tuple[int, int]:
        true = false = 0
        classes = frozenset[str]().union(*self.drugs)
        for atom, bit in index.bit.items():
            if isinstance(atom, Comparison):
                value = self.values.get(atom.code)
                holds = value is not None and Interval.of(None, value).truth(atom.comparator, atom.value) is True
            else:
                holds = atom.code in classes if atom.list == TREATMENTS else atom.name in self.facts
            true, false = (true | bit, false) if holds else (true, false | bit)
        return true, false


class Sampler:
    """Draws consistent patients, by the tables of the second reading."""

    def __init__(self, index: FactIndex, seed: int) -> None:
        self.chance = random.Random(seed)  # noqa: S311 - not for secrets
        self.index = index

    def value(self, code: str) -> Fraction:
        limits = sorted({Fraction(value) for _, value, _ in self.index.thresholds[code]})
        return self.chance.choice(limits) + self.chance.choice((-1, 0, 1))

    def values(self, share: float) -> dict[str, Fraction]:
        return {code: self.value(code) for code in self.index.thresholds if self.chance.random() < share}

    def aimed(self, number: int) -> Iterable[Patient]:
        """Patients whom drawn cases describe, what they leave open decided by chance."""
        for case in drawn_cases(100, number):
            known = read(case)
            true = frozenset[str]().union(
                *(BROADER[name] for name, so in known.truths.items() if so and name in BROADER)
            )
            drugs = self.chance.choice(sorted(known.worlds, key=sorted))
            values = self.values(self.chance.choice((0, 0.5, 1)))
            values |= {code: interval.some_value() for code, interval in known.values.items() if code in values}
            yield Patient(true, (drugs,), values)

    def changed(self, patient: Patient) -> Patient:
        """The patient with a little more, a little less, or other drugs or values."""
        facts = set(patient.facts)
        for name in self.chance.sample(sorted(facts), min(len(facts), self.chance.choice((0, 0, 1, 1, 2)))):
            facts -= {one for one in facts if name in BROADER[one]}
        for name in self.chance.sample(sorted(BROADER), self.chance.choice((0, 0, 1, 1, 2))):
            if not any(EXCLUDED[one] & facts for one in BROADER[name]):
                facts |= BROADER[name]
        drugs = list(patient.drugs)
        if self.chance.random() < 0.5:
            drugs = self.chance.sample(DRUG_KINDS, self.chance.choice((0, 1, 1, 2)))
        values = dict(patient.values)
        for code in self.index.thresholds:
            if self.chance.random() < 0.2:
                values.pop(code, None)
                values |= {code: self.value(code)} if self.chance.random() < 0.7 else {}
        return replace(patient, facts=frozenset(facts), drugs=tuple(drugs), values=values)

    def joined(self, one: Patient, other: Patient) -> Patient:
        """A patient with what both have, as far as it can hold together; drugs and values of one of them or both."""
        facts = set(one.facts)
        for name in sorted(other.facts):
            if not any(EXCLUDED[broader] & facts for broader in BROADER[name]):
                facts |= BROADER[name]
        drugs = self.chance.choice((one.drugs, other.drugs, (*one.drugs, *other.drugs)))
        values = self.chance.choice(({**one.values, **other.values}, {**other.values, **one.values}))
        return Patient(frozenset(facts), drugs, values)


@pytest.fixture(scope="module")
def classes(engine: Engine, graph: Graph) -> dict[str, Expression]:
    """The named classes of patients by local name, one for each meaning."""
    definitions = engine.definitions
    named = {local_name(iri): definitions.expanded(definitions.get(iri)) for iri in definitions.patients(graph.store)}
    unique = {expression: name for name, expression in reversed(named.items())}
    return {name: expression for expression, name in unique.items()}


def lacking_witness(
    claimed: Mapping[str, set[str]], tests: Mapping[str, Test], sampler: Sampler, patients: Iterable[Patient]
) -> tuple[set[tuple[str, str]], set[tuple[str, str]]]:
    """Return (pairs claimed and refuted by a patient, pairs neither claimed nor refuted)."""
    inside_all = {name: set(tests) for name in tests}
    members: dict[str, list[Patient]] = defaultdict(list)
    others: dict[str, list[Patient]] = defaultdict(list)
    for patient in patients:
        masks = patient.masks(sampler.index)
        inside = {name for name, holds in tests.items() if holds(*masks)}
        for name in tests:
            (members if name in inside else others)[name].append(patient)
        for name in inside:
            inside_all[name] &= inside
    refuted = {(one, other) for one in tests for other in claimed[one] & set(tests) if other not in inside_all[one]}
    left = sorted((one, other) for one in tests for other in inside_all[one] - claimed[one] - {one})
    return refuted, {
        (one, other)
        for one, other in left
        if not _witness(tests[one], tests[other], sampler, members[one], others[other])
    }


def _witness(one: Test, other: Test, sampler: Sampler, inside: list[Patient], outside: list[Patient]) -> bool:
    """Look for a patient in one class and not in the other: of members of the one and strangers to the other."""
    for attempt in range(3_000 if inside and outside else 0):
        patient = sampler.joined(sampler.chance.choice(inside), sampler.chance.choice(outside))
        if attempt % 2:
            patient = sampler.changed(patient)
        masks = patient.masks(sampler.index)
        if one(*masks) and not other(*masks):
            return True
    return False


def test_a_class_lies_in_another_where_all_sampled_patients_do_and_only_there(
    engine: Engine, classes: dict[str, Expression]
) -> None:
    tests = {name: compile_tests(expression, engine.index)[0] for name, expression in classes.items()}
    sampler = Sampler(engine.index, 7)

    refuted, unseen = lacking_witness(patient_hierarchy(classes, engine.index), tests, sampler, sampler.aimed(1_200))

    assert refuted == set()
    assert unseen == set()


def test_the_samples_refute_a_wrong_claim_and_miss_a_claim_left_out(engine: Engine) -> None:
    definitions = engine.definitions
    some = {
        name: definitions.expanded(definitions.get(expand(f"mbkg:{name}")))
        for name in ("ActiveMultipleMyelomaPatient", "MultipleMyelomaPatient", "OnDenosumab")
    }
    tests = {name: compile_tests(expression, engine.index)[0] for name, expression in some.items()}
    claimed = patient_hierarchy(some, engine.index)
    assert claimed["ActiveMultipleMyelomaPatient"] == {"MultipleMyelomaPatient"}
    sampler = Sampler(engine.index, 7)
    claimed["MultipleMyelomaPatient"] = {"OnDenosumab"}
    claimed["ActiveMultipleMyelomaPatient"] = set()

    refuted, unseen = lacking_witness(claimed, tests, sampler, sampler.aimed(200))

    assert refuted == {("MultipleMyelomaPatient", "OnDenosumab")}
    assert unseen == {("ActiveMultipleMyelomaPatient", "MultipleMyelomaPatient")}


# --- what is written down --------------------------------------------------------------------------------------------


def inferred(graph: Graph, predicate: str) -> dict[str, set[str]]:
    above: dict[str, set[str]] = defaultdict(set)
    for child, parent in graph.store.objects(predicate, INFERRED_GRAPH):
        above[child.value].add(parent.value)
    return dict(above)


def closure(above: Mapping[str, set[str]]) -> dict[str, set[str]]:
    closed: dict[str, set[str]] = {}
    for name in above:
        todo, seen = list(above[name]), set[str]()
        while todo:
            if (one := todo.pop()) not in seen:
                seen.add(one)
                todo += above.get(one, ())
        closed[name] = seen
    return closed


def test_the_inferred_hierarchy_has_no_ring(graph: Graph) -> None:
    assert [name for name, above in closure(inferred(graph, SUBCLASS)).items() if name in above] == []


def test_the_inferred_hierarchy_holds_direct_superclasses_only(graph: Graph) -> None:
    above = inferred(graph, SUBCLASS)
    closed = closure(above)

    assert {
        (name, parent) for name, parents in above.items() for parent in parents
        for other in parents - {parent} if parent in closed.get(other, ())
    } == set()  # fmt: skip


def test_what_is_equal_is_equal_both_ways_and_has_the_same_superclasses(graph: Graph) -> None:
    equal, above = inferred(graph, EQUIVALENT), inferred(graph, SUBCLASS)

    assert equal
    for name, others in equal.items():
        for other in others:
            assert name in equal[other]
            assert above.get(name) == above.get(other)


def test_the_inferred_hierarchy_holds_all_that_is_asserted(graph: Graph) -> None:
    closed = closure(inferred(graph, SUBCLASS))
    equal = inferred(graph, EQUIVALENT)
    lost = [
        (child.value, parent.value)
        for child, parent in graph.store.objects(SUBCLASS, expand("mbkg:ontology"), expand("mbkg:outside"))
        if str(parent).startswith("<")
        and parent.value not in closed.get(child.value, set()) | equal.get(child.value, set())
    ]

    assert lost == []


def test_a_focal_lesion_on_mri_is_evidence_of_bone_damage_and_one_without_modality_is_not(engine: Engine) -> None:
    assert "EvidenceOfBoneDamage" in engine.vocabulary.inferred_above("MultipleFocalLesions")
    assert "EvidenceOfBoneDamage" not in engine.vocabulary.inferred_above("FocalBoneLesion")


def test_direct_parents_leave_out_what_lies_between_and_keep_equals_apart() -> None:
    above = {"a": {"b", "c", "d"}, "b": {"c", "d"}, "c": {"b", "d"}, "d": set[str]()}

    parents, equal = direct(above)

    assert parents == {"a": {"b", "c"}, "b": {"d"}, "c": {"d"}, "d": set()}
    assert equal == {"a": set(), "b": {"c"}, "c": {"b"}, "d": set()}
