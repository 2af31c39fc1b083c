"""What a source folder holds, read and checked: one frozen record for each kind of entry."""

from dataclasses import dataclass

from loaders.entries import Bilingual
from loaders.strict_yaml import Entry


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the document: code points from its start, end exclusive, and the SHA-256 of it in UTF-8."""

    start: int
    end: int
    digest: str
    where: str


@dataclass(frozen=True, slots=True)
class Turn:
    """What one speaker says without interruption; turn 0 is the editorial frame."""

    number: int
    speaker: str
    span: Span


@dataclass(frozen=True, slots=True)
class Membership:
    """A role of a person, in an organisation or not, and the line that prints it."""

    organisation: str | None
    committee: Bilingual | None
    role: Bilingual
    span: Span | None


@dataclass(frozen=True, slots=True)
class Agent:
    """A body, guideline or study that the document names: local name, labels, synonyms and what it belongs to."""

    local: str
    kind: str
    label: Bilingual
    short_name: str | None
    alternatives: tuple[tuple[str, str], ...]
    note: Bilingual | None
    body: str | None
    registry: str | None
    where: str


@dataclass(frozen=True, slots=True)
class Person:
    """Someone who speaks in the document."""

    agent: Agent
    role: Bilingual
    hospital: str
    titles: tuple[Bilingual, ...]
    memberships: tuple[Membership, ...]


@dataclass(frozen=True, slots=True)
class Review:
    """Who reviewed one file of the source, in words."""

    file: str
    status: Bilingual
    reviewer: str | None


@dataclass(frozen=True, slots=True)
class Document:
    """One document: `digest` and `characters` say which text the positions count in."""

    id: str
    title: Bilingual
    date_as_printed: str
    language: str
    publisher: str
    digest: str
    characters: int
    rights: Bilingual
    note: Bilingual | None
    title_span: Span | None
    turns: tuple[Turn, ...]
    persons: tuple[Person, ...]
    agents: tuple[Agent, ...]
    reviews: tuple[Review, ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """One claim that someone made; `formal` is its structured content as written in the folder."""

    id: str
    key: str
    order: int
    span: Span
    speaker: str
    turn: int
    kind: str
    relevance: str
    cites: tuple[int, ...]
    citation_scope: str | None
    guideline: str | None
    guideline_basis: str | None
    paraphrase: Bilingual
    strength: str | None
    strength_words: tuple[str, ...]
    formal: Entry
    context: tuple[Span, ...]
    flags: tuple[str, ...]
    where: str


@dataclass(frozen=True, slots=True)
class Defect:
    """Something wrong with an entry of the reference list."""

    severity: str
    note: Bilingual


@dataclass(frozen=True, slots=True)
class Reference:
    """A publication; `number` is its place in the reference list, None for one that only a check names."""

    local: str
    number: int | None
    fields: tuple[tuple[str, str | int], ...]
    span: Span | None
    markers: tuple[tuple[int, int, int], ...]
    defects: tuple[Defect, ...]
    guideline: str | None
    trials: tuple[str, ...]
    note: Bilingual | None
    where: str


@dataclass(frozen=True, slots=True)
class Flag:
    """Something to know before relying on a statement, visible in the document itself."""

    code: str
    severity: str
    label: Bilingual | None
    note: Bilingual
    where: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two sides of the document that pull in different directions."""

    local: str
    kind: str
    side_a: tuple[str, ...]
    side_b: tuple[str, ...]
    note: Bilingual
    where: str


@dataclass(frozen=True, slots=True)
class OutsideItem:
    """A flag, check or note from outside the document, with what it concerns and where it was read."""

    local: str
    kind: str
    verification: str
    note: Bilingual
    label: Bilingual | None
    basis: Bilingual | None
    severity: str | None
    concerns: tuple[str, ...]
    flagged: tuple[str, ...]
    traced_to: tuple[str, ...]
    traced: tuple[str, ...]
    urls: tuple[str, ...]
    identifiers: tuple[tuple[str, str], ...]
    where: str


@dataclass(frozen=True, slots=True)
class Source:
    """A whole source folder."""

    document: Document
    statements: tuple[Statement, ...]
    references: tuple[Reference, ...]
    flags: tuple[Flag, ...]
    conflicts: tuple[Conflict, ...]
    outside_references: tuple[Reference, ...]
    outside: tuple[OutsideItem, ...]
