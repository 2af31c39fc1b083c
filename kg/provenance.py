"""Where a statement stands, who made it, what it cites, and what to know before relying on it."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

import pyoxigraph as ox

from kg.errors import NotFoundError
from kg.expressions import Value
from kg.model import Json, Label
from kg.namespaces import BASE, PREFIXES, expand, local_name
from kg.store import Store, find_node

Quotation: TypeAlias = Callable[[str, int, int, str], str | None]
"""(source, start, end, digest) -> the text of the span, where the reader has the document and the digest matches."""

_LABEL: Final = PREFIXES["rdfs"] + "label"
_IDENTIFIER: Final = expand("dcterms:identifier")
_CONTENT: Final = (
    "subject",
    "relation",
    "object",
    "objectText",
    "population",
    "context",
    "hedge",
    "negated",
    "ofTrial",
    "drug",
    "route",
)
_CODE: Final = re.compile(r"[A-Za-z][A-Za-z-]*\Z")
_PARTS: Final = ("hasQuantity", "hasTrialResult", "hasArm")
_UNSHOWN: Final = frozenset({"order", "note", PREFIXES["rdf"] + "type"})
_SAID_BETTER: Final = {"arm": "armConcept", "endpoint": "endpointConcept", "printedValue": "value"}
"""Properties that repeat, as a name or as printed, what another one says."""


@dataclass(frozen=True, slots=True)
class Flag:
    """Something to know before relying on a statement; `origin` is text or outside, `verification` the check's."""

    code: str
    severity: str
    origin: str
    note: Label
    verification: str | None = None

    def to_dict(self) -> dict[str, Json]:
        """Return the flag as JSON has it."""
        return {
            "code": self.code,
            "severity": self.severity,
            "source": self.origin,
            "verification": self.verification,
            "note": self.note.en,
            "note_zh": self.note.zh,
        }


@dataclass(frozen=True, slots=True)
class CitedReference:
    """A reference that the document prints for a statement, and how far the printed marker reaches."""

    iri: str
    number: int
    label: Label
    scope: str

    def to_dict(self) -> dict[str, Json]:
        """Return the reference as JSON has it."""
        return {
            "iri": self.iri,
            "number": self.number,
            "scope": self.scope,
            "label": self.label.en,
            "label_zh": self.label.zh,
        }


@dataclass(frozen=True, slots=True)
class Statement:
    """One claim made in a document. `start` and `end` count code points; `sha256` is of the span in UTF-8."""

    id: str
    iri: str
    source: str
    start: int
    end: int
    sha256: str
    paraphrase: Label
    kind: str
    relevance: str
    turn: int
    speaker: str
    speaker_label: Label
    guideline: str | None
    strength: str | None
    references: tuple[CitedReference, ...]
    flags: tuple[Flag, ...]
    content: tuple[tuple[str, Label], ...]
    quote: str | None = None

    def to_provenance(self) -> dict[str, Json]:
        """Return what `verdicts.schema.json` asks for as provenance."""
        return {
            "statement": self.id,
            "source": self.source,
            "start": self.start,
            "end": self.end,
            "sha256": self.sha256,
            "quote": self.quote,
            "speaker": self.speaker,
            "references": [reference.to_dict() for reference in self.references],
            "flags": [flag.to_dict() for flag in self.flags],
        }

    def to_dict(self) -> dict[str, Json]:
        """Return the whole statement."""
        return self.to_provenance() | {
            "iri": self.iri,
            "paraphrase": self.paraphrase.to_dict(),
            "kind": self.kind,
            "relevance": self.relevance,
            "turn": self.turn,
            "speaker_label": self.speaker_label.to_dict(),
            "guideline": self.guideline,
            "strength": self.strength,
            "content": [{"property": name, "value": value.to_dict()} for name, value in self.content],
        }


class Provenance:
    """The statements of the graph, each read when it is first asked for."""

    def __init__(self, store: Store, quotation: Quotation | None = None) -> None:
        """Read from all graphs; with `quotation`, show the spans of a document that the reader has."""
        self._triples = store.about()
        self._quotation = quotation
        self._known: dict[str, Statement] = {}

    def get(self, identifier: str) -> Statement:
        """Return a statement by id (`S042`), CURIE or IRI; raises NotFoundError."""
        iri = BASE + identifier.removeprefix(BASE).removeprefix("mbkg:")
        found = self._known.get(iri)
        if found is None:
            node = find_node(iri)
            types = () if node is None else self._triples.values(node, PREFIXES["rdf"] + "type")
            if node is None or expand("mbkg:Statement") not in {value.value for value in types}:
                message = f"there is no statement {identifier!r}; they are named like S042"
                raise NotFoundError(message)
            found = self._known[iri] = self._read(node)
        return found

    def label(self, node: Value) -> Label:
        """Return the label of a node in both languages, the text of a literal, or the local name."""
        return self._triples.label(node)

    def _read(self, node: ox.NamedNode) -> Statement:
        span = self._one(node, "hasSpan")
        speaker = self._one(node, "statedBy")
        document = self._one(node, "inDocument")
        guideline = self._find(node, "attributedTo")
        found = Statement(
            id=self._text(node, _IDENTIFIER),
            iri=node.value,
            source=self._text(document, _IDENTIFIER),
            start=int(self._text(span, expand("oa:start"))),
            end=int(self._text(span, expand("oa:end"))),
            sha256=self._text(span, expand("mbkg:digest")),
            paraphrase=self._both(node, "paraphrase"),
            kind=self._name(node, "kind"),
            relevance=self._text(node, expand("mbkg:relevance")),
            turn=int(self._text(self._one(node, "inTurn"), expand("mbkg:order"))),
            speaker=self._short(speaker),
            speaker_label=self.label(speaker),
            guideline=None if guideline is None else self._short(guideline),
            strength=self._name(node, "strength") or None,
            references=tuple(sorted(self._references(node), key=lambda reference: reference.number)),
            flags=tuple(sorted(self._flags(node), key=lambda flag: (_RANK.get(flag.severity, 9), flag.code))),
            content=tuple(self._content(node)),
        )
        if self._quotation is None:
            return found
        return replace(found, quote=self._quotation(found.source, found.start, found.end, found.sha256))

    def _content(self, node: Value) -> Iterable[tuple[str, Label]]:
        for name in _CONTENT:
            values = sorted(self._triples.values(node, expand("mbkg:" + name)), key=str)
            tagged = [value for value in values if isinstance(value, ox.Literal) and value.language]
            if tagged:
                yield name, _in_both(tagged)
            for value in values:
                if value not in tagged:
                    yield name, self._said(value)
        for name in _PARTS:
            for part in sorted(self._triples.values(node, expand("mbkg:" + name)), key=str):
                yield name, self._described(part)

    def _described(self, node: Value) -> Label:
        """Return a part of a statement (a quantity, a result) as a line of `property value` pairs, in words."""
        said = {local_name(predicate) for predicate, _ in self._triples.pairs(node)}
        pairs = []
        for predicate, value in self._triples.pairs(node):
            name = local_name(predicate)
            if name in _UNSHOWN or _SAID_BETTER.get(name) in said:
                continue
            shown = self._bracketed(value) if name in _PARTS else self._said(value)
            pairs.append((name, self.label(ox.NamedNode(predicate)), shown))
        pairs.sort(key=lambda pair: (pair[0], pair[2].en))
        return Label(
            "; ".join(f"{one.en} {value.en}" for _, one, value in pairs),
            "；".join(f"{one.zh} {value.zh}" for _, one, value in pairs),
        )

    def _said(self, value: Value) -> Label:
        """Return a value in words: a code such as `any-of` as the ontology calls it, where it does."""
        if isinstance(value, ox.Literal) and _CODE.match(value.value):
            term = ox.NamedNode(f"{BASE}Term-{value.value}")
            if self._triples.value(term, _LABEL) is not None:
                return self.label(term)
        return self.label(value)

    def _bracketed(self, node: Value) -> Label:
        part = self._described(node)
        return Label(f"({part.en})", f"（{part.zh}）")

    def _references(self, node: Value) -> Iterable[CitedReference]:
        for citation in self._triples.values(node, expand("mbkg:hasCitation")):
            reference = self._one(citation, "reference")
            yield CitedReference(
                iri=reference.value,
                number=int(self._text(reference, expand("mbkg:order"))),
                label=self.label(reference),
                scope=self._name(citation, "citationScope"),
            )

    def _flags(self, node: Value) -> Iterable[Flag]:
        for flag in self._triples.values(node, expand("mbkg:hasFlag")):
            verification = self._triples.value(flag, expand("mbkg:verification"))
            yield Flag(
                code=self._text(flag, _IDENTIFIER),
                severity=self._text(flag, expand("mbkg:severity")),
                origin=self._text(flag, expand("mbkg:origin")),
                note=self._both(flag, "note"),
                verification=None if verification is None else verification.value,
            )

    def _find(self, node: Value, name: str) -> Value | None:
        return self._triples.value(node, expand("mbkg:" + name))

    def _one(self, node: Value, name: str) -> Value:
        found = self._find(node, name)
        if found is None:
            message = f"{local_name(node.value)} has no {name}"
            raise NotFoundError(message)
        return found

    def _text(self, node: Value, predicate: str) -> str:
        found = self._triples.value(node, predicate)
        return "" if found is None else found.value

    def _name(self, node: Value, name: str) -> str:
        """Return what an individual is called after the hyphen of its local name (`Kind-dosing` -> `dosing`)."""
        found = self._find(node, name)
        return "" if found is None else local_name(found.value).partition("-")[2]

    def _short(self, node: Value) -> str:
        return self._text(node, expand("mbkg:shortName")) or self.label(node).en

    def _both(self, node: Value, name: str) -> Label:
        return self._triples.texts(node, expand("mbkg:" + name)) or Label("", "")


def _in_both(texts: Iterable[ox.Literal]) -> Label:
    """Return texts tagged with their language as one text in each."""
    found = {"en": [text.value for text in texts if text.language == "en"]}
    found["zh"] = [text.value for text in texts if text.language == "zh"] or found["en"]
    return Label("; ".join(found["en"] or found["zh"]), "；".join(found["zh"]))


_RANK: Final = {"high": 0, "medium": 1, "low": 2}
