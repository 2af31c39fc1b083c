"""Where the source folders of the tests lie, and what the fixture `spoil` is."""

from collections.abc import Callable
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
SECOND = REPOSITORY / "tests" / "data" / "sources" / "second"

Spoil = Callable[[str, str, str], Path]
