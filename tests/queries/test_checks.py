"""The hygiene checks: nothing to report on the graph, and each reports the fault that was put in for it, alone."""

import zlib
from collections import defaultdict

import pyoxigraph as ox
import pytest
from engines import ask_store, rdflib_lines, store_lines, to_dataset, updated
from mutants import MUTANTS

from kg.catalogue import Catalogue, checks
from kg.store import Store

NAMES = sorted(path.stem for path in Catalogue.load().paths("qc"))


SHARE = 64


def reduced(graphs: Store, focus: set[str]) -> Store:
    """Return one name in 64 of the graph with all that is said about the focus and about its axioms.

    So little is left that much is wrong with it, and that rdflib runs every check in a moment.
    """
    about: dict[str, list[ox.Quad]] = defaultdict(list)
    for quad in graphs.graphs:
        about[str(quad.subject)].append(quad)
        if quad.predicate.value.endswith("#annotatedSource"):
            about[f"axiom of {quad.object}"].append(quad)
    chosen = [key for key in about if key.startswith("<") and (key in focus or zlib.crc32(key.encode()) % SHARE == 0)]
    kept, seen = ox.Store(), set[str]()
    while chosen:
        key = chosen.pop()
        if key in seen:
            continue
        seen.add(key)
        for quad in about.get(key, ()):
            kept.add(quad)
            chosen += [str(quad.object)] if isinstance(quad.object, ox.BlankNode) else []
        chosen += [str(quad.subject) for quad in about.get(f"axiom of {key}", ())]
    return Store(kept)


@pytest.fixture(scope="module")
def quads(graphs: Store) -> frozenset[ox.Quad]:
    return frozenset(graphs.graphs)


@pytest.mark.parametrize("name", NAMES)
def test_the_graph_has_nothing_that_a_check_reports(graphs: Store, catalogue: Catalogue, name: str) -> None:
    assert graphs.select(catalogue.get(name).text).rows == ()


@pytest.mark.parametrize("name", NAMES)
def test_a_mutant_is_reported_by_its_check_alone_and_alike_by_both_engines(
    graphs: Store, quads: frozenset[ox.Quad], catalogue: Catalogue, name: str
) -> None:
    mutant = updated(graphs, MUTANTS[name])
    touched = quads ^ set(mutant.graphs)
    faulty = reduced(mutant, {str(term) for quad in touched for term in (quad.subject, quad.object)})
    query = catalogue.get(name)

    reported = [check.id for check in checks(catalogue) if mutant.select(check.text).rows]

    assert reported == [name]
    assert store_lines(ask_store(faulty, query, {})) == rdflib_lines(to_dataset(faulty), query, {})


def test_every_check_has_a_mutant_and_there_are_enough() -> None:
    assert sorted(MUTANTS) == NAMES
    assert len(NAMES) >= 22


@pytest.mark.parametrize("name", NAMES)
def test_a_check_says_the_problem_and_the_solution_in_both_languages(catalogue: Catalogue, name: str) -> None:
    query = catalogue.get(name)

    assert query.problem is not None
    assert query.solution is not None
    assert query.parameters == ()
