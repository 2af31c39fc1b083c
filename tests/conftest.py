"""What tests may ask for, and what happens where it lacks.

A test says what it needs from outside the project: `@pytest.mark.needs("article")`, or the fixture `article`. Where
the thing lacks, the test is skipped and the reason is listed at the end of the run; where MBKG_REQUIRE names the
thing, the test fails instead, because a check that could not run has not passed.
"""

import hashlib
import importlib.util
import os
import re
import shutil
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

REPOSITORY = Path(__file__).resolve().parent.parent
SOURCE = "roundtable"
SKIPPED = "not run: "

# A gate must not pass today and fail tomorrow on the same code; `make soak` looks for what is new.
settings.register_profile("gate", deadline=None, derandomize=True, database=None, print_blob=True)
settings.register_profile(
    "soak", deadline=None, max_examples=5_000, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("gate")

# `python -m kg` in a subprocess must run the package under test: the installed one, or the checkout.
if os.environ.get("MBKG_TEST_INSTALLED"):
    os.environ["PYTHONSAFEPATH"] = "1"
else:
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, (str(REPOSITORY), os.environ.get("PYTHONPATH"))))


@cache
def find_article() -> Path | None:
    """Return the file in the folder MBKG_SOURCES whose SHA-256 is that of source.yaml, or None."""
    folder = Path(os.environ.get("MBKG_SOURCES") or os.devnull)
    text = (REPOSITORY / "ontology" / "sources" / SOURCE / "source.yaml").read_text(encoding="utf-8")
    digest = re.search(r"^sha256: ([0-9a-f]{64})$", text, re.MULTILINE)
    if digest is None or not folder.is_dir():
        return None
    files = sorted(path for path in folder.iterdir() if path.is_file())
    return next((path for path in files if hashlib.sha256(path.read_bytes()).hexdigest() == digest[1]), None)


def lack_of_article() -> str | None:
    """Say why the document cannot be read, or None where it can."""
    if find_article() is not None:
        return None
    return f"no file in MBKG_SOURCES ({os.environ.get('MBKG_SOURCES') or 'not set'}) is the document of {SOURCE}"


def lack_of_program(*names: str) -> str | None:
    """Say which programs of one purpose are not on the path, or None where one is."""
    return None if any(shutil.which(name) for name in names) else f"no {' or '.join(names)} on the path"


def lack_of_servers() -> str | None:
    """Say that no SPARQL server is installed, or None where one is."""
    return None if importlib.util.find_spec("oxigraph") else lack_of_program("oxigraph", "oxigraph_server")


LACKS = {
    "article": lack_of_article,
    "java": lambda: lack_of_program("java"),
    "chromium": lambda: lack_of_program("chromium", "chromium-browser", "google-chrome"),
    "servers": lack_of_servers,
}


def required() -> frozenset[str]:
    """Return what MBKG_REQUIRE names, separated by commas."""
    return frozenset(name.strip() for name in os.environ.get("MBKG_REQUIRE", "").split(",") if name.strip())


def pytest_configure() -> None:
    """Refuse a requirement that no one knows, and a run that would test another package than it says."""
    unknown = required() - LACKS.keys()
    if unknown:
        message = f"MBKG_REQUIRE names {', '.join(sorted(unknown))}; known are {', '.join(LACKS)}"
        raise pytest.UsageError(message)
    package = importlib.util.find_spec("kg")
    if os.environ.get("MBKG_TEST_INSTALLED") and (package is None or "site-packages" not in str(package.origin)):
        message = f"the installed package was to be tested, and kg is {package and package.origin}"
        raise pytest.UsageError(message)


def pytest_report_header() -> str:
    """Say which package is tested."""
    package = importlib.util.find_spec("kg")
    return f"kg: {package and package.origin}; article: {find_article() or 'absent'}"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Let the fixture `article` count as a need, and leave benchmarks to those who ask for them."""
    for item in items:
        if "article" in getattr(item, "fixturenames", ()) and not _needs(item):
            item.add_marker(pytest.mark.needs("article"))
    if not config.option.markexpr and not config.option.keyword:
        left_out = [item for item in items if item.get_closest_marker("bench")]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if not item.get_closest_marker("bench")]


def _needs(item: pytest.Item) -> list[str]:
    return [name for mark in item.iter_markers("needs") for name in mark.args]


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip a test whose needs lack, or fail it where they are required."""
    for name in _needs(item):
        if name not in LACKS:
            pytest.fail(f"nothing is known of the need {name!r}", pytrace=False)
        reason = LACKS[name]()
        if reason is not None and name in required():
            pytest.fail(f"MBKG_REQUIRE names {name}: {reason}", pytrace=False)
        elif reason is not None:
            pytest.skip(f"{name}: {reason}")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """List what was not run and why, once a reason; append it to the file MBKG_SKIPPED where that is named."""
    if hasattr(terminalreporter.config, "workerinput"):  # one process of several: the one that started them counts
        return
    reports = terminalreporter.stats.get("skipped", [])
    counted = Counter(str(report.longrepr[2]).removeprefix("Skipped: ") for report in reports)
    lines = [
        f"{SKIPPED}{count} {'test' if count == 1 else 'tests'}: {reason}" for reason, count in counted.most_common()
    ]
    for line in lines:
        terminalreporter.write_line(line)
    report_file = os.environ.get("MBKG_SKIPPED")
    if report_file and lines:
        with Path(report_file).open("a", encoding="utf-8") as stream:
            stream.write("".join(f"{line}\n" for line in lines))


@pytest.fixture(scope="session")
def repository() -> Path:
    """The root of the checkout that the tests lie in."""
    return REPOSITORY


@pytest.fixture(scope="session")
def number_of_cases() -> int:
    """How many patients to draw: 500, or what MBKG_CASES says (`make bench` and `make soak` say more)."""
    return int(os.environ.get("MBKG_CASES") or 500)


@pytest.fixture(scope="session")
def article() -> Path:
    """The file that the document's statements were read from."""
    found = find_article()
    if found is None:  # the need was checked before
        raise AssertionError(SOURCE)
    return found
