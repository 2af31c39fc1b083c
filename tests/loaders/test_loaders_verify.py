"""Statements held against the document: what passes, and what one change turns red."""

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
import yaml
from source_folders import Spoil

from loaders.documents import find_document
from loaders.quotation import quotation_from, quoter
from loaders.sources import read_source
from loaders.strict_yaml import Entry, Value
from loaders.text_tokens import TIMES, cut_tokens, read_tokens
from loaders.verify import MAX_EXCEPTIONS, Verification, printed_names, read_waivers, verify_source, verify_text


def test_every_span_of_the_article_is_verified(roundtable: Path, ontology: Path, article: Path) -> None:
    result = verify_source(roundtable, ontology, article.parent)

    assert [str(finding) for finding in result.findings] == []
    assert result.ok
    assert result.summary.en == f"229 of 229 spans verified, {result.exceptions} exceptions"
    assert result.exceptions == len(read_waivers(roundtable)) <= MAX_EXCEPTIONS


def test_without_the_document_nothing_is_verified_and_that_is_no_success(
    roundtable: Path, ontology: Path, tmp_path: Path
) -> None:
    for place in (None, tmp_path, tmp_path / "absent"):
        result = verify_source(roundtable, ontology, place)

        assert not result.ok
        assert result.verified == 0
        assert result.summary.en.startswith("nothing was verified")
        assert result.summary.zh.startswith("未核验")


def test_a_second_document_needs_no_code(second: Path, ontology: Path) -> None:
    result = verify_source(second, ontology, second)

    assert result.summary.en == "9 of 9 spans verified, 0 exceptions"
    assert result.ok


def lines_of(result: Verification) -> list[str]:
    assert not result.ok
    return [str(finding) for finding in result.findings]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("comparator: '>='", "comparator: <", "T007: the content says < 10 %, the span has >= 10 %"),
        ("comparator: <,", "comparator: '>=',", "T003: the content says >= 2.0 mmol/L, the span has < 2.0 mmol/L"),
        ("value: 4, unit: mg", "value: 4, unit: g", "T004: the content says 4 g, the span has 4 mg"),
        ("value: 35", "value: 53", "T006: the content says 53 %, the span has 35 %"),
        ("min: 15", "value: 15", "T005: the content says 15 min, the span has"),
        ("negated: true", "negated: false", "T008: the span has '不', the content does not deny"),
        ("do: avoid", "do: use", "T003: the span has '不', the content does not deny"),
        ("value: 2, unit: wk", "value: 2, unit: mo", "T009: the content says 2 mo, the span has 2 wk"),
    ],
)
def test_content_that_differs_from_the_span_is_found(
    spoil: Spoil, ontology: Path, old: str, new: str, expected: str
) -> None:
    folder = spoil("statements.yaml", old, new)

    found = lines_of(verify_source(folder, ontology, folder))

    assert any(line.startswith("statements.yaml:") and expected in line for line in found), found
    before = (folder / "statements.yaml").read_text(encoding="utf-8").splitlines()[: int(found[0].split(":")[1])]
    assert [line for line in before if line.startswith("- id:")][-1] == f"- id: {expected[:4]}"


def test_a_negation_that_the_span_lacks_is_found(spoil: Spoil, ontology: Path) -> None:
    folder = spoil("statements.yaml", "relation: has-importance", "negated: true\n      relation: has-importance")

    found = lines_of(verify_source(folder, ontology, folder))

    assert any("T001: the content denies, the span has no negation" in line for line in found)


def test_another_digest_is_found(spoil: Spoil, ontology: Path, second: Path) -> None:
    digest = read_source(second).statements[3].span.digest
    folder = spoil("statements.yaml", digest, "a" * 64)

    found = lines_of(verify_source(folder, ontology, folder))

    assert any("T004: the text at this span has another SHA-256" in line for line in found)


@pytest.mark.parametrize(
    "words", ["少于15分钟", "15分钟", "5分钟", "钟", "输注时间不少于1", "输注时间不少", "输注时间不少于15分"]
)
def test_a_span_may_not_cut_a_quantity(spoil: Spoil, ontology: Path, second: Path, words: str) -> None:
    span = read_source(second).statements[4].span
    start = (second / "document.txt").read_text(encoding="utf-8").index(words)
    digest = hashlib.sha256(words.encode()).hexdigest()
    old = f"start: {span.start}\n  end: {span.end}\n  sha256: {span.digest}"
    new = f"start: {start}\n  end: {start + len(words)}\n  sha256: {digest}"
    folder = spoil("statements.yaml", old, new)

    found = lines_of(verify_source(folder, ontology, folder))

    assert any("T005: the span cuts '不少于15分钟' in two" in line for line in found), found


@pytest.mark.parametrize("words", ["输注时间", "输注时间不少于15分钟", "不少于15分钟"])
def test_a_span_may_end_beside_a_quantity(second: Path, words: str) -> None:
    text = (second / "document.txt").read_text(encoding="utf-8")
    start = text.index(words)

    assert cut_tokens(text, start, start + len(words)) == []


def test_turns_and_references_have_digests_too(spoil: Spoil, ontology: Path, second: Path) -> None:
    spoil("references.yaml", read_source(second).references[0].span.digest, "a" * 64)  # type: ignore[union-attr]
    folder = spoil("source.yaml", read_source(second).document.turns[1].span.digest, "b" * 64)

    found = lines_of(verify_source(folder, ontology, folder))

    assert [line.split(": ")[1] for line in found] == ["turn 1", "Second-Reference-1"]


def test_an_exception_lets_one_token_pass_and_the_same_without_it_is_red(spoil: Spoil, ontology: Path) -> None:
    folder = spoil("statements.yaml", "value: 35, unit: '%'", "unit: '%'")
    red = lines_of(verify_source(folder, ontology, folder))
    assert any("T006: the span has 35 %, the content does not" in line for line in red)

    spoil("exceptions.yaml", "", "- {statement: T006, token: 35 %, reason: {en: a trial, zh: 试验}}\n")
    result = verify_source(folder, ontology, folder)

    assert (result.ok, result.exceptions) == (True, 1)
    assert result.summary.en == "9 of 9 spans verified, 1 exceptions"


def test_an_exception_that_explains_nothing_is_found(spoil: Spoil, ontology: Path) -> None:
    folder = spoil("exceptions.yaml", "", "- {statement: T004, token: 4 mg, reason: {en: none, zh: 无}}\n")

    found = lines_of(verify_source(folder, ontology, folder))

    assert found == ["exceptions.yaml:1: T004: the exception '4 mg' explains nothing"]


def test_each_exception_of_the_article_is_needed(
    roundtable: Path, ontology: Path, article: Path, tmp_path: Path
) -> None:
    for number, waiver in enumerate(read_waivers(roundtable)):
        folder = tmp_path / str(number)
        folder.mkdir()
        for path in roundtable.glob("*.yaml"):
            (folder / path.name).write_bytes(path.read_bytes())
        entries = yaml.safe_load((roundtable / "exceptions.yaml").read_text(encoding="utf-8"))
        del entries[number]
        (folder / "exceptions.yaml").write_text(yaml.safe_dump(entries), encoding="utf-8")

        result = verify_source(folder, ontology, article)

        assert waiver.statement in {finding.statement for finding in result.findings}


def copied(value: Value) -> Value:
    if isinstance(value, Entry):
        entry = value.empty()
        for key, item in value.items():
            entry.put(key, copied(item), value.line_of(key))
        return entry
    return [copied(item) for item in value] if isinstance(value, list) else value


def entries_in(value: Value) -> Iterator[Entry]:
    if isinstance(value, Entry):
        yield value
    for item in value.values() if isinstance(value, Entry) else value if isinstance(value, list) else ():
        yield from entries_in(item)


def spoiled(key: str, value: Value) -> Value:
    """Return what would be wrong instead, or the value where the key says nothing that is printed."""
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
        return value + 1
    wrong: dict[str, Value] = {"comparator": "<" if value == ">" else ">", "unit": "g", "p": "=0.5", "negated": False}
    return wrong.get(key, value)


@pytest.mark.parametrize("name", [pytest.param("roundtable", marks=pytest.mark.needs("article")), "second"])
def test_every_number_comparator_unit_and_negation_turns_red_when_changed(
    name: str, request: pytest.FixtureRequest, ontology: Path
) -> None:
    folder: Path = request.getfixturevalue(name)
    text = request.getfixturevalue("article_text") if name == "roundtable" else (folder / "document.txt").read_text()
    source = read_source(folder)
    names = printed_names(source, ontology)
    survived, tried = [], 0

    for statement in source.statements:
        first, last = statement.span.start, statement.span.end
        near = [item for item in source.statements if item.span.start < last and first < item.span.end]
        near.remove(statement)
        for number, original in enumerate(entries_in(statement.formal)):
            for key, value in original.items():
                wrong = spoiled(key, value)
                if value in (wrong, "unstated"):
                    continue
                formal = copied(statement.formal)
                assert isinstance(formal, Entry)
                list(entries_in(formal))[number][key] = wrong
                few = replace(source, statements=(*near, replace(statement, formal=formal)))
                found = verify_text(few, text, names, read_waivers(folder)).findings
                tried += 1
                if statement.id not in {finding.statement for finding in found if "explains" not in finding.text.en}:
                    survived.append((statement.id, key, value))

    assert survived == []
    assert tried == {"roundtable": 122, "second": 17}[name]


@pytest.mark.parametrize(
    ("text", "quantities"),
    [
        ("骨髓浆细胞≥20%", [(">=", "20", "%")]),
        ("骨髓浆细胞＜２０％", [("<", "20", "%")]),
        ("至少2年", [(">=", "2", "a")]),
        ("2年后", [(">=", "2", "a")]),
        ("稳定超过1年", [(">", "1", "a")]),
        ("4mg/月", [(None, "4", "mg"), (None, "1", "mo")]),
        ("每3个月1次", [(None, "3", "mo"), (None, "1", TIMES)]),
        ("68%vs.59%", [(None, "68", "%"), (None, "59", "%")]),
        ("P<0.001", [("<", "0.001", None)]),
        ("Ⅲ期", [(None, "3", None)]),
        ("见文献[6]", []),
        ("IL-6和1q扩增", []),
    ],
)
def test_a_quantity_is_comparator_number_and_unit(
    text: str, quantities: list[tuple[str | None, str, str | None]]
) -> None:
    tokens = read_tokens(text, 0, len(text), ["IL-6", "1q扩增"])

    found = [(item.comparator, item.number, item.unit) for item in tokens.quantities if not item.optional]
    assert found == [(comparator, Decimal(number), unit) for comparator, number, unit in quantities]


@pytest.mark.parametrize(
    ("text", "negations"),
    [
        ("不经肾脏", ["不"]),
        ("有无骨折", []),
        ("无论是否进展", []),
        ("不同机制", []),
        ("不少于3次", []),
        ("非劣效", []),
        ("无病变", ["无"]),
        ("避免种植牙", ["避免"]),
        ("不足3次", []),
    ],
)
def test_a_negation_is_one_only_where_it_denies(text: str, negations: list[str]) -> None:
    assert [word for word, _ in read_tokens(text, 0, len(text), ["非劣效"]).negations] == negations


def test_a_document_is_known_by_its_digest_and_not_by_its_name(second: Path, tmp_path: Path) -> None:
    document = read_source(second).document
    content = (second / "document.txt").read_bytes()
    (tmp_path / "a.txt").write_bytes(content + b" ")
    assert find_document(document, tmp_path) is None

    (tmp_path / "z.bin").write_bytes(content)

    assert find_document(document, tmp_path) == content.decode("utf-8")
    assert find_document(document, tmp_path / "z.bin") == content.decode("utf-8")


def test_words_are_quoted_only_where_the_digest_matches(second: Path, tmp_path: Path) -> None:
    source = read_source(second)
    span = source.statements[7].span

    (tmp_path / "sources").mkdir()
    (tmp_path / "sources" / "second").symlink_to(second)
    quote = quotation_from(second / "document.txt", tmp_path)

    assert quote is not None
    assert quote("second", span.start, span.end, span.digest) == "地舒单抗不经肾脏排泄"
    assert quote("second", span.start, span.end - 1, span.digest) is None
    assert quoter({"second": "别的文字"})("second", span.start, span.end, span.digest) is None
    assert quote("other", span.start, span.end, span.digest) is None
    assert quotation_from(second / "source.yaml", tmp_path) is None
