"""How the tests of the command line call it: in this process, and as people do, in one of its own."""

import os
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

import kg
from kg.cli import main

OPEN = kg.open
Run = Callable[..., Result]
Shell = Callable[..., "subprocess.CompletedProcess[bytes]"]

SETTINGS = (
    "PYTHONUNBUFFERED",
    "MBKG_LANG",
    "MBKG_SOURCES",
    "NO_COLOR",
    "FORCE_COLOR",
    "COLUMNS",
    "LC_ALL",
    "LC_MESSAGES",
    "LANG",
)


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Begin every test with no setting of the person who runs it."""
    for name in SETTINGS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("kg.open", lambda **options: OPEN(**options) if has_document(options) else opened())


def has_document(options: dict[str, object]) -> bool:
    """Tell whether a call has a document of the reader's."""
    return bool(options.get("document") or os.environ.get("MBKG_SOURCES"))


@cache
def opened() -> kg.Graph:
    """Open the graph once for all calls in this process that have no document; `shell` opens it anew."""
    return OPEN()


@pytest.fixture
def run() -> Run:
    """Call `mbkg` with words, in this process."""

    def call(*words: str, stdin: str | bytes | None = None, **environment: str) -> Result:
        return CliRunner().invoke(main, list(words), input=stdin, env=environment)

    return call


@pytest.fixture
def shell() -> Shell:
    """Call `python -m kg` with words, in a process of its own."""

    def call(*words: str, stdin: bytes = b"", **environment: str) -> "subprocess.CompletedProcess[bytes]":
        settings = {name: value for name, value in os.environ.items() if name not in SETTINGS}
        command: list[Any] = [sys.executable, "-m", "kg", *words]
        return subprocess.run(  # noqa: S603 - our own program
            command, input=stdin, capture_output=True, check=False, timeout=120, env=settings | environment
        )

    return call


@pytest.fixture
def case(tmp_path: Path) -> Callable[[str], str]:
    """Write a case file and return its path."""

    def write(text: str, name: str = "case.yaml") -> str:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return str(path)

    return write


@pytest.fixture
def smoldering(case: Callable[[str], str]) -> str:
    """A patient for whom some verdicts apply, some are ambiguous and some are unknown."""
    return case(
        "id: smoldering\nas_of: 2025-06-30\nconditions: [{code: SMM}]\n"
        'measurements: [{code: bone marrow plasma cell percentage, value: 12, unit: "%"}]\n'
        "findings: [{code: focal bone lesion, modality: MRI}]\ntreatments: []\n"
    )


@pytest.fixture
def contradictory(case: Callable[[str, str], str]) -> str:
    """A patient whose record has problems."""
    return case(
        "id: contradictory\nas_of: 2025-06-30\nconditions: [{code: SMM}]\n"
        "measurements: [{code: FLC ratio, value: 120, date: 2025-08-01}]\n"
        "treatments: [{code: nobody-knows-this}]\n",
        "contradictory.yaml",
    )
