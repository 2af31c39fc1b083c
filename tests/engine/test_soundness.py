"""Rules whose Kleene truth and whose entailment could differ are found; where none is found, the two are the same."""

import random
from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import product
from typing import Any

import pytest
from fixture_types import Changed
from oracle import Reading, read
from oracle import rules as oracle_rules
from oracle.measures import values_that
from oracle.missing import find_reading_with
from strategies import drawn_cases

from kg.expressions import And, Comparison, Expression, Fact, Not, Or
from kg.graph import Graph
from kg.namespaces import expand
from kg.recommend import Engine
from kg.rules import atoms, compile_tests
from kg.soundness import Unsound, all_unsound, unsound_pairs

RULE = "assess-bone-risk-at-onset"  # no other rule stands on it
CONDITION = (
    "owl:equivalentClass mbkg:NewlyDiagnosedMyelomaPatient ;\n"
    '    skos:definition "The patients whom this recommendation is for: Huang'
)


def unsound(engine: Engine) -> tuple[Unsound, ...]:
    """What is found in all conditions of an engine."""
    conditions = [
        (one.id, engine.definitions.expanded(engine.definitions.get(iri)))
        for one in engine.recommendations
        for iri in one.conditions
    ]
    return all_unsound(conditions, engine.index, engine.vocabulary)


def test_no_rule_of_ours_can_differ(engine: Engine) -> None:
    assert unsound(engine) == ()


def all_of(*parts: str) -> str:
    return f"[ a owl:Class ; owl:intersectionOf ( {' '.join(parts)} ) ]"


def any_of(*parts: str) -> str:
    return f"[ a owl:Class ; owl:unionOf ( {' '.join(parts)} ) ]"


def none_of(part: str) -> str:
    return f"[ a owl:Class ; owl:complementOf {part} ]"


ACTIVE, MYELOMA, SMOLDERING = (
    f"mbkg:{name}Patient" for name in ("ActiveMultipleMyeloma", "MultipleMyeloma", "SmolderingMyeloma")
)
NEW = "mbkg:NewlyDiagnosedMyelomaPatient"
LONG, SHORT = "mbkg:BoneProtectiveTherapyAtLeast24Months", "mbkg:BoneProtectiveTherapyLessThan24Months"
AT_LEAST_20, AT_LEAST_100 = "mbkg:FreeLightChainRatioAtLeast20", "mbkg:FreeLightChainRatioAtLeast100"
DENOSUMAB, BISPHOSPHONATE, BONE = "mbkg:OnDenosumab", "mbkg:OnBisphosphonate", "mbkg:OnBoneProtectiveDrug"
ON_MRI, LESION = "mbkg:FocalBoneLesionOnMRIPatient", "mbkg:EvidenceOfBoneDamagePatient"

FOUND = [
    ("a fact or its absence", any_of(ACTIVE, none_of(ACTIVE)), "failed"),
    ("a fact and its absence", all_of(ACTIVE, none_of(ACTIVE)), "satisfied"),
    ("narrow and not broad", all_of(ACTIVE, none_of(MYELOMA)), "satisfied"),
    ("broad or not narrow", any_of(MYELOMA, none_of(ACTIVE)), "failed"),
    ("two exclusive conditions", all_of(MYELOMA, SMOLDERING), "satisfied"),
    ("two of which the narrower ones exclude one another", all_of(NEW, SMOLDERING), "satisfied"),
    ("neither of two exclusive conditions", any_of(none_of(MYELOMA), none_of(SMOLDERING)), "failed"),
    ("at least or less", any_of(LONG, SHORT), "failed"),
    ("at least and less", all_of(LONG, SHORT), "satisfied"),
    ("high and not at least low", all_of(AT_LEAST_100, none_of(AT_LEAST_20)), "satisfied"),
    ("a drug and not its class", all_of(DENOSUMAB, none_of(BONE)), "satisfied"),
    ("two drugs that one class could be", all_of(DENOSUMAB, BISPHOSPHONATE), "satisfied"),
    ("a lesion on MRI without evidence", all_of(ON_MRI, none_of(LESION)), "satisfied"),
    ("deep inside", any_of(LONG, all_of(ON_MRI, any_of(BONE, all_of(MYELOMA, SMOLDERING)))), "satisfied"),
]
QUIET = [
    ("broad and not narrow", all_of(MYELOMA, none_of(ACTIVE))),
    ("narrow or not broad", any_of(ACTIVE, none_of(MYELOMA))),
    ("narrow and broad", all_of(ACTIVE, MYELOMA)),
    ("two exclusive conditions, either", any_of(MYELOMA, SMOLDERING)),
    ("low and not high", all_of(AT_LEAST_20, none_of(AT_LEAST_100))),
    ("a class and not the drug", all_of(BONE, none_of(DENOSUMAB))),
]


def put(changed: Changed, condition: str) -> Engine:
    """The engine of an ontology in which one rule has another condition."""
    other = changed(recommendations=(CONDITION, CONDITION.replace("mbkg:NewlyDiagnosedMyelomaPatient", condition)))
    assert isinstance(other, Graph)
    return other.engine


@pytest.mark.parametrize(("condition", "side"), [row[1:] for row in FOUND], ids=[row[0] for row in FOUND])
def test_two_facts_that_exclude_one_another_are_found(changed: Changed, condition: str, side: str) -> None:
    found = unsound(put(changed, condition))

    assert {(one.condition, one.side) for one in found} == {(RULE, side)}


@pytest.mark.parametrize("condition", [row[1] for row in QUIET], ids=[row[0] for row in QUIET])
def test_two_facts_that_can_hold_together_are_not_found(changed: Changed, condition: str) -> None:
    assert unsound(put(changed, condition)) == ()


def test_what_is_found_is_a_rule_that_kleene_leaves_open_and_logic_decides(changed: Changed) -> None:
    engine = put(changed, any_of(ACTIVE, none_of(ACTIVE)))

    assert engine.recommend({"id": "p"})[RULE].outcome == "unknown"
    for present in (True, False):
        case = {"id": "p", "conditions": [{"code": "ActiveMultipleMyeloma", "present": present}]}
        assert engine.recommend(case)[RULE].outcome == "applies"


# --- trying all completions ------------------------------------------------------------------------------------------


def fact(engine: Engine, name: str) -> Fact | Comparison:
    return next(atom for atom in engine.index.atoms if isinstance(atom, Fact) and atom.name == name)


def pool(engine: Engine) -> list[Fact | Comparison]:
    """Facts that exclude or entail one another, and some that have nothing to do with them."""
    names = ("MultipleMyeloma", "ActiveMultipleMyeloma", "SmolderingMultipleMyeloma", "HighRiskDisease",
             "LowRiskDisease", "FocalBoneLesion", "FocalBoneLesion@MRI", "EvidenceOfBoneDamage",
             "MultipleFocalLesions", "Gain1q", "VeryHighProgressionRisk", "on:Denosumab", "on:Bisphosphonate",
             "on:BoneProtectiveDrug", "on:Glucocorticoid", "on:AntiMyelomaTherapy")  # fmt: skip
    codes = {"SerumFreeLightChainRatio", "MonthsOnBoneProtectiveTherapy", "SUVmax"}
    compared = [atom for atom in engine.index.atoms if isinstance(atom, Comparison) and atom.code in codes]
    return [*(fact(engine, name) for name in names), *compared]


def drawn(chance: random.Random, atoms_: list[Fact | Comparison], depth: int) -> Expression:
    """A small expression over some facts."""
    kind = chance.random()
    if depth == 0 or kind < 0.2:
        return chance.choice(atoms_)
    if kind < 0.35:
        return Not(drawn(chance, atoms_, depth - 1))
    parts = tuple(drawn(chance, atoms_, depth - 1) for _ in range(2))
    return And(parts) if kind < 0.7 else Or(parts)


def leaf(atom: Fact | Comparison) -> oracle_rules.Leaf:
    """The fact as the second reading has it."""
    if isinstance(atom, Comparison):
        return oracle_rules.Comparison(atom.code, atom.comparator, Fraction(atom.value))
    return oracle_rules.Fact(atom.name)


def holds(expression: Expression, truth_of: Callable[[Fact | Comparison], bool | None]) -> bool:
    """The truth of an expression of which every fact is known."""
    if isinstance(expression, Not):
        return not holds(expression.part, truth_of)
    if isinstance(expression, And):
        return all(holds(part, truth_of) for part in expression.parts)
    if isinstance(expression, Or):
        return any(holds(part, truth_of) for part in expression.parts)
    assert isinstance(expression, Fact | Comparison)
    truth = truth_of(expression)
    assert truth is not None
    return truth


def completions(reading: Reading, expression: Expression) -> Iterator[Reading]:
    """Every way in which the facts of an expression that are unknown can turn out."""
    choices: dict[str, tuple[Any, ...]] = {}
    for atom in atoms(expression):
        if reading.truth_of(leaf(atom)) is None:
            choices[atom.name] = (
                tuple(_values(reading, expression, atom.code)) if isinstance(atom, Comparison) else (True, False)
            )
    for values in product(*choices.values()):
        found = find_reading_with(reading, dict(zip(choices, values, strict=True)))
        if found is not None:
            yield found


def _values(reading: Reading, expression: Expression, code: str) -> Iterator[Fraction]:
    known = reading.values.get(code)
    limits = {Fraction(atom.value) for atom in atoms(expression) if isinstance(atom, Comparison) and atom.code == code}
    for value in {limit + step for limit in limits for step in (-1, Fraction(-1, 10**6), 0, Fraction(1, 10**6), 1)}:
        if known is None or not (known & values_that("", value)).is_empty:
            yield value


def test_where_nothing_is_found_kleene_truth_is_what_all_completions_agree_on(engine: Engine) -> None:
    chance = random.Random(12)  # noqa: S311 - not for secrets
    # A drug that is not modelled leaves each class open by itself, as the rulebook says, although it cannot be of two.
    cases = [case for case in drawn_cases(12, 900) if not kinds(engine, case) & {"contradiction", "unknown-drug"}]
    everything = pool(engine)
    quiet, differing, decided = 0, 0, set()
    for number in range(2_500):
        expression = drawn(chance, chance.sample(everything, 4), 3)
        suspected = any(unsound_pairs("drawn", expression, engine.index, engine.vocabulary))
        case = cases[number % len(cases)] if number % 4 else {"id": "empty"}
        true, false = (test(*masks(engine, case)) for test in compile_tests(expression, engine.index))
        found = {
            holds(expression, lambda atom, one=one: one.truth_of(leaf(atom)))
            for one in completions(read(case), expression)
        }
        assert found
        kleene, entailed = (true, false), (found == {True}, found == {False})
        if suspected:
            differing += kleene != entailed
        else:
            quiet += 1
            decided.add(entailed)
            assert kleene == entailed, (expression, case)
    assert quiet > 800
    assert differing > 20
    assert decided == {(True, False), (False, True), (False, False)}


def kinds(engine: Engine, case: dict[str, Any]) -> set[str]:
    return {problem.kind for problem in engine.recommend(case).problems}


def masks(engine: Engine, case: dict[str, Any]) -> tuple[int, int]:
    state = engine.recommend(case).state
    return state.true, state.false


def test_the_classes_named_here_exist(graph: Graph) -> None:
    named = {part.strip() for row in (*FOUND, *QUIET) for part in row[1].split() if part.startswith("mbkg:")}
    known = {subject.value for subject, _ in graph.store.objects(expand("mbkg:isCriterion"))}

    assert {expand(name) for name in named} <= known
