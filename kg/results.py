"""The rows of a query as Python values."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, TypeAlias

import pyoxigraph as ox

from kg.errors import UsageError
from kg.namespaces import PREFIXES
from kg.sparql import with_terms
from kg.store import Term

Value: TypeAlias = str | int | Decimal | bool | None
_READERS: Final[Mapping[str, Callable[[str], Value]]] = {
    PREFIXES["xsd"] + "integer": int,
    PREFIXES["xsd"] + "decimal": Decimal,
    PREFIXES["xsd"] + "boolean": "true".__eq__,
}


@dataclass(frozen=True, slots=True)
class Result:
    """The rows of a query as Python values: IRIs and text as str, numbers as int or Decimal, None where unbound."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]
    query: str = field(repr=False)
    bound: Mapping[str, Term] = field(repr=False, default_factory=dict)

    @property
    def text(self) -> str:
        """The query as anyone can run it again, with the terms of its parameters put in."""
        return with_terms(self.query, self.bound) if self.bound else self.query

    def __iter__(self) -> Iterator[tuple[Value, ...]]:
        """Iterate over the rows."""
        return iter(self.rows)

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.rows)

    def to_dicts(self) -> list[dict[str, Value]]:
        """Return each row as a mapping from column to value."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]


def result_of(found: object, text: str, bound: Mapping[str, Term]) -> Result:
    """Return what a SELECT found, with the query and the terms bound in it; raises UsageError for another query."""
    if not isinstance(found, ox.QuerySolutions):
        message = "a named query is a SELECT"
        raise UsageError(message)
    columns = tuple(variable.value for variable in found.variables)
    rows = tuple([tuple(map(_value, solution)) for solution in found])
    return Result(columns, rows, text, bound)


def _value(term: object) -> Value:
    if term is None:
        return None
    if isinstance(term, ox.Literal):
        read = _READERS.get(term.datatype.value)
        return term.value if read is None else read(term.value)
    return term.value if isinstance(term, ox.NamedNode) else str(term)
