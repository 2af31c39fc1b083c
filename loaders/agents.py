"""The document itself, its turns, its speakers, and the bodies, guidelines and studies that it names."""

from loaders.entries import Bilingual
from loaders.model import Agent, Document, Person
from loaders.triples import TripleSet


def write_document(document: Document, triples: TripleSet) -> None:
    """Add the document, its turns, its people and what it names."""
    node = f"Document-{document.id}"
    triples.a(node, "Document")
    triples.string(node, "dcterms:identifier", document.id)
    triples.text(node, "rdfs:label", document.title)
    triples.string(node, "mbkg:dateAsPrinted", document.date_as_printed)
    triples.string(node, "mbkg:digest", document.digest)
    triples.string(node, "mbkg:languageTag", document.language)
    triples.integer(node, "mbkg:characterCount", document.characters)
    triples.link(node, "mbkg:publishedBy", document.publisher)
    triples.text(node, "mbkg:rights", document.rights)
    triples.text(node, "mbkg:note", document.note)
    for turn in document.turns:
        name = f"Turn-{document.id}-{turn.number}"
        triples.a(name, "Turn")
        triples.text(name, "rdfs:label", Bilingual(f"turn {turn.number}", f"第{turn.number}段发言"))
        triples.integer(name, "mbkg:order", turn.number)
        triples.link(name, "mbkg:statedBy", turn.speaker)
        triples.link(name, "mbkg:inDocument", node)
        triples.link(name, "mbkg:hasSpan", f"{name}-span")
        triples.a(f"{name}-span", "TextSpan")
        triples.integer(f"{name}-span", "oa:start", turn.span.start)
        triples.integer(f"{name}-span", "oa:end", turn.span.end)
        triples.string(f"{name}-span", "mbkg:digest", turn.span.digest)
    for person in document.persons:
        _person(person, triples)
    for agent in document.agents:
        _agent(agent, triples)
    for number, review in enumerate(document.reviews, 1):
        name = f"Review-{document.id}-{number}"
        triples.a(name, "Review")
        triples.text(name, "rdfs:label", Bilingual(f"review of {review.file}", f"{review.file} 的审阅"))
        triples.string(name, "mbkg:reviewOfFile", f"sources/{document.id}/{review.file}")
        triples.link(name, "mbkg:reviewOf", node)
        triples.text(name, "mbkg:reviewStatus", review.status)
        triples.link(name, "mbkg:reviewedBy", review.reviewer)


def _agent(agent: Agent, triples: TripleSet) -> None:
    node = agent.local
    triples.a(node, agent.kind)
    triples.text(node, "rdfs:label", agent.label)
    triples.string(node, "mbkg:shortName", agent.short_name)
    for word, language in agent.alternatives:
        if word not in {agent.label.en, agent.label.zh}:
            triples.word(node, "skos:altLabel", word, language)
    triples.text(node, "mbkg:note", agent.note)
    triples.link(node, "mbkg:publishedBy", agent.body)
    triples.string(node, "mbkg:registryNumber", agent.registry)


def _person(person: Person, triples: TripleSet) -> None:
    node = person.agent.local
    _agent(person.agent, triples)
    triples.text(node, "mbkg:role", person.role)
    triples.link(node, "mbkg:affiliatedWith", person.hospital)
    for title in person.titles:
        triples.text(node, "mbkg:professionalTitle", title)
    for number, membership in enumerate(person.memberships, 1):
        name = f"{node}-membership-{number}"
        triples.link(node, "mbkg:hasMembership", name)
        triples.a(name, "Membership")
        triples.integer(name, "mbkg:order", number)
        triples.text(name, "mbkg:role", membership.role)
        triples.text(name, "mbkg:committee", membership.committee)
        triples.link(name, "mbkg:inOrganisation", membership.organisation)
        if membership.span is not None:
            triples.link(name, "mbkg:hasSpan", f"{name}-span")
            triples.a(f"{name}-span", "TextSpan")
            triples.integer(f"{name}-span", "oa:start", membership.span.start)
            triples.integer(f"{name}-span", "oa:end", membership.span.end)
            triples.string(f"{name}-span", "mbkg:digest", membership.span.digest)
