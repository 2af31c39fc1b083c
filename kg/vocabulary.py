"""The terms of a case and what follows from them: what is broader, what excludes what, what a modality makes true.

All of it is read from the ontology's axioms between named classes, restrictions on modality, and disjointness.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from itertools import combinations

import pyoxigraph as ox

from kg.expressions import OWL, Fact, finding_parts, read_definition, seen_on
from kg.model import CONDITIONS, FINDINGS, TREATMENTS, Concept, Label
from kg.namespaces import BASE, ONTOLOGY_GRAPH, OUTSIDE_GRAPH, PREFIXES, expand, local_name
from kg.store import Store

_SUBCLASS = PREFIXES["rdfs"] + "subClassOf"
_DRUG_ROOT = "Drug"
FINDINGS_ROOT = "ClinicalFinding"
_ASSERTED = (ONTOLOGY_GRAPH, OUTSIDE_GRAPH)


class Vocabulary:
    """Concepts by local name, and the consequences of facts about them."""

    def __init__(self, store: Store) -> None:
        """Read the vocabulary from all graphs."""
        self.triples = store.about()
        self._parents: dict[str, set[str]] = defaultdict(set)
        self._seen_on: dict[str, set[str]] = defaultdict(set)
        self._read_subclasses(store)
        self._above: dict[str, frozenset[str]] = {}
        self._factors = self._read_factors(store)
        self._defined = tuple(self._read_defined_findings(store))
        self.concepts: Mapping[str, Concept] = {concept.code: concept for concept in self._read_concepts(store)}
        self.measured_in_months = tuple(
            concept for concept in self.concepts.values() if concept.months_of_drug or concept.months_since_finding
        )
        self._exclusive: dict[str, set[str]] = defaultdict(set)
        self._disjoint: dict[str, set[str]] = defaultdict(set)
        self._read_disjointness(store)

    # --- reading -----------------------------------------------------------------------------------------------------

    def _read_subclasses(self, store: Store) -> None:
        for child, parent in store.objects(_SUBCLASS, *_ASSERTED):
            if not isinstance(child, ox.NamedNode):
                continue
            if isinstance(parent, ox.NamedNode):
                self._parents[local_name(child.value)].add(local_name(parent.value))
            else:
                self._seen_on[local_name(child.value)].update(
                    local_name(name) for name in seen_on(self.triples, parent)
                )

    def _read_defined_findings(self, store: Store) -> Iterator[tuple[str, str, frozenset[str]]]:
        """Yield (name, base, modalities) of the classes defined as a finding seen on one of some modalities."""
        for name, target in store.objects(OWL + "equivalentClass", *_ASSERTED):
            parts = None if isinstance(target, ox.NamedNode) else finding_parts(self.triples, target)
            if parts and parts[1]:
                yield local_name(name.value), local_name(parts[0]), frozenset(local_name(part) for part in parts[1])

    def _read_concepts(self, store: Store) -> Iterator[Concept]:
        kinds = {subject.value: value.value for subject, value in store.objects(expand("mbkg:caseKind"))}
        kinds |= {
            BASE + name: "drug" for name in list(self._parents) if _DRUG_ROOT in self.above(name) and name != _DRUG_ROOT
        }
        for iri, kind in sorted(kinds.items()):
            yield self._concept(iri, kind)

    def _read_factors(self, store: Store) -> dict[str, dict[str, Fraction]]:
        """Return the exact factors of the units that are accepted beside the canonical one, worked out by the build."""
        found: dict[str, dict[str, Fraction]] = defaultdict(dict)
        for conversion, numerator in store.objects(expand("mbkg:numerator"), ONTOLOGY_GRAPH):
            measurement = self.triples.value(conversion, expand("mbkg:ofMeasurement"))
            unit = self.triples.value(conversion, expand("mbkg:unitCode"))
            denominator = self.triples.value(conversion, expand("mbkg:denominator"))
            if measurement is not None and unit is not None and denominator is not None:
                found[measurement.value][unit.value] = Fraction(int(numerator.value), int(denominator.value))
        return found

    def _concept(self, iri: str, kind: str) -> Concept:
        node = ox.NamedNode(iri)

        def literal(name: str) -> str | None:
            value = self.triples.value(node, expand("mbkg:" + name))
            return None if value is None else value.value

        def names(name: str) -> list[str]:
            return sorted(local_name(value.value) for value in self.triples.values(node, expand("mbkg:" + name)))

        mass, drug, finding = literal("molarMass"), literal("monthsOfDrug"), literal("monthsSinceFinding")
        return Concept(
            code=local_name(iri),
            kind=kind,
            label=self.label(iri),
            unit=literal("canonicalUnit"),
            accepted_units=tuple(names("acceptedUnit")),
            molar_mass=None if mass is None else Decimal(mass),
            modalities=frozenset(names("allowedModality")),
            takes_since=literal("takesSince") == "true",
            months_of_drug=None if drug is None else local_name(drug),
            largest_gap_in_days=int(literal("largestGapInDays") or 0),
            months_since_finding=None if finding is None else local_name(finding),
            factors=self._factors.get(iri, {}),
        )

    def _read_disjointness(self, store: Store) -> None:
        for _, head in store.objects(OWL + "members"):
            names = [node.value for node in self.triples.members(head)]
            for one, other in combinations(names, 2):
                self._exclude(one, other)
        for one_node, other_node in store.objects(OWL + "disjointWith"):
            self._exclude(one_node.value, other_node.value)

    def _exclude(self, one: str, other: str) -> None:
        left, right = self._condition_of(one), self._condition_of(other)
        if left and right:
            self._exclusive[left].add(right)
            self._exclusive[right].add(left)
        elif left is None and right is None:
            self._disjoint[local_name(one)].add(local_name(other))
            self._disjoint[local_name(other)].add(local_name(one))

    def _condition_of(self, iri: str) -> str | None:
        """Return C where a class of patients is defined as having the condition C."""
        target = self.triples.value(ox.NamedNode(iri), OWL + "equivalentClass")
        if target is None or isinstance(target, ox.NamedNode):
            return None
        definition = read_definition(self.triples, iri)
        return definition.code if isinstance(definition, Fact) and definition.list == CONDITIONS else None

    # --- asking ------------------------------------------------------------------------------------------------------

    def label(self, iri: str) -> Label:
        """Return the label of an IRI in both languages, or its local name where there is none."""
        return self.triples.label(ox.NamedNode(iri))

    def above(self, name: str) -> frozenset[str]:
        """Return a class and all that is broader, by local name."""
        found = self._above.get(name)
        if found is None:
            seen: set[str] = set()
            todo = [name]
            while todo:
                if (one := todo.pop()) not in seen:
                    seen.add(one)
                    todo += self._parents.get(one, ())
            found = self._above[name] = frozenset(seen)
        return found

    def implied(self, fact: Fact) -> frozenset[Fact]:
        """Return what is true where a fact is true, itself included."""
        if fact.list != FINDINGS:
            return frozenset(Fact(fact.list, name) for name in self.above(fact.code))
        classes = {fact.code}
        modalities = {fact.modality} if fact.modality else set()
        size = -1
        while size != len(classes) + len(modalities):
            size = len(classes) + len(modalities)
            classes = {broader for name in classes for broader in self.above(name)}
            modalities |= {modality for name in classes for modality in self._seen_on.get(name, ())}
            classes |= {name for name, base, seen in self._defined if base in classes and seen & modalities}
        together = {Fact(FINDINGS, name, modality) for name in classes for modality in modalities}
        return frozenset(together | {Fact(FINDINGS, name) for name in classes})

    def excluded(self, fact: Fact) -> frozenset[Fact]:
        """Return the facts, in their plainest form, that cannot be true where this one is."""
        if fact.list != CONDITIONS:
            return frozenset()
        return frozenset(
            Fact(CONDITIONS, other) for name in self.above(fact.code) for other in self._exclusive.get(name, ())
        )

    def excludes_drug(self, drug: str, other: str) -> bool:
        """Tell whether no drug of the first class is one of the second."""
        mine, theirs = self.above(drug), self.above(other)
        return any(self._disjoint.get(name, set()) & theirs for name in mine)

    def facts(self) -> Iterator[Fact]:
        """Yield every condition and finding, bare and on each modality, that a case can state."""
        for concept in self.concepts.values():
            if concept.kind == "condition":
                yield Fact(CONDITIONS, concept.code)
            elif concept.kind == "finding":
                yield Fact(FINDINGS, concept.code)
                yield from (Fact(FINDINGS, concept.code, modality) for modality in sorted(concept.modalities))
            elif concept.kind == "drug":
                yield Fact(TREATMENTS, concept.code)

    def named(self) -> Iterable[str]:
        """Return every named class that has a broader one, by local name."""
        return sorted(self._parents)

    def inferred_above(self, name: str) -> set[str]:
        """Return what is broader than a finding by its definition or by the modality that it is seen on."""
        if FINDINGS_ROOT not in self.above(name):
            return set()
        inferred = {fact.code for fact in self.implied(Fact(FINDINGS, name))} - {name}
        base = next((base for defined, base, _ in self._defined if defined == name), None)
        return inferred | ({base} | set(self.above(base)) if base else set())

    def of_kind(self, kind: str) -> Iterable[Concept]:
        """Return the concepts of one kind, by local name."""
        return [concept for concept in self.concepts.values() if concept.kind == kind]
