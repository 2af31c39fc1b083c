"""Bad input: each one line on standard error, the exit code that its kind has, nothing half-written."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

USAGE, DATA, ENVIRONMENT, LIMIT = 2, 3, 4, 5
DEEP = "[" * 2000 + "]" * 2000


def one_line(result: object, code: int) -> str:
    stderr = str(getattr(result, "stderr"))  # noqa: B009 - a result of click or of a process
    assert getattr(result, "exit_code") == code, stderr  # noqa: B009 - as above
    assert stderr.startswith("mbkg: ")
    assert stderr.count("\n") == 1
    assert "Traceback" not in stderr
    return stderr


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", DATA),
        ("[]", DATA),
        ("42", DATA),
        ("{", DATA),
        ("id: [", DATA),
        ('{"id": "p", "id": "q"}', DATA),
        ("id: p\nid: q\n", DATA),
        ('{"id": "p", "measurements": [{"code": "SerumCalcium", "value": NaN}]}', DATA),
        ('{"id": "p", "measurements": [{"code": "SerumCalcium", "value": Infinity}]}', DATA),
        ('{"id": "p", "measurements": [{"code": "SerumCalcium", "value": "2.1"}]}', DATA),
        ("id: p\nmeasurements: [{code: SerumCalcium, value: １２}]", DATA),
        ("id: p\nmeasurements: [{code: SerumCalcium, value: 1_000}]", DATA),
        ("id: p\nmeasurements: [{code: SerumCalcium, value: .nan}]", DATA),
        ("id: p\nmeasurements: [{code: SerumCalcium, value: 2, unit: kg}]", DATA),
        ("id: p\nconditions: [{code: nothing that anyone has}]", DATA),
        ("id: p\nconditions: [{code: Denosumab}]", DATA),
        ("id: p\nas_of: 2025-02-30", DATA),
        ("id: p\ntreatments: [{code: Denosumab, start: 2025-02-01, end: 2025-01-01}]", DATA),
        ("id: p\nunheard: 1", DATA),
        ("id: &a p\nas_of: *a", DATA),
        (f'{{"id": {DEEP}}}', LIMIT),
        ("id: p\nconditions: " + DEEP, LIMIT),
        ("id: " + "p" * 1_100_000, LIMIT),
        ('{"id": "p", "measurements": [{"code": "SerumCalcium", "value": ' + "9" * 5000 + "}]}", LIMIT),
    ],
)
def test_a_case_that_cannot_be_read_is_one_line(run: Callable, case: Callable, text: str, code: int) -> None:
    result = run("recommend", case(text), "--json")

    one_line(result, code)
    assert result.stdout == ""


def test_a_unit_that_cannot_be_converted_names_both(run: Callable, case: Callable) -> None:
    result = run("recommend", case("id: p\nmeasurements: [{code: SerumCalcium, value: 2, unit: kg}]"))

    assert {"kg", "mmol/L"} <= set(one_line(result, DATA).replace("'", " ").split())


def test_an_unknown_code_offers_the_nearest(run: Callable) -> None:
    assert "SmolderingMultipleMyeloma" in one_line(run("recommend", "--condition", "smouldering mieloma"), DATA)


def test_bytes_that_are_no_text_are_one_line(run: Callable, tmp_path: Path) -> None:
    path = tmp_path / "case.json"
    path.write_bytes(b'{"id": "\xff"}')

    one_line(run("recommend", str(path)), DATA)


@pytest.mark.parametrize(
    "words",
    [
        ("nothing",),
        ("recommend", "nowhere.yaml"),
        ("recommend", "--nothing"),
        ("recommend", "."),
        ("recommend", "--condition", "SMM", "--as-of", "30.6.2025"),
        ("recommend", "--condition", "SMM", "--as-of", "２０２５-06-30"),
        ("--lang", "fr", "version"),
        ("why", "case.yaml"),
        ("query", "nothing-of-the-kind"),
        ("query", "drug-dose", "drug"),
        ("query", "drug-dose", "drug=Denosumab", "drug=Denosumab"),
        ("query", "drug-dose", "doctor=Denosumab"),
        ("sparql", "SELECT"),
        ("sparql", "nowhere.rq"),
        ("statement", "S999"),
        ("statement", "Denosumab"),
        ("statement", "S 042"),
        ("statement", "S042>"),
        ("statement", "\udcff"),
        ("statement", ""),
        ("lookup", "mbkg:a b"),
        ("lookup", "\udcff"),
        ("lookup", ""),
        ("query", "drug-dose", "drug=mbkg:a b"),
        ("query", "../cq/drug-dose"),
        ("lookup", "zzzzzzzzzzzzzzzzzz"),
        ("case", "example", "nobody"),
        ("case", "nothing"),
        ("export", "--format", "pdf"),
        ("export", "-o", "nowhere/at/all.ttl"),
        ("export", "-o", "."),
        ("source", "show", "S042", "--source", "nowhere.txt"),
        ("completion", "tcsh"),
    ],
)
def test_a_wrong_call_is_one_line_of_usage(run: Callable, words: tuple[str, ...]) -> None:
    result = run(*words)

    one_line(result, USAGE)
    assert result.stdout == ""


def test_a_misspelt_command_is_answered_with_the_nearest(run: Callable) -> None:
    assert "nearest: recommend" in one_line(run("recomend"), USAGE)


def test_a_query_nested_too_deeply_is_refused_before_it_can_kill_the_process(run: Callable) -> None:
    one_line(run("sparql", "SELECT * {" + "{" * 5000 + "}" * 5000 + "}"), LIMIT)
    one_line(run("sparql", "-", stdin="SELECT (" + "(" * 10_000 + "1"), LIMIT)


def test_a_bracket_inside_a_string_is_no_nesting(run: Callable) -> None:
    result = run("sparql", 'ASK { BIND("' + "(" * 500 + '" AS ?s) }')

    assert (result.exit_code, result.stdout) == (0, "true\n")


def test_without_a_document_nothing_is_verified_and_that_is_no_success(run: Callable, tmp_path: Path) -> None:
    other = tmp_path / "other.txt"
    other.write_text("another document", encoding="utf-8")

    assert "nothing was verified" in one_line(run("source", "verify"), ENVIRONMENT)
    one_line(run("source", "verify", str(other)), ENVIRONMENT)
    one_line(run("source", "show", str(other), "S042"), ENVIRONMENT)


def test_an_export_that_cannot_be_written_leaves_the_good_file_as_it_was(
    run: Callable, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "graph.nq"
    path.write_text("the good file", encoding="utf-8")

    def full(_self: Path, _target: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    one_line(run("export", "--format", "nq", "-o", str(path)), ENVIRONMENT)

    assert path.read_text(encoding="utf-8") == "the good file"
    assert list(tmp_path.iterdir()) == [path]


def test_what_a_case_says_cannot_drive_the_terminal(run: Callable) -> None:
    escape = "\x1b[2J"
    good = run("recommend", "-", stdin=f'{{"id": "a{chr(92)}u001b[2J"}}')
    bad = run("recommend", "--condition", f"x{escape}")

    assert escape not in good.stdout
    assert "\\x1b[2J" in good.stdout
    assert escape not in bad.stderr


def without(stream: str, *words: str) -> "subprocess.CompletedProcess[bytes]":
    """Run `mbkg` in a process that has no such stream (`<` or `>`)."""
    command = ["/bin/sh", "-c", f'"$@" {stream}&-', "sh", sys.executable, "-m", "kg", *words]
    return subprocess.run(command, capture_output=True, check=False)  # noqa: S603 - our own program


def test_closed_streams_are_empty_and_no_error(smoldering: str) -> None:
    no_input, no_output = without("<", "recommend", "-"), without(">", "recommend", smoldering)

    assert (no_input.returncode, no_input.stderr.count(b"\n")) == (DATA, 1)
    assert (no_output.returncode, no_output.stderr) == (0, b"")


def test_a_query_that_is_no_text_is_one_line(run: Callable, tmp_path: Path) -> None:
    path = tmp_path / "query.rq"
    path.write_bytes(b"ASK {\xff}")

    one_line(run("sparql", str(path)), DATA)
    one_line(run("sparql", "-", stdin=path.read_bytes()), DATA)


def test_a_long_complaint_is_cut(run: Callable) -> None:
    assert len(one_line(run("recommend", "--condition", "x" * 50_000), DATA)) < 1100


def test_an_interrupt_leaves_quietly(run: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_words: object, **_options: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("kg.open", interrupt)
    result = run("version")

    assert result.exit_code == 130
    assert "Traceback" not in result.stderr
