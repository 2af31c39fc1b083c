"""OWL 2 functional syntax, for the constructs that our ontology uses and no others.

Why not a library's writer: the one that Python has, py-horned-owl, reads RDF without `owl:AllDisjointClasses` and says
nothing about what it left out. Here every triple is either written or refused by name. The lines are sorted, so the
text does not depend on the machine or on how a parser named blank nodes.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import Final, TypeAlias

import pyoxigraph as ox

from kg.errors import DataError
from kg.namespaces import PREFIXES, compress, expand
from kg.turtle import decimal_text

Node: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Literal

_RDF, _RDFS, _OWL = (PREFIXES[name] for name in ("rdf", "rdfs", "owl"))
_TYPE, _NIL = _RDF + "type", _RDF + "nil"
_AXIOM, _DISJOINT = _OWL + "Axiom", _OWL + "AllDisjointClasses"
_ANNOTATED: Final = tuple(_OWL + name for name in ("annotatedSource", "annotatedProperty", "annotatedTarget"))
_DECLARED: Final = {
    _OWL + "AnnotationProperty": "AnnotationProperty",
    _OWL + "ObjectProperty": "ObjectProperty",
    _OWL + "DatatypeProperty": "DataProperty",
    _OWL + "Class": "Class",
    _OWL + "NamedIndividual": "NamedIndividual",
}
_KINDS: Final = {"AnnotationProperty": "Annotation", "ObjectProperty": "Object", "DataProperty": "Data"}
_OPERATORS: Final = {_OWL + "intersectionOf": "ObjectIntersectionOf", _OWL + "unionOf": "ObjectUnionOf"}
_CLASS_AXIOMS: Final = {
    _RDFS + "subClassOf": "SubClassOf",
    _OWL + "equivalentClass": "EquivalentClasses",
    _OWL + "disjointWith": "DisjointClasses",
}
_BUILT_IN: Final = frozenset(
    expand(name) for name in ("rdfs:label", "rdfs:comment", "rdfs:seeAlso", "rdfs:isDefinedBy", "owl:versionInfo")
)
_ORDER: Final = ("Declaration", *_CLASS_AXIOMS.values(), *_KINDS, "ClassAssertion", "")
_SAFE: Final = re.compile(r"[a-z]+:[A-Za-z0-9_](?:[A-Za-z0-9_.\-]*[A-Za-z0-9_\-])?\Z")
_WORDS: Final = {"\\": "\\\\", '"': '\\"'}


def functional_syntax(triples: Iterable[ox.Triple]) -> str:
    """Return one ontology, without what it imports, in OWL functional syntax; the same text for the same graph.

    Raises DataError for a construct that is not written here, an undeclared property, an annotation of an axiom that
    is not there, and a blank node that belongs to no axiom.
    """
    return _Writer(triples).text()


class _Writer:
    """One pass over one set of triples."""

    def __init__(self, triples: Iterable[ox.Triple]) -> None:
        self._about: dict[Node, dict[str, list[Node]]] = defaultdict(lambda: defaultdict(list))
        for triple in set(triples):
            if isinstance(triple.subject, ox.Triple) or isinstance(triple.object, ox.Triple):
                raise _refused("a quoted triple", "say it with owl:Axiom")
            self._about[triple.subject][triple.predicate.value].append(triple.object)
        self._kinds: dict[str, str] = {}
        self._seen: set[Node] = set()
        self._open: list[Node] = []
        self._prefixes: set[str] = set()
        self._axioms: set[tuple[int, str, str]] = set()

    def text(self) -> str:
        """Return the whole document."""
        self._read_kinds()
        annotations = self._annotations()
        header = ""
        for subject, about in self._about.items():
            types = _iris(about.get(_TYPE, []))
            if _OWL + "Ontology" in types:
                if header:
                    raise _refused("a second owl:Ontology", "merge the graphs under one")
                header = self._header(subject, about)
            elif _DISJOINT in types:
                self._disjoint(subject, about)
            elif isinstance(subject, ox.NamedNode):
                self._entity(subject, about, annotations)
        self._refuse_rest()
        prefixes = [f"Prefix({name}:=<{PREFIXES[name]}>)" for name in sorted(self._prefixes)]
        axioms = [text for _, _, text in sorted(self._axioms)]
        return "\n".join([*prefixes, "", header or "Ontology(", "", *axioms, ")"]) + "\n"

    # --- what stands around the axioms -------------------------------------------------------------------------------

    def _read_kinds(self) -> None:
        for subject, about in self._about.items():
            found = {_DECLARED[kind] for kind in _iris(about.get(_TYPE, [])) if kind in _DECLARED}
            if len(found) > 1 and isinstance(subject, ox.NamedNode):
                raise _refused(f"{compress(subject.value)} as {' and '.join(sorted(found))}", "declare it once")
            for kind in found & _KINDS.keys():
                self._kinds[subject.value] = _KINDS[kind]

    def _kind(self, iri: str) -> str:
        """Return Annotation, Object or Data."""
        kind = "Annotation" if iri in _BUILT_IN else self._kinds.get(iri)
        if kind is None:
            raise _refused(f"the property {compress(iri)}", "declare it, or leave the construct out")
        return kind

    def _header(self, subject: Node, about: dict[str, list[Node]]) -> str:
        version = [self._iri(_only(nodes).value) for name, nodes in about.items() if name == _OWL + "versionIRI"]
        head = " ".join([f"Ontology({self._iri(subject.value)}", *version])
        imports = sorted(f"Import({self._iri(iri)})" for iri in _iris(about.get(_OWL + "imports", [])))
        rest = _without(about, _TYPE, _OWL + "versionIRI", _OWL + "imports")
        return "\n".join([head, *imports, *self._annotation_list(rest)])

    def _annotations(self) -> dict[tuple[str, ...], list[str]]:
        """Return the annotations of axioms, one text for each owl:Axiom, by the triple that they are about."""
        found: dict[tuple[str, ...], list[str]] = defaultdict(list)
        for subject, about in self._about.items():
            if _AXIOM not in _iris(about.get(_TYPE, [])):
                continue
            ends = [about.get(name, []) for name in _ANNOTATED]
            if not isinstance(subject, ox.BlankNode) or [len(end) for end in ends] != [1, 1, 1]:
                raise _refused("an owl:Axiom with a name, or without one source, property and target", "mend it")
            source, predicate, target = (end[0] for end in ends)
            if target not in self._about.get(source, {}).get(predicate.value, []):
                raise _refused(f"an annotation of an axiom of {compress(source.value)} that is not there", "drop it")
            notes = " ".join(self._annotation_list(_without(about, _TYPE, *_ANNOTATED)))
            found[str(source), predicate.value, str(target)].append(notes)
            self._seen.add(subject)
        return found

    def _annotation_list(self, about: dict[str, list[Node]]) -> list[str]:
        for iri in about:
            if self._kind(iri) != "Annotation":
                raise _refused(f"{compress(iri)} on an axiom or ontology", "declare it as an owl:AnnotationProperty")
        return sorted(f"Annotation({self._iri(iri)} {self._term(node)})" for iri in about for node in about[iri])

    def _refuse_rest(self) -> None:
        for subject, about in self._about.items():
            if isinstance(subject, ox.BlankNode) and subject not in self._seen:
                names = ", ".join(sorted(compress(name) for name in about))
                raise _refused(f"a blank node that belongs to no axiom (it has {names})", "name it or drop it")

    # --- axioms ------------------------------------------------------------------------------------------------------

    def _disjoint(self, subject: Node, about: dict[str, list[Node]]) -> None:
        operands = sorted(map(self._class, self._list(_only(about.get(_OWL + "members", [])))))
        notes = self._annotation_list(_without(about, _TYPE, _OWL + "members"))
        self._add("DisjointClasses", operands, " ".join(notes))
        self._seen.add(subject)

    def _entity(
        self, subject: ox.NamedNode, about: dict[str, list[Node]], annotations: dict[tuple[str, ...], list[str]]
    ) -> None:
        for iri, nodes in about.items():
            for node in nodes:
                keyword, operands = self._axiom(subject, iri, node)
                for notes in annotations.get((str(subject), iri, str(node)), [""]):
                    self._add(keyword, operands, notes)

    def _axiom(self, subject: ox.NamedNode, predicate: str, node: Node) -> tuple[str, list[str]]:
        """Return the keyword and the operands of the axiom that one triple states."""
        name = self._iri(subject.value)
        if predicate == _TYPE:
            return self._typed(name, node)
        if predicate in _CLASS_AXIOMS:
            operands = [name, self._class(node)]
            if predicate != _RDFS + "subClassOf":  # the others say the same in either order
                operands.sort(key=lambda text: ("(" in text, text))
            return _CLASS_AXIOMS[predicate], operands
        if predicate in {_RDFS + "domain", _RDFS + "range"}:
            kind, end = self._kind(subject.value), predicate.removeprefix(_RDFS).title()
            is_data = kind == "Data" and end == "Range"
            return f"{kind}Property{end}", [name, self._datatype(node) if is_data else self._class(node)]
        kind = self._kind(predicate)
        value = self._term(node)
        if kind != "Annotation" and isinstance(node, ox.Literal) != (kind == "Data"):
            raise _refused(f"{compress(predicate)} of {name} with {value}", f"it is a {kind.lower()} property")
        keyword = f"{kind}Assertion" if kind == "Annotation" else f"{kind}PropertyAssertion"
        return keyword, [self._iri(predicate), name, value]

    def _typed(self, name: str, node: Node) -> tuple[str, list[str]]:
        if node.value in _DECLARED:
            return "Declaration", [f"{_DECLARED[node.value]}({name})"]
        if node.value.startswith((_OWL, _RDFS)):
            raise _refused(f"{name} as an {compress(node.value)}", "leave it out")
        return "ClassAssertion", [self._class(node), name]

    def _add(self, keyword: str, operands: list[str], notes: str) -> None:
        place = next(place for place, name in enumerate(_ORDER) if keyword.startswith(name))
        text = " ".join(operands)
        self._axioms.add((place, f"{keyword}({text}", f"{keyword}({notes} {text})" if notes else f"{keyword}({text})"))

    # --- expressions -------------------------------------------------------------------------------------------------

    def _class(self, node: Node) -> str:
        if isinstance(node, ox.NamedNode):
            return self._iri(node.value)
        about = self._enter(node)
        names = about.keys() - {_TYPE}
        if len(names) == 1 and (operator := next(iter(names))) in _OPERATORS:
            text = f"{_OPERATORS[operator]}({self._operands(about[operator])})"
        elif names == {_OWL + "complementOf"}:
            text = f"ObjectComplementOf({self._class(_only(about[_OWL + 'complementOf']))})"
        else:
            text = self._restriction(about)
        self._open.pop()
        return text

    def _restriction(self, about: dict[str, list[Node]]) -> str:
        names = about.keys() - {_TYPE, _OWL + "onProperty"}
        if _OWL + "onProperty" not in about or len(names) != 1:
            raise _refused(f"a class expression of {', '.join(sorted(map(compress, about)))}", "write it another way")
        prop, filler = _only(about[_OWL + "onProperty"]).value, _only(about[next(iter(names))])
        kind = self._kind(prop)
        if names == {_OWL + "someValuesFrom"} and kind != "Annotation":
            value, keyword = self._datatype(filler) if kind == "Data" else self._class(filler), "SomeValuesFrom"
        elif names == {_OWL + "hasValue"} and kind != "Annotation":
            value, keyword = self._term(filler), "HasValue"
        else:
            raise _refused(f"{compress(next(iter(names)))} on {compress(prop)}", "write it another way")
        return f"{kind}{keyword}({self._iri(prop)} {value})"

    def _datatype(self, node: Node) -> str:
        if isinstance(node, ox.NamedNode):
            return self._iri(node.value)
        about = self._enter(node)
        if about.keys() != {_TYPE, _OWL + "onDatatype", _OWL + "withRestrictions"}:
            raise _refused(f"a data range of {', '.join(sorted(map(compress, about)))}", "write it another way")
        facets = []
        for facet in self._list(_only(about[_OWL + "withRestrictions"])):
            facets += [f"{self._iri(name)} {self._term(_only(nodes))}" for name, nodes in self._enter(facet).items()]
            self._open.pop()
        self._open.pop()
        return f"DatatypeRestriction({self._iri(_only(about[_OWL + 'onDatatype']).value)} {' '.join(sorted(facets))})"

    def _operands(self, lists: list[Node]) -> str:
        operands = [self._class(node) for node in self._list(_only(lists))]
        if len(operands) < 2:  # noqa: PLR2004 - OWL 2 has no and, and no or, of fewer
            raise _refused("an intersection or union of fewer than two classes", "name the class itself")
        return " ".join(operands)

    def _list(self, node: Node) -> list[Node]:
        found: list[Node] = []
        while node.value != _NIL:
            about = self._about.get(node, {})
            if about.keys() - {_TYPE} != {_RDF + "first", _RDF + "rest"} or len(found) > len(self._about):
                raise _refused("a list that does not end", "mend it")
            self._seen.add(node)
            found.append(_only(about[_RDF + "first"]))
            node = _only(about[_RDF + "rest"])
        return found

    def _enter(self, node: Node) -> dict[str, list[Node]]:
        if node in self._open or not isinstance(node, ox.BlankNode):
            raise _refused(f"a class expression that holds {'itself' if node in self._open else node}", "mend it")
        self._open.append(node)
        self._seen.add(node)
        return self._about.get(node, {})

    # --- terms -------------------------------------------------------------------------------------------------------

    def _term(self, node: Node) -> str:
        if isinstance(node, ox.NamedNode):
            return self._iri(node.value)
        if isinstance(node, ox.BlankNode):
            raise _refused("an anonymous individual", "name it")
        kind = node.datatype.value
        text = decimal_text(Decimal(node.value)) if kind == expand("xsd:decimal") else node.value
        quoted = '"' + "".join(_WORDS.get(character, character) for character in text) + '"'
        if node.language:
            return f"{quoted}@{node.language}"
        return quoted if kind == expand("xsd:string") else f"{quoted}^^{self._iri(kind)}"

    def _iri(self, iri: str) -> str:
        curie = compress(iri)
        if curie == iri or not _SAFE.match(curie):
            return f"<{iri}>"
        self._prefixes.add(curie.partition(":")[0])
        return curie


def _refused(what: str, remedy: str) -> DataError:
    return DataError(f"functional syntax is not written for {what}", remedy=remedy)


def _only(nodes: list[Node]) -> Node:
    if len(nodes) != 1:
        raise _refused("an expression with no value, or with two, where one belongs", "mend it")
    return nodes[0]


def _without(about: dict[str, list[Node]], *names: str) -> dict[str, list[Node]]:
    return {name: nodes for name, nodes in about.items() if name not in names}


def _iris(nodes: Iterable[Node]) -> set[str]:
    return {node.value for node in nodes if isinstance(node, ox.NamedNode)}
