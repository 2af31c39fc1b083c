"""The other commands: queries, terms, statements, sources, cases, building, versions, completion."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest
import yaml

import kg
from kg.cli.tables import guarded
from kg.resources import ontology_root

LANGS = ("en", "zh")


def test_help_of_every_command_is_there_in_both_languages(run: Callable) -> None:
    from kg.cli import main  # noqa: PLC0415 - beside its use

    for name in main.list_commands(None):  # type: ignore[arg-type]
        english, chinese = (run(name, "--help", "--lang", lang).stdout for lang in LANGS)
        assert english.startswith("Usage: mbkg")
        assert chinese.startswith("用法：mbkg")
        assert "显示本帮助并退出" in chinese


def test_the_program_alone_shows_its_help(run: Callable) -> None:
    assert run().stdout == run("--help").stdout
    assert run().exit_code == 0
    assert "Not a medical device" in " ".join(run().stdout.split())


# --- queries ---------------------------------------------------------------------------------------------------------


def test_a_named_query_gives_the_rows_of_the_library(run: Callable) -> None:
    found = json.loads(run("query", "drug-dose", "drug=地舒单抗", "--json").stdout)
    rows = kg.open().query("drug-dose", drug="Denosumab").to_dicts()

    assert [row["statement"] for row in found] == [row["statement"] for row in rows]
    assert {row["dose"] for row in found} == {120}


def test_csv_and_tsv_have_a_head_and_the_same_rows(run: Callable) -> None:
    comma = list(csv.reader(io.StringIO(run("query", "drug-dose", "drug=Denosumab", "--csv").stdout)))
    tab = list(csv.reader(io.StringIO(run("query", "drug-dose", "drug=Denosumab", "--tsv").stdout), delimiter="\t"))

    assert comma == tab
    assert tuple(comma[0]) == kg.open().query("drug-dose", drug="Denosumab").columns


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx"])
def test_a_cell_that_a_spreadsheet_would_run_is_guarded(run: Callable, text: str) -> None:
    escaped = text.replace("\t", "\\t").replace("\r", "\\r")
    rows = list(csv.reader(io.StringIO(run("sparql", f'SELECT ("{escaped}" AS ?x) {{}}', "--csv").stdout, newline="")))

    assert guarded(text) == f"'{text}"
    assert rows == [["x"], [f"'{text}".replace("\r", "\n")]]


def test_a_negative_number_is_no_formula(run: Callable) -> None:
    assert run("sparql", "SELECT (-1 AS ?x) {}", "--csv").stdout == "x\n-1\n"


def test_the_query_that_is_shown_gives_the_same_rows(run: Callable) -> None:
    shown = run("query", "drug-dose", "drug=Denosumab", "--show").stdout

    assert "$drug" not in shown
    assert (
        run("sparql", "-", "--json", stdin=shown).stdout == run("query", "drug-dose", "drug=Denosumab", "--json").stdout
    )


@pytest.mark.parametrize("lang", LANGS)
def test_a_table_shows_labels_in_the_language_of_the_reader(run: Callable, lang: str) -> None:
    text = run("query", "drug-dose", "drug=Denosumab", "--lang", lang).stdout

    assert ("subcutaneous injection" in text) is (lang == "en")
    assert ("皮下注射" in text) is (lang == "zh")


def test_queries_are_listed_by_kind(run: Callable) -> None:
    found = json.loads(run("queries", "--json", "--kind", "cq").stdout)

    assert [query["id"] for query in found] == [query.id for query in kg.open().catalogue.of_kind("cq")]
    assert run("queries", "--lang", "zh").exit_code == 0


def test_our_prefixes_need_not_be_declared_and_may_be(run: Callable) -> None:
    declared = "PREFIX mbkg: <https://w3id.org/mbkg/>\nASK { mbkg:S042 a mbkg:Statement }"

    assert run("sparql", "ASK { mbkg:S042 a mbkg:Statement }").stdout == "true\n"
    assert run("sparql", declared).stdout == "true\n"
    assert run("sparql", "ASK { mbkg:S042 a mbkg:Drug }", "--lang", "zh").stdout == "否\n"
    assert run("sparql", "ASK { mbkg:S042 a mbkg:Drug }", "--json").stdout == "false\n"


def test_a_query_may_be_a_file_and_a_construct_gives_triples(run: Callable, tmp_path: Path) -> None:
    path = tmp_path / "query.rq"
    path.write_text("CONSTRUCT { mbkg:S042 ?p ?o } WHERE { mbkg:S042 ?p ?o }", encoding="utf-8")
    triples = list(ox.parse(run("sparql", str(path)).stdout, format=ox.RdfFormat.N_TRIPLES))

    assert len(triples) > 5
    assert run("sparql", str(path), "--json").exit_code == 2


# --- terms and statements --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGS)
def test_a_synonym_in_either_language_finds_its_term(run: Callable, lang: str) -> None:
    text = run("lookup", "狄诺塞麦", "--lang", lang, COLUMNS="110").stdout

    assert "Denosumab" in text
    assert "ATC:M05BX04" in text


def test_a_text_that_names_nothing_gets_the_nearest_and_says_so(run: Callable) -> None:
    assert run("lookup", "denosumabb").stdout.startswith("Nothing is called “denosumabb”")
    assert [one["exact"] for one in json.loads(run("lookup", "denosumabb", "--json").stdout)][:1] == [False]


def test_only_terms_of_a_kind_are_looked_up_when_asked_for(run: Callable) -> None:
    assert {one["kind"] for one in json.loads(run("lookup", "calcium", "--kind", "drug", "--json").stdout)} == {"drug"}


@pytest.mark.parametrize("lang", LANGS)
def test_a_statement_is_shown_with_its_place_and_speaker(run: Callable, lang: str) -> None:
    statement = kg.open().statement("S061")
    text = run("statement", "S061", "--lang", lang, COLUMNS="110").stdout

    assert f"[{statement.start}, {statement.end})" in text
    assert statement.sha256 in text
    assert statement.speaker_label.text(lang) in text  # type: ignore[arg-type]
    assert json.loads(run("statement", "S061", "--json").stdout)["sha256"] == statement.sha256


# --- sources ---------------------------------------------------------------------------------------------------------


def test_the_document_is_listed_with_its_digest(run: Callable) -> None:
    rows = json.loads(run("source", "list", "--json").stdout)

    assert rows[0]["digest"] in (ontology_root() / "sources" / "roundtable" / "source.yaml").read_text(encoding="utf-8")


@pytest.mark.needs("article")
@pytest.mark.parametrize("words", [("verify",), ()])
def test_every_span_is_verified_where_the_document_is_at_hand(
    run: Callable, article: Path, words: tuple[str, ...]
) -> None:
    result = run("source", *words, str(article))

    assert result.exit_code == 0
    assert "229 of 229 spans verified" in result.stdout


@pytest.mark.needs("article")
def test_the_folder_of_the_setting_is_looked_in(run: Callable, article: Path) -> None:
    assert run("source", "verify", MBKG_SOURCES=str(article.parent)).exit_code == 0
    quote = json.loads(run("source", "show", "S042", "--json", MBKG_SOURCES=str(article.parent)).stdout)[0]["quote"]
    assert quote in article.read_text(encoding="utf-8")


# --- cases -----------------------------------------------------------------------------------------------------------


def test_the_template_is_a_case_that_is_read_as_it_stands(run: Callable) -> None:
    template = run("case", "new").stdout

    assert run("recommend", "-", stdin=template).exit_code == 0
    assert run("recommend", "-", stdin=run("case", "new", "--json").stdout).exit_code == 0


def test_the_template_holds_every_term_and_all_of_it_can_be_used(run: Callable) -> None:
    template = run("case", "new").stdout
    lines = [line.removeprefix("# ").removeprefix("#") if "code:" in line else line for line in template.splitlines()]
    lines = [line.removeprefix("# ") if line in {"# treatments: [", "# ]"} else line for line in lines]
    found = yaml.safe_load("\n".join(lines))
    concepts = kg.open().engine.vocabulary.concepts

    codes = {
        entry["code"] for name in ("conditions", "measurements", "findings", "treatments") for entry in found[name]
    }
    assert codes == {code for code, concept in concepts.items() if concept.kind != "modality"}
    assert run("recommend", "-", stdin="\n".join(lines)).exit_code == 0


def test_examples_are_listed_printed_and_read_again(run: Callable) -> None:
    names = json.loads(run("case", "example", "--list", "--json").stdout)

    assert {"smoldering", "active-on-denosumab", "mgus", "elderly-osteoporosis", "contradictory"} <= set(names)
    for name in names:
        assert run("recommend", "-", stdin=run("case", "example", name).stdout).exit_code == 0
        assert json.loads(run("case", "example", name, "--json").stdout)["id"] == name
        assert name in run("case", "example", "--list").stdout


# --- building, checking, giving away ---------------------------------------------------------------------------------


def test_generated_files_are_fresh_and_no_check_finds_anything(run: Callable) -> None:
    assert run("build", "--check").exit_code == 0
    result = run("check", "--json")
    assert result.exit_code == 0, result.stdout
    assert {"fresh", "sound"} <= set(json.loads(result.stdout))


def test_a_check_with_rows_is_a_finding(run: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.cli.maintenance._stale", lambda: ["modules/criteria.ttl"])
    result = run("check", "--lang", "zh")

    assert result.exit_code == 1
    assert "modules/criteria.ttl" in result.stdout


@pytest.mark.parametrize(
    ("form", "parsed"), [("ttl", ox.RdfFormat.TURTLE), ("rdfxml", ox.RdfFormat.RDF_XML), ("nq", ox.RdfFormat.N_QUADS)]
)
def test_an_export_is_a_file_that_another_program_reads(
    run: Callable, tmp_path: Path, form: str, parsed: ox.RdfFormat
) -> None:
    path = tmp_path / "graph"
    assert run("export", "--format", form, "-o", str(path)).exit_code == 0

    assert len(list(ox.parse(path=path, format=parsed))) > 10_000
    assert list(tmp_path.iterdir()) == [path]


def test_the_version_names_software_knowledge_and_document(run: Callable) -> None:
    found = json.loads(run("version", "--json").stdout)

    assert found["software"] == kg.__version__
    assert found["knowledge"] == kg.open().knowledge()
    assert "不是医疗器械" in run("version", "--lang", "zh").stdout


@pytest.mark.parametrize("name", ["bash", "zsh", "fish"])
def test_completion_is_a_script_of_that_shell(run: Callable, name: str) -> None:
    assert f"{name}_complete" in run("completion", name).stdout


@pytest.mark.parametrize(
    ("typed", "offered"),
    [("mbkg rec", "recommend"), ("mbkg query drug-do", "drug-dose"), ("mbkg case example sm", "smoldering")],
)
def test_the_shell_is_told_what_may_come_next(shell: Callable, typed: str, offered: str) -> None:
    words = typed.split()
    settings = {"COMP_WORDS": typed, "COMP_CWORD": str(len(words) - 1), "_MBKG_COMPLETE": "bash_complete"}

    assert f"plain,{offered}" in shell(**settings).stdout.decode()


def test_a_cold_verdict_imports_nothing_that_it_does_not_need(shell: Callable) -> None:
    import subprocess  # noqa: PLC0415 - beside its use
    import sys  # noqa: PLC0415 - as above

    program = (
        "import sys, kg.cli\n"
        "try:\n    kg.cli.main(['recommend', '-', '--json'])\n"
        "except SystemExit:\n    sys.stderr.write(' '.join(sys.modules))\n"
    )
    case = b'{"id": "p", "conditions": [{"code": "SmolderingMultipleMyeloma"}]}'
    done = subprocess.run([sys.executable, "-c", program], input=case, capture_output=True, check=True)  # noqa: S603 - ours
    loaded = set(done.stderr.decode().split())

    heavy = {"rdflib", "networkx", "owlready2", "pint", "loaders", "yaml", "rapidfuzz", "SPARQLWrapper", "wcwidth"}
    assert loaded & heavy == set()
    assert shell("--help").returncode == 0
