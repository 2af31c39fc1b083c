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


def tokens(text: str) -> Iterator[tuple[str, str]]:
    """Yield (kind, token) for the whole of a SPARQL text; joined, the tokens are the text again."""
    for match in _TOKEN.finditer(text):
        yield str(match.lastgroup), match.group()


@lru_cache(maxsize=512)
def names_dataset(text: str) -> bool:
    """Tell whether a query says by itself, with FROM, which graphs it reads."""
    return any(kind == "name" and word.upper() == "FROM" for kind, word in tokens(text))


def with_terms(text: str, parameters: Mapping[str, ox.NamedNode | ox.BlankNode | ox.Literal]) -> str:
    """Return the query with each `$name` or `?name` of a parameter replaced by its term, for people and remote engines.

    In the SELECT clause, where a term alone may not stand, the parameter becomes `(term AS ?name)`.
    """
    parts: list[str] = []
    in_head = depth = 0
    for kind, lexeme in tokens(text):
        word = lexeme.upper()
        if kind == "name" and word == "SELECT":
            in_head = 1
        elif lexeme == "{" or (kind == "name" and word in {"WHERE", "FROM"}):
            in_head = 0
        depth += (lexeme == "(") - (lexeme == ")") if kind == "other" else 0
        if kind == "variable" and lexeme[1:] in parameters:
            term = str(parameters[lexeme[1:]])
            parts.append(f"({term} AS ?{lexeme[1:]})" if in_head and depth == 0 else term)
        else:
            parts.append(lexeme)
    return "".join(parts)
