"""What the fixtures of this folder are, and lists of a case that several tests use."""

from collections.abc import Callable
from typing import Any, Final

from kg.graph import Graph

Changed = Callable[..., Graph]
Verdict = Callable[..., str]

SMM: Final[dict[str, Any]] = {"conditions": [{"code": "SmolderingMultipleMyeloma"}]}
