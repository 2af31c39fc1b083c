"""What in a printed text may not be lost or changed when it is quoted: quantities and negations.

A quantity is a comparator, a number and a unit that stand together, and it is compared as one thing: a quotation with
the right number beside the wrong comparator is wrong. The words are those of ordinary Chinese and of units; what a term
of the field contains (a digit in a gene's name, a negation in a disease's) is explained by the labels of the entities.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from loaders.folding import Folded, fold

TIMES: Final = "{times}"
_COMPARATORS: Final = {
    word: sign
    for sign, words in {
        ">=": "≥ >= 至少 不少于 不低于",
        "<=": "≤ <= 至多 不超过 不高于",
        ">": "> 大于 超过 高于",
        "<": "< 小于 低于 不足",
        "=": "=",
    }.items()
    for word in words.split()
}
_TIMES: Final = {"个月": "mo", "月": "mo", "年": "a", "周": "wk", "天": "d", "日": "d", "小时": "h", "分钟": "min"}
_UNITS: Final = _TIMES | {"次": TIMES}
_NUMERALS: Final = {numeral: Decimal(value) for value, numeral in enumerate("一二三四五六七八九十", 1)} | {
    "两": Decimal(2)
}
_WORDS: Final = "|".join(re.escape(word) for word in sorted(_COMPARATORS, key=len, reverse=True))
_PERIODS: Final = "|".join(sorted(_UNITS, key=len, reverse=True))
_ATOM: Final = re.compile(
    rf"(?P<comparator>{_WORDS})?\s*(?P<number>\d+(?:\.\d+)?)\s*"
    rf"(?P<unit>%|[A-Za-zµμ]+(?:/[A-Za-z]+)?(?![A-Za-z])|{_PERIODS})?(?P<after>后)?"
)
_PER: Final = re.compile(rf"(?:/|每)(?P<unit>{'|'.join(sorted(_TIMES, key=len, reverse=True))})")
_NUMERAL: Final = re.compile(rf"(?P<number>[{''.join(_NUMERALS)}])(?P<unit>{_PERIODS})")
_MARKER: Final = re.compile(r"\[\d{1,3}(?:\s*[,、\-–]\s*\d{1,3})*\]")
_NEGATION: Final = re.compile(r"避免|没有|[不未无非勿]")
_BETTER: Final = re.compile(r"或更[佳好高多]|及以上|或以上")
# Ordinary words in which the character denies nothing.
_NO_NEGATION: Final = re.compile(
    r"有无|无论|不论|不管|不仅|不但|不断|不同|除非|非常|未来|不少于|不低于|不超过|不高于|不足"
)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A comparator, a number and a UCUM unit as printed, each None where it is not; start and end in the raw text.

    A comparison without a number (this or better) has neither number nor unit.

    An optional one may support what is stated and need not be stated itself (a numeral written as a word).
    """

    comparator: str | None
    number: Decimal | None
    unit: str | None
    start: int
    end: int
    optional: bool = False

    def __str__(self) -> str:
        """Show it as one reads it."""
        return quantity_text(self.comparator, self.number, self.unit)


@dataclass(frozen=True, slots=True)
class TextTokens:
    """The quantities and negations of a stretch of text."""

    quantities: tuple[Quantity, ...]
    negations: tuple[tuple[str, int], ...]


def quantity_text(comparator: str | None, number: Decimal | None, unit: str | None) -> str:
    """Return a quantity as text.

    >>> quantity_text(">=", Decimal("20"), "%")
    '>= 20 %'
    """
    parts = [comparator, None if number is None else format(number, "f"), "times" if unit == TIMES else unit]
    return " ".join(part for part in parts if part)


def read_tokens(raw: str, start: int, end: int, labels: Iterable[str]) -> TextTokens:
    """Return what stands between two positions of the raw text, leaving out what the labels explain."""
    folded = fold(raw[start:end])
    hidden = _hidden(folded, labels)
    return TextTokens(
        quantities=tuple(item for item in _quantities(folded, start) if not _inside(item.start - start, hidden)),
        negations=tuple(
            (match[0], start + folded.span(match.start(), match.end())[0])
            for match in _NEGATION.finditer(folded.text)
            if not _inside(folded.origins[match.start()], hidden) and not _ordinary(folded.text, match)
        ),
    )


def cut_tokens(raw: str, start: int, end: int) -> list[str]:
    """Return the quantities of the raw text that a span begins or ends inside of."""
    low = max(0, start - 40)
    folded = fold(raw[low : end + 40])
    cut = []
    for match in _ATOM.finditer(folded.text):
        first, last = folded.span(match.start(), match.end() - len(match["after"] or ""))
        first, last = first + low, last + low
        if first < start < last or first < end < last:
            cut.append(raw[first:last])
    return cut


def _quantities(folded: Folded, offset: int) -> Iterable[Quantity]:
    text = folded.text
    markers = [match.span() for match in _MARKER.finditer(text)]
    for match in _ATOM.finditer(text):
        if any(first <= match.start() < last for first, last in markers):
            continue
        word = match["comparator"]
        comparator = _COMPARATORS[word] if word else ">=" if match["after"] and match["unit"] in _UNITS else None
        unit = _UNITS.get(match["unit"], match["unit"]) if match["unit"] else None
        first, last = folded.span(match.start("number"), match.end("number"))
        yield Quantity(comparator, Decimal(match["number"]), unit, offset + first, offset + last)
    for match in _PER.finditer(text):
        first, last = folded.span(match.start(), match.end())
        yield Quantity(None, Decimal(1), _UNITS[match["unit"]], offset + first, offset + last)
    for match in _NUMERAL.finditer(text):
        first, last = folded.span(match.start(), match.end())
        yield Quantity(
            None, _NUMERALS[match["number"]], _UNITS[match["unit"]], offset + first, offset + last, optional=True
        )
    for match in _BETTER.finditer(text):
        first, last = folded.span(match.start(), match.end())
        yield Quantity(">=", None, None, offset + first, offset + last)
    for place, character in enumerate(folded.raw):
        if unicodedata.category(character) == "Nl":
            number = Decimal(str(int(unicodedata.numeric(character))))
            yield Quantity(None, number, None, offset + place, offset + place + 1)


def _hidden(folded: Folded, labels: Iterable[str]) -> list[tuple[int, int]]:
    """Return the stretches, in the raw piece, that the labels cover."""
    folded_labels = {fold(label).text.lower() for label in labels}
    text = folded.text.lower()
    return [
        folded.span(match.start(), match.end())
        for label in folded_labels
        if label
        for match in re.finditer(re.escape(label), text)
    ]


def _inside(place: int, stretches: list[tuple[int, int]]) -> bool:
    return any(first <= place < last for first, last in stretches)


def _ordinary(text: str, match: "re.Match[str]") -> bool:
    return any(word.start() <= match.start() < word.end() for word in _NO_NEGATION.finditer(text))
