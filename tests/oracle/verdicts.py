"""The outcome of every rule for a case."""

from dataclasses import dataclass

from .entries import Case
from .reading import Reading, read
from .rules import RULES, Rule, Truth, evaluate

WORDS: dict[Truth, str] = {True: "true", False: "false", None: "unknown"}


@dataclass(frozen=True, slots=True)
class Outcome:
    """The verdict on one rule, and the truth of its readings (of one reading: twice the same)."""

    verdict: str
    narrow: Truth
    broad: Truth
    has_two_readings: bool

    @property
    def readings(self) -> dict[str, str]:
        """As `readings` of verdicts.schema.json; empty where there is one reading."""
        return {"narrow": WORDS[self.narrow], "broad": WORDS[self.broad]} if self.has_two_readings else {}


def outcome_of(rule: Rule, reading: Reading) -> Outcome:
    narrow, broad = evaluate(rule.narrow, reading.truth_of), evaluate(rule.broad, reading.truth_of)
    if narrow:
        verdict = "applies"
    elif broad is False:
        verdict = "does-not-apply"
    else:
        verdict = "ambiguous" if broad else "unknown"
    return Outcome(verdict, narrow, broad, rule.has_two_readings)


def verdicts(case: Case) -> dict[str, Outcome]:
    """The outcome of every rule, by its id, in the rulebook's order. Raises CaseError where the case cannot be read."""
    reading = read(case)
    return {name: outcome_of(rule, reading) for name, rule in RULES.items()}


def problem_kinds(case: Case) -> frozenset[str]:
    """The kinds of problem that are reported with the verdicts.

    A label conflict: restrict-low-risk applies beside another rule of the topic start that applies.
    """
    reading = read(case)
    kinds = {problem.kind for problem in reading.problems}
    starts = {name for name, rule in RULES.items() if rule.topic == "start"}
    applying = {name for name in starts if outcome_of(RULES[name], reading).verdict == "applies"}
    if "restrict-low-risk" in applying and len(applying) > 1:
        kinds.add("label-conflict")
    return frozenset(kinds)
