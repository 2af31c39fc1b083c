"""A word on standard error, where it is a terminal, while something takes more than a moment."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from kg.cli.layout import width


@contextmanager
def progress(text: str) -> Iterator[None]:
    """Show a text while the block runs, and take it away afterwards."""
    shown = sys.stderr.isatty()
    if shown:
        sys.stderr.write(f"{text} …\r")
        sys.stderr.flush()
    try:
        yield
    finally:
        if shown:
            sys.stderr.write(" " * (width(text) + 2) + "\r")
            sys.stderr.flush()
