"""An entry of a printed reference list in its fields, even where the spaces were lost in print."""

import re
from dataclasses import dataclass
from typing import Final

_NUMBER: Final = re.compile(r"(\d{1,3})\s*\.\s*")
_TYPE: Final = re.compile(r"\s*\[[A-Z](?:/[A-Z]{2})?\]\s*")
_PAGES: Final = r"(?P<pages>[A-Za-z]?\d+(?:[-–][A-Za-z]?\d+)?)"
_VOLUME: Final = r"(?P<volume>\d+)\s*(?:\((?P<issue>[^)]+)\))?"
_CHINESE_STYLE: Final = re.compile(rf"(?P<journal>[^.,]+),\s*(?P<year>\d{{4}}),\s*{_VOLUME}:\s*{_PAGES}\.?\s*\Z")
_VANCOUVER_STYLE: Final = re.compile(
    rf"(?P<journal>[^.,;]+)\.\s*(?P<year>\d{{4}})\s*(?P<month>[A-Z][a-z]{{2}}\s*\d{{0,2}})?;\s*{_VOLUME}:\s*{_PAGES}\.?\s*\Z"
)
_WESTERN_NAME: Final = re.compile(r"[A-Z][A-Za-zÀ-ÿ'\-]*[a-zÀ-ÿ]\s*[A-Z]{1,3}\Z")
_CHINESE_NAME: Final = re.compile(r"[一-鿿·]{2,4}\Z")
_YEAR: Final = re.compile(r"(?<!\d)((?:19|20)\d{2})(?!\d)")
_VERSION: Final = re.compile(r"(?:\A|[.\s])(V(?:ersion)?\s*\d+(?:\.\d+)?)\Z", re.IGNORECASE)
_ET_AL: Final = {"etal", "等"}


@dataclass(frozen=True, slots=True)
class ReferenceEntry:
    """One entry: what is not printed is None; `kind` is journal-article or other."""

    number: int
    start: int
    end: int
    authors: tuple[str, ...]
    et_al: bool
    corporate_author: str | None
    title: str | None
    journal: str | None
    year: int | None
    month: str | None
    volume: str | None
    issue: str | None
    pages: str | None
    version: str | None
    kind: str


def read_reference(text: str, start: int, end: int) -> ReferenceEntry:
    """Read one entry, folded, that stands at start to end of the raw text; it begins with its number and a point.

    >>> entry = read_reference("7.RajeN,TerposE,etal.LancetOncol.2018;19:370-81.", 0, 48)
    >>> entry.authors, entry.et_al, entry.journal, entry.year, entry.volume, entry.pages
    (('RajeN', 'TerposE'), True, 'LancetOncol', 2018, '19', '370-81')
    """
    opening = _NUMBER.match(text)
    number = int(opening[1]) if opening else 0
    rest = text[opening.end() :] if opening else text
    rest = _TYPE.sub(".", rest).replace("..", ".")
    tail = _VANCOUVER_STYLE.search(rest) or _CHINESE_STYLE.search(rest)
    head = rest[: tail.start()] if tail else rest
    fields = tail.groupdict() if tail else {}
    parts = [part.strip() for part in head.split(".") if part.strip()]
    authors, et_al = _authors(parts[0]) if parts else ((), False)
    if authors:
        parts = parts[1:]
    version = None if tail else _version(parts)
    year = fields.get("year") or (None if tail else _year(parts))
    return ReferenceEntry(
        number=number,
        start=start,
        end=end,
        authors=authors,
        et_al=et_al,
        corporate_author=parts[0] if len(parts) > 1 else None,
        title=parts[-1] if parts else None,
        journal=_stripped(fields.get("journal")),
        year=int(year) if year else None,
        month=_stripped(fields.get("month")),
        volume=fields.get("volume"),
        issue=fields.get("issue"),
        pages=fields.get("pages"),
        version=version,
        kind="journal-article" if tail else "other",
    )


def _stripped(text: str | None) -> str | None:
    return text.strip() if text else None


def _authors(part: str) -> tuple[tuple[str, ...], bool]:
    """Return the names in a list of authors and whether others follow; nothing where it is no list of names."""
    names = [name.strip() for name in part.split(",") if name.strip()]
    others = bool(names) and names[-1].replace(" ", "") in _ET_AL
    if others:
        names = names[:-1]
    if names and all(_WESTERN_NAME.match(name) or _CHINESE_NAME.match(name) for name in names):
        return tuple(names), others
    return (), False


def _version(parts: list[str]) -> str | None:
    """Take the version off the end of what is printed."""
    if parts and (match := _VERSION.search(parts[-1])):
        rest = parts[-1][: match.start()].strip()
        parts[-1:] = [rest] if rest else []
        return match[1]
    return None


def _year(parts: list[str]) -> str | None:
    """Take a year off the front of what is printed."""
    if parts and (match := _YEAR.match(parts[0])):
        rest = parts[0][match.end() :].strip()
        parts[:1] = [rest] if rest else []
        return match[1]
    return None
