"""What the generated individuals are called: something that a person understands, in both languages."""

from collections import defaultdict
from pathlib import Path

import pytest

import kg
from kg.namespaces import local_name
from loaders.document_entries import reference
from loaders.individuals import write_reference
from loaders.strict_yaml import Entry, load_yaml
from loaders.triples import TripleSet

PREFIXES = "PREFIX mbkg: <https://w3id.org/mbkg/> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "
CODED = ("quantityRole", "measure", "logic", "modalityLogic", "direction", "leavesUnstated", "does", "approximate")


@pytest.fixture(scope="module")
def graph() -> kg.Graph:
    return kg.open()


def rows(graph: kg.Graph, text: str) -> list[list[str]]:
    result = graph.sparql(PREFIXES + text)
    assert isinstance(result, kg.Result)
    return [[getattr(value, "value", str(value)) for value in row] for row in result.rows]


@pytest.mark.parametrize("kind", ["Flag", "SourceCheck", "ContextNote", "Conflict"])
def test_no_item_is_called_by_its_own_code(graph: kg.Graph, kind: str) -> None:
    found = rows(
        graph,
        f"SELECT ?item ?label (LANG(?label) AS ?lang) {{ GRAPH ?g {{ ?item a mbkg:{kind} ; rdfs:label ?label }} }}",
    )

    said = defaultdict(set)
    for item, label, language in found:
        said[local_name(item)].add(language)
        assert label not in {local_name(item), local_name(item).removeprefix("Flag-")}
    assert said
    assert all(languages == {"en", "zh"} for languages in said.values())


def test_every_code_that_a_statement_holds_has_words_in_both_languages(graph: kg.Graph) -> None:
    named = {
        (term, language)
        for term, language in rows(
            graph, "SELECT ?term (LANG(?label) AS ?lang) WHERE { ?term a mbkg:CodedTerm ; rdfs:label ?label }"
        )
    }
    values = " ".join(f"mbkg:{name}" for name in CODED)
    held = rows(
        graph,
        f"SELECT DISTINCT (STR(?held) AS ?code) {{ VALUES ?p {{ {values} }} ?s ?p ?held FILTER(isLiteral(?held)) }}",
    )

    codes = [code for [code] in held]
    assert len(codes) > len(CODED)
    missing = [
        code for code in codes for lang in ("en", "zh") if (f"https://w3id.org/mbkg/Term-{code}", lang) not in named
    ]
    assert missing == []


def test_a_code_is_shown_in_words_and_kept_as_it_is(graph: kg.Graph) -> None:
    shown = dict(graph.statement("S061").content)["hasQuantity"]

    assert "阈值" in shown.zh
    assert "threshold" not in shown.zh
    assert rows(graph, "SELECT ?role WHERE { mbkg:S061 mbkg:hasQuantity/mbkg:quantityRole ?role }") == [["threshold"]]


def test_a_word_for_a_code_is_nothing_to_look_up(graph: kg.Graph) -> None:
    assert [entity.name for entity in graph.lookup("风险比")] == ["HazardRatio"]


@pytest.mark.parametrize(
    ("fields", "label"),
    [
        (
            "authors: [A B, C D], et_al: true, journal: J, year: 2014, volume: '15', issue: '12', pages: e538-48",
            "A B; C D; et al. J. 2014. 15(12):e538-48",
        ),
        ("authors: [A B], et_al: true, journal: J, year: 2006, pages: 1047-1053", "A B; et al. J. 2006:1047-1053"),
        ("authors: [A B], journal: J, year: 2016, volume: '6'", "A B. J. 2016. 6"),
        ("title: A title., journal: J", "A title. J"),
    ],
)
def test_a_missing_part_of_a_reference_leaves_no_mark(tmp_path: Path, fields: str, label: str) -> None:
    path = tmp_path / "reference.yaml"
    path.write_text(f"{{id: Reference-X, kind: journal-article, {fields}}}\n", encoding="utf-8")
    entry = load_yaml(path)
    assert isinstance(entry, Entry)

    triples = TripleSet()
    write_reference(triples, reference(entry), None)

    labels = {triple.object.value for triple in triples if triple.predicate.value.endswith("#label")}  # type: ignore[union-attr]
    assert labels == {label}
