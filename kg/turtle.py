"""Turtle in one canonical order, so that a file saved by any editor comes back the same, byte for byte.

Why not a library's serialiser: none of them keeps a blank node inside the statement that owns it, puts the annotation
of an axiom beside the axiom, and orders both without regard to how a parser happened to name blank nodes. The order is
by code point, so it does not depend on the machine or the locale. A blank node is written where it is used; the target
of an annotated axiom is used twice and gets a label from the axiom's source.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import TypeAlias

import pyoxigraph as ox

from kg.errors import DataError
from kg.namespaces import PREFIXES

RDF = PREFIXES["rdf"]
OWL = PREFIXES["owl"]
XSD = PREFIXES["xsd"]
_TYPE = RDF + "type"
_FIRST, _REST, _NIL = RDF + "first", RDF + "rest", RDF + "nil"
_SOURCE, _TARGET = OWL + "annotatedSource", OWL + "annotatedTarget"
_LOCAL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.\-]*[A-Za-z0-9_\-])?\Z")
_SECTIONS = ("Ontology", "AnnotationProperty", "ObjectProperty", "DatatypeProperty", "Class", "")
_FIRST_PREDICATES = ("rdf:type", "rdfs:label", "rdfs:subClassOf", "owl:equivalentClass")
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}

Node: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Literal


def write_turtle(triples: Iterable[ox.Triple], *, comment: str) -> str:
    """Return the triples as Turtle, `comment` on the first line; raises DataError for a blank node in a ring."""
    return _Writer(triples).text(comment)


def decimal_text(value: Decimal) -> str:
    """Return a decimal as Turtle and OWL tools print it, always with a point.

    >>> decimal_text(Decimal("100"))
    '100.0'
    """
    text = format(value.normalize(), "f")
    return text if "." in text else text + ".0"


class _Writer:
    """One pass over one set of triples."""

    def __init__(self, triples: Iterable[ox.Triple]) -> None:
        self._about: dict[str, dict[str, list[Node]]] = defaultdict(lambda: defaultdict(list))
        uses: dict[str, int] = defaultdict(int)
        for triple in set(triples):
            subject, value = triple.subject, triple.object
            if isinstance(subject, ox.Triple) or isinstance(value, ox.Triple):
                message = "a quoted triple: Protégé cannot open it"
                raise DataError(message)
            self._about[str(subject)][triple.predicate.value].append(value)
            if isinstance(value, ox.BlankNode):
                uses[str(value)] += 1
        self._owned = frozenset(uses)
        self._seen: set[str] = set()
        self._prefixes: set[str] = set()
        self._labels: dict[str, str] = {}
        self._label_shared(key for key, count in uses.items() if count > 1)

    def _label_shared(self, shared: Iterable[str]) -> None:
        """Name the blank nodes that are used twice, the targets of annotated axioms, by their source."""
        owners = {
            str(target): about[_SOURCE][0].value for about in self._about.values() for target in about.get(_TARGET, [])
        }
        by_owner: dict[str, list[str]] = defaultdict(list)
        for key in shared:
            if key not in owners:
                message = "a blank node used in two places that no annotated axiom explains"
                raise DataError(message, remedy="give it a name")
            by_owner[owners[key]].append(key)
        for owner, keys in by_owner.items():
            stem = re.sub(r"[^A-Za-z0-9]", "-", owner.removeprefix(PREFIXES["mbkg"]))
            for number, key in enumerate(sorted(keys, key=self._inline), 1):
                self._labels[key] = f"_:{stem}-{number}"

    def text(self, comment: str) -> str:
        """Return the whole file."""
        self._seen.clear()
        self._prefixes.clear()
        sources = {label: str(about[_SOURCE][0]) for about in self._about.values() for label in self._targets(about)}
        blocks = []
        for key, about in self._about.items():
            home, rank, name = key, 0, key
            if key in self._labels:
                name = self._labels[key]
                home, rank = sources[name], 1
            elif key in self._owned:
                continue
            elif _SOURCE in about:
                home, rank, name = str(about[_SOURCE][0]), 2, "[]"
            elif key.startswith("_:"):
                home, rank, name = "", 3, "[]"
            else:
                name = self._iri(key[1:-1])
            section = self._section(self._about[home]) if home in self._about else len(_SECTIONS)
            self._seen.add(key)
            blocks.append((section, home, rank, self._block(name, about)))
        if any(key not in self._seen for key in self._about):
            message = "blank nodes that refer to one another in a ring"
            raise DataError(message, remedy="give one of them a name")
        names = [f"@prefix {name}: <{PREFIXES[name]}> ." for name in sorted(self._prefixes)]
        body = "\n".join(block for _, _, _, block in sorted(blocks))
        return f"# {comment}\n" + "\n".join(names) + "\n\n" + body

    def _targets(self, about: dict[str, list[Node]]) -> list[str]:
        return [self._labels[str(target)] for target in about.get(_TARGET, []) if str(target) in self._labels]

    @staticmethod
    def _section(about: dict[str, list[Node]]) -> int:
        types = {value.value for value in about.get(_TYPE, [])}
        return next((place for place, name in enumerate(_SECTIONS) if OWL + name in types), len(_SECTIONS) - 1)

    def _block(self, subject: str, about: dict[str, list[Node]]) -> str:
        return f"{subject} " + " ;\n    ".join(self._pairs(about)) + " .\n"

    def _pairs(self, about: dict[str, list[Node]]) -> list[str]:
        pairs = []
        for predicate in sorted(about, key=_predicate_key):
            values = sorted(self._term(value) for value in about[predicate])
            name = "a" if predicate == _TYPE else self._iri(predicate)
            pairs.append(f"{name} " + ", ".join(values))
        return pairs

    def _term(self, value: Node) -> str:
        if isinstance(value, ox.NamedNode):
            return self._iri(value.value)
        if isinstance(value, ox.Literal):
            return self._literal(value)
        return self._labels.get(str(value)) or self._inline(str(value))

    def _inline(self, key: str) -> str:
        if key in self._seen:
            message = "blank nodes that refer to one another in a ring"
            raise DataError(message, remedy="give one of them a name")
        self._seen.add(key)
        about = self._about.get(key, {})
        if _FIRST in about:
            return self._list(key)
        return "[ " + " ; ".join(self._pairs(about)) + " ]" if about else "[]"

    def _list(self, key: str) -> str:
        parts: list[str] = []
        while key != f"<{_NIL}>":
            self._seen.add(key)
            about = self._about[key]
            parts.append(self._term(about[_FIRST][0]))
            key = str(about[_REST][0])
        return "( " + " ".join(parts) + " )"

    def _iri(self, iri: str) -> str:
        curie = _curie(iri)
        if curie is None:
            return f"<{iri}>"
        self._prefixes.add(curie.partition(":")[0])
        return curie

    def _literal(self, literal: ox.Literal) -> str:
        if literal.language:
            return f"{_quoted(literal.value)}@{literal.language}"
        kind = literal.datatype.value
        if kind == XSD + "string":
            return _quoted(literal.value)
        if kind == XSD + "decimal":
            return decimal_text(Decimal(literal.value))
        if kind in {XSD + "integer", XSD + "boolean"}:
            return literal.value
        return f"{_quoted(literal.value)}^^{self._iri(kind)}"


def _quoted(text: str) -> str:
    return '"' + "".join(_ESCAPES.get(character, character) for character in text) + '"'


def _predicate_key(iri: str) -> tuple[int, str]:
    name = _curie(iri) or iri
    return (_FIRST_PREDICATES.index(name) if name in _FIRST_PREDICATES else len(_FIRST_PREDICATES), name)


def _curie(iri: str) -> str | None:
    for prefix, namespace in PREFIXES.items():
        local = iri[len(namespace) :]
        if iri.startswith(namespace) and _LOCAL.match(local):
            return f"{prefix}:{local}"
    return None
