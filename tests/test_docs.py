"""What is written for people: links lead somewhere, and what a page shows is what the command prints."""

import doctest
import importlib
import os
import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from pkgutil import walk_packages
from typing import Any

import pytest
import yaml

import kg
import loaders
from kg.namespaces import BASE

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted((*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")))
MODULES = [
    one.name
    for package in (kg, loaders)
    for one in walk_packages(package.__path__, f"{package.__name__}.")
    if not one.name.endswith("__main__")
]
AT_THE_ROOT = 12
DOOR_LINES = 10
OMITTED = "…"


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def blocks(path: Path, language: str) -> list[str]:
    pattern = rf"^```{language}\n(.*?)^```$"
    return re.findall(pattern, path.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)


def sessions() -> Iterator[Any]:
    """Every `$ mbkg …` of every page, with the lines that the page shows below it."""
    for path in PAGES:
        for block in blocks(path, "console"):
            for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
                command, _, shown = part.partition("\n")
                if command.startswith("mbkg "):
                    yield pytest.param(command, shown, id=f"{name_of(path)}: {command}")


def slug(heading: str) -> str:
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def leads(page: Path, target: str) -> bool:
    file, _, anchor = target.partition("#")
    aim = page.parent / file if file else page
    if not aim.exists():
        return False
    headings = re.findall(r"^#+ (.*)$", aim.read_text(encoding="utf-8"), re.MULTILINE) if anchor else []
    return not anchor or anchor in {slug(heading) for heading in headings}


def test_at_most_a_dozen_files_lie_at_the_root() -> None:
    files = [path.name for path in ROOT.iterdir() if path.is_file() and path.name not in {".git", "PKG-INFO"}]

    assert len(files) <= AT_THE_ROOT, files


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_links_lead_somewhere(path: Path) -> None:
    text = re.sub(r"```.*?```", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    targets = re.findall(r"\]\(([^)\s]+)\)", text)

    dead = [target for target in targets if not target.startswith(("https://", "http://")) and not leads(path, target)]

    assert dead == []


@pytest.mark.parametrize(("command", "shown"), list(sessions()))
def test_a_page_shows_what_the_command_prints(command: str, shown: str) -> None:
    done = subprocess.run(  # noqa: S603 - commands of our own pages
        [sys.executable, "-m", "kg", *shlex.split(command)[1:]],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=120,
        cwd=ROOT,
        env={**os.environ, "PYTHONUTF8": "1", "COLUMNS": "100", "NO_COLOR": "1", "LC_ALL": "C.UTF-8"},
    )

    assert (done.returncode, done.stderr) == (0, "")
    printed = [line.rstrip() for line in done.stdout.splitlines()]
    at = 0
    for line in shown.rstrip("\n").split("\n") if shown.strip() else []:
        if line.strip() == OMITTED:
            continue
        assert line.rstrip() in printed[at:], f"not printed, or not in this order: {line!r}"
        at = printed.index(line.rstrip(), at) + 1


def test_the_readmes_show_a_real_answer_on_the_first_screen() -> None:
    for name in ("README.md", "README.zh.md"):
        head = (ROOT / name).read_text(encoding="utf-8").split("\n## ", maxsplit=1)[0]

        assert "$ mbkg recommend" in head, name
        assert len(head.splitlines()) <= 50, name


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_python_examples_run(path: Path) -> None:
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
    examples = "\n".join(block for block in blocks(path, "python") if ">>>" in block)
    runner.run(doctest.DocTestParser().get_doctest(examples, {}, name_of(path), str(path), 0))

    assert runner.failures == 0


@pytest.mark.parametrize("name", MODULES)
def test_docstrings_run(name: str) -> None:
    found = doctest.testmod(importlib.import_module(name), optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)

    assert found.failed == 0


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_sparql_examples_give_rows(path: Path) -> None:
    for block in blocks(path, "sparql"):
        assert len(kg.open().sparql(block)) > 0, block


def test_a_door_takes_at_most_ten_lines() -> None:
    for name in ("README.md", "README.zh.md"):
        for language in ("sparql", "python"):
            found = blocks(ROOT / name, language)

            assert found, (name, language)
            assert all(len(block.splitlines()) <= DOOR_LINES for block in found), (name, language)


def test_the_two_readmes_show_the_same_commands() -> None:
    english, chinese = (
        re.findall(r"^(?:\$ )?(make \w+|mbkg \w+)", (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE)
        for name in ("README.md", "README.zh.md")
    )

    assert english == chinese


def test_every_make_target_that_a_page_names_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = {target for path in PAGES for target in re.findall(r"`make ([a-z-]+)`", path.read_text(encoding="utf-8"))}

    assert named - targets == set()
    assert {"demo", "test", "check", "bench", "soak", "docs"} <= targets


def test_the_generated_pages_are_fresh() -> None:
    done = subprocess.run(  # noqa: S603 - our own script
        [sys.executable, str(ROOT / "docs" / "manual.py"), "--check"], capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_decision_says_what_why_and_at_what_cost() -> None:
    decisions = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))
    index = (ROOT / "docs" / "decisions" / "README.md").read_text(encoding="utf-8")

    numbers = [path.name[:4] for path in decisions]
    assert [f"{number:04}" for number in range(1, len(decisions) + 1)] == numbers
    for path in decisions:
        assert path.name in index
        if path.name != "0013-dependencies.md":
            headings = re.findall(r"^## (.*)$", path.read_text(encoding="utf-8"), re.MULTILINE)
            assert headings == ["Decision", "Why", "What was traded away"], path.name


def test_the_decision_on_dependencies_names_each() -> None:
    page = (ROOT / "docs" / "decisions" / "0013-dependencies.md").read_text(encoding="utf-8").lower()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

    names = [re.split(r"[<>=]", one)[0] for one in (*project["dependencies"], *project["optional-dependencies"]["owl"])]

    assert [name for name in names if name not in page] == []


def test_every_row_of_the_glossary_is_in_both_languages() -> None:
    rows = [
        line
        for line in (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8").splitlines()
        if line.startswith("| ")
    ]
    rows = [row for row in rows if not row.startswith(("| |", "| English |"))]

    assert len(rows) > 80
    assert [row for row in rows if not re.search(r"[\u4e00-\u9fff]", row) or not re.search(r"[a-z]{3}", row)] == []


def test_the_citation_names_the_version(project_version: str) -> None:
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))

    assert project_version == citation["version"]
    assert f"## [{project_version}]" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


@pytest.fixture
def project_version() -> str:
    return str(tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"])


def test_every_release_has_both_headings() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")

    for release in re.split(r"^## ", changelog, flags=re.MULTILINE)[1:]:
        if not release.startswith("[Unreleased]"):
            assert re.findall(r"^### (.*)$", release, re.MULTILINE) == ["Ontology", "Software"]


def test_the_numbers_of_the_readme_are_those_of_the_graph() -> None:
    counts = {}
    for name, place in (
        ("Statement", ""),
        ("Recommendation", ""),
        ("Conflict", ""),
        ("Advisory", "GRAPH mbkg:outside"),
    ):
        text = f"PREFIX mbkg: <{BASE}> SELECT (COUNT(DISTINCT ?x) AS ?n) {{ {place} {{ ?x a mbkg:{name} }} }}"
        counts[name] = kg.open().sparql(text).rows[0][0]

    english = (ROOT / "README.md").read_text(encoding="utf-8")
    chinese = (ROOT / "README.zh.md").read_text(encoding="utf-8")
    assert f"{counts['Statement']} statements of" in english
    assert f"{counts['Statement']}条陈述" in chinese
    assert f"{counts['Recommendation']} recommendations" in english
    assert f"{counts['Recommendation']}条推荐" in chinese
    assert f"{counts['Conflict']} conflicts" in english
    assert f"{counts['Conflict']}处冲突" in chinese
    assert f"{counts['Advisory']} advisories" in english
    assert f"{counts['Advisory']}条提示" in chinese
