"""The engine under test, and copies of the ontology to change."""

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from fixture_types import Changed, Verdict

import kg
from kg.graph import Graph
from kg.recommend import Engine
from kg.resources import ontology_root


@pytest.fixture(scope="session")
def graph() -> Graph:
    """The graph as it is shipped."""
    return kg.open()


@pytest.fixture(scope="session")
def engine(graph: Graph) -> Engine:
    """The engine over it."""
    return graph.engine


@pytest.fixture
def ontology_copy(tmp_path: Path) -> Path:
    """A copy of the ontology's folder."""
    return Path(shutil.copytree(ontology_root(), tmp_path / "ontology"))


@pytest.fixture
def changed(ontology_copy: Path) -> Changed:
    """A function that replaces text in a module (`criteria="old -> new"`) and opens what comes out."""

    def change(**edits: tuple[str, str]) -> Graph:
        for module, (old, new) in edits.items():
            path = ontology_copy / "modules" / f"{module}.ttl"
            text = path.read_text(encoding="utf-8")
            assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {module}"
            path.write_text(text.replace(old, new), encoding="utf-8")
        return kg.open(ontology_copy)

    return change


@pytest.fixture
def verdict(graph: Graph) -> Verdict:
    """A function from a rule and the lists of a case to the outcome, under our graph or another one."""

    def outcome(rule: str, case: Mapping[str, Any], under: Graph | None = None) -> str:
        found = (under or graph).recommend({"id": "made by hand", "as_of": "2025-06-30", **case})
        return str(found[rule].outcome)

    return outcome
