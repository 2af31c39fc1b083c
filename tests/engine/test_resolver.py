"""Whatever a concept is called, it is found; what names two things or another thing is not guessed."""

import csv
from collections.abc import Iterator
from typing import Any

import pytest
from fixture_types import Changed
from oracle.tables import DATA

from kg.errors import CodeError
from kg.graph import Graph
from kg.model import Concept
from kg.namespaces import BASE, expand, local_name
from kg.recommend import Engine
from kg.resolver import fold

NAMING = ("rdfs:label", "skos:altLabel", "skos:hiddenLabel")
OTHER_DRUG = "OtherDrug"


def resolved(engine: Engine, text: str, kind: str) -> str | None:
    """The concept that a text names in a list of its kind."""
    if kind == "drug":
        found = engine.resolver.find_drug(text, where="treatments/0")
        return None if found is None else found.code
    return engine.resolver.get(text, kind, where="here").code


def concepts(engine: Engine) -> Iterator[Concept]:
    yield from engine.vocabulary.concepts.values()


def test_every_concept_of_the_contract_is_there_with_its_kind_labels_and_unit(engine: Engine) -> None:
    with (DATA / "concepts.tsv").open(encoding="utf-8", newline="") as rows:
        expected = {
            row["local_name"]: (row["kind"], row["unit"] or None) for row in csv.DictReader(rows, delimiter="\t")
        }
    known = engine.vocabulary.concepts

    assert {name: (known[name].kind, known[name].unit) for name in expected} == expected


def test_every_concept_is_found_by_local_name_curie_iri_and_label(engine: Engine) -> None:
    for one in concepts(engine):
        texts = (one.code, f"mbkg:{one.code}", BASE + one.code, one.label.en, one.label.zh)
        for text in (*texts, one.label.en.upper(), f" {one.code} ", one.label.en.replace(" ", "_")):
            assert resolved(engine, text, one.kind) == one.code, text


def test_every_synonym_and_misspelling_of_a_concept_finds_it(engine: Engine, graph: Graph) -> None:
    tried = 0
    for predicate in NAMING:
        for subject, name in graph.store.objects(expand(predicate)):
            concept = engine.vocabulary.concepts.get(local_name(subject.value))
            if concept is not None:
                assert resolved(engine, name.value, concept.kind) == concept.code, name
                tried += 1
    assert tried > 600


def test_every_exactly_mapped_code_of_a_concept_finds_it(engine: Engine, graph: Graph) -> None:
    tried = 0
    for subject, code in graph.store.objects(expand("mbkg:codeExact")):
        concept = engine.vocabulary.concepts.get(local_name(subject.value))
        if concept is not None:
            assert resolved(engine, code.value, concept.kind) == concept.code, code
            tried += 1
    assert tried > 30


@pytest.mark.parametrize(
    ("text", "kind", "code"),
    [
        ("狄诺塞麦", "drug", "Denosumab"),
        ("地舒单抗", "drug", "Denosumab"),
        ("Xgeva", "drug", "Denosumab"),
        ("SMM", "condition", "SmolderingMultipleMyeloma"),
        ("smouldering multiple myeloma", "condition", "SmolderingMultipleMyeloma"),
        ("MGUS", "condition", "MonoclonalGammopathyOfUndeterminedSignificance"),
        ("FLC ratio", "measurement", "SerumFreeLightChainRatio"),
        ("ＳＵＶｍａｘ", "measurement", "SUVmax"),
        ("β-CTX", "measurement", "BetaCTX"),
        ("PET/CT", "modality", "PETCT"),
        ("NCIT:C61313", "drug", "Denosumab"),
    ],
)
def test_what_people_type_is_understood(engine: Engine, text: str, kind: str, code: str) -> None:
    try:
        found = resolved(engine, text, kind)
    except CodeError as error:
        found = str(error)
    assert found == code


def test_the_ratio_of_kappa_to_lambda_is_not_that_of_involved_to_uninvolved(engine: Engine) -> None:
    for code in ("LOINC:48378-4", "NCIT:C98731", "kappa/lambda ratio", "κ/λ", "κ/λ比值"):
        with pytest.raises(CodeError):
            resolved(engine, code, "measurement")


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("ATC:C08CA01", OTHER_DRUG),  # amlodipine
        ("C08CA01", OTHER_DRUG),
        ("c08ca01", OTHER_DRUG),
        ("ATC:L04AX04", "Lenalidomide"),
        ("L04AX04", "Lenalidomide"),
        ("lenalidomide", "Lenalidomide"),
        ("来那度胺", "Lenalidomide"),
        ("ATC:M05BX04", "Denosumab"),
        ("ATC:M05BA", "Bisphosphonate"),
        ("ATC:L01ZZ99", None),  # a cytostatic that we do not know may well be one against myeloma
        ("L01", None),
        ("L", None),
        ("amlodipine", None),
        ("ATC:", None),
        ("X99", None),
    ],
)
def test_an_atc_code_is_a_drug_a_group_an_other_drug_or_unknown(
    engine: Engine, code: str, expected: str | None
) -> None:
    assert resolved(engine, code, "drug") == expected


@pytest.mark.parametrize("drug", ["L04AX04", "ATC:L04AX04", "lenalidomide", "Bortezomib", "ATC:L01XG01"])
def test_a_common_drug_against_myeloma_is_one(engine: Engine, drug: str) -> None:
    found = engine.recommend({"id": "p", "treatments": [{"code": drug}]})

    assert found["start-msmart-on-therapy"].outcome == "applies"
    assert found.problems == ()


def test_a_real_list_has_no_unknown_drug(engine: Engine) -> None:
    found = engine.recommend({"id": "p", "treatments": [{"code": "lenalidomide"}, {"code": "ATC:C08CA01"}]})

    assert found.problems == ()
    assert found["start-msmart-on-therapy"].outcome == "applies"
    assert found["monitor-jaw"].outcome == "does-not-apply"


def test_an_unknown_cytostatic_leaves_every_class_open(engine: Engine) -> None:
    found = engine.recommend({"id": "p", "treatments": [{"code": "ATC:L01ZZ99"}]})

    assert [problem.kind for problem in found.problems] == ["unknown-drug"]
    assert found["start-msmart-on-therapy"].outcome == "unknown"


def test_a_name_of_two_things_is_refused_and_lists_them(changed: Changed, engine: Engine) -> None:
    label = 'rdfs:label "SUVmax'
    assert resolved(engine, "SUVmax", "measurement") == "SUVmax"
    twice = changed(
        observation=(
            "mbkg:SUVmax a owl:Class ;",
            'mbkg:PINP skos:altLabel "shared name"@en .\nmbkg:SUVmax a owl:Class ; skos:altLabel "shared name"@en ;',
        )
    )

    with pytest.raises(CodeError) as caught:
        resolved(twice.engine, "Shared name", "measurement")

    assert caught.value.candidates == ("PINP", "SUVmax")
    assert "names 2 things: PINP, SUVmax" in str(caught.value)
    assert label


def test_a_name_shared_by_two_kinds_is_told_apart_by_the_list_that_it_stands_in(changed: Changed) -> None:
    shared = changed(
        observation=(
            "mbkg:SUVmax a owl:Class ;",
            'mbkg:Gain1q skos:altLabel "shared name"@en .\nmbkg:SUVmax a owl:Class ; skos:altLabel "shared name"@en ;',
        )
    ).engine

    assert resolved(shared, "shared name", "measurement") == "SUVmax"
    assert resolved(shared, "shared name", "finding") == "Gain1q"


def test_no_name_of_ours_is_shared_within_a_kind(engine: Engine, graph: Graph) -> None:
    named: dict[tuple[str, str], set[str]] = {}
    for predicate in NAMING:
        for subject, name in graph.store.objects(expand(predicate)):
            concept = engine.vocabulary.concepts.get(local_name(subject.value))
            if concept is not None:
                named.setdefault((concept.kind, fold(name.value)), set()).add(concept.code)

    assert {key: codes for key, codes in named.items() if len(codes) > 1} == {}


def test_the_same_case_in_other_words_gets_the_same_answer(engine: Engine) -> None:
    def case(*words: str) -> dict[str, Any]:
        condition, measurement, finding, modality, drug = words
        return {
            "id": "p",
            "as_of": "2025-06-30",
            "conditions": [{"code": condition}],
            "measurements": [{"code": measurement, "value": 12}],
            "findings": [{"code": finding, "modality": modality}],
            "treatments": [{"code": drug}],
        }

    ours = engine.recommend(
        case("SmolderingMultipleMyeloma", "BoneMarrowPlasmaCellPercentage", "FocalBoneLesion", "MRI", "Denosumab")
    )
    theirs = engine.recommend(case("冒烟型多发性骨髓瘤", "骨髓浆细胞比例", "局灶性骨病变", "磁共振成像", "狄诺塞麦"))

    assert ours["start-china2022-smoldering"].outcome == "applies"
    assert theirs.outcomes == ours.outcomes
