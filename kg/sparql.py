"""The words of a SPARQL text: enough of a lexer to put terms in place of `$name` and to see a FROM, and no more."""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

import pyoxigraph as ox

_TOKEN = re.compile(
    r"""
      (?P<comment>\#[^\n\r]*)
    | (?P<iri><[^<>"{}|^`\\\x00-\x20]*>)
    | (?P<string>(?:'{3}(?:'{0,2}(?:[^'\\]|\\.))*'{3})|(?:"{3}(?:"{0,2}(?:[^"\\]|\\.))*"{3})
        |(?:'(?:[^'\\\n\r]|\\.)*')|(?:"(?:[^"\\\n\r]|\\.)*"))
    | (?P<variable>[?$][^\W]\w*)
    | (?P<name>[^\W\d][\w\-.]*(?::[\w\-.:%\\]*)?|:[\w\-.:%\\]*)
    | (?P<space>\s+)
    | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)

_CLAUSES = frozenset({"SELECT", "GROUP", "ORDER", "HAVING", "LIMIT", "OFFSET", "WHERE", "FROM", "VALUES"})


def tokens(text: str) -> Iterator[tuple[str, str]]:
    """Yield (kind, token) for the whole of a SPARQL text; joined, the tokens are the text again."""
    for match in _TOKEN.finditer(text):
        yield str(match.lastgroup), match.group()


@lru_cache(maxsize=512)
def names_dataset(text: str) -> bool:
    """Tell whether a query says by itself, with FROM, which graphs it reads."""
    return any(kind == "name" and word.upper() == "FROM" for kind, word in tokens(text))


@lru_cache(maxsize=512)
def asks_elsewhere(text: str) -> bool:
    """Tell whether a query sends a part of itself to another endpoint."""
    return any(kind == "name" and word.upper() == "SERVICE" for kind, word in tokens(text))


def with_terms(text: str, parameters: Mapping[str, ox.NamedNode | ox.BlankNode | ox.Literal]) -> str:
    """Return the query with each `$name` or `?name` of a parameter replaced by its term, for people and remote engines.

    In the SELECT clause, where a term alone may not stand, the parameter becomes `(term AS ?name)`, and ORDER BY keeps
    the name; where the query groups by the parameter, it is GROUP BY that names the term.
    """
    placed = list(_zones(text))
    grouped = {lexeme[1:] for zone, kind, lexeme in placed if zone == "GROUP" and kind == "variable"}
    parts: list[str] = []
    for zone, kind, lexeme in placed:
        name = lexeme[1:]
        if kind != "variable" or name not in parameters:
            parts.append(lexeme)
        elif zone == "ORDER" or (zone == "SELECT" and name in grouped):
            parts.append("?" + name)
        elif zone in {"SELECT", "GROUP"}:
            parts.append(f"({parameters[name]} AS ?{name})")
        else:
            parts.append(str(parameters[name]))
    return "".join(parts)


def _zones(text: str) -> Iterator[tuple[str, str, str]]:
    """Yield (clause, kind, lexeme); the clause is SELECT, GROUP or ORDER outside any bracket, else empty."""
    clause, depth = "", 0
    for kind, lexeme in tokens(text):
        word = lexeme.upper()
        if kind == "name" and word in _CLAUSES:
            clause = word
        elif lexeme in {"{", "}"}:
            clause = ""
        elif kind == "other":
            depth += (lexeme == "(") - (lexeme == ")")
        yield (clause if depth == 0 and clause in {"SELECT", "GROUP", "ORDER"} else "", kind, lexeme)
