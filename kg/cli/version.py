"""`mbkg version`: the software, the knowledge, the documents that it was read from, and the libraries."""

import sys
from importlib.metadata import PackageNotFoundError, version
from typing import Final

import kg
from kg.cli.about import CAUTION, REPORT, documents
from kg.cli.language import read, say
from kg.cli.options import command as declare
from kg.cli.options import open_graph, print_json, with_json
from kg.cli.screen import Screen, joined
from kg.model import Json, Label

_LIBRARIES: Final = ("pyoxigraph", "click", "rdflib", "networkx", "pint", "owlready2")


@declare(
    "version",
    Label(
        "Versions and digests. Of the software, the ontology, the documents, Python and the libraries.",
        "版本与摘要。包括软件、本体、文件、Python及各库。",
    ),
)
@with_json
def command(as_json: bool) -> None:  # noqa: FBT001 - as click passes it
    """Print the versions."""
    graph = open_graph()
    python = ".".join(map(str, sys.version_info[:3]))
    libraries = {name: found for name in _LIBRARIES if (found := _version(name)) is not None}
    papers = [joined((read(title), read(day))) for title, day in documents(graph)]
    if as_json:
        print_json(
            {
                "software": kg.__version__,
                "knowledge": graph.knowledge(),
                "documents": [title.to_dict() | {"date": day.to_dict()} for title, day in documents(graph)],
                "python": python,
                "libraries": dict[str, Json](libraries),
            }
        )
        return
    screen = Screen()
    for name, text in (
        (say("software", "软件"), f"myeloma-bone-kg {kg.__version__}"),
        (say("ontology", "本体"), graph.version_iri),
        ("SHA-256", graph.digest),
        *((say("document", "文件"), paper) for paper in papers),
        ("Python", python),
        (say("libraries", "库"), say(", ", "、").join(f"{name} {found}" for name, found in libraries.items())),
    ):
        screen.field(name, text, indent=0)
    screen.line(read(CAUTION), "dim")
    screen.line(read(REPORT), "dim")


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None
