"""A second reading of the rulebook: what each rule says of a case, worked out in the plainest way.

It reads `data/rulebook.yaml` and `data/concepts.tsv`, shares no code with the product and does not read the ontology.
Clarity goes before speed: every sentence at the head of the rulebook has its place in one of these modules.

- `tables`: what is narrower than what, what excludes what, units and molar masses, by hand
- `rules`: the rulebook's expressions as trees, and Kleene truth
- `reading`: a case becomes facts (`entries`, `treatments` and `measures` hold its parts)
- `verdicts`: the outcome of every rule; `missing`: the smallest sets of unknown facts that settle one
"""

from .entries import CaseError
from .missing import TooManyFactsError, missing
from .reading import Reading, read
from .rules import RULES, Rule
from .verdicts import Outcome, problem_kinds, verdicts

__all__ = [
    "RULES",
    "CaseError",
    "Outcome",
    "Reading",
    "Rule",
    "TooManyFactsError",
    "missing",
    "problem_kinds",
    "read",
    "verdicts",
]
