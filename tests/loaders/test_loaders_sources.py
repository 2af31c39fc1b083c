"""A source folder is read strictly, and everything in it is in the graph."""

import os
import subprocess
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pyoxigraph as ox
import pytest
from source_folders import REPOSITORY, Spoil

from kg.errors import CodeError, DataError
from loaders.formal_keys import CODES
from loaders.individuals import declared
from loaders.names import Names, read_names
from loaders.sources import build_source, read_source
from loaders.strict_yaml import Entry, Value
from loaders.triples import iri


def graph_of(text: str) -> ox.Store:
    store = ox.Store()
    store.load(text.encode(), format=ox.RdfFormat.TURTLE)
    return store


def test_the_generated_files_are_fresh(roundtable: Path, ontology: Path) -> None:
    for name, text in build_source(roundtable, ontology).items():
        assert (ontology / name).read_text(encoding="utf-8") == text, f"{name} is stale: run mbkg build"


@pytest.mark.parametrize("locale", ["C", "zh_CN.GBK", "en_US.UTF-8"])
def test_the_same_bytes_come_out_in_every_locale(second: Path, ontology: Path, locale: str) -> None:
    program = (
        "import sys; from pathlib import Path; from loaders.sources import build_source;"
        f"files = build_source(Path({str(second)!r}), Path({str(ontology)!r}));"
        "sys.stdout.buffer.write(files['individuals/second.ttl'].encode())"
    )
    environment = {**os.environ, "LC_ALL": locale, "LANG": locale, "PYTHONHASHSEED": "7", "PYTHONUTF8": "0"}

    run = subprocess.run(  # noqa: S603
        [sys.executable, "-c", program], capture_output=True, check=True, env=environment, cwd=REPOSITORY
    )

    assert run.stdout.decode("utf-8") == build_source(second, ontology)["individuals/second.ttl"]


def leaves(value: Value, key: str = "") -> Iterator[tuple[str, Value]]:
    if isinstance(value, Entry):
        for name, item in value.items():
            yield from leaves(item, name)
    elif isinstance(value, list):
        for item in value:
            yield from leaves(item, key)
    else:
        yield key, value


def terms_about(store: ox.Store, statement: str) -> set[str]:
    """Collect what the graph says of a statement and of the things that only it has."""
    own = iri(statement).value
    return {
        str(quad.object.value)
        for quad in store
        if isinstance(quad.subject, ox.NamedNode) and f"{quad.subject.value}-".startswith(own + "-")
    }


def is_there(key: str, value: Value, terms: set[str], names: Names) -> bool:
    if value == "unstated":
        return key.replace("_", "-") in terms
    if isinstance(value, bool):
        return str(value).lower() in terms
    if isinstance(value, (int, Decimal)):
        return any(Decimal(term) == value for term in terms if term.replace(".", "", 1).isdigit())
    if key in CODES:
        return str(value) in terms or iri((CODES[key][1] or "") + str(value)).value in terms
    if key in {"en", "zh"}:
        return str(value) in terms
    return iri(names.get(str(value), where=key).local).value in terms


@pytest.mark.parametrize("name", ["roundtable", "second"])
def test_no_leaf_of_the_content_is_dropped(name: str, request: pytest.FixtureRequest, ontology: Path) -> None:
    folder: Path = request.getfixturevalue(name)
    source = read_source(folder)
    names = read_names(ontology / "names.tsv").with_individuals(declared(source))
    store = graph_of(build_source(folder, ontology)[f"individuals/{name}.ttl"])

    dropped = [
        (statement.id, key, value)
        for statement in source.statements
        for terms in [terms_about(store, statement.id)]
        for key, value in leaves(statement.formal)
        if not is_there(key, value, terms, names)
    ]

    assert dropped == []


def test_the_roundtable_is_whole(roundtable: Path) -> None:
    source = read_source(roundtable)

    assert [statement.id for statement in source.statements] == [f"S{number:03d}" for number in range(1, 230)]
    assert len(source.references) == 10
    assert len(source.document.persons) == 5
    assert len(source.conflicts) == 16
    assert {item.kind for item in source.outside} == {"Flag", "SourceCheck", "Defect", "ContextNote"}


def test_what_is_recalled_is_unverified_and_what_is_verified_names_where(roundtable: Path) -> None:
    for item in read_source(roundtable).outside:
        if item.basis is not None and item.basis.en.startswith("recall"):
            assert item.verification == "unverified", item.local
        if item.kind == "SourceCheck" and item.verification in {"verified", "confirmed"}:
            assert item.urls or item.traced_to or item.identifiers, item.local


def test_outside_knowledge_is_in_no_document_graph(roundtable: Path, ontology: Path) -> None:
    files = build_source(roundtable, ontology)
    document, outside = graph_of(files["individuals/roundtable.ttl"]), graph_of(files["outside/roundtable.ttl"])
    origin, traced = iri("mbkg:origin"), iri("mbkg:tracedTo")

    assert {quad.object.value for quad in document.quads_for_pattern(None, origin, None)} == {"text"}
    assert {quad.object.value for quad in outside.quads_for_pattern(None, origin, None)} == {"outside"}
    assert not list(document.quads_for_pattern(None, traced, None))
    assert list(outside.quads_for_pattern(iri("S147"), traced, iri("Reference-7")))
    assert not list(outside.quads_for_pattern(None, iri("mbkg:cites"), None))


def test_numbers_are_decimals_and_integers(roundtable: Path, ontology: Path) -> None:
    kinds = {
        quad.object.datatype.value.rpartition("#")[2]
        for text in build_source(roundtable, ontology).values()
        for quad in graph_of(text)
        if isinstance(quad.object, ox.Literal) and not quad.object.language
    }

    assert kinds == {"boolean", "decimal", "integer", "string"}


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        ("statements.yaml", "key: neglected", "key: zol_dose", r"statements\.yaml:\d+: 'zol_dose' stands"),
        ("statements.yaml", "cites: [1]", "cites: [7]", r"statements\.yaml:\d+: there is no reference 7"),
        ("statements.yaml", "flags: [AMB-CALCIUM]", "flags: [AMB]", r"statements\.yaml:\d+: there is no flag 'AMB'"),
        ("statements.yaml", "speaker: LinYiming", "speaker: ZhaoKe", r"statements\.yaml:\d+: ZhaoKe does not speak"),
        (
            "statements.yaml",
            "en: Denosumab is not",
            "fr: Denosumab is not",
            r"statements\.yaml:\d+: .*\{en: …, zh: …\}",
        ),
        ("statements.yaml", "formal:", "formel:", r"statements\.yaml:\d+: the key 'formel' means nothing"),
        ("source.yaml", "characters: 4", "characters: 1", r"the span ends at \d+, the text at"),
        ("source.yaml", "language: zh", "language: 12", r"source\.yaml:\d+: 'language' must be a text"),
        ("references.yaml", "year: 2025", "year: '2025'", r"references\.yaml:\d+: 'year' must be a whole number"),
    ],
)
def test_a_folder_that_cannot_be_right_is_refused(spoil: Spoil, name: str, old: str, new: str, message: str) -> None:
    folder = spoil(name, old, new)

    with pytest.raises(DataError, match=message):
        read_source(folder)


def test_a_digest_must_be_one(spoil: Spoil) -> None:
    folder = spoil("statements.yaml", "sha256: ", "sha256: X")

    with pytest.raises(DataError, match=r"statements\.yaml:\d+: 'sha256' is no SHA-256"):
        read_source(folder)


def test_an_unknown_entity_is_refused_with_what_it_could_be(spoil: Spoil, ontology: Path) -> None:
    folder = spoil("statements.yaml", "drug: ZoledronicAcid", "drug: ZoledronicAcit")

    with pytest.raises(CodeError, match=r"statements\.yaml:\d+: no entity is called 'ZoledronicAcit'") as caught:
        build_source(folder, ontology)

    assert caught.value.candidates[0] == "ZoledronicAcid"


def test_a_key_without_meaning_is_refused(spoil: Spoil, ontology: Path) -> None:
    folder = spoil("statements.yaml", "relation: cleared-by", "relatio: cleared-by")

    with pytest.raises(DataError, match=r"statements\.yaml:\d+: the key 'relatio' has no meaning"):
        build_source(folder, ontology)


def test_no_folder_is_an_error_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"no source\.yaml here"):
        read_source(tmp_path)
