"""Terms by what people call them: labels, synonyms, abbreviations and codes, in both languages."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import pyoxigraph as ox

from kg.errors import CodeError
from kg.expressions import Value
from kg.model import Json, Label
from kg.namespaces import BASE, PREFIXES, expand, local_name
from kg.resolver import fold
from kg.store import Store, find_node

_TYPE: Final = PREFIXES["rdf"] + "type"
_LABEL: Final = PREFIXES["rdfs"] + "label"
_SUBCLASS: Final = PREFIXES["rdfs"] + "subClassOf"
_CLASS: Final = PREFIXES["owl"] + "Class"
_NAMES: Final = (_LABEL, PREFIXES["skos"] + "altLabel", PREFIXES["skos"] + "hiddenLabel", expand("mbkg:shortName"))
_CODES: Final = tuple(
    expand(name) for name in ("mbkg:codeExact", "mbkg:codeNarrower", "mbkg:codeOther", "mbkg:atcCode")
)
_THING: Final = PREFIXES["owl"] + "Thing"
_PATIENT: Final = expand("mbkg:Patient")
_IDENTIFIER: Final = expand("dcterms:identifier")
_TERM: Final = f"{BASE}Term-"
"""Words for the codes inside a statement: shown, and nothing that a person looks up."""
_NEAR: Final = 3
_LIKENESS: Final = 60
_LENGTH: Final = 200


@dataclass(frozen=True, slots=True)
class Entity:
    """A term of the graph: what it is called, what it means, what it is, and its codes in other terminologies."""

    iri: str
    name: str
    label: Label
    definition: Label
    synonyms: tuple[str, ...]
    types: tuple[Label, ...]
    codes: tuple[str, ...]
    kind: str | None
    exact: bool

    def to_dict(self) -> dict[str, Json]:
        """Return the term as JSON has it."""
        return {
            "iri": self.iri,
            "name": self.name,
            "label": self.label.to_dict(),
            "definition": self.definition.to_dict(),
            "synonyms": list[Json](self.synonyms),
            "types": [label.to_dict() for label in self.types],
            "codes": list[Json](self.codes),
            "kind": self.kind,
            "exact": self.exact,
        }


class Lookup:
    """An index of names over all graphs."""

    def __init__(self, store: Store) -> None:
        """Index nothing yet."""
        self._store = store
        self._triples = store.about()

    def find(self, text: str, *, kind: str | None = None) -> tuple[Entity, ...]:
        """Return the terms that a text names, by name; where none does, the three nearest, marked as not exact.

        `kind` (condition, drug, measurement, finding, modality) keeps the terms that a case may hold there.
        """
        exact = [iri for iri in self.named(text) if self._is_kind(iri, kind)]
        if exact:
            return tuple(self._entity(iri, exact=True) for iri in exact)
        return tuple(self._entity(iri, exact=False) for iri in self._nearest(text, kind=kind))

    def named(self, text: str) -> tuple[str, ...]:
        """Return the IRIs of all that a text names, by IRI."""
        node = find_node(BASE + text.removeprefix(BASE).removeprefix("mbkg:"))
        if node is not None and self._triples.value(node, _TYPE):
            return (node.value,)
        return tuple(sorted(self._index.get(fold(text), ())))

    def resolve(self, text: str, type_iri: str) -> str:
        """Return the one thing of a type that a text names; raises CodeError where there is none, or more than one."""
        fitting = [iri for iri in self.named(text) if self.is_a(iri, type_iri)]
        if len(fitting) == 1:
            return fitting[0]
        if fitting:
            choices = tuple(local_name(iri) for iri in fitting)
            message = f"{text!r} names {len(choices)} things: {', '.join(choices)}"
            raise CodeError(message, code=text, candidates=choices, remedy="give one of these names")
        nearest = tuple(local_name(iri) for iri in self._nearest(text, type_iri=type_iri))
        offer = f"nearest: {', '.join(nearest)}" if nearest else None
        message = f"{text!r} names no {local_name(type_iri)}"
        raise CodeError(message, code=text, candidates=nearest, remedy=offer)

    def is_a(self, iri: str, type_iri: str) -> bool:
        """Tell whether a class is narrower than a type (or is it), or an individual is of it."""
        node = find_node(iri)
        if node is None:
            return False
        types = {value.value for value in self._triples.values(node, _TYPE)}
        if type_iri in types or (type_iri == _THING and types):
            return True
        starts = [iri] if _CLASS in types else list(types)
        return any(type_iri in self._above(start) for start in starts)

    def _above(self, iri: str) -> set[str]:
        seen: set[str] = set()
        todo = [iri]
        while todo:
            if (one := todo.pop()) not in seen:
                seen.add(one)
                parents = self._triples.values(ox.NamedNode(one), _SUBCLASS)
                todo += [parent.value for parent in parents if isinstance(parent, ox.NamedNode)]
        return seen

    def _is_kind(self, iri: str, kind: str | None) -> bool:
        return kind is None or self._kind(iri) == kind

    def _kind(self, iri: str) -> str | None:
        value = self._triples.value(ox.NamedNode(iri), expand("mbkg:caseKind"))
        return None if value is None else value.value

    def _nearest(self, text: str, *, kind: str | None = None, type_iri: str | None = None) -> tuple[str, ...]:
        from rapidfuzz import fuzz, process  # noqa: PLC0415 - needed only where a text names nothing

        names = list(self._index)
        hits = process.extract(fold(text[:_LENGTH]), names, scorer=fuzz.ratio, limit=60, score_cutoff=_LIKENESS)
        found = (iri for name, _, _ in hits for iri in sorted(self._index[name]))
        fitting = (
            iri
            for iri in dict.fromkeys(found)
            if self._is_kind(iri, kind)
            and (self.is_a(iri, type_iri) if type_iri is not None else not self.is_a(iri, _PATIENT))
        )
        return tuple(iri for _, iri in zip(range(_NEAR), fitting, strict=False))

    def _entity(self, iri: str, *, exact: bool) -> Entity:
        node = ox.NamedNode(iri)
        synonyms = [value.value for name in _NAMES[1:] for value in self._triples.values(node, name)]
        types = {self._triples.label(value) for value in self._parents(node)}
        return Entity(
            iri=iri,
            name=local_name(iri),
            label=self._triples.label(node),
            definition=self._triples.texts(node, PREFIXES["skos"] + "definition") or Label("", ""),
            synonyms=tuple(dict.fromkeys(sorted(synonyms))),
            types=tuple(sorted(types, key=lambda label: label.en)),
            codes=tuple(sorted(self._codes(node))),
            kind=self._kind(iri),
            exact=exact,
        )

    def _codes(self, node: Value) -> set[str]:
        """Return the codes of a term, an ATC code once where a mapping has it too."""
        codes = {value.value for name in _CODES[:-1] for value in self._triples.values(node, name)}
        return codes | {f"ATC:{value.value}" for value in self._triples.values(node, _CODES[-1])}

    def _parents(self, node: Value) -> Iterator[Value]:
        for predicate in (_SUBCLASS, _TYPE):
            for value in self._triples.values(node, predicate):
                if isinstance(value, ox.NamedNode) and value.value.startswith(BASE):
                    yield value

    @cached_property
    def _index(self) -> Mapping[str, set[str]]:
        index: dict[str, set[str]] = defaultdict(set)
        for predicate in (*_NAMES, *_CODES, _IDENTIFIER):
            for subject, name in self._store.objects(predicate):
                if isinstance(subject, ox.NamedNode) and subject.value.startswith(BASE) and _TERM not in subject.value:
                    index[fold(name.value)].add(subject.value)
                    index[fold(local_name(subject.value))].add(subject.value)
        return index
