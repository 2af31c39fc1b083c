"""ISO 8601 durations of one part in words: `P3M` is three months."""

import re
from typing import Final

from kg.cli.language import say

_DURATION: Final = re.compile(r"P([1-9][0-9]*)([DWMY])\Z", re.ASCII)
_UNITS: Final = {"D": ("day", "日"), "W": ("week", "周"), "M": ("month", "个月"), "Y": ("year", "年")}


def duration_text(code: str) -> str:
    """Return a duration in words; one of several parts stands as it is.

    >>> duration_text("P3M"), duration_text("P1Y"), duration_text("P1Y6M")
    ('3 months', '1 year', 'P1Y6M')
    """
    match = _DURATION.match(code)
    if match is None:
        return code
    count, (english, chinese) = int(match[1]), _UNITS[match[2]]
    return say(f"{count} {english}{'s' * (count != 1)}", f"{count}{chinese}")


def every_text(code: str) -> str:
    """Return an interval in words.

    >>> every_text("P3M"), every_text("P1M"), every_text("P12M")
    ('every 3 months', 'every month', 'every 12 months')
    """
    match = _DURATION.match(code)
    if match is not None and match[1] == "1":
        english, chinese = _UNITS[match[2]]
        return say(f"every {english}", f"每{chinese.removeprefix('个')}")
    return say(f"every {duration_text(code)}", f"每{duration_text(code)}")
