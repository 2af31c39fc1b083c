"""What is generated is up to date, the same on every machine, and put back after any editor has saved it."""

import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from rdflib.collection import Collection

import kg
from kg.build import build
from kg.resources import ontology_files, ontology_root

OWL, RDF = rdflib.OWL, rdflib.RDF
OPERANDS = (OWL.intersectionOf, OWL.unionOf)
BUILD = "import sys; from pathlib import Path; from kg.build import build; print(build(Path(sys.argv[1])).changed)"


def contents(root: Path) -> dict[str, bytes]:
    return {name: path.read_bytes() for name, path in ontology_files(root)}


def test_what_is_shipped_is_what_a_build_makes() -> None:
    assert build(check=True).changed == ()


def test_a_check_says_what_is_stale_and_writes_nothing(ontology_copy: Path) -> None:
    path = ontology_copy / "modules" / "criteria.ttl"
    path.write_text(
        path.read_text(encoding="utf-8").replace("[ xsd:minInclusive 100.0 ]", "[ xsd:minInclusive 120.0 ]")
    )
    before = contents(ontology_copy)

    changed = build(ontology_copy, check=True).changed

    assert contents(ontology_copy) == before
    assert "modules/criteria.ttl" not in changed  # in order as it stands
    assert changed == ()  # no generated file repeats a threshold


def test_a_condition_that_changes_makes_the_generated_files_stale_and_a_second_build_changes_nothing(
    ontology_copy: Path,
) -> None:
    path = ontology_copy / "modules" / "recommendations.ttl"
    old = (
        "owl:equivalentClass mbkg:NewlyDiagnosedMyelomaPatient ;\n"
        '    skos:definition "The patients whom this recommendation is for: Qiao'
    )
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, old.replace("NewlyDiagnosed", "Smoldering")), encoding="utf-8")

    stale = build(ontology_copy, check=True).changed
    made = build(ontology_copy).changed

    assert stale == made
    assert {"generated/candidates.ttl", "generated/inferred.ttl"} <= set(made)
    assert build(ontology_copy).changed == ()
    assert kg.open(ontology_copy).recommend({"id": "p", "conditions": [{"code": "SMM"}]})[
        "start-newly-diagnosed"
    ].outcome == ("applies")


def test_the_locale_and_the_time_zone_do_not_change_a_byte(ontology_copy: Path) -> None:
    for folder in ("generated", "individuals", "outside"):
        shutil.rmtree(ontology_copy / folder)
    environments = [
        {"LC_ALL": "C", "TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "1", "PYTHONUTF8": "0"},
        {"LC_ALL": "C.UTF-8", "TZ": "America/Anchorage", "PYTHONHASHSEED": "2"},
    ]
    for environment in environments:
        done = subprocess.run(  # noqa: S603 - our own interpreter
            [sys.executable, "-c", BUILD, str(ontology_copy)],
            env={**os.environ, **environment},
            capture_output=True,
            check=False,
            timeout=120,
        )
        assert done.returncode == 0, done.stderr.decode(errors="replace")
        assert contents(ontology_copy) == contents(ontology_root())


def scrambled(text: str, seed: int) -> str:
    """The same Turtle as another editor might save it: other prefixes, other order, operands shuffled."""
    chance = random.Random(seed)  # noqa: S311 - not for secrets
    parsed = rdflib.Graph()
    parsed.parse(data=text, format="turtle")
    for predicate in OPERANDS:
        for head in list(parsed.objects(None, predicate)):
            members = Collection(parsed, head)
            operands = list(members)
            chance.shuffle(operands)
            for place, operand in enumerate(operands):
                members[place] = operand
    other = rdflib.Graph(bind_namespaces="none")
    other.bind("x", "https://w3id.org/mbkg/")
    other.bind("o", str(OWL))
    triples = list(parsed)
    chance.shuffle(triples)
    for triple in triples:
        other.add(triple)
    return other.serialize(format="turtle")


@pytest.mark.parametrize("module", sorted(path.name for path in (ontology_root() / "modules").glob("*.ttl")))
def test_a_module_that_another_editor_saved_is_put_back_byte_for_byte(ontology_copy: Path, module: str) -> None:
    path = ontology_copy / "modules" / module
    shipped = path.read_bytes()
    path.write_text(scrambled(shipped.decode(), seed=3), encoding="utf-8")
    assert path.read_bytes() != shipped
    renamed = [quad.triple for quad in ox.parse(path.read_bytes(), format=ox.RdfFormat.TURTLE)]
    path.write_bytes(ox.serialize(renamed, format=ox.RdfFormat.N_TRIPLES))

    build(ontology_copy)

    assert path.read_bytes() == shipped
    assert contents(ontology_copy) == contents(ontology_root())
