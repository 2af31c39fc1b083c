"""What happens to a test whose needs lack: it is skipped with its reason, or fails where the need is required."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

SAMPLE = "tests/data/needs/sample.py"
ABSENT = "not run: 2 tests: article: no file in MBKG_SOURCES (not set) is the document of roundtable"


def run(repository: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    cleared = {key: value for key, value in os.environ.items() if not key.startswith(("MBKG_", "PYTEST_"))}
    kept = {key: os.environ[key] for key in ("MBKG_TEST_INSTALLED",) if key in os.environ}
    return subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-q", SAMPLE, *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        cwd=repository,
        env={**cleared, **kept, **environment},
    )


def test_a_need_that_lacks_skips_and_is_listed_once_with_its_reason(repository: Path) -> None:
    done = run(repository)

    assert done.returncode == 0
    assert "1 passed, 2 skipped, 1 deselected" in done.stdout
    assert done.stdout.count(ABSENT) == 1


def test_the_list_of_what_was_not_run_goes_to_a_file(repository: Path, tmp_path: Path) -> None:
    skipped = tmp_path / "skipped"

    run(repository, MBKG_SKIPPED=str(skipped))

    assert skipped.read_text(encoding="utf-8") == ABSENT + "\n"


def test_a_need_that_is_required_fails(repository: Path) -> None:
    done = run(repository, MBKG_REQUIRE="java, article")

    assert done.returncode == 1
    assert "MBKG_REQUIRE names article" in done.stdout
    assert "1 passed, 1 deselected, 2 errors" in done.stdout


def test_a_need_that_is_there_runs(repository: Path, article: Path) -> None:
    done = run(repository, MBKG_REQUIRE="article", MBKG_SOURCES=str(article.parent))

    assert done.returncode == 0
    assert "3 passed, 1 deselected" in done.stdout


def test_a_requirement_that_no_one_knows_is_refused(repository: Path) -> None:
    done = run(repository, MBKG_REQUIRE="artcile")

    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert "MBKG_REQUIRE names artcile" in done.stderr + done.stdout


def test_benchmarks_run_for_those_who_ask(repository: Path) -> None:
    done = run(repository, "-m", "bench")

    assert done.returncode == 0
    assert "1 passed" in done.stdout
