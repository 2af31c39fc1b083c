"""A round-table article of the medical press, read into its parts; every offset counts code points of the raw text.

What marks the parts is their form and nothing else: a speaker's name with a title and a colon begins a turn, `[n]` with
digits is a citation, a line that is a speaker's name alone begins a biography. Matching goes through the folded view.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from kg.errors import DataError
from loaders.folding import Folded, fold
from loaders.reference_list import ReferenceEntry, read_reference

_DATE: Final = re.compile(r"(?:\d{4}年)?\d{1,2}月\d{1,2}日\Z")
_CREDIT: Final = re.compile(r"(整理|来源):\s*(.+)\Z")
_SPEAKER: Final = re.compile(r"([一-鿿·]{2,6}?)(教授|主任医师|主任|医师|医生|博士|院长|老师|主持人):")
_NAMED: Final = re.compile(r"([一-鿿·]{2,6}):")
_MARKER: Final = re.compile(r"\[(\d{1,3}(?:\s*[,、\-–]\s*\d{1,3})*)\]")
_SENTENCE: Final = re.compile(r"[^。!?]*(?:[。!?]+[”’\"』」)]*(?:\[[\d,、\-–\s]+\])*|\Z)", re.DOTALL)
_CLAUSE_END: Final = re.compile(r"[,;、:]")
_REFERENCES: Final = "参考文献"
_ENTRY: Final = re.compile(r"(\d{1,3})\s*\.")
_TITLE_MARK: Final = re.compile(r"[,、\s]+")


@dataclass(frozen=True, slots=True)
class Stretch:
    """Where something stands: start (inclusive) and end (exclusive)."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence; `number` counts from 1 through the body, `turn` 0 is the editorial frame."""

    number: int
    turn: int
    place: Stretch


@dataclass(frozen=True, slots=True)
class SpokenTurn:
    """What one speaker says; `place` begins at the speaker's name, the sentences after the colon."""

    number: int
    speaker: str | None
    place: Stretch
    paragraphs: tuple[Stretch, ...]
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Marker:
    """A citation marker, and the three stretches that it may cover, from the nearest to the widest.

    `direct` is the clause that it ends, `sentence` the sentence up to it, `block` the paragraph from the marker before.
    """

    place: Stretch
    numbers: tuple[int, ...]
    turn: int
    direct: Stretch
    sentence: Stretch
    block: Stretch


@dataclass(frozen=True, slots=True)
class Biography:
    """A speaker's biography: titles as printed, and one stretch for each line."""

    name: str
    titles: tuple[str, ...]
    place: Stretch
    lines: tuple[Stretch, ...]


@dataclass(frozen=True, slots=True)
class Article:
    """A round-table article in its parts; `turns[0]` is the editorial frame without its heading."""

    title: Stretch
    date: str
    credits: tuple[tuple[str, str], ...]
    heading: Stretch | None
    frame: SpokenTurn
    turns: tuple[SpokenTurn, ...]
    markers: tuple[Marker, ...]
    references: tuple[ReferenceEntry, ...]
    biographies: tuple[Biography, ...]

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """Return every sentence of the body, the heading among them, in order."""
        return (*self.frame.sentences, *(sentence for turn in self.turns for sentence in turn.sentences))


@dataclass(frozen=True, slots=True)
class _Line:
    place: Stretch
    text: str


def read_article(text: str) -> Article:
    """Read an article; raises DataError where it is no round-table (no date, no turn, no reference list)."""
    lines = _lines(fold(text))
    date = _find(lines, lambda line: _DATE.match(line.text) is not None, "a line with the date")
    end = _find(lines, lambda line: line.text == _REFERENCES, "the heading of the reference list")
    starts = _turn_starts(lines, date, end)
    body_end = _body_end(lines, starts, end)
    credits_ = [match.groups() for line in lines[date + 1 : starts[0]] if (match := _CREDIT.match(line.text))]
    intro = [line for line in lines[date + 1 : starts[0]] if line.text and not _CREDIT.match(line.text)]
    heading = intro[-1].place if intro and not intro[-1].text.endswith(("。", "!", "?")) else None
    titles = [line.place for line in lines[:date] if line.text]
    if not titles:
        message = "no title before the date"
        raise DataError(message, where="article", remedy="is the top of the page cut off?")
    frame = _turn(text, 0, None, [line.place for line in intro], 1)
    turns: list[SpokenTurn] = []
    count = 1 + len(frame.sentences)
    for number, (first, after) in enumerate(pairwise([*starts, body_end]), 1):
        turn = _turn(text, number, lines[first].text, [line.place for line in lines[first:after] if line.text], count)
        turns.append(turn)
        count += len(turn.sentences)
    return Article(
        title=titles[-1],
        date=lines[date].text,
        credits=tuple((label, who) for label, who in credits_),
        heading=heading,
        frame=frame,
        turns=tuple(turns),
        markers=tuple(marker for turn in turns for marker in _markers(text, turn)),
        references=tuple(_references(lines, end)),
        biographies=_biographies(lines, {turn.speaker for turn in turns if turn.speaker}, body_end, end),
    )


def _lines(folded: Folded) -> list[_Line]:
    lines = []
    start = 0
    for raw in folded.raw.split("\n"):
        stripped = raw.strip()
        begin = start + raw.find(stripped) if stripped else start
        lines.append(_Line(Stretch(begin, begin + len(stripped)), fold(stripped).text.strip()))
        start += len(raw) + 1
    return lines


def _find(lines: list[_Line], test: Callable[[_Line], bool], what: str) -> int:
    for number, line in enumerate(lines):
        if test(line):
            return number
    message = f"{what} is missing"
    raise DataError(message, where="article", remedy="is this the whole page of a round-table?")


def _turn_starts(lines: list[_Line], date: int, end: int) -> list[int]:
    """Return the lines that begin a turn: name and title, or the name of someone who has a biography."""
    alone = {line.text for line in lines[date:end]}
    starts = [
        number
        for number, line in enumerate(lines[date:end], date)
        if _SPEAKER.match(line.text) or ((named := _NAMED.match(line.text)) and named[1] in alone)
    ]
    if not starts:
        message = "nobody speaks"
        raise DataError(message, where="article", remedy="a turn begins with a name, a title and a colon")
    return starts


def _body_end(lines: list[_Line], starts: list[int], end: int) -> int:
    names = {_speaker(lines[start].text) for start in starts}
    return next((number for number in range(starts[0], end) if lines[number].text in names), end)


def _speaker(text: str) -> str:
    match = _SPEAKER.match(text) or _NAMED.match(text)
    return match[1] if match else text


def _turn(text: str, number: int, opening: str | None, places: list[Stretch], first: int) -> SpokenTurn:
    """Read the paragraphs of one turn into sentences, counted from `first`."""
    sentences: list[Sentence] = []
    for place in places:
        folded = fold(text[place.start : place.end])
        begin = 0
        if (
            opening is not None
            and place is places[0]
            and (match := _SPEAKER.match(folded.text) or _NAMED.match(folded.text))
        ):
            begin = match.end()
        for found in _SENTENCE.finditer(folded.text, begin):
            stretch = _trimmed(folded, found.start(), found.end(), place.start)
            if stretch is not None:
                sentences.append(Sentence(first + len(sentences), number, stretch))
    whole = Stretch(places[0].start, places[-1].end) if places else Stretch(0, 0)
    speaker = None if opening is None else _speaker(opening)
    return SpokenTurn(number, speaker, whole, tuple(places), tuple(sentences))


def _trimmed(folded: Folded, start: int, end: int, offset: int) -> Stretch | None:
    piece = folded.text[start:end]
    if not piece.strip():
        return None
    start += len(piece) - len(piece.lstrip())
    end -= len(piece) - len(piece.rstrip())
    raw_start, raw_end = folded.span(start, end)
    return Stretch(offset + raw_start, offset + raw_end)


def _markers(text: str, turn: SpokenTurn) -> list[Marker]:
    markers: list[Marker] = []
    for paragraph in turn.paragraphs:
        folded = fold(text[paragraph.start : paragraph.end])
        block = next(
            (item.place.start for item in turn.sentences if item.place.start >= paragraph.start), paragraph.start
        )
        for match in _MARKER.finditer(folded.text):
            low, high = folded.span(match.start(), match.end())
            place = Stretch(paragraph.start + low, paragraph.start + high)
            sentence = next(item.place for item in turn.sentences if item.place.start <= place.start < item.place.end)
            before = [clause.end() for clause in _CLAUSE_END.finditer(folded.text, 0, match.start())]
            clause = paragraph.start + folded.span(before[-1], before[-1] + 1)[0] if before else sentence.start
            markers.append(
                Marker(
                    place=place,
                    numbers=_numbers(match[1]),
                    turn=turn.number,
                    direct=Stretch(max(clause, sentence.start), place.end),
                    sentence=Stretch(sentence.start, place.end),
                    block=Stretch(block, place.end),
                )
            )
            block = place.end
    return markers


def _numbers(inside: str) -> tuple[int, ...]:
    numbers: list[int] = []
    for part in re.split(r"\s*[,、]\s*", inside):
        ends = [int(digits) for digits in re.split(r"\s*[-–]\s*", part)]
        numbers += range(ends[0], ends[-1] + 1)
    return tuple(numbers)


def _references(lines: list[_Line], heading: int) -> list[ReferenceEntry]:
    entries: list[ReferenceEntry] = []
    for line in lines[heading + 1 :]:
        if not line.text:
            if entries:
                break
            continue
        if not _ENTRY.match(line.text):
            break
        entries.append(read_reference(line.text, line.place.start, line.place.end))
    return entries


def _biographies(lines: list[_Line], names: set[str], begin: int, end: int) -> tuple[Biography, ...]:
    starts = [number for number in range(begin, end) if lines[number].text in names]
    found = []
    for first, after in pairwise([*starts, end]):
        rest = [line for line in lines[first + 1 : after] if line.text]
        titles = tuple(part for part in _TITLE_MARK.split(rest[0].text) if part) if rest else ()
        places = tuple(line.place for line in rest[1:])
        last = rest[-1].place.end if rest else lines[first].place.end
        found.append(Biography(lines[first].text, titles, Stretch(lines[first].place.start, last), places))
    return tuple(found)
