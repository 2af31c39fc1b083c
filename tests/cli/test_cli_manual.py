"""The manual of the command line: every command in it runs."""

import re
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest


def test_every_command_of_the_manual_runs(
    run: Callable, repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (repository / "docs" / "cli.md").read_text(encoding="utf-8")
    lines = [line for block in re.findall(r"```sh\n(.*?)```", text, re.DOTALL) for line in block.splitlines()]
    monkeypatch.chdir(tmp_path)

    assert len(lines) > 15
    for line in lines:
        words, _, target = line.partition(" > ")
        result = run(*shlex.split(words)[1:])
        assert result.exit_code == 0, (line, result.stderr)
        if target:
            Path(target).write_text(result.stdout, encoding="utf-8")


def test_every_command_is_named_in_the_manual(repository: Path) -> None:
    from kg.cli import main  # noqa: PLC0415 - beside its use

    text = (repository / "docs" / "cli.md").read_text(encoding="utf-8")

    assert [name for name in main.list_commands(None) if f"mbkg {name}" not in text] == []  # type: ignore[arg-type]
