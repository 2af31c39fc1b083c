"""`mbkg lookup` and `mbkg statement`: what a term means, and what a statement says and where."""

from typing import TYPE_CHECKING, Final

import click
from pyoxigraph import NamedNode

from kg.cli.about import write_about
from kg.cli.language import language, read, say
from kg.cli.options import (
    checked_name,
    checked_statement,
    command,
    open_graph,
    option,
    print_json,
    with_json,
    with_source,
)
from kg.cli.screen import Screen, joined
from kg.cli.statement_lines import flag_text, reference_text, span_text, speaker_text
from kg.errors import NotFoundError
from kg.model import KIND_OF_LIST, Label
from kg.namespaces import expand

if TYPE_CHECKING:
    from kg.graph import Graph
    from kg.lookup import Entity
    from kg.provenance import Statement

KINDS: Final = (*KIND_OF_LIST.values(), "modality")


@command(
    "lookup",
    Label(
        "What a name, synonym or code means. In either language; where nothing is called so, the nearest.",
        "名称、同义词或编码的含义。中英文均可；若无此名则列出最接近者。",
    ),
)
@click.argument("words", metavar="TEXT", nargs=-1, required=True)
@option(
    "--kind",
    type=click.Choice(KINDS),
    about=Label("Only terms that a case may hold as this.", "只查病例中可作此类的术语。"),
)
@with_json
def lookup_command(words: tuple[str, ...], kind: str | None, as_json: bool) -> None:  # noqa: FBT001 - as click passes it
    """Look a text up."""
    text = " ".join(words)
    found = open_graph().lookup(checked_name(text), kind=kind)
    if as_json:
        print_json([entity.to_dict() for entity in found])
        return
    if not found:
        message = f"nothing is called {text!r}, or anything like it; try another word"
        raise NotFoundError(message)
    screen = Screen()
    if not found[0].exact:
        screen.line(say(f"Nothing is called “{text}”. The nearest:", f"没有名为“{text}”的术语，最接近的有："), "open")
    for entity in found:
        _write_entity(screen, entity)


_KINDS: Final = {
    "condition": Label("condition", "疾病"),
    "drug": Label("drug", "药物"),
    "finding": Label("finding", "所见"),
    "measurement": Label("measurement", "检测指标"),
    "modality": Label("modality", "影像方法"),
}


def _write_entity(screen: Screen, entity: "Entity") -> None:
    other = entity.label.zh if language() == "en" else entity.label.en
    screen.line(joined((read(entity.label), other, entity.name)), "title")
    if read(entity.definition):
        screen.line(read(entity.definition), indent=2)
    for name, text in (
        (say("is a", "类别"), say(", ", "、").join(map(read, entity.types))),
        (say("in a case", "病例中作"), read(_KINDS[entity.kind]) if entity.kind else ""),
        (say("also", "又称"), say(", ", "、").join(entity.synonyms)),
        (say("codes", "编码"), say(", ", "、").join(entity.codes)),
        ("IRI", entity.iri),
    ):
        if text:
            screen.field(name, text, indent=2)


@command(
    "statement",
    Label(
        "Show a statement. What it says in our words, who said it, where it stands, what it cites, what to know of it.",
        "显示一条陈述。包括转述、发言者、在原文中的位置、所引文献及提示。",
    ),
)
@click.argument("identifiers", metavar="ID...", nargs=-1, required=True)
@with_json
@with_source
def statement_command(identifiers: tuple[str, ...], as_json: bool) -> None:  # noqa: FBT001 - as click passes it
    """Show statements."""
    graph = open_graph()
    found = [graph.statement(checked_statement(name)) for name in identifiers]
    if as_json:
        dicts = [statement.to_dict() for statement in found]
        print_json(dicts[0] if len(dicts) == 1 else list(dicts))
        return
    screen = Screen()
    for statement in found:
        write_statement(screen, statement, graph)
    write_about(screen, graph)


def write_statement(screen: Screen, statement: "Statement", graph: "Graph") -> None:
    """Write everything that is known of a statement."""
    kind = _named(f"Kind-{statement.kind}", graph)
    strength = _named(f"Strength-{statement.strength}", graph) if statement.strength else ""
    screen.line(joined((statement.id, kind, statement.guideline or "", strength)), "title")
    screen.line(read(statement.paraphrase), indent=2)
    if statement.quote is not None:
        screen.field(say("quotation", "引文"), f"“{statement.quote}”", "good", indent=2)
    screen.field(say("said by", "发言者"), speaker_text(statement), indent=2)
    screen.field(say("stands at", "位置"), span_text(statement), indent=2)
    screen.field("SHA-256", statement.sha256, "dim", indent=2)
    for name, value in statement.content:
        screen.field(_named(name, graph), read(value), indent=2)
    for reference in statement.references:
        screen.field(say("cites", "引用"), reference_text(reference, graph), indent=2)
    for flag in statement.flags:
        screen.field(say("▲ note", "▲ 提示"), flag_text(flag), "warn" if flag.severity == "high" else None, indent=2)


def _named(name: str, graph: "Graph") -> str:
    return read(graph.provenance.label(NamedNode(expand(f"mbkg:{name}"))))
