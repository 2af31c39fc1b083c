"""The words of the document for a span, for someone who has the document, and only where the digest matches."""

import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeAlias

from loaders.document_entries import document
from loaders.documents import find_document

Quote: TypeAlias = Callable[[str, int, int, str], str | None]


def quoter(texts: Mapping[str, str]) -> Quote:
    """Return a function (source, start, end, digest) → the words, or None where they are not the ones that were read.

    Positions count code points from 0, the end excluded; the digest is the SHA-256 of the words in UTF-8.

    >>> quoter({"example": "骨痛。"})("example", 0, 2, "0" * 64) is None
    True
    """

    def quote(source: str, start: int, end: int, digest: str) -> str | None:
        words = texts.get(source, "")[start:end]
        return words if hashlib.sha256(words.encode()).hexdigest() == digest else None

    return quote


def quotation_from(place: Path, ontology: Path) -> Quote | None:
    """Return a quoter over the documents found at a file or in a folder, or None where it holds none that we know.

    Raises DataError where a source.yaml under `ontology` cannot be read.
    """
    known = [document(path) for path in sorted((ontology / "sources").glob("*/source.yaml"))]
    texts = {item.id: text for item in known if (text := find_document(item, place)) is not None}
    return quoter(texts) if texts else None
