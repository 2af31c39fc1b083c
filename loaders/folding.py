"""A folded view of a text in which one looks for things, and the way back to the raw text.

Printed Chinese mixes full-width and half-width forms, and text copied from a PDF holds Kangxi radicals that only look
like ordinary characters. Compatibility normalisation folds most of them and changes lengths while doing so: a position
in the folded text is worth nothing by itself, and each folded character remembers the raw one it came from. Folding
goes code point by code point, so that two raw characters never become one.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

# CJK radicals that have no compatibility decomposition and are met in copied Chinese text.
_RADICALS: Final = str.maketrans(
    "⺟⺠⻄⻅⻆⻉⻋⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻨⻩⻬⻮⻰⻳",
    "母民西见角贝车长门青韦页风飞食马骨鬼鱼鸟麦黄齐齿龙龟",
)


def fold_character(character: str) -> str:
    """Return what one code point is folded to, which may be nothing or several characters.

    >>> fold_character("Ⅲ"), fold_character("⽯"), fold_character("⻄")
    ('III', '石', '西')
    """
    return unicodedata.normalize("NFKC", character).translate(_RADICALS)


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text; `origins[i]` is the raw position of its i-th character."""

    raw: str
    text: str
    origins: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the raw span of a stretch of the folded text; both ends count code points from 0."""
        if start >= end:
            place = self.origins[start] if start < len(self.origins) else len(self.raw)
            return place, place
        return self.origins[start], self.origins[end - 1] + 1

    def position(self, raw: int) -> int:
        """Return where a raw position lies in the folded text: before whatever comes from there on."""
        return bisect_right(self.origins, raw - 1)

    def find_all(self, pattern: "str | re.Pattern[str]") -> Iterator[tuple[int, int]]:
        """Yield the raw spans of every match; a plain text is folded before it is looked for."""
        expression = re.compile(re.escape(fold(pattern).text)) if isinstance(pattern, str) else pattern
        for match in expression.finditer(self.text):
            if match.end() > match.start():
                yield self.span(match.start(), match.end())


def fold(text: str) -> Folded:
    """Return the folded view of a text."""
    folded: list[str] = []
    origins: list[int] = []
    for place, character in enumerate(text):
        replacement = fold_character(character)
        folded.append(replacement)
        origins += [place] * len(replacement)
    return Folded(text, "".join(folded), tuple(origins))
