"""What is measured: each of ours against the plainest way to do the same, in one process and one run."""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from importlib.metadata import version as version_of
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import yaml
from clock import medians
from closures import Rules, facts_of
from strategies import drawn_cases

import kg
from kg.graph import Graph
from kg.lookup import Lookup
from kg.resources import ontology_root
from kg.store import graph_of, imported_files

ROOT = Path(__file__).resolve().parent.parent
CASE = ROOT / "ontology" / "examples" / "smoldering.yaml"
__all__ = ["Ratio", "cold", "opening", "queries", "verdicts", "version_of"]

_XSD = "http://www.w3.org/2001/XMLSchema#"

BARE_SCRIPT = """
import click, pyoxigraph, sys
store = pyoxigraph.Store()
for line in sys.stdin.read().splitlines():
    path, graph = line.split("\\t")
    store.load(path=path, format=pyoxigraph.RdfFormat.TURTLE, to_graph=pyoxigraph.NamedNode(graph))
click.echo(len(store))
"""


@dataclass(frozen=True, slots=True)
class Ratio:
    """One measured ratio: seconds of ours and of the yardstick, and how large the ratio may be."""

    name: str
    ours: float
    yardstick: float
    target: float
    method: str
    slack: float = 0.0
    """Seconds that ours may take more than the yardstick, whatever the ratio."""

    @property
    def value(self) -> float:
        """Ours divided by the yardstick."""
        return self.ours / self.yardstick

    @property
    def holds(self) -> bool:
        """Whether the target is met."""
        return self.value <= self.target or self.ours - self.yardstick <= self.slack


def each(work: Callable[[Any], object], items: Iterable[Any]) -> Callable[[], None]:
    """Return a function that does one piece of work for each item, and keeps nothing."""

    def run() -> None:
        for item in items:
            work(item)

    return run


def verdicts(graph: Graph, *, cases: int = 200, rounds: int = 15) -> tuple[Ratio, Ratio]:
    """Measure all verdicts, and the whole answer, against closures; for the empty case and some drawn ones."""
    engine = graph.engine
    given = [{"id": "empty"}, *drawn_cases(1, cases)]
    facts = [facts_of(engine.recommend(case), engine) for case in given]
    rules = Rules(engine)
    plain, all_verdicts, whole = medians(
        [
            each(rules.outcomes, facts),
            each(lambda case: engine.recommend(case).outcomes, given),
            each(lambda case: engine.recommend(case).to_dict(), given),
        ],
        rounds=rounds,
    )
    number = len(given)
    method = f"{number} cases ({cases} drawn, one empty), per case; closures over dicts of facts that are ready"
    return (
        Ratio("all verdicts for a case, from a dict", all_verdicts / number, plain / number, 12, method),
        Ratio("the whole answer with reasons and provenance", whole / number, plain / number, 60, method),
    )


def files() -> list[tuple[str, str]]:
    """Return the path and the named graph of every file that the graph is loaded from."""
    root = ontology_root()
    return [(str(root / name), graph_of(name)) for name in imported_files(root)]


def opening(*, rounds: int = 9) -> Ratio:
    """Measure `kg.open()` against a bare load of the same files."""
    loaded = files()

    def bare() -> ox.Store:
        store = ox.Store()
        for path, graph in loaded:
            store.load(path=path, format=ox.RdfFormat.TURTLE, to_graph=ox.NamedNode(graph))
        return store

    ours, plain = medians([kg.open, bare], rounds=rounds)
    return Ratio("kg.open()", ours, plain, 3, f"bare pyoxigraph load of the same {len(loaded)} files")


def cold(*, rounds: int = 7) -> Ratio:
    """Measure a cold `mbkg recommend` against a cold script that loads the same files; processes alternate."""
    listing = "".join(f"{path}\t{graph}\n" for path, graph in files())
    commands = (
        ([sys.executable, "-m", "kg", "recommend", str(CASE)], ""),
        ([sys.executable, "-c", BARE_SCRIPT], listing),
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    taken: list[list[float]] = [[], []]
    for number in range(rounds + 1):
        for times, (command, text) in zip(taken, commands, strict=True):
            start = time.perf_counter()
            subprocess.run(  # noqa: S603 - our own interpreter
                command, input=text, text=True, check=True, capture_output=True, env=environment, cwd=ROOT
            )
            if number:
                times.append(time.perf_counter() - start)
    ours, plain = map(statistics.median, taken)
    return Ratio("a cold `mbkg recommend`", ours, plain, 2.5, "cold script: imports pyoxigraph and click, same files")


def settings_of_queries() -> Mapping[str, list[dict[str, Any]]]:
    """Return the settings of the parameters that the tests try for each named query."""
    path = ROOT / "tests" / "expected" / "cases.yaml"
    found: dict[str, list[dict[str, Any]]] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return found


_READERS: dict[str, Callable[[str], object]] = {
    _XSD + "integer": int,
    _XSD + "decimal": Decimal,
    _XSD + "boolean": "true".__eq__,
}


def plain_value(term: Any) -> object:  # noqa: ANN401 - a term, or None
    """Return a term as a Python value."""
    if term is None:
        return None
    if isinstance(term, ox.Literal):
        return _READERS.get(term.datatype.value, str)(term.value)
    return term.value


def queries(graph: Graph, *, rounds: int = 11) -> list[Ratio]:
    """Measure every named query against the same text on bare pyoxigraph, all rows read into Python values."""
    settings = settings_of_queries()
    default = [ox.NamedNode(name) for name in graph.store.names if not name.endswith("/outside")]
    lookup = Lookup(graph.store)
    found = []
    for query in graph.catalogue:
        parameters = settings.get(query.id, [{}])[-1]
        bound = query.bind(parameters, lookup.resolve)
        terms: Any = {ox.Variable(name): term for name, term in bound.items()} or None
        graphs = None if "FROM" in query.text else default

        def ours(name: str = query.id, given: dict[str, Any] = parameters) -> object:
            return graph.query(name, **given)

        def plain(text: str = query.text, terms: Any = terms, graphs: Any = graphs) -> object:  # noqa: ANN401 - bound above
            rows: Any = graph.store.graphs.query(text, substitutions=terms, default_graph=graphs)
            return [tuple(map(plain_value, row)) for row in rows]

        once = medians([plain], rounds=1)[0]
        repeat = max(1, min(200, int(0.004 / once)))
        for more in (1, 3):  # what misses its target is measured once more, three times as long
            mine, bare = medians([ours, plain], rounds=rounds * more, repeat=repeat)
            ratio = Ratio(query.id, mine, bare, 1.3, "the same text on bare pyoxigraph", slack=20e-6)
            if ratio.holds:
                break
        found.append(ratio)
    return found
