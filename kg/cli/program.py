"""The frame of every command: help in both languages, errors of one line, exit codes, and commands read when called.

Exit codes: 0 done, 1 findings, 2 usage, 3 data, 4 environment, 5 limit, 130 interrupted, 141 nobody reads the output.
"""

import importlib
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, cast

import click

from kg.cli.help import HelpText
from kg.cli.language import choose, choose_from, say
from kg.cli.streams import prepare_streams, silence_output
from kg.errors import EnvironmentLackError, LimitError, MbkgError, UsageError
from kg.model import Label

INTERRUPTED: Final = 130
UNREAD: Final = 141
_LONGEST: Final = 1000


class Option(click.Option):
    """An option whose help is in both languages."""

    def __init__(self, *args: Any, about: Label, **attributes: Any) -> None:  # noqa: ANN401 - as click has it
        """Take click's own arguments, and `about` for `help`."""
        super().__init__(*args, **(attributes | {"help": about.en}))
        self.about = about

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """Return the option and its help in the reader's language."""
        record = super().get_help_record(ctx)
        return record and (record[0], record[1].replace(self.about.en, say(self.about.en, self.about.zh), 1))


class _Bilingual(click.Command):
    """What a command and a group say of themselves, in the reader's language."""

    about: Label

    def get_short_help_str(self, limit: int = 45) -> str:
        """Return the first sentence of the help."""
        del limit
        return _first_sentence(say(self.about.en, self.about.zh))

    def get_help(self, ctx: click.Context) -> str:
        """Return the help in the reader's language, as wide as the terminal."""
        return _help(self, ctx)

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write what the command does, or what its commands are for."""
        del ctx
        formatter.write_paragraph()
        formatter.write_text(say(self.about.en, self.about.zh))


class Command(_Bilingual):
    """A command whose help is in both languages."""

    def __init__(self, *args: Any, about: Label, **attributes: Any) -> None:  # noqa: ANN401 - as click has it
        """Take click's own arguments, and `about` for `help`."""
        super().__init__(*args, **(attributes | {"help": about.en}))
        self.about = about


class Group(_Bilingual, click.Group):
    """A group of commands whose modules are imported when they are called."""

    def __init__(self, *args: Any, about: Label, modules: Mapping[str, str] | None = None, **attributes: Any) -> None:  # noqa: ANN401 - as click has it
        """Take click's own arguments, `about` for `help`, and `modules`: command name -> module with `command`."""
        super().__init__(*args, **(attributes | {"help": about.en}))
        self.about = about
        self._modules = dict(modules or {})

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands in the order that they were given in."""
        return [*self._modules, *(name for name in super().list_commands(ctx) if name not in self._modules)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command, importing its module."""
        module = self._modules.get(cmd_name)
        if module is None:
            return super().get_command(ctx, cmd_name)
        name, _, attribute = module.partition(":")
        return cast("click.Command", getattr(importlib.import_module(name), attribute or "command"))

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the arguments; none at all asks for help."""
        return super().parse_args(ctx, args or ["--help"])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that the arguments name; one that is misspelt is answered with the nearest."""
        if args and self.get_command(ctx, args[0]) is None:
            from difflib import get_close_matches  # noqa: PLC0415 - needed only where a name is wrong

            near = get_close_matches(args[0], self.list_commands(ctx), n=1)
            offer = f"nearest: {near[0]}" if near else f"see: {ctx.command_path} --help"
            message = f"there is no command {args[0]!r} ({offer})"
            raise UsageError(message)
        return super().resolve_command(ctx, args)


class Program(Group):
    """The whole program."""

    def main(self, args: Sequence[str] | None = None, prog_name: str | None = None, **extra: Any) -> Any:  # type: ignore[override]  # noqa: ANN401 - as click has it
        """Run the program with these arguments, or those of the process, and leave with the exit code."""
        words = list(sys.argv[1:] if args is None else args)
        prepare_streams()
        choose(None)
        choose_from(words)
        extra["standalone_mode"] = False
        code = exit_code_of(lambda: super(Program, self).main(words, prog_name or "mbkg", **extra))
        sys.exit(code)

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - as click has it
        """Run the command; leave quietly where nobody reads what it writes."""
        try:
            found = super().invoke(ctx)
            sys.stdout.flush()
        except BrokenPipeError:
            silence_output()
            raise click.exceptions.Exit(UNREAD) from None
        return found


def exit_code_of(run: Callable[[], object]) -> int:
    """Run something and return its exit code; what goes wrong is one line on standard error."""
    try:
        code = run()
    except click.exceptions.Exit as leaving:
        return leaving.exit_code
    except (KeyboardInterrupt, click.Abort):
        return INTERRUPTED
    except click.ClickException as error:
        return complain(UsageError(error.format_message()))
    except (MbkgError, OSError, MemoryError, RecursionError) as error:
        return complain(error)
    return code if isinstance(code, int) else 0


def complain(error: BaseException) -> int:
    """Write an error as one line on standard error and return its exit code."""
    known = error if isinstance(error, MbkgError) else _known(error)
    text = " ".join(str(known).split())
    if len(text) > _LONGEST:
        text = f"{text[:_LONGEST]}…"
    sys.stderr.write("mbkg: " + "".join(char if char.isprintable() else "?" for char in text) + "\n")
    return known.exit_code


def _known(error: BaseException) -> MbkgError:
    if isinstance(error, OSError):
        where = f"{error.filename}: " if error.filename else ""
        return EnvironmentLackError(f"{where}{error.strerror or error}")
    return LimitError("this needs more memory or depth than there is; ask for less")


def _help(command: click.Command, ctx: click.Context) -> str:
    formatter = HelpText(ctx.terminal_width)
    command.format_help(ctx, formatter)
    return formatter.getvalue().rstrip("\n")


def _first_sentence(text: str) -> str:
    first = text.partition("\n\n")[0]
    for end in (". ", "。"):
        first = first.partition(end)[0]
    return first.rstrip(".。")
