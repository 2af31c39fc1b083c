"""What an entity of a source folder is called in the graph: the join of `ontology/names.tsv`."""

import csv
import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from kg.errors import CodeError, DataError

_KINDS = frozenset({"class", "individual"})


@dataclass(frozen=True, slots=True)
class Name:
    """The local name of an entity and whether it is a class or an individual."""

    local: str
    kind: str


@dataclass(frozen=True, slots=True)
class Names:
    """Every name that a source may use, by entity id and by local name."""

    by_entity: dict[str, Name]

    def get(self, entity: str, *, where: str) -> Name:
        """Return the name of an entity; raises CodeError with the nearest names."""
        found = self.by_entity.get(entity)
        if found is None:
            nearest = tuple(difflib.get_close_matches(entity, sorted(self.by_entity), n=3, cutoff=0.6))
            message = f"no entity is called {entity!r}"
            remedy = "add it to names.tsv" + (f", or did you mean {', '.join(nearest)}?" if nearest else "")
            raise CodeError(message, code=entity, candidates=nearest, where=where, remedy=remedy)
        return found

    def with_individuals(self, local_names: Iterable[str]) -> "Names":
        """Return the names together with the individuals that a source declares itself."""
        own = {local: Name(local, "individual") for local in local_names}
        return Names(own | self.by_entity)


def read_names(path: Path) -> Names:
    """Read `names.tsv`; raises DataError with the line of a malformed row."""
    try:
        rows = list(csv.reader(path.read_text(encoding="utf-8").splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE))
    except OSError as error:
        message = "cannot be read"
        raise DataError(message, where=str(path), remedy="is the ontology complete?") from error
    header = rows[0] if rows else []
    places = {column: place for place, column in enumerate(header)}
    if not {"entity", "local_name", "kind"} <= set(places):
        message = "the columns entity, local_name and kind are needed"
        raise DataError(message, where=f"{path.name}:1", remedy="restore the header")
    by_local: dict[str, Name] = {}
    by_entity: dict[str, Name] = {}
    for number, row in enumerate(rows[1:], 2):
        if len(row) != len(header) or row[places["kind"]] not in _KINDS:
            message = f"{len(header)} columns with a kind of class or individual are needed"
            raise DataError(message, where=f"{path.name}:{number}", remedy="separate by single tabs")
        name = Name(row[places["local_name"]], row[places["kind"]])
        by_local[name.local] = name
        if entity := row[places["entity"]]:
            by_entity[entity] = name
    return Names(by_local | by_entity)
