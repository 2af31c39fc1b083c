"""Each statement held against the document: the digest of its span, and every quantity and negation, both ways.

A quotation that says `<20%` where the page says `≥20%` must not pass, and neither may a threshold that the page does
not print. What a span prints and no content states, and the other way round, is a finding with file and line, unless
exceptions.yaml gives the reason; an exception that explains nothing is a finding too. Without the document nothing is
verified, and that is no success.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from kg.namespaces import local_name
from loaders.content_tokens import ContentTokens, Stated, content_tokens
from loaders.documents import find_document
from loaders.entries import Bilingual, get_bilingual, get_text, known_keys, read_entries
from loaders.formal import FormalContent
from loaders.individuals import declared
from loaders.labels import read_labels
from loaders.model import Source, Span, Statement
from loaders.names import Names, read_names
from loaders.sources import read_source
from loaders.text_tokens import Quantity, TextTokens, cut_tokens, quantity_text, read_tokens
from loaders.triples import TripleSet, iri

MAX_EXCEPTIONS: Final = 15
_MENTIONS: Final = iri("mbkg:mentions")
_OTHER_DIGEST: Final = Bilingual("the text at this span has another SHA-256", "该片段的SHA-256不符")


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with one statement, where its entry stands, and what differs."""

    where: str
    statement: str
    text: Bilingual

    def __str__(self) -> str:
        """Return one line in English."""
        return f"{self.where}: {self.statement}: {self.text.en}"


@dataclass(frozen=True, slots=True)
class Waiver:
    """An entry of exceptions.yaml: a token that stands on one side only, and why that is right."""

    statement: str
    token: str
    reason: Bilingual
    where: str


@dataclass(frozen=True, slots=True)
class Verification:
    """What came of holding a source against its document; `found` is false where the document is not at hand."""

    source: str
    total: int
    verified: int
    exceptions: int
    findings: tuple[Finding, ...]
    found: bool

    @property
    def ok(self) -> bool:
        """Tell whether the document was there and nothing was found wrong."""
        return self.found and not self.findings and self.verified == self.total

    @property
    def summary(self) -> Bilingual:
        """Return the last line of the report."""
        if not self.found:
            return Bilingual(
                f"nothing was verified: the document of {self.source} is not at hand (its SHA-256 is in source.yaml)",
                f"未核验任何内容：找不到 {self.source} 的原文（其SHA-256见source.yaml）",
            )
        return Bilingual(
            f"{self.verified} of {self.total} spans verified, {self.exceptions} exceptions",
            f"{self.total}个片段中已核验{self.verified}个，例外{self.exceptions}项",
        )


def verify_source(folder: Path, ontology: Path, place: Path | None) -> Verification:
    """Hold a source folder against its document, looked for at `place` (a file or a folder).

    Raises DataError where the folder cannot be read.
    """
    source = read_source(folder)
    text = None if place is None else find_document(source.document, place)
    if text is None:
        return Verification(source.document.id, len(source.statements), 0, 0, (), found=False)
    return verify_text(source, text, printed_names(source, ontology), read_waivers(folder))


def verify_text(
    source: Source, text: str, names: Mapping[str, tuple[str, ...]], waivers: tuple[Waiver, ...] = ()
) -> Verification:
    """Hold a source against a text; `names` says by which words each statement's entities are printed."""
    return _Verifier(source, text, names, waivers).run()


def printed_names(source: Source, ontology: Path) -> dict[str, tuple[str, ...]]:
    """Return statement id → labels and synonyms of the entities that it uses."""
    names = read_names(ontology / "names.tsv").with_individuals(declared(source))
    labels = read_labels(ontology, source)
    return {
        statement.id: tuple(word for name in _used(statement, names) for word in labels.get(name, ()))
        for statement in source.statements
    }


def read_waivers(folder: Path) -> tuple[Waiver, ...]:
    """Read exceptions.yaml; a missing file is none."""
    path = folder / "exceptions.yaml"
    waivers = []
    for entry in read_entries(path) if path.is_file() else ():
        known_keys(entry, ("statement", "token", "reason"))
        reason = get_bilingual(entry, "reason")
        waivers.append(Waiver(get_text(entry, "statement"), get_text(entry, "token"), reason, entry.where))
    return tuple(waivers)


class _Verifier:
    """One source and one text."""

    def __init__(
        self, source: Source, text: str, labels: Mapping[str, tuple[str, ...]], waivers: tuple[Waiver, ...]
    ) -> None:
        self._source = source
        self._text = text
        self._content = {statement.id: content_tokens(statement.formal) for statement in source.statements}
        self._labels = labels
        self._waivers = waivers
        self._needed: set[Waiver] = set()

    def run(self) -> Verification:
        """Check every span; then every exception."""
        findings: list[Finding] = []
        verified = 0
        for statement in self._source.statements:
            wrong = list(self._statement(statement))
            findings += wrong
            verified += not wrong
        findings += [*self._others(), *self._superfluous()]
        total = len(self._source.statements)
        return Verification(self._source.document.id, total, verified, len(self._needed), tuple(findings), found=True)

    def _superfluous(self) -> Iterator[Finding]:
        for waiver in self._waivers:
            if waiver not in self._needed:
                text = Bilingual(f"the exception {waiver.token!r} explains nothing", f"例外“{waiver.token}”并无必要")
                yield Finding(waiver.where, waiver.statement, text)
        for waiver in self._waivers[MAX_EXCEPTIONS:]:
            text = Bilingual(f"more than {MAX_EXCEPTIONS} exceptions", f"例外超过{MAX_EXCEPTIONS}项")
            yield Finding(waiver.where, waiver.statement, text)

    def _statement(self, statement: Statement) -> Iterator[Finding]:
        spans = (statement.span, *statement.context)
        broken = [finding for span in spans for finding in self._span(statement.id, span)]
        yield from broken
        if not broken:
            yield from self._stated(statement)
            yield from self._printed(statement)

    def _span(self, who: str, span: Span) -> Iterator[Finding]:
        if not self._matches(span):
            yield Finding(span.where, who, _OTHER_DIGEST)
            return
        for token in cut_tokens(self._text, span.start, span.end):
            yield Finding(span.where, who, Bilingual(f"the span cuts {token!r} in two", f"片段把“{token}”切断"))

    def _matches(self, span: Span) -> bool:
        return hashlib.sha256(self._text[span.start : span.end].encode()).hexdigest() == span.digest

    def _tokens(self, spans: Iterable[Span], labels: Iterable[str]) -> TextTokens:
        parts = [read_tokens(self._text, span.start, span.end, labels) for span in spans]
        return TextTokens(
            tuple(item for part in parts for item in part.quantities),
            tuple(item for part in parts for item in part.negations),
        )

    def _stated(self, statement: Statement) -> Iterator[Finding]:
        """Find what the content states and the text does not print."""
        spans = (statement.span, *statement.context)
        printed = self._tokens(spans, ())
        content = self._content[statement.id]
        left = Counter(_key(item) for item in printed.quantities)
        for stated in content.quantities:
            left[_key(stated)] -= 1
            if left[_key(stated)] >= 0:
                continue
            said = quantity_text(stated.comparator, stated.number, stated.unit)
            held = "; ".join(str(item) for item in printed.quantities) or "∅"
            text = Bilingual(f"the content says {said}, the span has {held}", f"内容为{said}，片段为{held}")
            if _key(stated) in {_key(item) for item in printed.quantities}:
                text = Bilingual(f"the content says {said} more often than the span", f"内容中{said}的次数多于片段")
            yield from self._unless_waived(statement, said, Finding(stated.where, statement.id, text))
        if content.negations and not self._tokens(spans, self._labels.get(statement.id, ())).negations:
            text = Bilingual("the content denies, the span has no negation", "内容为否定，片段中无否定词")
            yield from self._unless_waived(statement, "negated", Finding(content.negations[0], statement.id, text))

    def _printed(self, statement: Statement) -> Iterator[Finding]:
        """Find what the text prints and no statement of these words states."""
        related = [other.id for other in self._source.statements if _nested(statement.span, other.span)]
        labels = [word for name in related for word in self._labels.get(name, ())]
        contents: list[ContentTokens] = [self._content[name] for name in related]
        said = [stated for content in contents for stated in content.quantities]
        printed = self._tokens((statement.span,), labels)
        for item in printed.quantities:
            if not item.optional and not any(_key(stated) == _key(item) for stated in said):
                text = Bilingual(f"the span has {item}, the content does not", f"片段中有{item}，内容中没有")
                yield from self._unless_waived(statement, str(item), Finding(statement.where, statement.id, text))
        denied = sum(len(content.negations) for content in contents)
        if len(printed.negations) > denied:
            for word, _ in printed.negations[denied:]:
                text = Bilingual(f"the span has {word!r}, the content does not deny", f"片段中有“{word}”，内容未否定")
                yield from self._unless_waived(statement, word, Finding(statement.where, statement.id, text))

    def _unless_waived(self, statement: Statement, token: str, finding: Finding) -> Iterator[Finding]:
        for waiver in self._waivers:
            if (waiver.statement, waiver.token) == (statement.id, token):
                self._needed.add(waiver)
                return
        yield finding

    def _others(self) -> Iterator[Finding]:
        """Check the digests of the title, the turns, the printed references and the biography lines."""
        document = self._source.document
        spans = [(f"turn {turn.number}", turn.span) for turn in document.turns]
        spans += [(item.local, item.span) for item in self._source.references if item.span is not None]
        for person in document.persons:
            spans += [(person.agent.local, item.span) for item in person.memberships if item.span is not None]
        if document.title_span is not None:
            spans.append(("title", document.title_span))
        yield from (Finding(span.where, who, _OTHER_DIGEST) for who, span in spans if not self._matches(span))


def _used(statement: Statement, names: Names) -> list[str]:
    """Return the local names of the entities that a statement uses, its guideline among them."""
    triples = TripleSet()
    FormalContent(statement, names, triples).write()
    used = {
        local_name(triple.object.value)
        for triple in triples
        if triple.predicate == _MENTIONS and isinstance(triple.object, ox.NamedNode)
    }
    return [*sorted(used), *([statement.guideline] if statement.guideline else [])]


def _nested(one: Span, other: Span) -> bool:
    return one.start <= other.start <= other.end <= one.end or other.start <= one.start <= one.end <= other.end


def _key(item: Stated | Quantity) -> tuple[str | None, Decimal | None, str | None]:
    return item.comparator, item.number, item.unit
