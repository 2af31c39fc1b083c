"""From what someone types to the concept meant: local name, IRI, code of another terminology, label or synonym."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Final

import pyoxigraph as ox

from kg.errors import CodeError
from kg.model import Concept
from kg.namespaces import BASE, PREFIXES, expand, local_name
from kg.store import Store, find_node
from kg.vocabulary import Vocabulary

_NAMING: Final = (
    PREFIXES["rdfs"] + "label",
    PREFIXES["skos"] + "altLabel",
    PREFIXES["skos"] + "hiddenLabel",
)
_STANDING_CODES: Final = (expand("mbkg:codeExact"), expand("mbkg:codeNarrower"))
_GAPS: Final = re.compile(r"[\s_\-‐‑–—]+")
_ATC: Final = re.compile(r"(?:ATC:)?([A-Z](?:\d{2}(?:[A-Z](?:[A-Z](?:\d{2})?)?)?)?)\Z", re.ASCII)
_SHOWN: Final = 3
_LIKENESS: Final = 65
_LENGTH: Final = 100


def fold(text: str) -> str:
    """Return a text as names are compared: one width, no case, no gaps, Greek letters spelled out where typed so.

    >>> fold("ＦＬＣ  Ratio") == fold("flc-ratio")
    True
    """
    plain = unicodedata.normalize("NFKC", text).casefold().replace("β", "beta").replace("α", "alpha")
    return _GAPS.sub("", plain)


class Resolver:
    """Finds concepts by what people and records call them."""

    def __init__(self, store: Store, vocabulary: Vocabulary) -> None:
        """Look names up in all graphs, concepts in the vocabulary."""
        self._store = store
        self._vocabulary = vocabulary
        self._names_by_kind: dict[str, dict[str, str]] = {}
        self._known: dict[tuple[str, str], Concept] = {
            (concept.kind, code): concept for code, concept in vocabulary.concepts.items()
        }

    def get(self, code: str, kind: str, *, where: str) -> Concept:
        """Return the concept of one kind that a code names; raises CodeError, with the nearest, where it names none."""
        known = self._known.get((kind, code))
        if known is not None:
            return known
        found = self._find(code, kind, where)
        if found is None:
            raise self._unknown(code, kind, where)
        return found

    def find_drug(self, code: str, *, where: str) -> Concept | None:
        """Return the drug that a code names, or None where it names nothing; raises CodeError for another thing."""
        known = self._known.get(("drug", code))
        return known if known is not None else self._find(code, "drug", where)

    def nearest(self, code: str, kind: str) -> tuple[str, ...]:
        """Return up to three local names of one kind whose names are most like a code, best first."""
        from rapidfuzz import fuzz, process  # noqa: PLC0415 - needed only where a code names nothing

        names = self._names_by_kind.get(kind)
        if names is None:
            names = self._names_by_kind[kind] = dict(self._names_of(kind))
        hits = process.extract(fold(code[:_LENGTH]), list(names), scorer=fuzz.ratio, limit=12, score_cutoff=_LIKENESS)
        return tuple(dict.fromkeys(names[name] for name, _, _ in hits))[:_SHOWN]

    def names(self, text: str) -> tuple[str, ...]:
        """Return the IRIs of all that a text names, codes included, by IRI."""
        iri = self._iri(text)
        if iri is not None:
            return (iri,) if self._stands(iri) else ()
        return tuple(sorted(self._index.get(fold(text), set()) | self._codes.get(text, set())))

    def _find(self, code: str, kind: str, where: str) -> Concept | None:
        found = self._lookup(code, kind, where)
        if found is not None:
            self._known[kind, code] = found
        return found

    def _lookup(self, code: str, kind: str, where: str) -> Concept | None:
        named = self.names(code)
        concepts = [found for iri in named if (found := self._vocabulary.concepts.get(local_name(iri))) is not None]
        fitting = [concept for concept in concepts if concept.kind == kind]
        if len(fitting) == 1:
            return fitting[0]
        if len(fitting) > 1:
            choices = tuple(concept.code for concept in fitting)
            raise CodeError(
                f"{code!r} names {len(choices)} things: {', '.join(choices)}",
                code=code,
                candidates=choices,
                where=where,
                remedy="give one of these names",
            )
        by_atc = self._by_atc(code) if kind == "drug" else None
        if by_atc is not None:
            return by_atc
        if named:
            is_a = f"{code!r} is {'a ' + concepts[0].kind if concepts else 'a term that a case does not state'}"
            raise CodeError(
                f"{is_a}, not a {kind}",
                code=code,
                candidates=self.nearest(code, kind),
                where=where,
                remedy=self._offer(code, kind),
            )
        return None

    def _unknown(self, code: str, kind: str, where: str) -> CodeError:
        return CodeError(
            f"{code!r} names no {kind}",
            code=code,
            candidates=self.nearest(code, kind),
            where=where,
            remedy=self._offer(code, kind),
        )

    def _offer(self, code: str, kind: str) -> str:
        nearest = self.nearest(code, kind)
        return f"nearest: {', '.join(nearest)}" if nearest else f"see: mbkg lookup --kind {kind}"

    def _by_atc(self, code: str) -> Concept | None:
        """Return the drug class of an ATC code: the drug's own, else its narrowest group that we know, else other."""
        match = _ATC.match(unicodedata.normalize("NFKC", code).strip().upper())
        if match is None:
            return None
        for length in range(len(match.group(1)), 0, -1):
            names = self._atc.get(match.group(1)[:length])
            if names:
                return self._vocabulary.concepts.get(names)
        return None

    def _stands(self, iri: str) -> bool:
        """Tell whether anything is said of an IRI."""
        node = find_node(iri)
        return node is not None and bool(self._vocabulary.triples.about(node))

    @staticmethod
    def _iri(text: str) -> str | None:
        if text.startswith(BASE):
            return text
        return BASE + text.removeprefix("mbkg:") if text.startswith("mbkg:") else None

    @cached_property
    def _index(self) -> Mapping[str, set[str]]:
        index: dict[str, set[str]] = defaultdict(set)
        for predicate in _NAMING:
            for subject, name in self._store.objects(predicate):
                if isinstance(subject, ox.NamedNode) and subject.value.startswith(BASE):
                    index[fold(name.value)].add(subject.value)
        for code in self._vocabulary.concepts:
            index[fold(code)].add(BASE + code)
        return index

    @cached_property
    def _codes(self) -> Mapping[str, set[str]]:
        codes: dict[str, set[str]] = defaultdict(set)
        for predicate in _STANDING_CODES:
            for subject, code in self._store.objects(predicate):
                codes[code.value].add(subject.value)
        return codes

    @cached_property
    def _atc(self) -> Mapping[str, str]:
        groups = {
            code.value: local_name(subject.value)
            for subject, code in self._store.objects(expand("mbkg:atcGroupOutside"))
        }
        return groups | {
            code.value: local_name(subject.value) for subject, code in self._store.objects(expand("mbkg:atcCode"))
        }

    def _names_of(self, kind: str) -> Iterable[tuple[str, str]]:
        concepts = self._vocabulary.concepts
        for name, iris in self._index.items():
            for iri in iris:
                concept = concepts.get(local_name(iri))
                if concept is not None and concept.kind == kind:
                    yield name, concept.code
