"""What of an engine's answer must not depend on how a case is written, and how it differs from the second reading."""

from collections.abc import Mapping
from typing import Any

from oracle import RULES, missing, problem_kinds, verdicts

from kg.recommend import Engine
from kg.verdicts import Verdicts

Essence = dict[str, tuple[Any, ...]]

OPPOSITE = {("applies", "does-not-apply"), ("does-not-apply", "applies")}


def essence(found: Verdicts) -> Essence:
    """For each recommendation: outcome, readings, missing facts, and the truth of each criterion."""
    return {
        one.id: (one.outcome, one.readings, one.missing, tuple((r.criterion.iri, r.truth) for r in one.reasons))
        for one in found
    }


def outcomes(found: Verdicts) -> dict[str, str]:
    """The outcome of each recommendation."""
    return {one.id: one.outcome for one in found}


def disagreements(engine: Engine, case: Mapping[str, Any]) -> list[str]:
    """Where the engine and the second reading differ on verdicts, readings and kinds of problem: a line for each."""
    found, expected = engine.recommend(case), verdicts(case)
    lines = []
    for one in found:
        readings = dict(zip(("narrow", "broad"), one.readings, strict=True)) if one.readings else {}
        if (one.outcome, readings) != (expected[one.id].verdict, expected[one.id].readings):
            lines.append(f"{one.id}: {one.outcome} {readings}, expected {expected[one.id]}")
    kinds = {problem.kind for problem in found.problems}
    if kinds != problem_kinds(case):
        lines.append(f"problems: {sorted(kinds)}, expected {sorted(problem_kinds(case))}")
    if set(outcomes(found)) != set(RULES):
        lines.append(f"rules: {set(outcomes(found)) ^ set(RULES)}")
    return lines


def missing_disagreements(engine: Engine, case: Mapping[str, Any], rule: str, *, leaves: int) -> list[str] | None:
    """Where the missing facts of one rule are not those that trying all finds; None where there are too many to try."""
    try:
        expected = missing(dict(case), rule, max_leaves=leaves)
    except ValueError:
        return None
    found = [list(names) for names in engine.recommend(case)[rule].missing]
    return [] if found == expected else [f"{rule}: {found}, expected {expected}"]
