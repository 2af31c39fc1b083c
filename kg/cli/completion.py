"""`mbkg completion`: a script that teaches a shell our commands, options and ids."""

import sys
from typing import Final

import click
from click.shell_completion import get_completion_class

from kg.cli.options import command as declare
from kg.errors import UsageError
from kg.model import Label

_SHELLS: Final = ("bash", "zsh", "fish")
_VARIABLE: Final = "_MBKG_COMPLETE"


@declare(
    "completion",
    Label(
        'Print the completion script of a shell.\n\n  eval "$(mbkg completion bash)"\n  mbkg completion fish | source',
        '输出某一shell的补全脚本。\n\n  eval "$(mbkg completion bash)"\n  mbkg completion fish | source',
    ),
)
@click.argument("shell", type=click.Choice(_SHELLS), metavar="bash|zsh|fish")
def command(shell: str) -> None:
    """Print the script."""
    found = get_completion_class(shell)
    if found is None:
        message = f"there is no completion for {shell}; choose from {', '.join(_SHELLS)}"
        raise UsageError(message)
    script = found(click.get_current_context().find_root().command, {}, "mbkg", _VARIABLE)
    sys.stdout.write(script.source_template % script.source_vars())
