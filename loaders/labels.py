"""Every name that the ontology gives to its terms, so that digits and negations inside a name are known as such."""

from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from kg.errors import DataError
from kg.namespaces import expand, local_name
from loaders.model import Source

_PROPERTIES: Final = frozenset(expand(name) for name in ("rdfs:label", "skos:altLabel", "skos:hiddenLabel"))


def read_labels(ontology: Path, source: Source) -> Mapping[str, tuple[str, ...]]:
    """Return local name → labels and synonyms in both languages, of the modules and of what the source itself names."""
    labels: dict[str, list[str]] = defaultdict(list)
    for path in sorted((ontology / "modules").glob("*.ttl")):
        try:
            for quad in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE):
                if quad.predicate.value in _PROPERTIES and isinstance(quad.subject, ox.NamedNode):
                    labels[local_name(quad.subject.value)].append(str(quad.object.value))
        except (SyntaxError, ValueError) as error:
            raise DataError(str(error), where=path.name, remedy="open it in an editor and repair it") from error
    document = source.document
    for agent in (*document.agents, *(person.agent for person in document.persons)):
        labels[agent.local] += [agent.label.en, agent.label.zh, *(word for word, _ in agent.alternatives)]
    return {name: tuple(words) for name, words in labels.items()}
