"""What must fit together inside one source folder, whatever it is about."""

from collections.abc import Iterable, Iterator

from kg.errors import DataError
from loaders.model import Source, Span

_SCOPES = frozenset({"direct", "sentence", "block", "carried-forward"})
_BASES = frozenset({"named", "citation-only"})
_RELEVANCES = frozenset({"core", "background", "meta"})
_REACH = 4
"""A marker so many code points after a span still stands at its end (a verb of saying may lie between)."""
_SEVERITIES = frozenset({"high", "medium", "low"})


def check_source(source: Source) -> None:
    """Raise DataError for the first thing that cannot be right: an unknown id, one used twice, a span outside."""
    for message, where, remedy in _problems(source):
        raise DataError(message, where=where, remedy=remedy)


def _problems(source: Source) -> Iterator[tuple[str, str, str]]:
    yield from _doubles(source)
    yield from _spans(source)
    yield from _statements(source)
    yield from _scopes(source)
    for flag in source.flags:
        if flag.severity not in _SEVERITIES:
            yield f"{flag.severity!r} is no severity", flag.where, "high, medium or low"
    known = {statement.id for statement in source.statements}
    for conflict in source.conflicts:
        yield from _unknown((*conflict.side_a, *conflict.side_b), known, conflict.where, "statement")
    known |= {flag.code for flag in source.flags}
    for item in source.outside:
        yield from _unknown((*item.flagged, *item.traced), known, item.where, "statement")


def _unknown(ids: Iterable[str], known: set[str], where: str, what: str) -> Iterator[tuple[str, str, str]]:
    for name in ids:
        if name not in known:
            yield f"there is no {what} {name!r}", where, "correct the id"


def _doubles(source: Source) -> Iterator[tuple[str, str, str]]:
    seen: set[str] = set()
    named = [(statement.id, statement.where) for statement in source.statements]
    named += [(statement.key, statement.where) for statement in source.statements]
    named += [(reference.local, reference.where) for reference in (*source.references, *source.outside_references)]
    named += [("Flag " + flag.code, flag.where) for flag in source.flags]
    named += [(conflict.local, conflict.where) for conflict in source.conflicts]
    named += [(f"{item.kind} {item.local}", item.where) for item in source.outside]
    named += [(agent.local, agent.where) for agent in source.document.agents]
    named += [(person.agent.local, person.agent.where) for person in source.document.persons]
    for name, where in named:
        if name in seen:
            yield f"{name!r} stands twice", where, "give one of them another id"
        seen.add(name)


def _spans(source: Source) -> Iterator[tuple[str, str, str]]:
    spans: list[Span] = [turn.span for turn in source.document.turns]
    for statement in source.statements:
        spans += [statement.span, *statement.context]
    spans += [reference.span for reference in source.references if reference.span is not None]
    for span in spans:
        if span.end > source.document.characters:
            yield (
                f"the span ends at {span.end}, the text at {source.document.characters}",
                span.where,
                "correct the end",
            )


def _statements(source: Source) -> Iterator[tuple[str, str, str]]:
    document = source.document
    turns = {turn.number: turn for turn in document.turns}
    numbers = {reference.number for reference in source.references}
    codes = {flag.code for flag in source.flags}
    guidelines = {agent.local for agent in document.agents if agent.kind == "Guideline"}
    for statement in source.statements:
        turn = turns.get(statement.turn)
        if turn is None or turn.speaker != statement.speaker:
            yield f"{statement.speaker} does not speak in turn {statement.turn}", statement.where, "correct the turn"
        elif not turn.span.start <= statement.span.start < statement.span.end <= turn.span.end:
            yield f"the span lies outside turn {statement.turn}", statement.where, "correct the span or the turn"
        for number in statement.cites:
            if number not in numbers:
                yield f"there is no reference {number}", statement.where, "correct the number"
        if bool(statement.cites) != (statement.citation_scope in _SCOPES):
            yield "cites and citation_scope need one another", statement.where, "give both or neither"
        if statement.relevance not in _RELEVANCES:
            yield f"{statement.relevance!r} is no relevance", statement.where, "core, background or meta"
        yield from _unknown(statement.flags, codes, statement.where, "flag")
        if statement.guideline is not None and (
            statement.guideline not in guidelines or statement.guideline_basis not in _BASES
        ):
            yield (
                f"{statement.guideline!r} needs a known guideline and basis",
                statement.where,
                "named or citation-only",
            )


def _scopes(source: Source) -> Iterator[tuple[str, str, str]]:
    """Yield the statements whose citation says that the marker stands in the span where it does not, or the reverse."""
    markers = {reference.number: reference.markers for reference in source.references}
    for statement in source.statements:
        span = statement.span
        for number in statement.cites:
            places = markers.get(number, ())
            inside = any(span.start <= start and end <= span.end for start, end, _ in places)
            near = any(span.start <= start <= span.end + _REACH for start, _, _ in places)
            direct = statement.citation_scope == "direct"
            if places and (inside > direct or direct > near):
                message = f"the marker of reference {number} is {'' if inside else 'not '}in the span"
                yield message, statement.where, "direct where the marker stands in the span or at its end, only there"
