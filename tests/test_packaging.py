"""What is shipped: the wheel and the source archive, and how the package behaves where it is installed."""

import os
import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hatchling.builders.sdist import SdistBuilder
from hatchling.builders.wheel import WheelBuilder

from kg.resources import knowledge_digest, ontology_files

HEAVY = ("rdflib", "owlready2", "networkx", "pint", "ucumvert", "SPARQLWrapper", "hypothesis", "rapidfuzz")
NOT_SHIPPED = ("tests", "docs", "build", "dist", ".venv", ".ci", ".git")
LONGEST_SHARED_RUN = 19
"""Code points that a file may share with what the document says: the longest name in it has 18."""


@pytest.fixture(scope="session")
def project(repository: Path) -> dict[str, Any]:
    return tomllib.loads((repository / "pyproject.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def wheel(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(repository, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="session")
def archive(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    builder = SdistBuilder(str(repository))
    return Path(next(builder.build(directory=str(tmp_path_factory.mktemp("sdist")), versions=["standard"])))


def built(source: Path, folder: Path) -> Path:
    return Path(next(WheelBuilder(str(source)).build(directory=str(folder), versions=["standard"])))


def names_in(wheel: Path) -> list[str]:
    with zipfile.ZipFile(wheel) as opened:
        return sorted(opened.namelist())


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=120,
        env={**os.environ, "PYTHONUTF8": "1", **environment},
    )


def test_the_wheel_holds_nothing_but_the_two_packages_and_its_metadata(wheel: Path) -> None:
    tops = {name.split("/")[0] for name in names_in(wheel)}

    assert {top for top in tops if not top.endswith(".dist-info")} == {"kg", "loaders"}
    assert not [name for name in names_in(wheel) if "__pycache__" in name or name.endswith((".orig", ".tmp"))]


def test_the_wheel_holds_every_file_of_the_ontology_and_no_other_knowledge(
    wheel: Path, repository: Path, tmp_path: Path
) -> None:
    with zipfile.ZipFile(wheel) as opened:
        opened.extractall(tmp_path)  # noqa: S202 - a wheel that this test built
    shipped = tmp_path / "kg" / "_data" / "ontology"

    assert [name for name, _ in ontology_files(repository / "ontology")] == [
        name for name, _ in ontology_files(shipped)
    ]
    assert knowledge_digest(repository / "ontology") == knowledge_digest(shipped)


def test_the_wheel_holds_every_query(wheel: Path, repository: Path) -> None:
    expected = sorted(path.relative_to(repository).as_posix() for path in (repository / "queries").rglob("*.rq"))

    assert expected == [name.removeprefix("kg/_data/") for name in names_in(wheel) if name.endswith(".rq")]
    assert expected


def test_data_folders_hold_no_python(repository: Path) -> None:
    assert [path for folder in ("ontology", "queries") for path in (repository / folder).rglob("*.py")] == []


def test_the_wheel_carries_both_licences_and_the_notices(wheel: Path) -> None:
    carried = {name.rpartition("/")[2] for name in names_in(wheel) if ".dist-info/licenses/" in name}

    assert carried == {"LICENSE", "LICENSE-ontology", "NOTICE"}


def test_the_source_archive_builds_the_same_wheel(archive: Path, wheel: Path, tmp_path: Path) -> None:
    with tarfile.open(archive) as opened:
        safely = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}  # Python 3.11.4 and newer
        opened.extractall(tmp_path, **safely)  # noqa: S202 - an archive that this test built
    (unpacked,) = tmp_path.iterdir()

    again = built(unpacked, tmp_path / "again")

    assert names_in(wheel) == names_in(again)
    assert (unpacked / "tests" / "conftest.py").is_file()


def shipped_texts(wheel: Path, archive: Path) -> Iterator[tuple[str, str]]:
    with zipfile.ZipFile(wheel) as opened:
        for name in opened.namelist():
            yield name, opened.read(name).decode("utf-8", "replace")
    with tarfile.open(archive) as opened_archive:
        for member in opened_archive.getmembers():
            stream = opened_archive.extractfile(member)
            if stream is not None:
                yield member.name, stream.read().decode("utf-8", "replace")


def test_no_sentence_of_the_document_is_shipped(wheel: Path, archive: Path, article: Path, repository: Path) -> None:
    text = article.read_text(encoding="utf-8")
    source = (repository / "ontology" / "sources" / "roundtable" / "source.yaml").read_text(encoding="utf-8")
    turns = re.findall(r"- number: \d+\n    speaker: \w+\n    start: (\d+)\n    end: (\d+)", source)
    size = LONGEST_SHARED_RUN + 1
    runs = {text[at : at + size] for start, end in turns for at in range(int(start), int(end) - size)}
    assert len(turns) == 9

    shared = [
        (name, content[at : at + size])
        for name, content in shipped_texts(wheel, archive)
        for at in range(len(content) - size)
        if "\u4e00" <= content[at] <= "\u9fff" and content[at : at + size] in runs
    ]

    assert shared == []


def test_the_module_is_the_command() -> None:
    done = run("-m", "kg", "version")

    assert (done.returncode, done.stderr) == (0, "")
    assert re.search(r"\b\d+\.\d+\.\d+\b", done.stdout)


def test_the_version_is_that_of_the_distribution(project: dict[str, Any]) -> None:
    done = run("-m", "kg", "version")

    assert project["project"]["version"] in done.stdout


@pytest.mark.parametrize("module", ["kg", "kg.cli", "loaders"])
def test_nothing_heavy_is_imported_at_the_top(module: str) -> None:
    done = run("-c", f"import sys, {module}; print(*sorted(set(sys.modules) & set({HEAVY!r})))")

    assert (done.stdout.split(), done.stderr) == ([], "")


def test_a_recommendation_without_conversion_imports_nothing_heavy(repository: Path) -> None:
    example = repository / "ontology" / "examples" / "smoldering.yaml"

    done = run("-X", "importtime", "-m", "kg", "recommend", str(example))

    imported = {line.rpartition("|")[2].strip().partition(".")[0] for line in done.stderr.splitlines()}
    assert done.returncode == 0
    assert "pyoxigraph" in imported
    assert imported & set(HEAVY) == set()


def test_every_module_stands_in_a_layer(project: dict[str, Any], repository: Path) -> None:
    (contract,) = (one for one in project["tool"]["importlinter"]["contracts"] if one["type"] == "layers")
    layered = {name.strip() for layer in contract["layers"] for name in re.split(r"[|:]", layer)}
    folder = repository / "kg"
    modules = {f"kg.{path.stem}" for path in folder.glob("*.py")} | {
        f"kg.{path.parent.name}" for path in folder.glob("*/__init__.py")
    }

    assert modules - {"kg.__init__"} - layered == set()
    assert layered - modules - {"loaders"} == set()


def third_party_imports(repository: Path) -> set[str]:
    found = set()
    for folder in ("kg", "loaders"):
        for path in (repository / folder).rglob("*.py"):
            found |= set(re.findall(r"^\s*(?:import|from)\s+(\w+)", path.read_text(encoding="utf-8"), re.MULTILINE))
    return found - set(sys.stdlib_module_names) - {"kg", "loaders"}


def test_every_dependency_is_used_and_every_import_is_declared(project: dict[str, Any], repository: Path) -> None:
    names = {"pyyaml": "yaml", "sparqlwrapper": "SPARQLWrapper"}
    required, optional = project["project"]["dependencies"], project["project"]["optional-dependencies"]["owl"]
    needed, extra = (
        {names.get(name, name) for name in (re.split(r"[<>=\[ ]", one)[0] for one in several)}
        for several in (required, optional)
    )
    imported = third_party_imports(repository)

    assert imported - needed - extra == set()
    assert needed - imported <= {"SPARQLWrapper"}  # for a graph elsewhere, which nothing opens yet
