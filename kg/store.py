"""The graph in memory: our Turtle files in an Oxigraph store, one named graph for each kind of knowledge."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import pyoxigraph as ox

from kg.errors import DataError, UsageError
from kg.expressions import Triples, Value
from kg.namespaces import BASE, DOCUMENT_GRAPH_PREFIX, INFERRED_GRAPH, ONTOLOGY_GRAPH, OUTSIDE_GRAPH, PREFIXES
from kg.resources import ontology_root
from kg.sparql import asks_elsewhere, names_dataset

Term: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Literal

_INFERRED = ox.NamedNode(INFERRED_GRAPH)
_ROOT_FILE = "mbkg.ttl"
_IMPORTS = ox.NamedNode(PREFIXES["owl"] + "imports")


def find_node(iri: str) -> ox.NamedNode | None:
    """Return the node of an IRI, or None where the text is not one.

    >>> find_node("https://w3id.org/mbkg/a b") is None
    True
    """
    try:
        return ox.NamedNode(iri)
    except ValueError:
        return None


def graph_of(path: str) -> str:
    """Return the IRI of the named graph that a file under `ontology/` belongs to.

    >>> graph_of("individuals/roundtable.ttl")
    'https://w3id.org/mbkg/document/roundtable'
    """
    folder, _, name = path.rpartition("/")
    if folder == "individuals":
        return DOCUMENT_GRAPH_PREFIX + name.removesuffix(".ttl")
    if folder == "outside" or path == "modules/advisories.ttl":
        return OUTSIDE_GRAPH
    if path == "generated/inferred.ttl":
        return INFERRED_GRAPH
    return ONTOLOGY_GRAPH


def imported_files(root: Path) -> tuple[str, ...]:
    """Return the paths, relative to `root`, of mbkg.ttl and of all that it imports, sorted."""
    path = root / _ROOT_FILE
    triples = parse_turtle(path)
    named = (triple.object for triple in triples if triple.predicate == _IMPORTS)
    imports = [node.value.removeprefix(BASE) for node in named if isinstance(node, ox.NamedNode)]
    return (_ROOT_FILE, *sorted(imports))


def parse_turtle(path: Path) -> list[ox.Triple]:
    """Return the triples of a Turtle file; raises DataError with file and line where it cannot be read."""
    try:
        return [quad.triple for quad in ox.parse(path.read_bytes(), format=ox.RdfFormat.TURTLE)]
    except (SyntaxError, OSError, ValueError) as error:
        raise _unreadable(path, error) from None


def _unreadable(path: Path, error: Exception) -> DataError:
    line = getattr(error, "lineno", None)
    where = str(path) if line is None else f"{path}, line {line}"
    reason = str(error).splitlines()[0] if str(error) else type(error).__name__
    return DataError(f"cannot be read as Turtle: {reason}", where=where, remedy="correct it, or restore the file")


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a SELECT query, in order: `columns` names, `rows` of terms or None where unbound."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Term | None, ...], ...]


class StoredTriples(Triples):
    """The triples of a store, read node by node as they are asked for; those of the inferred graph are left out."""

    def __init__(self, graphs: ox.Store) -> None:
        """Read nothing yet."""
        super().__init__(())
        self._graphs = graphs
        self._read: dict[Value, dict[str, list[Value]]] = {}

    def about(self, node: Value) -> Mapping[str, list[Value]]:
        """Return what is said of a node in all graphs but the inferred one, by predicate IRI."""
        found = self._read.get(node)
        if found is None:
            found = self._read[node] = {}
            if isinstance(node, ox.Literal):
                return found
            for quad in self._graphs.quads_for_pattern(node, None, None, None):
                if quad.graph_name != _INFERRED and not isinstance(quad.object, ox.Triple):
                    found.setdefault(quad.predicate.value, []).append(quad.object)
        return found

    def forget(self) -> None:
        """Drop what was read: it is read again where it is asked for again."""
        self._read.clear()


class Store:
    """Our named graphs, and queries over them; a query that names no graph sees all of them but the outside one."""

    def __init__(self, graphs: ox.Store) -> None:
        """Wrap a filled Oxigraph store."""
        self.graphs = graphs
        names = sorted(name.value for name in graphs.named_graphs() if isinstance(name, ox.NamedNode))
        self.names: tuple[str, ...] = tuple(names)
        self._default: list[ox.NamedNode | ox.BlankNode | ox.DefaultGraph] = [
            ox.NamedNode(name) for name in names if name != OUTSIDE_GRAPH
        ]

    @classmethod
    def load(cls, root: Path | None = None) -> "Store":
        """Load mbkg.ttl and what it imports, from our own folder or from `root`; raises DataError for a bad file."""
        base = ontology_root() if root is None else root
        graphs = ox.Store()
        for name in imported_files(base):
            path = base / name
            try:
                graphs.load(path=path, format=ox.RdfFormat.TURTLE, to_graph=ox.NamedNode(graph_of(name)))
            except (SyntaxError, OSError, ValueError) as error:
                raise _unreadable(path, error) from None
        return cls(graphs)

    def select(self, text: str, parameters: Mapping[str, Term] | None = None) -> Rows:
        """Run a SELECT; raises UsageError for a query that is not one or cannot be read."""
        solutions = self.run(text, parameters)
        if not isinstance(solutions, ox.QuerySolutions):
            message = "only a SELECT query gives rows"
            raise UsageError(message)
        columns = tuple(variable.value for variable in solutions.variables)
        return Rows(columns, tuple(tuple(solution) for solution in solutions))

    def run(
        self, text: str, parameters: Mapping[str, Term] | None = None
    ) -> ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples:
        """Run any query on the union of our graphs without the outside one, or on the graphs that it names."""
        if asks_elsewhere(text):
            message = "SERVICE asks another endpoint; a query here sees our graphs only"
            raise UsageError(message)
        bound: dict[ox.Variable, Term | ox.Triple] = {}
        if parameters:
            bound = {ox.Variable(name): value for name, value in parameters.items()}
        default = None if names_dataset(text) else self._default
        try:
            return self.graphs.query(text, substitutions=bound or None, default_graph=default)
        except (SyntaxError, ValueError, OSError) as error:
            message = f"the query cannot be run: {str(error).splitlines()[0]}"
            raise UsageError(message) from None

    def triples(self, *graphs: str) -> Iterator[ox.Triple]:
        """Yield the triples of some graphs, or of all."""
        names: tuple[ox.NamedNode | None, ...] = tuple(map(ox.NamedNode, graphs)) or (None,)
        for name in names:
            for quad in self.graphs.quads_for_pattern(None, None, None, name):
                yield quad.triple

    def about(self) -> StoredTriples:
        """Return the asserted triples by node, read as they are asked for."""
        return StoredTriples(self.graphs)

    def objects(self, predicate: str, *graphs: str) -> Iterable[tuple[Term, Term]]:
        """Return the (subject, object) pairs of one predicate over some graphs, or over all."""
        names: tuple[ox.NamedNode | None, ...] = tuple(map(ox.NamedNode, graphs)) or (None,)
        return [
            (quad.subject, quad.object)
            for name in names
            for quad in self.graphs.quads_for_pattern(None, ox.NamedNode(predicate), None, name)
            if not isinstance(quad.subject, ox.Triple) and not isinstance(quad.object, ox.Triple)
        ]
