"""The vocabulary: its names, labels, hierarchy, case data and disjointness."""

import csv
import itertools
from collections import defaultdict
from pathlib import Path

import owlready2
import pyoxigraph as ox
import pytest
import rdflib

from kg.namespaces import BASE, PREFIXES
from kg.resources import ontology_root

MODULES = ("schema", "disease", "biology", "observation", "intervention")
OURS = MODULES[1:]
RDFS, OWL, SKOS = PREFIXES["rdfs"], PREFIXES["owl"], PREFIXES["skos"]
LABEL, ALT, HIDDEN, DEFINITION = RDFS + "label", SKOS + "altLabel", SKOS + "hiddenLabel", SKOS + "definition"
CASE_KINDS = {"condition", "drug", "measurement", "finding", "modality"}
TOP_DRUGS = {"BoneProtectiveDrug", "CalciumSupplement", "VitaminD", "CalciumGluconate", "BoneFormingDrug", "OtherDrug"}

ENTAILED = [
    ("ActiveMultipleMyeloma", "MultipleMyeloma"),
    ("NewlyDiagnosedMultipleMyeloma", "MultipleMyeloma"),
    ("HighRiskSmolderingMultipleMyeloma", "SmolderingMultipleMyeloma"),
    ("LowRiskSmolderingMultipleMyeloma", "SmolderingMultipleMyeloma"),
    ("ActiveMultipleMyeloma", "HighRiskDisease"),
    ("HighRiskSmolderingMultipleMyeloma", "HighRiskDisease"),
    ("MonoclonalGammopathyOfUndeterminedSignificance", "LowRiskDisease"),
    ("LowRiskSmolderingMultipleMyeloma", "LowRiskDisease"),
    ("Denosumab", "BoneProtectiveDrug"),
    ("ZoledronicAcid", "Bisphosphonate"),
    ("ZoledronicAcid", "BoneProtectiveDrug"),
    ("Bisphosphonate", "BoneProtectiveDrug"),
    ("Gain1q", "VeryHighProgressionRisk"),
    ("Del17p", "VeryHighProgressionRisk"),
    ("MildBoneDisease", "OvertBoneDisease"),
    ("PathologicalFracture", "OvertBoneDisease"),
    ("SevereBonePain", "OvertBoneDisease"),
    ("OsteolyticLesion", "MildBoneDisease"),
    ("OsteolyticLesion", "OvertBoneDisease"),
    ("MinorFracture", "MildBoneDisease"),
    ("MinorFracture", "OvertBoneDisease"),
    ("DecreasedBoneMineralDensity", "PotentialBoneRisk"),
    ("MildBonePain", "PotentialBoneRisk"),
    ("MultipleFocalLesions", "FocalBoneLesion"),
]


def path_of(module: str) -> Path:
    return ontology_root() / "modules" / f"{module}.ttl"


def load(modules: tuple[str, ...] = MODULES) -> ox.Store:
    store = ox.Store()
    for module in modules:
        store.load(path_of(module).read_bytes(), ox.RdfFormat.TURTLE, to_graph=ox.DefaultGraph())
    return store


STORE = load()


def select(query: str, modules: tuple[str, ...] = ()) -> ox.QuerySolutions:
    found = (load(modules) if modules else STORE).query(query)
    assert isinstance(found, ox.QuerySolutions)
    return found


CONCEPTS = list(
    csv.DictReader(
        (Path(__file__).parent / "data" / "concepts.tsv").read_text(encoding="utf-8").splitlines(),
        delimiter="\t",
        quoting=csv.QUOTE_NONE,
    )
)
NAMES = list(
    csv.DictReader(
        (ontology_root() / "names.tsv").read_text(encoding="utf-8").splitlines(),
        delimiter="\t",
        quoting=csv.QUOTE_NONE,
    )
)
CASE_NAMES = {row["local_name"] for row in CONCEPTS}


def node(name: str) -> ox.NamedNode:
    return ox.NamedNode(name if ":" in name else BASE + name)


def values(name: str, predicate: str, language: str | None = None) -> list[str]:
    found = [quad.object for quad in STORE.quads_for_pattern(node(name), node(predicate), None)]
    return sorted(
        value.value
        for value in found
        if not isinstance(value, ox.BlankNode | ox.Triple)
        and (language is None or (isinstance(value, ox.Literal) and value.language == language))
    )


def classes(modules: tuple[str, ...] = OURS) -> list[str]:
    query = "SELECT ?c { ?c a <http://www.w3.org/2002/07/owl#Class> FILTER isIRI(?c) }"
    return sorted(row["c"].value.removeprefix(BASE) for row in select(query, modules))


def superclasses(name: str) -> set[str]:
    query = f"SELECT ?c {{ <{BASE}{name}> <{RDFS}subClassOf>* ?c FILTER isIRI(?c) }}"
    return {row["c"].value.removeprefix(BASE) for row in select(query)}


def disjoint_lists() -> list[list[str]]:
    first, rest = PREFIXES["rdf"] + "first", PREFIXES["rdf"] + "rest"
    query = f"SELECT ?d ?m {{ ?d a <{OWL}AllDisjointClasses> ; <{OWL}members>/<{rest}>*/<{first}> ?m }}"
    groups: dict[str, list[str]] = defaultdict(list)
    for row in select(query):
        groups[str(row["d"])].append(row["m"].value.removeprefix(BASE))
    pairs = select(f"SELECT ?one ?other {{ ?one <{OWL}disjointWith> ?other }}")
    for row in pairs:
        groups[f"{row['one']} {row['other']}"] = [row[name].value.removeprefix(BASE) for name in ("one", "other")]
    return [sorted(group) for group in groups.values()]


@pytest.mark.parametrize("concept", CONCEPTS, ids=lambda concept: concept["local_name"])
def test_every_concept_of_a_case_is_a_class_with_its_labels_kind_and_units(concept: dict[str, str]) -> None:
    name = concept["local_name"]

    assert name in classes()
    assert values(name, LABEL, "en") == [concept["label_en"]]
    assert values(name, LABEL, "zh") == [concept["label_zh"]]
    assert values(name, "caseKind") == [concept["kind"]]
    assert values(name, "canonicalUnit") == [unit for unit in [concept["unit"]] if unit]
    assert values(name, "acceptedUnit") == [unit for unit in [concept["accepts"]] if unit]


def test_only_drugs_go_beyond_the_concepts_of_a_case() -> None:
    beyond = [name for name in classes() if values(name, "caseKind") and name not in CASE_NAMES]

    assert {kind for name in beyond for kind in values(name, "caseKind")} == {"drug"}
    assert {kind for name in CASE_NAMES for kind in values(name, "caseKind")} == CASE_KINDS


def test_every_name_of_the_join_is_declared_here_or_reserved_for_an_individual() -> None:
    declared = set(classes())

    assert [row["local_name"] for row in NAMES if row["kind"] == "class" and row["local_name"] not in declared] == []
    assert [row["local_name"] for row in NAMES if row["kind"] == "individual" and row["local_name"] in declared] == []


def test_the_join_names_every_entity_and_every_concept_once() -> None:
    entities = [row["entity"] for row in NAMES if row["entity"]]

    assert len(entities) == len(set(entities))
    assert {row["concept"] for row in NAMES if row["concept"]} == CASE_NAMES
    assert [row for row in NAMES if row["concept"] and row["concept"] != row["local_name"]] == []
    assert {row["reviewed_by"] for row in NAMES} == {"nobody yet"}


@pytest.mark.parametrize(
    "entities",
    [
        ("BoneRiskHigh", "ONJHighRisk", "ProgressionRiskHigh"),
        ("FLC", "FLCRatio"),
        ("SRE", "SevereRenalImpairment"),
        ("GL_CHINA2022", "GL_CHINA2022_BONE"),
        ("ActiveMM", "ConfirmedPatient"),
    ],
)
def test_what_is_printed_alike_or_sounds_alike_has_different_names(entities: tuple[str, ...]) -> None:
    local = {row["entity"]: row["local_name"] for row in NAMES}

    assert len({local[entity] for entity in entities}) == len(entities)


@pytest.mark.parametrize("predicate", [LABEL, DEFINITION])
def test_every_class_has_one_label_and_one_definition_per_language(predicate: str) -> None:
    counts = {
        (name, language): len(values(name, predicate, language)) for name in classes() for language in ("en", "zh")
    }

    assert {key: count for key, count in counts.items() if count != 1} == {}


def test_every_label_is_tagged_en_or_zh() -> None:
    tags = {
        quad.object.language
        for predicate in (LABEL, ALT, HIDDEN, DEFINITION)
        for quad in STORE.quads_for_pattern(None, node(predicate), None)
        if isinstance(quad.object, ox.Literal)
    }

    assert tags == {"en", "zh"}


def test_no_label_names_two_terms_of_a_case() -> None:
    named: dict[str, set[str]] = defaultdict(set)
    for name in classes():
        if values(name, "caseKind"):
            for label in itertools.chain(*(values(name, predicate) for predicate in (LABEL, ALT, HIDDEN))):
                named[label.casefold()].add(name)

    assert {label: names for label, names in named.items() if len(names) > 1} == {}


def test_the_labels_of_two_terms_are_known_and_only_one_of_each_two_is_said_of_a_patient() -> None:
    named: dict[str, set[str]] = defaultdict(set)
    for name in classes():
        for label in itertools.chain(*(values(name, predicate) for predicate in (LABEL, ALT, HIDDEN))):
            named[label.casefold()].add(name)

    assert {label: names for label, names in named.items() if len(names) > 1} == {
        "高风险患者": {"HighBoneDiseaseRiskTier", "HighOsteonecrosisOfJawRisk"},  # the source prints it for both
        "vgpr": {"VeryGoodPartialResponse", "VeryGoodPartialResponseOrBetter"},  # the grade, and the finding
    }


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("狄诺塞麦", "Denosumab"),
        ("迪诺塞麦", "Denosumab"),
        ("地诺单抗", "Denosumab"),
        ("安加维", "Denosumab"),
        ("Xgeva", "Denosumab"),
        ("择泰", "ZoledronicAcid"),
        ("Zometa", "ZoledronicAcid"),
        ("唑来膦酸盐", "ZoledronicAcid"),
        ("SMM", "SmolderingMultipleMyeloma"),
        ("MGUS", "MonoclonalGammopathyOfUndeterminedSignificance"),
        ("FLC ratio", "SerumFreeLightChainRatio"),
        ("FLCr", "SerumFreeLightChainRatio"),
        ("β-CTX", "BetaCTX"),
        ("bCTX", "BetaCTX"),
        ("B-CX", "BetaCTX"),
        ("b-CTX", "BetaCTX"),
        ("PET/CT", "PETCT"),
        ("地塞米松", "Dexamethasone"),
        ("Revlimid", "Lenalidomide"),
    ],
)
def test_what_people_type_names_the_term(typed: str, name: str) -> None:
    labels = {label for predicate in (LABEL, ALT, HIDDEN) for label in values(name, predicate)}

    assert typed in labels


def test_no_synonym_of_the_involved_ratio_speaks_of_kappa_or_lambda() -> None:
    labels = [label for predicate in (LABEL, ALT, HIDDEN) for label in values("SerumFreeLightChainRatio", predicate)]

    assert [label for label in labels if any(word in label.casefold() for word in ("kappa", "lambda", "κ", "λ"))] == []


@pytest.mark.parametrize("word", ["P", "Ca", "OP", "BP", "FL", "SCC", "AE", "HR"])
def test_an_abbreviation_that_means_several_things_names_none(word: str) -> None:
    labels = {label for name in classes() for predicate in (LABEL, ALT, HIDDEN) for label in values(name, predicate)}

    assert word not in labels


@pytest.mark.parametrize(("narrower", "broader"), ENTAILED)
def test_the_narrower_concept_entails_the_broader(narrower: str, broader: str) -> None:
    assert broader in superclasses(narrower)


def test_no_concept_entails_another_beyond_those_that_the_contract_names() -> None:
    entailed = {(name, other) for name in CASE_NAMES for other in superclasses(name) & CASE_NAMES if other != name}

    assert entailed == set(ENTAILED)


def test_a_focal_lesion_seen_on_mri_or_petct_is_evidence_of_bone_damage() -> None:
    query = f"""SELECT ?modality {{
      <{BASE}FocalBoneLesionOnMRIOrPETCT> <{RDFS}subClassOf> <{BASE}EvidenceOfBoneDamage> ;
        <{OWL}equivalentClass>/<{OWL}intersectionOf> ?list .
      ?list <{PREFIXES["rdf"]}first> <{BASE}FocalBoneLesion> ;
        <{PREFIXES["rdf"]}rest>/<{PREFIXES["rdf"]}first> ?restriction .
      ?restriction <{OWL}onProperty> <{BASE}seenOn> ;
        <{OWL}someValuesFrom>/<{OWL}unionOf>/<{PREFIXES["rdf"]}rest>*/<{PREFIXES["rdf"]}first> ?modality }}"""

    assert sorted(row["modality"].value for row in select(query)) == [BASE + "MRI", BASE + "PETCT"]


def test_the_top_classes_of_drugs_exclude_one_another_but_therapy_and_glucocorticoid_may_overlap() -> None:
    groups = disjoint_lists()

    assert sorted({*TOP_DRUGS, "AntiMyelomaTherapy"}) in groups
    assert sorted({*TOP_DRUGS, "Glucocorticoid"}) in groups
    assert ["Bisphosphonate", "Denosumab"] in groups
    assert [group for group in groups if {"AntiMyelomaTherapy", "Glucocorticoid"} <= set(group)] == []


def test_a_glucocorticoid_is_none_of_the_mechanisms_against_myeloma() -> None:
    mechanisms = {name for name in classes() if "AntiMyelomaTherapy" in parents(name)}

    assert len(disjoint_lists()) == 4
    assert sorted({"Glucocorticoid", *mechanisms}) in disjoint_lists()


def parents(name: str) -> set[str]:
    return {parent.removeprefix(BASE) for parent in values(name, RDFS + "subClassOf")}


def test_no_drug_lies_in_two_classes_that_exclude_one_another() -> None:
    pairs = [pair for group in disjoint_lists() for pair in itertools.combinations(group, 2)]
    clashes = [(name, pair) for name in classes() for pair in pairs if set(pair) <= superclasses(name)]

    assert clashes == []


def drug_by_atc(code: str) -> str | None:
    """Return the class of the most specific code or group that the code begins with."""
    found = {given: name for name in classes() for key in ("atcCode", "atcGroupOutside") for given in values(name, key)}
    return next((found[code[:size]] for size in range(len(code), 0, -1) if code[:size] in found), None)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("C08CA01", "OtherDrug"),
        ("L04AX04", "Lenalidomide"),
        ("L01XG01", "Bortezomib"),
        ("L01XG99", "ProteasomeInhibitor"),
        ("M05BX04", "Denosumab"),
        ("M05BA08", "ZoledronicAcid"),
        ("M05BA99", "Bisphosphonate"),
        ("M05BX06", "Romosozumab"),
        ("A12AA03", "CalciumGluconate"),
        ("A12AA04", "CalciumCarbonate"),
        ("A11CC05", "Colecalciferol"),
        ("H02AB02", "Dexamethasone"),
        ("H05AA02", "Teriparatide"),
        ("A02BC01", "OtherDrug"),
        ("J05AB01", "OtherDrug"),
        ("B01AF01", "OtherDrug"),
    ],
)
def test_an_atc_code_names_the_drug_the_class_or_an_other_drug(code: str, expected: str) -> None:
    assert drug_by_atc(code) == expected


@pytest.mark.parametrize(
    "code",
    [
        "M05BX03",  # strontium ranelate: not ours to call bone-protective or not
        "H05BA01",  # calcitonin
        "G03XC01",  # raloxifene
        "A12AX",  # calcium with vitamin D
        "A11AA02",  # multivitamins and calcium
        "A02AC01",  # calcium carbonate as antacid
        "A07EA06",  # budesonide
        "R03BA02",  # inhaled budesonide
        "R03AK07",  # with a corticosteroid
        "R01AD09",  # nasal corticosteroid
        "D07AC01",  # topical corticosteroid
        "S01BA01",  # dexamethasone in the eye
        "C05AA01",  # hydrocortisone for haemorrhoids
        "H02BX01",  # methylprednisolone in combination
        "L01EL01",  # an antineoplastic drug that we do not model
        "L03AB05",  # interferon
        "L02BX53",  # abiraterone and corticosteroids
        "B05XA07",  # calcium chloride as additive
        "V03AE07",  # calcium acetate
        "D05AX02",  # calcipotriol
        "M01BA03",  # with corticosteroids
        "R06AB52",  # an antihistamine in combination
    ],
)
def test_an_atc_code_that_could_hold_a_drug_of_ours_stays_unknown(code: str) -> None:
    assert drug_by_atc(code) is None


def test_no_atc_code_is_given_to_two_classes() -> None:
    given = [code for name in classes() for key in ("atcCode", "atcGroupOutside") for code in values(name, key)]

    assert len(given) == len(set(given))


@pytest.mark.parametrize(
    ("name", "mass"),
    [
        ("SerumCalcium", "40.078"),
        ("SerumMagnesium", "24.305"),
        ("SerumPhosphate", "30.974"),
        ("SerumCreatinine", "113.12"),
    ],
)
def test_molar_masses_are_decimals_on_the_measurement(name: str, mass: str) -> None:
    (literal,) = [quad.object for quad in STORE.quads_for_pattern(node(name), node("molarMass"), None)]

    assert isinstance(literal, ox.Literal)
    assert (literal.value, literal.datatype.value) == (mass, PREFIXES["xsd"] + "decimal")


@pytest.mark.parametrize(
    ("name", "predicate", "expected"),
    [
        ("FocalBoneLesion", "allowedModality", [BASE + "MRI", BASE + "PETCT"]),
        ("AbnormalBoneMetabolism", "allowedModality", [BASE + "MRI", BASE + "PETCT"]),
        ("MetabolicallyActiveLesion", "allowedModality", [BASE + "PETCT"]),
        ("BoneLesionsStable", "takesSince", ["true"]),
        ("MonthsOfStableBoneLesions", "monthsSinceFinding", [BASE + "BoneLesionsStable"]),
        ("MonthsOnBoneProtectiveTherapy", "monthsOfDrug", [BASE + "BoneProtectiveDrug"]),
        ("MonthsOnBoneProtectiveTherapy", "largestGapInDays", ["92"]),
        ("BetaCTX", "markerKind", [BASE + "BoneResorptionMarker"]),
        ("PINP", "markerKind", [BASE + "BoneFormationMarker"]),
    ],
)
def test_what_a_case_needs_to_know_of_a_term_stands_on_it(name: str, predicate: str, expected: list[str]) -> None:
    assert values(name, predicate) == expected


def test_the_open_classes_are_those_that_the_source_gives_by_example() -> None:
    assert {name for name in classes() if values(name, "openClass")} == {
        "EvidenceOfBoneDamage",
        "HighRiskDisease",
        "LowRiskDisease",
        "MildBoneDisease",
        "PotentialBoneRisk",
        "VeryHighProgressionRisk",
    }


def test_every_subclass_axiom_says_where_it_comes_from() -> None:
    query = f"""SELECT ?c ?p {{
      ?c <{RDFS}subClassOf> ?p FILTER (?c != ?p)
      FILTER NOT EXISTS {{ ?a <{OWL}annotatedSource> ?c ; <{OWL}annotatedProperty> <{RDFS}subClassOf> ;
        <{OWL}annotatedTarget> ?p ; <{BASE}fromStatement>|<{BASE}axiomBasis> ?why }} }}"""

    assert [str(row["c"]) for row in select(query, OURS)] == []


def test_every_class_lies_under_a_root_of_the_schema() -> None:
    roots = {name for name in classes(("schema",)) if "ClinicalEntity" in superclasses(name)} - {"ClinicalEntity"}

    assert [name for name in classes() if not superclasses(name) & roots] == []


def test_every_unit_in_use_is_an_individual_with_labels_in_both_languages() -> None:
    used = {unit for name in classes() for key in ("canonicalUnit", "acceptedUnit") for unit in values(name, key)}
    query = f"SELECT ?u ?code {{ ?u a <{BASE}Unit> ; <{BASE}unitCode> ?code }}"
    units = {row["code"].value: row["u"].value.removeprefix(BASE) for row in select(query)}

    assert used - set(units) == set()
    assert [name for name in units.values() if not (values(name, LABEL, "en") and values(name, LABEL, "zh"))] == []


def test_no_class_is_used_as_an_individual() -> None:
    individuals = {quad.subject for quad in STORE.quads_for_pattern(None, node(PREFIXES["rdf"] + "type"), node("Unit"))}

    assert individuals & {node(name) for name in classes()} == set()


def test_every_term_of_ours_that_is_used_is_declared() -> None:
    declared = {quad.subject for quad in STORE.quads_for_pattern(None, node(PREFIXES["rdf"] + "type"), None)}
    used = {
        term
        for quad in STORE
        for term in (quad.predicate, quad.object)
        if isinstance(term, ox.NamedNode) and term.value.startswith(BASE)
    }
    statements = {term for term in used if term.value.removeprefix(BASE).removeprefix("S").isdigit()}

    assert sorted(term.value for term in used - declared - statements) == []


@pytest.mark.parametrize("module", MODULES)
def test_rdflib_reads_the_module_to_the_same_number_of_triples(module: str) -> None:
    graph = rdflib.Graph().parse(path_of(module), format="turtle")

    assert len(graph) == len(load((module,)))


def test_owlready2_reads_the_modules_and_knows_the_hierarchy(tmp_path: Path) -> None:
    path = tmp_path / "vocabulary.nt"
    path.write_bytes(b"".join(f"{quad.subject} {quad.predicate} {quad.object} .\n".encode() for quad in STORE))
    world = owlready2.World()

    world.get_ontology(path.as_uri()).load()

    assert world[BASE + "BoneProtectiveDrug"] in world[BASE + "ZoledronicAcid"].ancestors()
    assert world[BASE + "Denosumab"].label.zh == ["地舒单抗"]
