"""The named queries: files found by their name, and read only when somebody asks for them.

The id of a query is the name of its file: `get` reads one file, and nothing is parsed until then.
"""

from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Final

from kg.errors import DataError, NotFoundError
from kg.named_query import Kind, NamedQuery, Parameter, Resolve, read_query
from kg.resources import queries_root

__all__ = ["KINDS", "Catalogue", "Kind", "NamedQuery", "Parameter", "Resolve", "checks", "read_query"]

KINDS: Final[tuple[Kind, ...]] = ("cq", "qc")
_NEAREST: Final = 3
_LIKENESS: Final = 50


class Catalogue:
    """The named queries by id."""

    def __init__(self, paths: Mapping[str, Path]) -> None:
        """Hold the files of the queries by id; none is read yet."""
        self._paths = dict(sorted(paths.items()))
        self._read: dict[str, NamedQuery] = {}

    @classmethod
    def load(cls, root: Path | None = None) -> "Catalogue":
        """Find the query files under `cq/` and `qc/` of our own folder or of `root`, without reading them.

        Raises DataError where two files have one name.
        """
        base = queries_root() if root is None else root
        paths: dict[str, Path] = {}
        for kind in KINDS:
            for path in sorted((base / kind).glob("*.rq")):
                if path.stem in paths:
                    message = f"{path.stem!r} is the name of two queries"
                    raise DataError(message, where=str(path), remedy="rename one")
                paths[path.stem] = path
        return cls(paths)

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """The ids of all queries, sorted."""
        return tuple(self._paths)

    def __iter__(self) -> Iterator[NamedQuery]:
        """Yield every query, by id; reads all that were not read before."""
        return (self.get(name) for name in self._paths)

    def __len__(self) -> int:
        """Return how many queries there are."""
        return len(self._paths)

    def paths(self, kind: Kind) -> tuple[Path, ...]:
        """Return the files of the competency questions (`cq`) or of the checks (`qc`), by id; reads none."""
        return tuple(path for path in self._paths.values() if path.parent.name == kind)

    def of_kind(self, kind: Kind) -> tuple[NamedQuery, ...]:
        """Return the competency questions (`cq`) or the checks (`qc`), by id."""
        return tuple(self.get(path.stem) for path in self.paths(kind))

    def find(self, name: str) -> NamedQuery | None:
        """Return the query of an id, or None; raises DataError for a malformed head."""
        if name not in self._paths:
            return None
        if name not in self._read:
            self._read[name] = read_query(self._paths[name])
        return self._read[name]

    def get(self, name: str) -> NamedQuery:
        """Return the query of an id; raises NotFoundError with the nearest ids, DataError for a malformed head."""
        query = self.find(name)
        if query is None:
            nearest = self.nearest(name)
            offer = f"nearest: {', '.join(nearest)}" if nearest else "see: mbkg queries"
            message = f"there is no query {name!r} ({offer})"
            raise NotFoundError(message)
        return query

    def nearest(self, name: str) -> tuple[str, ...]:
        """Return up to three ids that are most like a name, best first."""
        from rapidfuzz import fuzz, process  # noqa: PLC0415 - needed only where a name is wrong

        hits = process.extract(
            name.casefold(), self.ids, scorer=fuzz.token_sort_ratio, limit=_NEAREST, score_cutoff=_LIKENESS
        )
        return tuple(hit[0] for hit in hits)


def checks(catalogue: Catalogue) -> tuple[NamedQuery, ...]:
    """Return the hygiene checks, by id: each row that one of them gives is a violation."""
    return catalogue.of_kind("qc")
