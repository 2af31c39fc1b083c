"""What the loaders' tests share: the raw article, the second document, and a copy of it that a test may spoil."""

import shutil
from pathlib import Path

import pytest
from source_folders import REPOSITORY, SECOND, Spoil


@pytest.fixture(scope="session")
def ontology() -> Path:
    return REPOSITORY / "ontology"


@pytest.fixture(scope="session")
def roundtable() -> Path:
    return REPOSITORY / "ontology" / "sources" / "roundtable"


@pytest.fixture(scope="session")
def second() -> Path:
    return SECOND


@pytest.fixture(scope="session")
def article_text(article: Path) -> str:
    return article.read_bytes().decode("utf-8")


@pytest.fixture
def spoil(tmp_path: Path) -> Spoil:
    """Return a function (file, old, new) that gives a copy of the second source with one thing replaced, once."""

    def replaced(name: str, old: str, new: str) -> Path:
        folder = tmp_path / "second"
        if not folder.exists():
            shutil.copytree(SECOND, folder)
        path = folder / name
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        if old:
            assert text.count(old) >= 1, f"{old!r} is not in {name}"
        path.write_text(text.replace(old, new, 1) if old else text + new, encoding="utf-8", newline="")
        return folder

    return replaced
