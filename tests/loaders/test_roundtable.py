"""What the reader finds in a round-table article, the one that the project is about and ones that are made up."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import DataError
from loaders.roundtable import Article, read_article
from loaders.sources import read_source

ODD = st.text(st.sampled_from([*"甲乙，（）％", *"⾎⻄Ⅲ㎎", *"😀𠮷", "Ａ"]), max_size=8)
WORDS = st.text(st.sampled_from([*"骨病患者监测", *"⾎⻄", "Ⅲ", "😀", "𠮷", "，", "5"]), min_size=1, max_size=12)


def made_up(title: str, first: str, second: str) -> str:
    return (
        f"{title}题\n\n2026年01月02日\n整理：某刊\n来源：某刊\n\n引言一句。\n\n小标题\n\n"
        f"王小明教授：{first}[1]。{second}\n\n李四医生：{second}[2,3]！[SRI]不是引用。\n\n\n"
        "王小明\n主任医师\n\n某医院\n\n李四\n医师\n\n某院\n\n参考文献\n\n1.甲.题[J].刊,2020,1(2):3-4.\n"
    )


def test_the_article_has_its_parts(article_text: str) -> None:
    article = read_article(article_text)

    assert len(article.turns) == 8
    assert len(article.markers) == 16
    assert len(article.references) == 10
    assert len(article.biographies) == 5
    assert len(article.sentences) == 76
    assert article.heading is not None
    assert re.fullmatch(r"\d\d月\d\d日", article.date)


def test_what_is_no_number_in_brackets_is_no_citation(article_text: str) -> None:
    article = read_article(article_text)

    assert "[SRI]" in article_text
    assert all(article_text[marker.place.start : marker.place.end] != "[SRI]" for marker in article.markers)


def test_paragraphs_that_end_without_a_full_stop_end_in_a_sentence(article_text: str) -> None:
    article = read_article(article_text)

    ends = {paragraph.end for turn in article.turns for paragraph in turn.paragraphs}
    closing = [article_text[item.place.end - 1] for item in article.sentences if item.place.end in ends]
    assert len([character for character in closing if character not in "。!?"]) == 4


def test_the_article_and_the_source_folder_agree(article_text: str, roundtable: Path) -> None:
    article, source = read_article(article_text), read_source(roundtable)

    turns = [(turn.number, turn.place.start, turn.place.end) for turn in article.turns]
    assert turns == [(turn.number, turn.span.start, turn.span.end) for turn in source.document.turns[1:]]
    markers = {(item.place.start, item.place.end, number) for item in article.markers for number in item.numbers}
    assert markers == {(start, end, item.number) for item in source.references for start, end, _ in item.markers}
    lines = [len(person.memberships) for person in source.document.persons]
    assert [len(biography.lines) for biography in article.biographies] == lines


@pytest.mark.parametrize("field", ["journal", "year", "month", "volume", "issue", "pages", "version", "title"])
def test_printed_references_are_read_into_their_fields(article_text: str, roundtable: Path, field: str) -> None:
    read = [getattr(entry, field) for entry in read_article(article_text).references]
    kept = [dict(item.fields).get(field) for item in read_source(roundtable).references]

    def bare(value: object) -> str:
        return re.sub(r"[\s.,()]", "", str(value))

    assert [bare(value) for value in read] == [bare(value) for value in kept]


def test_authors_are_read_where_spaces_were_lost(article_text: str) -> None:
    entries = read_article(article_text).references

    assert entries[0].authors == ("RajeNS", "BhattaS", "TerposE")
    assert [entry.et_al for entry in entries] == [False, True, False, True, False, False, True, True, True, True]
    assert entries[3].corporate_author == "InternationalMyelomaWorkingGroup"


def test_a_marker_covers_the_clause_the_sentence_and_the_passage(article_text: str) -> None:
    for marker in read_article(article_text).markers:
        assert marker.block.start <= marker.sentence.start <= marker.direct.start < marker.place.start
        assert marker.direct.end == marker.sentence.end == marker.block.end == marker.place.end


def reach(article: Article, start: int, end: int, marker: int) -> str:
    """Say how far a marker lies from a statement, in the words of citation_scope."""
    own = next(item for item in article.sentences if item.place.start <= start < item.place.end)
    its = next(item for item in article.sentences if item.place.start <= marker < item.place.end)
    if start <= marker <= end + 4:
        return "direct"
    if own.number == its.number:
        return "sentence"
    return "block" if its.number > own.number else "carried-forward"


def test_citation_scopes_are_as_the_markers_stand(article_text: str, roundtable: Path) -> None:
    article, source = read_article(article_text), read_source(roundtable)

    for statement in source.statements:
        start, end = statement.span.start, statement.span.end
        for number in statement.cites:
            places = [item.place.start for item in article.markers if number in item.numbers]
            scopes = {reach(article, start, end, place) for place in places if abs(place - start) < 300}
            assert statement.citation_scope in scopes, statement.id


@given(ODD, WORDS, WORDS)
def test_offsets_name_the_words_whatever_stands_in_the_text(title: str, first: str, second: str) -> None:
    text = made_up(title, first, second)

    article = read_article(text)

    assert [turn.speaker for turn in article.turns] == ["王小明", "李四"]
    assert [marker.numbers for marker in article.markers] == [(1,), (2, 3)]
    assert [text[m.place.start : m.place.end] for m in article.markers] == ["[1]", "[2,3]"]
    assert "".join(text[s.place.start : s.place.end] for s in article.turns[0].sentences) == f"{first}[1]。{second}"


@given(ODD)
def test_characters_in_the_title_shift_every_offset_by_their_number(more: str) -> None:
    plain, shifted = read_article(made_up("", "骨痛", "骨折")), read_article(made_up(more, "骨痛", "骨折"))

    def starts(article: object) -> list[int]:
        return [sentence.place.start for sentence in article.sentences]  # type: ignore[attr-defined]

    assert [start + len(more) for start in starts(plain)] == starts(shifted)


@pytest.mark.parametrize("lost", ["2026年01月02日", "参考文献", "教授：|医生："])
def test_a_text_that_is_no_round_table_is_refused(lost: str) -> None:
    text = re.sub(lost, "某", made_up("", "骨痛", "骨折"))

    with pytest.raises(DataError, match="article: "):
        read_article(text)
