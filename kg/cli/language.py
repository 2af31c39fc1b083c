"""Which language a person reads: the one asked for, else MBKG_LANG, else the locale's, else English."""

import os
from collections.abc import Sequence
from typing import Final, get_args

from kg.model import Label, Lang

_OPTION: Final = "--lang"
_LOCALE: Final = ("LC_ALL", "LC_MESSAGES", "LANG")
_CHOSEN: list[Lang] = []


def language() -> Lang:
    """Return the language to write in."""
    if _CHOSEN:
        return _CHOSEN[-1]
    wanted = os.environ.get("MBKG_LANG") or next(filter(None, map(os.environ.get, _LOCALE)), "")
    return "zh" if wanted.casefold().startswith("zh") else "en"


def choose(lang: str | None) -> None:
    """Write in this language from now on; None returns to what the environment says."""
    _CHOSEN[:] = [known for known in get_args(Lang) if known == lang]


def choose_from(arguments: Sequence[str]) -> None:
    """Look ahead for `--lang`, so that help and errors that come before it is parsed are in that language, too."""
    for place, word in enumerate(arguments):
        if word == "--":
            return
        if word == _OPTION and place + 1 < len(arguments):
            choose(arguments[place + 1])
        elif word.startswith(f"{_OPTION}="):
            choose(word.partition("=")[2])


def say(en: str, zh: str) -> str:
    """Return the text of the two that the reader reads."""
    return zh if language() == "zh" else en


def read(label: Label) -> str:
    """Return a label in the reader's language."""
    return label.text(language())
