"""Knowledge lies in the ontology: change it there and verdicts change; Python names no drug, number or guideline."""

import ast
import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from pathlib import Path

import pytest
from fixture_types import SMM, Changed, Verdict

import kg
from kg.errors import DataError
from kg.graph import Graph
from kg.namespaces import expand

PACKAGE = Path(kg.__file__).parent
RATIO = "SerumFreeLightChainRatio"
CHINA = "start-china2022-smoldering"
AT_LEAST_100 = "[ xsd:minInclusive 100.0 ]"


def ratio(value: float) -> dict[str, list[dict[str, object]]]:
    return {**SMM, "measurements": [{"code": RATIO, "value": value}], "findings": [MET_ABSENT, FOCAL_ABSENT]}


MET_ABSENT: dict[str, object] = {"code": "MetabolicallyActiveLesion", "present": False}
FOCAL_ABSENT: dict[str, object] = {"code": "FocalBoneLesion", "present": False}


@pytest.mark.parametrize(
    ("value", "ours", "theirs"),
    [
        (99.9, "does-not-apply", "does-not-apply"),
        (100, "applies", "does-not-apply"),
        (119.9, "applies", "does-not-apply"),
        (120, "applies", "applies"),
    ],
)
def test_another_threshold_in_the_criteria_gives_another_verdict(
    changed: Changed, verdict: Verdict, value: float, ours: str, theirs: str
) -> None:
    other = changed(criteria=(AT_LEAST_100, AT_LEAST_100.replace("100.0", "120.0")))

    assert verdict(CHINA, ratio(value)) == ours
    assert verdict(CHINA, ratio(value), other) == theirs


def test_another_threshold_shows_in_the_reasons(changed: Changed, graph: Graph) -> None:
    other = changed(criteria=(AT_LEAST_100, AT_LEAST_100.replace("100.0", "120.5")))

    def thresholds(under: Graph) -> set[str]:
        reasons = under.recommend({"id": "p"})[CHINA].reasons
        return {str(r.criterion.threshold.value) for r in reasons if r.criterion.threshold}

    assert thresholds(graph) == {"10", "100"}
    assert thresholds(other) == {"10", "120.5"}


@pytest.mark.parametrize(("value", "theirs"), [(100, "does-not-apply"), (100.1, "applies")])
def test_another_comparator_in_the_criteria_gives_another_verdict(
    changed: Changed, verdict: Verdict, value: float, theirs: str
) -> None:
    other = changed(criteria=(AT_LEAST_100, AT_LEAST_100.replace("minInclusive", "minExclusive")))

    assert verdict(CHINA, ratio(value)) == "applies"
    assert verdict(CHINA, ratio(value), other) == theirs


def test_another_drug_class_in_the_criteria_gives_another_verdict(changed: Changed, verdict: Verdict) -> None:
    filler = "owl:someValuesFrom mbkg:AntiMyelomaTherapy ."
    other = changed(criteria=(filler, filler.replace("AntiMyelomaTherapy", "Glucocorticoid")))
    on_bortezomib = {"treatments": [{"code": "Bortezomib"}]}
    on_prednisone = {"treatments": [{"code": "Prednisone"}]}

    assert verdict("start-msmart-on-therapy", on_bortezomib) == "applies"
    assert verdict("start-msmart-on-therapy", on_bortezomib, other) == "does-not-apply"
    assert verdict("start-msmart-on-therapy", on_prednisone) == "unknown"
    assert verdict("start-msmart-on-therapy", on_prednisone, other) == "applies"


def test_a_second_criterion_in_a_condition_gives_another_verdict(changed: Changed, verdict: Verdict) -> None:
    old = (
        "owl:equivalentClass mbkg:NewlyDiagnosedMyelomaPatient ;\n"
        '    skos:definition "The patients whom this recommendation is for: Qiao'
    )
    new = old.replace(
        "mbkg:NewlyDiagnosedMyelomaPatient",
        "[ a owl:Class ; owl:unionOf ( mbkg:NewlyDiagnosedMyelomaPatient mbkg:SevereBonePainPatient ) ]",
    )
    other = changed(recommendations=(old, new))
    in_pain = {"conditions": [{"code": "SmolderingMultipleMyeloma"}], "findings": [{"code": "SevereBonePain"}]}

    assert verdict("start-newly-diagnosed", in_pain) == "does-not-apply"
    assert verdict("start-newly-diagnosed", in_pain, other) == "applies"
    assert [len(under.recommend({"id": "p"})["start-newly-diagnosed"].reasons) for under in (other,)] == [2]


def test_a_drug_that_moves_in_the_hierarchy_takes_its_verdicts_along(changed: Changed, verdict: Verdict) -> None:
    case = {"treatments": [{"code": "Romosozumab"}]}
    text = (kg.resources.ontology_root() / "modules" / "intervention.ttl").read_text(encoding="utf-8")
    match = re.search(r"mbkg:Romosozumab a owl:Class ;\n(?:    .*\n)*?    rdfs:subClassOf [^;]*;", text)
    assert match is not None
    moved = re.sub(r"rdfs:subClassOf [^;]*;", "rdfs:subClassOf mbkg:BoneProtectiveDrug ;", match[0])

    assert verdict("monitor-jaw", case) == "does-not-apply"
    assert verdict("monitor-jaw", case, changed(intervention=(match[0], moved))) == "applies"


def test_a_threshold_that_is_no_decimal_is_refused_and_not_ignored(changed: Changed) -> None:
    other = changed(criteria=(AT_LEAST_100, AT_LEAST_100.replace("100.0", "1.0e2")))

    with pytest.raises(DataError, match=r"threshold that is not an xsd:decimal"):
        other.recommend({"id": "p"})


# --- the sources -----------------------------------------------------------------------------------------------------


def modules() -> list[Path]:
    return sorted([*PACKAGE.rglob("*.py"), *(PACKAGE.parent / "loaders").rglob("*.py")])


def words_of(path: Path) -> Iterator[tuple[int, object]]:
    """Yield (line, value) of every constant and every name in a module; what explains it (docstrings) is left out."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    notes = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and id(node) not in notes:
            yield node.lineno, node.value
        elif isinstance(node, ast.Name):
            yield node.lineno, node.id
        elif isinstance(node, ast.Attribute):
            yield node.lineno, node.attr
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.lineno, node.name
        elif isinstance(node, ast.arg | ast.keyword):
            yield node.lineno, node.arg


def terms(graph: Graph) -> set[str]:
    """The local names and labels of all concepts, and the short names of guidelines and speakers."""
    concepts = graph.engine.vocabulary.concepts.values()
    names = {text for concept in concepts for text in (concept.code, concept.label.en, concept.label.zh)}
    return names | {name.value for _, name in graph.store.objects(expand("mbkg:shortName"))} - {"outside"}


# What a face says of the whole, and an example of how to type: the subject, and one modality.
SAID = {
    ("kg/cli/__init__.py", "multiple myeloma"),
    ("kg/cli/__init__.py", "多发性骨髓瘤"),
    ("kg/cli/recommend.py", "MRI"),
}


def found_terms(graph: Graph, paths: list[Path]) -> set[tuple[str, str]]:
    """The terms that stand in the code of some modules, as whole words."""
    parts = sorted(terms(graph), key=len, reverse=True)
    ascii_, other = [part for part in parts if part.isascii()], [part for part in parts if not part.isascii()]
    pattern = re.compile(
        rf"(?<![\w-])(?:{'|'.join(map(re.escape, ascii_))})(?![\w-])|{'|'.join(map(re.escape, other))}"
    )
    return {
        (path.relative_to(path.parents[[p.name for p in path.parents].index(top) + 1]).as_posix(), hit)
        for path in paths
        for top in ("kg" if "kg" in [p.name for p in path.parents] else "loaders",)
        for _, word in words_of(path)
        if isinstance(word, str)
        for hit in pattern.findall(word)
    }


def test_no_module_names_a_concept_or_a_guideline(graph: Graph) -> None:
    assert found_terms(graph, modules()) <= SAID


def test_the_scan_finds_a_drug_a_label_and_a_guideline(graph: Graph, tmp_path: Path) -> None:
    path = tmp_path / "kg" / "bad.py"
    path.parent.mkdir()
    path.write_text(
        '"""Denosumab may stand here."""\nif drug == "Denosumab" or 地舒单抗 or says == "IMWG":\n    pass\n',
        encoding="utf-8",
    )

    assert {hit for _, hit in found_terms(graph, [path])} == {"Denosumab", "IMWG", "地舒单抗"}


def numbers(graph: Graph) -> set[Decimal]:
    """The thresholds, molar masses and doses of the ontology."""
    limits = {limit for some in graph.engine.index.thresholds.values() for _, limit, _ in some}
    masses = {concept.molar_mass for concept in graph.engine.vocabulary.concepts.values() if concept.molar_mass}
    doses = {Decimal(dose.value) for _, dose in graph.store.objects(expand("mbkg:dose"))}
    gaps = {Decimal(c.largest_gap_in_days) for c in graph.engine.vocabulary.concepts.values() if c.largest_gap_in_days}
    return limits | masses | doses | gaps


# Small whole numbers that are also counts of something else, in the modules that verdicts pass through: pairs and
# places (2), limits of length (100), months of a year and hits of a search (12), steps of order (10), an exit code (4).
COUNTS = {Decimal(2), Decimal(100), Decimal(12), Decimal(10), Decimal(4)}
FACES = {"cli", "server", "mcp", "lookup.py", "layout.py"}


def as_number(word: object) -> Decimal | None:
    """The number that a constant is, or that its whole text is."""
    if isinstance(word, bool) or not isinstance(word, int | float | str):
        return None
    try:
        return Decimal(str(word).strip())
    except InvalidOperation:
        return None


def test_no_module_holds_a_threshold_a_dose_or_a_molar_mass(graph: Graph) -> None:
    held = {
        (path.name, line, str(number))
        for path in modules()
        if not FACES & set(path.parts)
        for line, word in words_of(path)
        if (number := as_number(word)) in numbers(graph) - COUNTS
    }

    assert held == set()


def test_the_numbers_looked_for_are_those_of_the_ontology(graph: Graph) -> None:
    expected = {"2", "2.1", "4", "4.2", "10", "12", "20", "24", "60", "92", "100", "120", "40.078", "113.12"}
    assert {
        str(number.normalize().quantize(Decimal(1)) if number % 1 == 0 else number) for number in numbers(graph)
    } >= (expected)
