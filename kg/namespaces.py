"""The vocabularies that the graph is written in: one place for every prefix and IRI that Python names."""

from typing import Final

BASE: Final = "https://w3id.org/mbkg/"

PREFIXES: Final[dict[str, str]] = {
    "cito": "http://purl.org/spar/cito/",
    "dcterms": "http://purl.org/dc/terms/",
    "mbkg": BASE,
    "oa": "http://www.w3.org/ns/oa#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "sh": "http://www.w3.org/ns/shacl#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}

ONTOLOGY_GRAPH: Final = BASE + "ontology"
OUTSIDE_GRAPH: Final = BASE + "outside"
INFERRED_GRAPH: Final = BASE + "inferred"
DOCUMENT_GRAPH_PREFIX: Final = BASE + "document/"


def expand(curie: str) -> str:
    """Turn a prefixed name into an IRI.

    >>> expand("mbkg:Denosumab")
    'https://w3id.org/mbkg/Denosumab'
    """
    prefix, _, local = curie.partition(":")
    return PREFIXES[prefix] + local


def compress(iri: str) -> str:
    """Turn an IRI into a prefixed name where a prefix fits, and leave it as it is where none does.

    >>> compress("https://w3id.org/mbkg/Denosumab")
    'mbkg:Denosumab'
    """
    for prefix, namespace in PREFIXES.items():
        if iri.startswith(namespace):
            return f"{prefix}:{iri[len(namespace) :]}"
    return iri


def local_name(iri: str) -> str:
    """Return what follows our base, or the IRI itself where it is not ours.

    >>> local_name("https://w3id.org/mbkg/S042")
    'S042'
    """
    return iri.removeprefix(BASE)
