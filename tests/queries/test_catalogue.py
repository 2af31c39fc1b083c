"""The catalogue: what is found by which name, what a parameter accepts, and what a malformed head is told."""

import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from engines import resolve

from kg.catalogue import Catalogue, checks
from kg.errors import CodeError, DataError, NotFoundError, UsageError
from kg.namespaces import PREFIXES, expand

HEAD = """#+ id: {id}
#+ summary: {{en: "One thing", zh: "一件事"}}
#+ questions: {{en: ["What?"], zh: ["什么？"]}}
#+ parameters: {{thing: {{type: {type}}}}}
SELECT $thing WHERE {{ $thing ?p ?o }} ORDER BY $thing
"""


def written(folder: Path, text: str, name: str = "one") -> Catalogue:
    (folder / "cq").mkdir()
    (folder / "cq" / f"{name}.rq").write_text(text, encoding="utf-8")
    return Catalogue.load(folder)


def test_a_query_is_found_by_the_name_of_its_file(catalogue: Catalogue) -> None:
    query = catalogue.get("drug-dose")

    assert query.kind == "cq"
    assert [parameter.name for parameter in query.parameters] == ["drug"]
    assert "#+" not in query.text


def test_an_unknown_name_offers_the_nearest(catalogue: Catalogue) -> None:
    assert catalogue.find("drug-doze") is None
    with pytest.raises(NotFoundError, match="drug-dose"):
        catalogue.get("drug-doze")


def test_checks_are_the_queries_of_the_folder_qc(catalogue: Catalogue) -> None:
    assert [query.id for query in checks(catalogue)] == [path.stem for path in catalogue.paths("qc")]
    assert {query.kind for query in checks(catalogue)} == {"qc"}
    assert len(catalogue) == len(list(catalogue)) == len(catalogue.ids)


def test_a_parameter_that_is_not_given_is_unbound(catalogue: Catalogue) -> None:
    assert catalogue.get("drug-dose").bind({}, resolve) == {}
    assert catalogue.get("drug-dose").bind({"drug": None}, resolve) == {}


def test_a_name_is_resolved_as_the_type_of_its_parameter(catalogue: Catalogue) -> None:
    asked: list[tuple[str, str]] = []

    def resolve_here(text: str, type_iri: str) -> str:
        asked.append((text, type_iri))
        return expand("mbkg:Denosumab")

    bound = catalogue.get("drug-dose").bind({"drug": "狄诺塞麦"}, resolve_here)

    assert asked == [("狄诺塞麦", expand("mbkg:Drug"))]
    assert bound == {"drug": ox.NamedNode(expand("mbkg:Denosumab"))}


def test_what_the_resolver_raises_reaches_the_caller(catalogue: Catalogue) -> None:
    def refuse(text: str, type_iri: str) -> str:
        message = f"{text!r} names no {type_iri}"
        raise CodeError(message, code=text)

    with pytest.raises(CodeError, match="nothing"):
        catalogue.get("drug-dose").bind({"drug": "nothing"}, refuse)


def test_an_unknown_parameter_is_told_which_there_are(catalogue: Catalogue) -> None:
    with pytest.raises(UsageError, match="has no parameter 'medicine'; it has: drug"):
        catalogue.get("drug-dose").bind({"medicine": "x"}, resolve)


def test_a_required_parameter_must_be_given(catalogue: Catalogue) -> None:
    with pytest.raises(UsageError, match="needs the parameter 'code'"):
        catalogue.get("term-of-code").bind({}, resolve)


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [
        ("integer", 3, "3"),
        ("integer", "3", "3"),
        ("decimal", Decimal("2.10"), "2.10"),
        ("decimal", "2.1", "2.1"),
        ("decimal", 2, "2"),
        ("boolean", True, "true"),
        ("boolean", "false", "false"),
        ("string", "高", "高"),
    ],
)
def test_a_value_is_bound_as_a_literal_of_its_type(tmp_path: Path, kind: str, value: object, text: str) -> None:
    query = written(tmp_path, HEAD.format(id="one", type=f"xsd:{kind}")).get("one")

    assert query.bind({"thing": value}, resolve) == {
        "thing": ox.Literal(text, datatype=ox.NamedNode(PREFIXES["xsd"] + kind))
    }


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("integer", "３"),
        ("integer", "1_000"),
        ("integer", " 3"),
        ("integer", 3.0),
        ("integer", "3\n"),
        ("decimal", "NaN"),
        ("decimal", "1e3"),
        ("decimal", 2.1),
        ("decimal", Decimal("Infinity")),
        ("boolean", "yes"),
        ("boolean", 1),
        ("string", 2.5),
        ("string", "a\x00b"),
    ],
)
def test_a_value_of_another_grammar_is_refused(tmp_path: Path, kind: str, value: object) -> None:
    query = written(tmp_path, HEAD.format(id="one", type=f"xsd:{kind}")).get("one")

    with pytest.raises(UsageError, match=f"must be xsd:{kind}"):
        query.bind({"thing": value}, resolve)


@pytest.mark.parametrize("value", ["", "  ", 3, True])
def test_a_name_must_be_a_text(catalogue: Catalogue, value: object) -> None:
    with pytest.raises(UsageError, match="must name a mbkg:Drug"):
        catalogue.get("drug-dose").bind({"drug": value}, resolve)


GOOD = HEAD.format(id="one", type="mbkg:Drug")
MALFORMED = [
    (GOOD.replace("id: one", "id: two"), "line 1: the id must be the name of the file"),
    (GOOD.replace('zh: "一件事"', 'fr: "Une chose"'), "line 2: summary must be a text in each language"),
    (GOOD.replace('["What?"]', '"What?"'), "line 3: questions must be lists"),
    (GOOD.replace("type: mbkg:Drug", "kind: mbkg:Drug"), "line 4: parameter 'thing' may say"),
    (GOOD.replace("mbkg:Drug", "xsd:date"), "line 4: the type of parameter 'thing' must be"),
    (GOOD.replace("mbkg:Drug", "drug:Drug"), "line 4: the type of parameter 'thing' must be"),
    (GOOD.replace("questions:", "question:"), "'question' is no field of a head"),
    (GOOD.replace("#+ questions", "#+ id: one\n#+ questions"), "line 3: 'id' stands twice"),
    (GOOD.replace('"One thing"', '"One thing'), "the head cannot be read"),
    (GOOD.replace("#+", "#"), "line 1: there is no head"),
    (GOOD.replace("#+ questions", "#+ problem: {en: a, zh: 一}\n#+ questions"), "line 3: problem belongs in the head"),
]


@pytest.mark.parametrize(("text", "told"), MALFORMED)
def test_a_malformed_head_is_told_with_file_and_line(tmp_path: Path, text: str, told: str) -> None:
    catalogue = written(tmp_path, text)

    with pytest.raises(DataError) as raised:
        catalogue.get("one")

    assert told in str(raised.value)
    assert "one.rq, line" in str(raised.value)


def test_two_queries_of_one_name_are_refused(tmp_path: Path) -> None:
    written(tmp_path, GOOD)
    (tmp_path / "qc").mkdir()
    (tmp_path / "qc" / "one.rq").write_text(GOOD, encoding="utf-8")

    with pytest.raises(DataError, match="the name of two queries"):
        Catalogue.load(tmp_path)


def test_one_broken_file_does_not_hide_the_others(tmp_path: Path) -> None:
    written(tmp_path, "no head", "broken")
    (tmp_path / "cq" / "one.rq").write_text(GOOD, encoding="utf-8")

    assert Catalogue.load(tmp_path).get("one").id == "one"


def test_nothing_is_parsed_before_a_query_is_asked_for() -> None:
    code = "import sys; from kg.catalogue import Catalogue; Catalogue.load(); print('yaml' in sys.modules)"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603

    assert done.stdout.strip() == "False"


def test_a_query_text_is_the_same_for_everyone(catalogue: Catalogue) -> None:
    first: Any = catalogue.get("drug-dose")

    assert catalogue.get("drug-dose") is first
