"""Finding the document that a source was read from: a file is known by its SHA-256, whatever it is called."""

import hashlib
from pathlib import Path
from typing import Final

from loaders.model import Document

_MAX_BYTES: Final = 16 * 1024 * 1024


def find_document(document: Document, place: Path) -> str | None:
    """Return the raw text of the document from a file, or from any file of a folder, or None where it is not there."""
    candidates = [place] if place.is_file() else sorted(place.iterdir()) if place.is_dir() else []
    for path in candidates:
        if not path.is_file() or path.stat().st_size > _MAX_BYTES:
            continue
        content = path.read_bytes()
        if hashlib.sha256(content).hexdigest() == document.digest:
            return content.decode("utf-8")
    return None
