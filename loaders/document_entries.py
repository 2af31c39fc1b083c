"""Reading source.yaml and references.yaml: the document, who speaks in it, what it names and what it cites."""

from pathlib import Path

from kg.errors import DataError
from loaders.entries import (
    as_bilingual,
    find_bilingual,
    find_integer,
    find_text,
    get_bilingual,
    get_digest,
    get_entries,
    get_integer,
    get_text,
    get_texts,
    known_keys,
    read_entry,
)
from loaders.model import Agent, Defect, Document, Membership, Person, Reference, Review, Span, Turn
from loaders.strict_yaml import Entry

_AGENT = ("id", "short_name", "label", "alt_en", "alt_zh", "note", "body", "registry")
_DOCUMENT = (
    "id",
    "title",
    "title_span",
    "date_as_printed",
    "language",
    "publisher",
    "sha256",
    "characters",
    "rights",
    "note",
    "turns",
    "persons",
    "organisations",
    "guidelines",
    "trials",
    "reviews",
)
_TEXT_FIELDS = ("kind", "corporate_author", "title", "journal", "month", "version", "volume", "issue", "pages")
_CODE_FIELDS = ("doi", "pmid", "pmcid", "url")
_REFERENCE = frozenset(
    (*_TEXT_FIELDS, *_CODE_FIELDS, "id", "number", "authors", "et_al", "year", "guideline", "trial", "trials")
) | {"start", "end", "sha256", "markers", "defects", "note"}


def span(entry: Entry) -> Span:
    """Read start, end and sha256; raises DataError where the span is empty or reversed."""
    start, end = get_integer(entry, "start"), get_integer(entry, "end")
    if not 0 <= start < end:
        message = f"a span from {start} to {end} holds nothing"
        raise DataError(message, where=entry.place("start"), remedy="start before end, both from 0")
    return Span(start, end, get_digest(entry, "sha256"), entry.place("start"))


def document(path: Path) -> Document:
    """Read source.yaml."""
    entry = read_entry(path)
    known_keys(entry, _DOCUMENT)
    title_span = entry.get("title_span")
    return Document(
        id=get_text(entry, "id"),
        title=get_bilingual(entry, "title"),
        date_as_printed=get_text(entry, "date_as_printed"),
        language=get_text(entry, "language"),
        publisher=get_text(entry, "publisher"),
        digest=get_digest(entry, "sha256"),
        characters=get_integer(entry, "characters"),
        rights=get_bilingual(entry, "rights"),
        note=find_bilingual(entry, "note"),
        title_span=span(title_span) if isinstance(title_span, Entry) else None,
        turns=tuple(_turn(turn) for turn in get_entries(entry, "turns")),
        persons=tuple(_person(person) for person in get_entries(entry, "persons")),
        agents=tuple(
            _agent(agent, kind)
            for kind, key in (("Organisation", "organisations"), ("Guideline", "guidelines"), ("Trial", "trials"))
            for agent in get_entries(entry, key)
        ),
        reviews=tuple(
            Review(get_text(review, "of"), get_bilingual(review, "status"), find_text(review, "by"))
            for review in get_entries(entry, "reviews")
        ),
    )


def _turn(entry: Entry) -> Turn:
    return Turn(get_integer(entry, "number"), get_text(entry, "speaker"), span(entry))


def _agent(entry: Entry, kind: str) -> Agent:
    known_keys(entry, _AGENT)
    return _named(entry, kind)


def _named(entry: Entry, kind: str) -> Agent:
    alternatives = [(text, "en") for text in get_texts(entry, "alt_en")]
    alternatives += [(text, "zh") for text in get_texts(entry, "alt_zh")]
    return Agent(
        local=get_text(entry, "id"),
        kind=kind,
        label=get_bilingual(entry, "label"),
        short_name=find_text(entry, "short_name"),
        alternatives=tuple(alternatives),
        note=find_bilingual(entry, "note"),
        body=find_text(entry, "body"),
        registry=find_text(entry, "registry"),
        where=entry.where,
    )


def _person(entry: Entry) -> Person:
    known_keys(entry, (*_AGENT, "role", "hospital", "titles", "memberships"))
    return Person(
        agent=_named(entry, "Person"),
        role=get_bilingual(entry, "role"),
        hospital=get_text(entry, "hospital"),
        titles=tuple(as_bilingual(title, title.where) for title in get_entries(entry, "titles")),
        memberships=tuple(_membership(membership) for membership in get_entries(entry, "memberships")),
    )


def _membership(entry: Entry) -> Membership:
    known_keys(entry, ("organisation", "committee", "role", "start", "end", "sha256"))
    return Membership(
        organisation=find_text(entry, "organisation"),
        committee=find_bilingual(entry, "committee"),
        role=get_bilingual(entry, "role"),
        span=span(entry) if "start" in entry else None,
    )


def reference(entry: Entry) -> Reference:
    """Read one publication, of the document's list or of a check."""
    known_keys(entry, _REFERENCE)
    fields: list[tuple[str, str | int]] = []
    if authors := get_texts(entry, "authors"):
        fields.append(("authors", "; ".join(authors) + ("; et al." if entry.get("et_al") is True else "")))
    for key in (*_TEXT_FIELDS, *_CODE_FIELDS):
        value = find_text(entry, key)
        if value is not None:
            fields.append((key, value))
    year = find_integer(entry, "year")
    if year is not None:
        fields.append(("year", year))
    trial = find_text(entry, "trial")
    return Reference(
        local=get_text(entry, "id"),
        number=find_integer(entry, "number"),
        fields=tuple(fields),
        span=span(entry) if "start" in entry else None,
        markers=tuple(
            (get_integer(marker, "start"), get_integer(marker, "end"), get_integer(marker, "turn"))
            for marker in get_entries(entry, "markers")
        ),
        defects=tuple(
            Defect(get_text(defect, "severity"), get_bilingual(defect, "note"))
            for defect in get_entries(entry, "defects")
        ),
        guideline=find_text(entry, "guideline"),
        trials=(trial,) if trial else get_texts(entry, "trials"),
        note=find_bilingual(entry, "note"),
        where=entry.where,
    )
