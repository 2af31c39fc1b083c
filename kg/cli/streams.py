"""Standard output and error in any encoding: what a terminal cannot show is spelled out, never raised."""

import codecs
import os
import sys
from functools import cache
from io import TextIOWrapper
from typing import Final, Literal, TextIO

_SPELLED: Final = {
    "≥": ">=", "≤": "<=", "≠": "!=", "≈": "~", "×": "x", "·": "-", "–": "-", "—": "-", "−": "-", "…": "...",
    "“": '"', "”": '"', "‘": "'", "’": "'", "µ": "u", "μ": "u", "α": "alpha", "β": "beta", "γ": "gamma",
    "κ": "kappa", "λ": "lambda", "±": "+/-", "→": "->", "←": "<-", "●": "*", "◐": "~", "○": "o", "✓": "+",
    "✗": "x", "▲": "!", "│": "|", "├": "+", "└": "`", "─": "-", "━": "=", "\u00a0": " ", "，": ", ", "。": ". ",
    "：": ": ", "；": "; ", "（": " (", "）": ") ", "、": ", ", "é": "e", "ö": "o", "ü": "u",
}  # fmt: skip
BOUND: Final = "\u00a0"
"""A space at which no line is broken; it is written as a plain one."""
_HANDLER: Final = "mbkg-spelled"


def prepare_streams() -> None:
    """Make writing to standard output and error safe in whatever encoding they have; a closed stream is empty."""
    codecs.register_error(_HANDLER, _spelled)
    sys.stdin = sys.stdin or _nothing("r")
    sys.stdout = sys.stdout or _nothing("w")
    sys.stderr = sys.stderr or _nothing("w")
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors=_HANDLER)


def showable(text: str) -> str:
    """Return a text as standard output can show it, so that its width can be measured before it is written.

    Control characters, which could drive a terminal, become spaces or are spelled out.
    """
    if not text.isprintable():
        text = "".join(char if char.isprintable() or char == "\n" else _visible(char) for char in text)
    encoding = output_encoding()
    if text.isascii() or encoding.startswith("utf"):
        return text
    return "".join(_in_encoding(char, encoding) for char in text)


def output_encoding() -> str:
    """Return the encoding of standard output as codecs name it."""
    return codecs.lookup(getattr(sys.stdout, "encoding", None) or "utf-8").name


def silence_output() -> None:
    """Let what is still to be written go nowhere: nobody reads it."""
    null = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(null, sys.stdout.fileno())
    except (OSError, ValueError):
        sys.stdout = _nothing("w")
    finally:
        os.close(null)


def _nothing(mode: Literal["r", "w"]) -> TextIO:
    return open(os.devnull, mode, encoding="utf-8")  # noqa: PTH123 - stands in for a closed stream


def _visible(char: str) -> str:
    if char == BOUND:
        return char
    return " " if char in "\t\r\x0b\x0c\u3000" else f"\\x{ord(char):02x}" if ord(char) < 0x100 else "\ufffd"  # noqa: PLR2004


@cache
def _in_encoding(char: str, encoding: str) -> str:
    try:
        char.encode(encoding)
    except UnicodeEncodeError:
        return _spelling(char)
    return char


def _spelling(char: str) -> str:
    return _SPELLED.get(char) or char.encode("ascii", "backslashreplace").decode()


def _spelled(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(map(_spelling, error.object[error.start : error.end])), error.end
