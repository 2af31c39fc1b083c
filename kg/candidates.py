"""For every recommendation the class of its candidates and of those excluded, generated from its condition."""

from collections.abc import Generator, Iterator
from typing import Final

import pyoxigraph as ox

from kg.expressions import OWL, RDF, Triples, Value
from kg.namespaces import PREFIXES, expand, local_name
from kg.store import Store

_SUBCLASS: Final = ox.NamedNode(PREFIXES["rdfs"] + "subClassOf")
_EQUIVALENT: Final = ox.NamedNode(OWL + "equivalentClass")
_TYPE: Final = ox.NamedNode(RDF + "type")
_READINGS: Final = (
    ("condition", "", "candidateFor"),
    ("narrowCondition", "-narrow", "candidateFor"),
    ("broadCondition", "-broad", "broadCandidateFor"),
)
_ANNOTATIONS: Final = tuple(expand(name) for name in ("mbkg:fromStatement", "dcterms:source", "mbkg:axiomBasis"))


def candidate_triples(store: Store, triples: Triples) -> Iterator[ox.Triple]:
    """Yield the axioms of all candidate and excluded classes, with the annotations of the conditions they come from."""
    maker = _Maker(triples, _names(store))
    for name, suffix, pointer in _READINGS:
        for recommendation, condition in store.objects(expand("mbkg:" + name)):
            yield from maker.candidate(recommendation, condition, suffix, pointer)
            if name != "narrowCondition":
                yield from maker.excluded(recommendation, condition, suffix)


def _names(store: Store) -> dict[str, str]:
    """Return the candidate class that each condition class becomes."""
    return {
        condition.value: expand(f"mbkg:CandidateFor-{local_name(recommendation.value)}{suffix}")
        for name, suffix, _ in _READINGS
        for recommendation, condition in store.objects(expand("mbkg:" + name))
    }


class _Maker:
    """Writes the classes of one ontology."""

    def __init__(self, triples: Triples, names: dict[str, str]) -> None:
        self._triples = triples
        self._names = names
        self._annotations = {
            source.value: [
                (predicate, value) for predicate in _ANNOTATIONS for value in triples.values(axiom, predicate)
            ]
            for axiom, source in triples.annotated()
        }

    def candidate(self, recommendation: Value, condition: Value, suffix: str, pointer: str) -> Iterator[ox.Triple]:
        """Yield the class of a reading's candidates, defined as its condition and pointing at the recommendation."""
        node = ox.NamedNode(self._names[condition.value])
        definition = self._triples.value(condition, OWL + "equivalentClass")
        if definition is None:
            return
        target = yield from self._copy(definition)
        yield from self._class(node, recommendation, "candidates", "适用患者", suffix)
        yield ox.Triple(node, _EQUIVALENT, target)
        yield from self._annotated(node, _EQUIVALENT, target, condition)
        yield from self._points(node, pointer, recommendation)

    def excluded(self, recommendation: Value, condition: Value, suffix: str) -> Iterator[ox.Triple]:
        """Yield the class of the patients whom a recommendation is not for: the complement of its broad candidates."""
        node = ox.NamedNode(expand(f"mbkg:ExcludedFrom-{local_name(recommendation.value)}"))
        candidate = ox.NamedNode(self._names[condition.value])
        complement, whole = ox.BlankNode(), ox.BlankNode()
        yield ox.Triple(complement, _TYPE, ox.NamedNode(OWL + "Class"))
        yield ox.Triple(complement, ox.NamedNode(OWL + "complementOf"), candidate)
        yield ox.Triple(whole, _TYPE, ox.NamedNode(OWL + "Class"))
        members = yield from _list([ox.NamedNode(expand("mbkg:Patient")), complement])
        yield ox.Triple(whole, ox.NamedNode(OWL + "intersectionOf"), members)
        yield from self._class(node, recommendation, "excluded", "不适用患者", "" if suffix == "-broad" else suffix)
        yield ox.Triple(node, _EQUIVALENT, whole)
        yield from self._annotated(node, _EQUIVALENT, whole, condition)
        yield from self._points(node, "excludedFrom", recommendation)

    def _class(self, node: ox.NamedNode, recommendation: Value, en: str, zh: str, suffix: str) -> Iterator[ox.Triple]:
        yield ox.Triple(node, _TYPE, ox.NamedNode(OWL + "Class"))
        yield ox.Triple(node, _SUBCLASS, ox.NamedNode(expand("mbkg:Patient")))
        reading = {"": ("", ""), "-narrow": (", narrow reading", "，狭义"), "-broad": (", broad reading", "，广义")}[
            suffix
        ]
        name = local_name(recommendation.value)
        titles = {
            value.language: value.value
            for value in self._triples.values(recommendation, PREFIXES["rdfs"] + "label")
            if isinstance(value, ox.Literal)
        }
        label, definition = ox.NamedNode(PREFIXES["rdfs"] + "label"), ox.NamedNode(PREFIXES["skos"] + "definition")
        yield ox.Triple(node, label, ox.Literal(f"{en} of {name}{reading[0]}", language="en"))
        yield ox.Triple(node, label, ox.Literal(f"{zh}：{titles.get('zh', name)}{reading[1]}", language="zh"))
        verb_en, verb_zh = ("holds", "成立") if en == "candidates" else ("fails", "不成立")
        yield ox.Triple(
            node,
            definition,
            ox.Literal(
                f"The patients for whom the condition of “{titles.get('en', name)}” {verb_en}{reading[0]}.",
                language="en",
            ),
        )
        yield ox.Triple(
            node,
            definition,
            ox.Literal(f"“{titles.get('zh', name)}”的条件{verb_zh}的患者{reading[1]}。", language="zh"),
        )

    def _points(self, node: ox.NamedNode, pointer: str, recommendation: Value) -> Iterator[ox.Triple]:
        restriction = ox.BlankNode()
        yield ox.Triple(restriction, _TYPE, ox.NamedNode(OWL + "Restriction"))
        yield ox.Triple(restriction, ox.NamedNode(OWL + "onProperty"), ox.NamedNode(expand("mbkg:" + pointer)))
        yield ox.Triple(restriction, ox.NamedNode(OWL + "hasValue"), recommendation)
        yield ox.Triple(node, _SUBCLASS, restriction)

    def _annotated(
        self, node: ox.NamedNode, predicate: ox.NamedNode, target: ox.NamedNode | ox.BlankNode, condition: Value
    ) -> Iterator[ox.Triple]:
        annotations = self._annotations.get(condition.value, [])
        if annotations:
            axiom = ox.BlankNode()
            yield ox.Triple(axiom, _TYPE, ox.NamedNode(OWL + "Axiom"))
            yield ox.Triple(axiom, ox.NamedNode(OWL + "annotatedSource"), node)
            yield ox.Triple(axiom, ox.NamedNode(OWL + "annotatedProperty"), predicate)
            yield ox.Triple(axiom, ox.NamedNode(OWL + "annotatedTarget"), target)
            for annotation, value in annotations:
                yield ox.Triple(axiom, ox.NamedNode(annotation), value)

    def _copy(self, node: Value) -> Generator[ox.Triple, None, ox.NamedNode | ox.BlankNode]:
        """Yield a copy of a class expression, conditions replaced by their candidates; return its node."""
        if isinstance(node, ox.NamedNode):
            return ox.NamedNode(self._names.get(node.value, node.value))
        copy = ox.BlankNode()
        for predicate, value in self._triples.pairs(node):
            target = value if isinstance(value, ox.Literal) else (yield from self._copy(value))
            yield ox.Triple(copy, ox.NamedNode(predicate), target)
        return copy


def _list(members: list[ox.NamedNode | ox.BlankNode]) -> Generator[ox.Triple, None, ox.NamedNode | ox.BlankNode]:
    """Yield the cells of an RDF list; return its head."""
    head: ox.NamedNode | ox.BlankNode = ox.NamedNode(RDF + "nil")
    for member in reversed(members):
        cell = ox.BlankNode()
        yield ox.Triple(cell, ox.NamedNode(RDF + "first"), member)
        yield ox.Triple(cell, ox.NamedNode(RDF + "rest"), head)
        head = cell
    return head
