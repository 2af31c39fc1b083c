"""What reaches the screen: lines that fit, in any encoding, in colour only where it is wanted, and broken pipes."""

import os
import subprocess
import sys
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wcwidth import wcswidth

from kg.cli.layout import fits, table, width, wrap

WORDS = (
    ("recommend", "{case}"), ("why", "{case}", "start-imwg-smoldering"), ("statement", "S061"), ("lookup", "狄诺塞麦"),
    ("query", "drug-dose", "drug=Denosumab"), ("queries",), ("source", "list"), ("version",), ("check", "--help"),
    ("case", "example", "--list"), ("--help",),
)  # fmt: skip


@pytest.mark.parametrize("columns", [40, 80, 200])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_no_line_is_wider_than_the_terminal(run: Callable, smoldering: str, lang: str, columns: int) -> None:
    for words in WORDS:
        called = [word.format(case=smoldering) for word in words]
        result = run("--lang", lang, *called, COLUMNS=str(columns))
        assert result.exit_code == 0, called
        assert max(map(wcswidth, result.stdout.splitlines())) <= columns, called


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("encoding", ["gbk", "ascii", "ascii:strict", "latin-1", "utf-8"])
def test_no_encoding_of_a_terminal_is_an_error(shell: Callable, smoldering: str, encoding: str, lang: str) -> None:
    result = shell("recommend", smoldering, "--lang", lang, PYTHONIOENCODING=encoding, COLUMNS="80")

    assert (result.returncode, result.stderr) == (0, b"")
    lines = result.stdout.decode(encoding.partition(":")[0]).splitlines()
    assert max(map(wcswidth, lines)) <= 80


def test_gbk_shows_chinese_as_chinese_and_spells_what_it_lacks(shell: Callable, smoldering: str) -> None:
    text = shell("recommend", smoldering, "--lang", "zh", PYTHONIOENCODING="gbk").stdout.decode("gbk")

    assert "高危冒烟型骨髓瘤" in text
    assert "\\u" not in text


def test_ascii_spells_comparators_and_marks(shell: Callable, smoldering: str) -> None:
    text = shell("why", smoldering, "start-imwg-smoldering", PYTHONIOENCODING="ascii").stdout.decode("ascii")

    assert "+ has smoldering multiple myeloma [true]" in text
    assert "\\u" not in text.split("written")[0]


@pytest.mark.parametrize("settings", [{"LC_ALL": "C"}, {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}])
def test_the_locale_c_is_no_error(shell: Callable, smoldering: str, settings: dict[str, str]) -> None:
    for lang in ("en", "zh"):
        result = shell("recommend", smoldering, "--lang", lang, **settings)
        assert (result.returncode, result.stderr) == (0, b"")


@pytest.mark.parametrize("encoding", ["gbk", "ascii"])
def test_json_is_whole_in_every_encoding(shell: Callable, smoldering: str, encoding: str) -> None:
    plain = shell("recommend", smoldering, "--json").stdout
    other = shell("recommend", smoldering, "--json", PYTHONIOENCODING=encoding).stdout
    import json  # noqa: PLC0415 - beside its use

    assert json.loads(other.decode(encoding)) == json.loads(plain.decode("utf-8"))


def test_a_reader_who_goes_away_is_no_error(plain_environment: None) -> None:  # noqa: ARG001 - buffered output
    command = [sys.executable, "-m", "kg", "export", "--format", "nq"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:  # noqa: S603 - our own program
        if process.stdout is None or process.stderr is None:
            raise AssertionError
        process.stdout.readline()
        process.stdout.close()
        complaint = process.stderr.read()
        code = process.wait(timeout=60)

    assert complaint == b""
    assert code == 141


def test_colour_is_for_terminals_and_those_who_force_it(run: Callable, smoldering: str) -> None:
    assert "\x1b[" not in run("recommend", smoldering).stdout
    assert "\x1b[" in run("recommend", smoldering, FORCE_COLOR="1").stdout
    assert "\x1b[" not in run("recommend", smoldering, FORCE_COLOR="1", NO_COLOR="1").stdout


@pytest.mark.skipif(os.name != "posix", reason="pseudo-terminals are of POSIX")
def test_a_terminal_gets_colour() -> None:
    import pty  # noqa: PLC0415 - POSIX only

    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "kg", "version"]
    with subprocess.Popen(command, stdout=theirs, env=os.environ | {"TERM": "xterm"}) as process:  # noqa: S603 - our own program
        os.close(theirs)
        written = b""
        while b"CONTRIBUTING" not in written:
            written += os.read(ours, 4096)
        assert process.wait(timeout=60) == 0
    os.close(ours)

    assert b"\x1b[" in written


@pytest.mark.parametrize(
    ("settings", "chinese"),
    [
        ({}, False),
        ({"MBKG_LANG": "zh"}, True),
        ({"LANG": "zh_CN.UTF-8"}, True),
        ({"LC_ALL": "zh_CN.UTF-8", "MBKG_LANG": "en"}, False),
        ({"LC_ALL": "C", "LANG": "zh_CN.UTF-8"}, False),
        ({"LANG": "de_DE.UTF-8"}, False),
    ],
)
def test_the_language_is_that_of_the_setting_then_of_the_locale(
    run: Callable, settings: dict[str, str], *, chinese: bool
) -> None:
    assert ("用法：" in run("--help", **settings).stdout) is chinese
    assert "用法：" in run("--help", "--lang", "zh", **settings).stdout
    assert "Usage:" in run("--lang", "en", "--help", **settings).stdout


MIXED = st.text(
    st.sampled_from("ab ,.;()（）。，、骨病变≥ \n12%") | st.characters(codec="utf-8", exclude_categories=["C"])
)


@given(MIXED, st.integers(8, 60))
def test_wrapping_keeps_every_character_but_spaces_and_every_line_fits(text: str, columns: int) -> None:
    lines = wrap(text, columns)

    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(width(line) <= columns for line in lines)


def test_no_line_begins_with_a_closing_mark_or_ends_with_an_opening_one() -> None:
    lines = wrap("骨保护治疗（每月一次），地舒单抗。唑来膦酸；钙剂、维生素D（补充）。" * 4, 20)

    assert not [line for line in lines if line[0] in "，。；、）" or line[-1] == "（"]


def test_a_table_lays_wide_characters_under_one_another() -> None:
    lines = [line for row in table([("骨", "x"), ("bone", "y")], 20) for line in row]

    assert lines == ["骨    x", "bone  y"]


@given(st.lists(st.tuples(MIXED, MIXED, MIXED), min_size=1), st.integers(30, 100))
def test_a_table_that_fits_is_no_wider_than_asked_for(rows: list[tuple[str, ...]], columns: int) -> None:
    assert fits(rows, columns)
    assert all(width(line) <= columns for row in table(rows, columns) for line in row)
