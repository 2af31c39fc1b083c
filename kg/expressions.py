"""What an OWL class expression over patients says, as a tree of and, or, not and single facts.

The reading is that of the schema: `hasCondition some C`, `hasFinding some F` (seen on a modality or on any),
`receives some D` and `hasMeasurement some (M and hasValue some decimal[...])`. An expression that holds anything else
is refused, with the class it stands in.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, TypeAlias

import pyoxigraph as ox

from kg.errors import DataError
from kg.model import Label
from kg.namespaces import PREFIXES, expand, local_name

RDF, OWL, XSD = PREFIXES["rdf"], PREFIXES["owl"], PREFIXES["xsd"]
_COMPARATORS = {"minInclusive": ">=", "minExclusive": ">", "maxInclusive": "<=", "maxExclusive": "<"}
_LISTS = {
    expand("mbkg:hasCondition"): "conditions",
    expand("mbkg:hasFinding"): "findings",
    expand("mbkg:receives"): "treatments",
}


@dataclass(frozen=True, slots=True)
class Fact:
    """What is true of a patient, false or unknown: a condition, a finding (on a modality) or a current drug."""

    list: str
    code: str
    modality: str | None = None

    @property
    def name(self) -> str:
        """The fact as verdicts name it: LocalName, LocalName@Modality or on:Drug."""
        if self.list == "treatments":
            return f"on:{self.code}"
        return self.code if self.modality is None else f"{self.code}@{self.modality}"


@dataclass(frozen=True, slots=True)
class Comparison:
    """The current value of a measurement, in its canonical unit, compared with a threshold."""

    code: str
    comparator: str
    value: Decimal

    @property
    def name(self) -> str:
        """The fact that decides it: the measurement's local name."""
        return self.code


@dataclass(frozen=True, slots=True)
class Named:
    """A named class of patients: a criterion, or the condition of a recommendation."""

    iri: str


@dataclass(frozen=True, slots=True)
class And:
    """All parts hold."""

    parts: tuple["Expression", ...]


@dataclass(frozen=True, slots=True)
class Or:
    """At least one part holds."""

    parts: tuple["Expression", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold."""

    part: "Expression"


Expression: TypeAlias = And | Or | Not | Named | Fact | Comparison
Value: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Literal

_NOTHING: Final[Mapping[str, list[Value]]] = {}


class Triples:
    """Triples by subject and predicate, for walking class expressions."""

    def __init__(self, triples: Iterable[ox.Triple]) -> None:
        """Index the triples."""
        self._about: dict[str, dict[str, list[Value]]] = defaultdict(lambda: defaultdict(list))
        for triple in triples:
            if not isinstance(triple.object, ox.Triple):
                self._about[str(triple.subject)][triple.predicate.value].append(triple.object)

    def about(self, node: Value) -> Mapping[str, list[Value]]:
        """Return what is said of a node, by predicate IRI."""
        return self._about.get(str(node), _NOTHING)

    def values(self, node: Value, predicate: str) -> list[Value]:
        """Return the objects of one predicate of one node."""
        return self.about(node).get(predicate, [])

    def pairs(self, node: Value) -> Iterator[tuple[str, Value]]:
        """Yield the (predicate IRI, object) pairs of one node."""
        for predicate, values in self.about(node).items():
            for value in values:
                yield predicate, value

    def value(self, node: Value, predicate: str) -> Value | None:
        """Return the one object, or None."""
        found = self.values(node, predicate)
        return found[0] if found else None

    def texts(self, node: Value, predicate: str) -> Label | None:
        """Return the texts of one predicate of a node in both languages, one for the other where one lacks, or None."""
        found = {value.language: value.value for value in self.values(node, predicate) if isinstance(value, ox.Literal)}
        english = found.get("en") or found.get("zh")
        return None if english is None else Label(english, found.get("zh") or english)

    def label(self, node: Value) -> Label:
        """Return the label of a node, the text of a literal, or the local name where there is no label."""
        if isinstance(node, ox.Literal):
            return Label(node.value, node.value)
        name = local_name(node.value)
        return self.texts(node, PREFIXES["rdfs"] + "label") or Label(name, name)

    def subjects(self, predicate: str, target: Value) -> Iterator[ox.NamedNode]:
        """Yield the named subjects that one predicate links to a node."""
        for key, about in self._about.items():
            if target in about.get(predicate, ()) and key.startswith("<"):
                yield ox.NamedNode(key[1:-1])

    def annotated(self) -> Iterator[tuple[ox.BlankNode, Value]]:
        """Yield (axiom node, source) of every annotated axiom."""
        for key, about in self._about.items():
            for source in about.get(OWL + "annotatedSource", ()):
                yield ox.BlankNode(key.removeprefix("_:")), source

    def members(self, head: Value) -> Iterator[Value]:
        """Yield the members of an RDF list."""
        node: Value | None = head
        while node is not None and node.value != RDF + "nil":
            first = self.value(node, RDF + "first")
            if first is None:
                return
            yield first
            node = self.value(node, RDF + "rest")


def read_definition(triples: Triples, iri: str) -> Expression | None:
    """Return what a named class of patients is defined as, or None where it has no definition."""
    target = triples.value(ox.NamedNode(iri), OWL + "equivalentClass")
    return None if target is None else _Reader(triples, iri).expression(target)


class _Reader:
    """Reads one class expression, and names the class in every error."""

    def __init__(self, triples: Triples, iri: str) -> None:
        self._triples = triples
        self._iri = iri

    def expression(self, node: Value) -> Expression:
        if isinstance(node, ox.NamedNode):
            return Named(node.value)
        for predicate, make in (("intersectionOf", And), ("unionOf", Or)):
            head = self._triples.value(node, OWL + predicate)
            if head is not None:
                return make(tuple(self.expression(part) for part in self._triples.members(head)))
        part = self._triples.value(node, OWL + "complementOf")
        if part is not None:
            return Not(self.expression(part))
        return self._restriction(node)

    def _restriction(self, node: Value) -> Expression:
        on = self._triples.value(node, OWL + "onProperty")
        filler = self._triples.value(node, OWL + "someValuesFrom")
        if on is None or filler is None:
            raise self._refusal()
        if on.value == expand("mbkg:hasMeasurement"):
            return self._comparison(filler)
        if on.value not in _LISTS:
            raise self._refusal()
        code, modalities = finding_parts(self._triples, filler) or (None, ())
        if code is None:
            raise self._refusal()
        facts = tuple(Fact(_LISTS[on.value], local_name(code), local_name(name)) for name in modalities)
        if not facts:
            return Fact(_LISTS[on.value], local_name(code))
        return facts[0] if len(facts) == 1 else Or(facts)

    def _comparison(self, filler: Value) -> Expression:
        head = self._triples.value(filler, OWL + "intersectionOf")
        kinds: list[str] = []
        limits: list[tuple[str, Decimal]] = []
        for part in self._triples.members(head) if head is not None else ():
            if isinstance(part, ox.NamedNode):
                kinds.append(local_name(part.value))
            elif (range_ := self._triples.value(part, OWL + "someValuesFrom")) is not None:
                limits += self._facets(range_)
        if len(kinds) != 1 or not limits:
            raise self._refusal()
        comparisons = tuple(Comparison(kinds[0], comparator, value) for comparator, value in limits)
        return comparisons[0] if len(comparisons) == 1 else And(comparisons)

    def _facets(self, range_: Value) -> Iterator[tuple[str, Decimal]]:
        head = self._triples.value(range_, OWL + "withRestrictions")
        for facet in self._triples.members(head) if head is not None else ():
            for name, comparator in _COMPARATORS.items():
                limit = self._triples.value(facet, XSD + name)
                if isinstance(limit, ox.Literal):
                    if limit.datatype.value not in {XSD + "decimal", XSD + "integer"}:
                        raise self._refusal("a threshold that is not an xsd:decimal")
                    yield comparator, Decimal(limit.value)

    def _refusal(self, what: str = "an expression that the engine does not read") -> DataError:
        return DataError(what, where=local_name(self._iri), remedy="use the patterns of ontology/modules/schema.ttl")


def finding_parts(triples: Triples, filler: Value) -> tuple[str, tuple[str, ...]] | None:
    """Return (class IRI, modality IRIs) for `C` or for `C and (seenOn some M-or-M)`, or None for anything else."""
    if isinstance(filler, ox.NamedNode):
        return filler.value, ()
    head = triples.value(filler, OWL + "intersectionOf")
    names: list[str] = []
    modalities: list[str] = []
    for part in triples.members(head) if head is not None else ():
        if isinstance(part, ox.NamedNode):
            names.append(part.value)
        else:
            modalities += seen_on(triples, part)
    return (names[0], tuple(modalities)) if len(names) == 1 else None


def seen_on(triples: Triples, node: Value) -> tuple[str, ...]:
    """Return the modality IRIs of a `seenOn some M` or `seenOn some (M or M)` restriction, or nothing."""
    on = triples.value(node, OWL + "onProperty")
    filler = triples.value(node, OWL + "someValuesFrom")
    if on is None or filler is None or on.value != expand("mbkg:seenOn"):
        return ()
    if isinstance(filler, ox.NamedNode):
        return (filler.value,)
    head = triples.value(filler, OWL + "unionOf")
    return tuple(part.value for part in triples.members(head)) if head is not None else ()
