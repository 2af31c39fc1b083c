"""What each source says about bone protection in multiple myeloma, whether it applies, and where it is written.

>>> import kg
>>> graph = kg.open()
>>> graph.recommend({"id": "p", "conditions": [{"code": "SMM"}]})["start-imwg-smoldering"].outcome
'unknown'

Not a medical device. One article of a known day and month; see README.
"""

from kg.case import Case
from kg.errors import (
    CodeError,
    DataError,
    EnvironmentLackError,
    LimitError,
    MbkgError,
    NotFoundError,
    UnitError,
    UsageError,
)
from kg.graph import Graph
from kg.graph import open_graph as open  # noqa: A004 - kg.open() reads as it should
from kg.model import Label
from kg.provenance import Statement
from kg.results import Result

__version__ = "0.1.0"
__all__ = [
    "Case",
    "CodeError",
    "DataError",
    "EnvironmentLackError",
    "Graph",
    "Label",
    "LimitError",
    "MbkgError",
    "NotFoundError",
    "Result",
    "Statement",
    "UnitError",
    "UsageError",
    "open",
]
