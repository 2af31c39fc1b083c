"""Triples by short names, so that what turns a source into a graph reads like the graph."""

from collections.abc import Iterator
from decimal import Decimal

import pyoxigraph as ox

from kg.namespaces import BASE, expand
from loaders.entries import Bilingual

_XSD = "xsd:"
_TYPE = ox.NamedNode(expand("rdf:type"))


def iri(name: str) -> ox.NamedNode:
    """Return the node of a prefixed name, or of a local name of ours.

    >>> iri("S042").value
    'https://w3id.org/mbkg/S042'
    """
    if name.startswith(("http://", "https://")):
        return ox.NamedNode(name)
    return ox.NamedNode(expand(name) if ":" in name else BASE + name)


class TripleSet:
    """Triples in the order in which they were added; a subject is a local name, a property a prefixed name."""

    def __init__(self) -> None:
        """Start empty."""
        self._triples: list[ox.Triple] = []

    def __iter__(self) -> Iterator[ox.Triple]:
        """Yield the triples."""
        return iter(self._triples)

    def _add(self, subject: str, predicate: str, value: ox.NamedNode | ox.Literal) -> None:
        self._triples.append(ox.Triple(iri(subject), iri(predicate), value))

    def a(self, subject: str, name: str) -> None:
        """Say what a thing is an instance of."""
        self._triples.append(ox.Triple(iri(subject), _TYPE, iri(name)))

    def link(self, subject: str, predicate: str, name: str | None) -> None:
        """Point at another thing; nothing where there is none."""
        if name is not None:
            self._add(subject, predicate, iri(name))

    def text(self, subject: str, predicate: str, text: Bilingual | None) -> None:
        """Give a text in both languages; nothing where there is none."""
        if text is not None:
            self._add(subject, predicate, ox.Literal(text.en, language="en"))
            self._add(subject, predicate, ox.Literal(text.zh, language="zh"))

    def word(self, subject: str, predicate: str, word: str, language: str) -> None:
        """Give a text in one language."""
        self._add(subject, predicate, ox.Literal(word, language=language))

    def string(self, subject: str, predicate: str, value: str | None) -> None:
        """Give a plain string; nothing where there is none."""
        if value is not None:
            self._add(subject, predicate, ox.Literal(value))

    def integer(self, subject: str, predicate: str, value: int | None) -> None:
        """Give an xsd:integer; nothing where there is none."""
        if value is not None:
            self._add(subject, predicate, ox.Literal(str(value), datatype=iri(_XSD + "integer")))

    def decimal(self, subject: str, predicate: str, value: Decimal) -> None:
        """Give an xsd:decimal."""
        self._add(subject, predicate, ox.Literal(format(value, "f"), datatype=iri(_XSD + "decimal")))

    def boolean(self, subject: str, predicate: str, *, value: bool) -> None:
        """Give an xsd:boolean."""
        self._add(subject, predicate, ox.Literal(str(value).lower(), datatype=iri(_XSD + "boolean")))
