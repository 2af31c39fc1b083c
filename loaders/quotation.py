"""The words of the document for a span, for someone who has the document, and only where the digest matches."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from loaders.documents import find_document
from loaders.model import Document

Quote: TypeAlias = Callable[[int, int, str], str | None]


def quoter(text: str) -> Quote:
    """Return a function (start, end, digest) → the words, or None where they are not the ones that were read.

    >>> quoter("骨痛。")(0, 2, "0" * 64) is None
    True
    """

    def quote(start: int, end: int, digest: str) -> str | None:
        words = text[start:end]
        return words if hashlib.sha256(words.encode()).hexdigest() == digest else None

    return quote


def find_quoter(document: Document, place: Path) -> Quote | None:
    """Return a quoter over the document found at a file or folder, or None where it is not there."""
    text = find_document(document, place)
    return None if text is None else quoter(text)
