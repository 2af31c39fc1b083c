"""A source folder: one document as YAML, read strictly, and turned into the graph's files.

A folder holds source.yaml, statements.yaml, references.yaml and flags.yaml, and where there is something to say
conflicts.yaml and outside.yaml. A second document is a second folder and no code.
"""

from pathlib import Path

from kg.errors import DataError
from loaders import document_entries, individuals, outside_entries
from loaders.entries import (
    find_bilingual,
    find_text,
    get_bilingual,
    get_entries,
    get_integer,
    get_text,
    get_texts,
    known_keys,
    read_entries,
    require,
)
from loaders.model import Conflict, Flag, Source, Statement
from loaders.names import read_names
from loaders.source_checks import check_source
from loaders.strict_yaml import Entry

_STATEMENT = (
    "id",
    "key",
    "start",
    "end",
    "sha256",
    "speaker",
    "turn",
    "kind",
    "relevance",
    "cites",
    "citation_scope",
    "guideline",
    "guideline_basis",
    "paraphrase",
    "strength",
    "formal",
    "context_spans",
    "flags",
)


def read_source(folder: Path) -> Source:
    """Return what a source folder holds; raises DataError with file and line for what cannot be right."""
    if not (folder / "source.yaml").is_file():
        message = "no source.yaml here"
        raise DataError(message, where=str(folder), remedy="name a folder under ontology/sources/")
    references = tuple(document_entries.reference(entry) for entry in read_entries(folder / "references.yaml"))
    outside_references, outside = outside_entries.read_outside(folder / "outside.yaml")
    source = Source(
        document=document_entries.document(folder / "source.yaml"),
        statements=tuple(
            _statement(entry, order) for order, entry in enumerate(read_entries(folder / "statements.yaml"), 1)
        ),
        references=references,
        flags=tuple(_flag(entry) for entry in read_entries(folder / "flags.yaml")),
        conflicts=tuple(_conflict(entry) for entry in _optional(folder / "conflicts.yaml")),
        outside_references=outside_references,
        outside=outside,
    )
    check_source(source)
    return source


def build_source(folder: Path, ontology: Path) -> dict[str, str]:
    """Return the generated files of one source: path relative to `ontology` → Turtle, the same on every machine.

    Raises DataError where the folder cannot be right, CodeError where an entity is not in `ontology/names.tsv`.
    """
    source = read_source(folder)
    names = read_names(ontology / "names.tsv").with_individuals(individuals.declared(source))
    return individuals.build(source, names)


def _optional(path: Path) -> tuple[Entry, ...]:
    return read_entries(path) if path.is_file() else ()


def _statement(entry: Entry, order: int) -> Statement:
    known_keys(entry, _STATEMENT)
    strength = entry.get("strength")
    if strength is not None and not isinstance(strength, Entry):
        message = "'strength' needs class and words"
        raise DataError(message, where=entry.place("strength"), remedy="write {words: [...], class: ...}")
    formal = require(entry, "formal")
    if not isinstance(formal, Entry):
        message = "'formal' must be a mapping"
        raise DataError(message, where=entry.place("formal"), remedy="write key: value")
    return Statement(
        id=get_text(entry, "id"),
        key=get_text(entry, "key"),
        order=order,
        span=document_entries.span(entry),
        speaker=get_text(entry, "speaker"),
        turn=get_integer(entry, "turn"),
        kind=get_text(entry, "kind"),
        relevance=get_text(entry, "relevance"),
        cites=_numbers(entry, "cites"),
        citation_scope=find_text(entry, "citation_scope"),
        guideline=find_text(entry, "guideline"),
        guideline_basis=find_text(entry, "guideline_basis"),
        paraphrase=get_bilingual(entry, "paraphrase"),
        strength=None if strength is None else get_text(strength, "class"),
        strength_words=() if strength is None else get_texts(strength, "words"),
        formal=formal,
        context=tuple(document_entries.span(context) for context in get_entries(entry, "context_spans")),
        flags=get_texts(entry, "flags"),
        where=entry.where,
    )


def _numbers(entry: Entry, key: str) -> tuple[int, ...]:
    values = entry.get(key)
    items = [] if values is None else values
    if not isinstance(items, list) or not all(isinstance(item, int) for item in items):
        message = f"{key!r} must be a list of numbers of the reference list"
        raise DataError(message, where=entry.place(key), remedy="write [1, 2]")
    return tuple(item for item in items if isinstance(item, int))


def _flag(entry: Entry) -> Flag:
    known_keys(entry, ("id", "label", "severity", "note"))
    return Flag(
        code=get_text(entry, "id"),
        severity=get_text(entry, "severity"),
        label=find_bilingual(entry, "label"),
        note=get_bilingual(entry, "note"),
        where=entry.where,
    )


def _conflict(entry: Entry) -> Conflict:
    known_keys(entry, ("id", "kind", "a", "b", "note"))
    return Conflict(
        get_text(entry, "id"),
        get_text(entry, "kind"),
        get_texts(entry, "a"),
        get_texts(entry, "b"),
        get_bilingual(entry, "note"),
        entry.where,
    )
