"""Reading outside.yaml: what is known about the document's claims from elsewhere, each item with its source."""

from pathlib import Path

from kg.errors import DataError
from loaders.document_entries import reference
from loaders.entries import (
    find_bilingual,
    find_text,
    get_bilingual,
    get_entries,
    get_text,
    get_texts,
    known_keys,
    read_entry,
)
from loaders.model import OutsideItem, Reference
from loaders.strict_yaml import Entry

_SECTIONS = {"flags": "Flag", "checks": "SourceCheck", "defects": "Defect", "notes": "ContextNote"}
_ITEM = (
    "id",
    "label",
    "severity",
    "verification",
    "note",
    "basis",
    "concerns",
    "statements",
    "traced_to",
    "traced",
    "urls",
    "title",
    "doi",
    "pmid",
    "pmcid",
)
_VERIFICATIONS = frozenset({"verified", "unverified", "confirmed", "contradicted", "not-determined"})


def read_outside(path: Path) -> tuple[tuple[Reference, ...], tuple[OutsideItem, ...]]:
    """Return the publications and the items of outside.yaml; nothing where there is no such file."""
    if not path.is_file():
        return (), ()
    entry = read_entry(path)
    known_keys(entry, ("references", *_SECTIONS))
    references = tuple(reference(item) for item in get_entries(entry, "references"))
    items = tuple(_item(item, kind) for key, kind in _SECTIONS.items() for item in get_entries(entry, key))
    return references, items


def _item(entry: Entry, kind: str) -> OutsideItem:
    known_keys(entry, _ITEM)
    verification = get_text(entry, "verification")
    if verification not in _VERIFICATIONS:
        message = f"{verification!r} is no verification"
        raise DataError(
            message, where=entry.place("verification"), remedy="one of " + ", ".join(sorted(_VERIFICATIONS))
        )
    return OutsideItem(
        local=get_text(entry, "id"),
        kind=kind,
        verification=verification,
        note=get_bilingual(entry, "note"),
        label=find_bilingual(entry, "label"),
        basis=find_bilingual(entry, "basis"),
        severity=find_text(entry, "severity"),
        concerns=get_texts(entry, "concerns"),
        flagged=get_texts(entry, "statements"),
        traced_to=get_texts(entry, "traced_to"),
        traced=get_texts(entry, "traced"),
        urls=get_texts(entry, "urls"),
        identifiers=tuple((key, get_text(entry, key)) for key in ("title", "doi", "pmid", "pmcid") if key in entry),
        where=entry.where,
    )
