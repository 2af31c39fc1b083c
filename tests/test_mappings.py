"""The tables of mappings: what they may claim, and how a broken row is refused."""

import re
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.errors import DataError
from kg.mappings import Mapping, mapping_triples, mappings_turtle, read_mappings
from kg.namespaces import BASE
from kg.resources import ontology_root

MBKG = ontology_root() / "mappings" / "mbkg.sssom.tsv"
SNOMED = ontology_root() / "mappings" / "mbkg-snomedct.sssom.tsv"
HEADER = (
    "# curie_map:\n#   NCIT: http://purl.obolibrary.org/obo/NCIT_\n#   mbkg: https://w3id.org/mbkg/\n"
    "subject_id\tsubject_label\tpredicate_id\tobject_id\tobject_label\tmapping_justification\tconfidence\t"
    "author_label\treviewer_label\tcomment\n"
)
ROW = [
    "mbkg:Denosumab",
    "denosumab",
    "skos:exactMatch",
    "NCIT:C61313",
    "Denosumab",
    "semapv:UnspecifiedMatching",
    "0.95",
    "nobody yet",
    "nobody yet",
    "how_verified: x",
]
# Ids that their own vocabulary has replaced, or that were seen once without a label.
WITHDRAWN = {"EFO:0001378", "EFO:0003073", "EFO:0000203", "EFO:0004518", "EFO:0005208", "EFO:0003923", "OAE:0002685"}
UNLABELLED = {"RXNORM:11473"}


def table(tmp_path: Path, **changed: str) -> Path:
    columns = HEADER.splitlines()[-1].split("\t")
    cells = [changed.get(column, cell) for column, cell in zip(columns, ROW, strict=True)]
    path = tmp_path / "small.sssom.tsv"
    path.write_text(HEADER + "\t".join(cells) + "\n", encoding="utf-8")
    return path


def mappings() -> tuple[Mapping, ...]:
    return read_mappings(MBKG)


def test_a_row_becomes_a_mapping_with_both_iris(tmp_path: Path) -> None:
    (mapping,) = read_mappings(table(tmp_path))

    assert mapping.subject == "https://w3id.org/mbkg/Denosumab"
    assert mapping.object == "http://purl.obolibrary.org/obo/NCIT_C61313"
    assert str(mapping.confidence) == "0.95"


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("predicate_id", "owl:equivalentClass", "SKOS match"),
        ("predicate_id", "skos:exactmatch", "SKOS match"),
        ("object_id", "NCIT", "no CURIE"),
        ("object_id", "NCIT:", "no CURIE"),
        ("object_id", "UNKNOWN:1", "no CURIE"),
        ("object_id", "NCIT:C 1", "no CURIE"),
        ("subject_id", "NCIT:C61313", "not a term of ours"),
        ("confidence", "1.01", "from 0 to 1"),
        ("confidence", "NaN", "from 0 to 1"),
        ("confidence", "", "from 0 to 1"),
        ("mapping_justification", "guess", "justification"),
        ("comment", "a\tb", "cells"),
    ],
)
def test_a_malformed_row_is_refused_with_file_and_line(tmp_path: Path, column: str, value: str, said: str) -> None:
    with pytest.raises(DataError, match=said) as caught:
        read_mappings(table(tmp_path, **{column: value}))

    assert caught.value.where == "small.sssom.tsv:5"


@pytest.mark.parametrize("confidence", ["0", "1", "1.0"])
def test_the_ends_of_the_confidence_scale_are_accepted(tmp_path: Path, confidence: str) -> None:
    assert len(read_mappings(table(tmp_path, confidence=confidence))) == 1


def test_a_pair_given_twice_is_refused(tmp_path: Path) -> None:
    path = table(tmp_path)
    path.write_text(path.read_text(encoding="utf-8") + "\t".join(ROW) + "\n", encoding="utf-8")

    with pytest.raises(DataError, match="twice"):
        read_mappings(path)


@pytest.mark.parametrize(
    "text",
    ["", "# curie_map: [\n", HEADER.replace("curie_map", "prefixes"), HEADER.replace("predicate_id", "predicate")],
)
def test_a_table_without_its_head_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "small.sssom.tsv"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(DataError, match=r"small\.sssom\.tsv"):
        read_mappings(path)


def test_a_missing_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="cannot be read"):
        read_mappings(tmp_path / "none.tsv")


@pytest.mark.parametrize(
    ("predicate", "expected"),
    [
        ("skos:exactMatch", "codeExact"),
        ("skos:narrowMatch", "codeNarrower"),
        ("skos:broadMatch", "codeOther"),
        ("skos:closeMatch", "codeOther"),
        ("skos:relatedMatch", "codeOther"),
    ],
)
def test_only_an_exact_or_narrower_code_may_stand_for_the_term(tmp_path: Path, predicate: str, expected: str) -> None:
    triples = list(mapping_triples(read_mappings(table(tmp_path, predicate_id=predicate))))

    assert [triple.predicate.value for triple in triples if isinstance(triple.object, ox.Literal)] == [BASE + expected]


def test_the_generated_file_is_up_to_date() -> None:
    generated = (ontology_root() / "generated" / "mappings.ttl").read_text(encoding="utf-8")

    assert mappings_turtle(MBKG) == generated


def test_the_subject_of_every_mapping_is_declared_with_the_label_it_is_given() -> None:
    labels = {}
    for path in sorted((ontology_root() / "modules").glob("*.ttl")):
        for quad in ox.parse(path.read_bytes(), ox.RdfFormat.TURTLE):
            if quad.predicate.value.endswith("#label") and isinstance(quad.object, ox.Literal):
                labels[str(quad.subject)[1:-1], quad.object.language] = quad.object.value

    given = {(mapping.subject, mapping.subject_label) for mapping in (*mappings(), *read_mappings(SNOMED))}
    assert [pair for pair in sorted(given) if labels.get((pair[0], "en")) != pair[1]] == []


def test_no_withdrawn_or_unlabelled_code_is_shipped() -> None:
    assert {mapping.code for mapping in mappings()} & (WITHDRAWN | UNLABELLED) == set()


def test_no_mapping_below_medium_confidence_is_shipped_and_none_below_high_is_exact() -> None:
    assert min(mapping.confidence for mapping in mappings()) * 10 >= 7
    assert [m.code for m in mappings() if m.predicate == "skos:exactMatch" and m.confidence * 100 < 95] == []


def test_a_code_that_may_stand_for_a_term_stands_for_one_case_term_only() -> None:
    concepts = (Path(__file__).parent / "data" / "concepts.tsv").read_text(encoding="utf-8").splitlines()[1:]
    case_terms = {BASE + line.split("\t")[0] for line in concepts}
    standing: dict[str, set[str]] = {}
    for mapping in mappings():
        if mapping.predicate in {"skos:exactMatch", "skos:narrowMatch"} and mapping.subject in case_terms:
            standing.setdefault(mapping.code, set()).add(mapping.subject)

    assert {code: terms for code, terms in standing.items() if len(terms) > 1} == {}


@pytest.mark.parametrize("code", ["LOINC:48378-4", "NCIT:C98731"])
def test_a_kappa_lambda_code_never_stands_for_the_involved_uninvolved_ratio(code: str) -> None:
    predicates = {m.predicate for m in mappings() if m.code == code}

    assert predicates == {"skos:relatedMatch"}


def test_a_mass_code_and_a_moles_code_are_both_narrower_than_the_measurement() -> None:
    predicates = {m.code: m.predicate for m in mappings() if m.subject == BASE + "SerumCalcium"}

    assert predicates["LOINC:17861-6"] == predicates["LOINC:2000-8"] == "skos:narrowMatch"
    assert predicates["LOINC:29265-6"] == "skos:closeMatch"


def test_nobody_is_said_to_have_reviewed_a_mapping() -> None:
    assert {mapping.reviewer for mapping in mappings()} == {"nobody yet"}


def test_snomed_ct_and_meddra_are_not_in_the_table_that_is_loaded() -> None:
    prefixes = {mapping.code.partition(":")[0] for mapping in mappings()}

    assert prefixes & {"SNOMEDCT", "SCTID", "MEDDRA"} == set()
    assert "snomed" not in (ontology_root() / "generated" / "mappings.ttl").read_text(encoding="utf-8").casefold()


def test_snomed_ct_rows_carry_bare_identifiers_without_its_labels() -> None:
    rows = read_mappings(SNOMED)

    assert {row.object_label for row in rows} == {""}
    assert all(re.fullmatch(r"SNOMEDCT:\d+", row.code) for row in rows)


def test_no_foreign_term_is_made_equal_in_logic() -> None:
    text = (ontology_root() / "generated" / "mappings.ttl").read_text(encoding="utf-8")

    assert not re.search(r"owl:(equivalentClass|sameAs)", text)
