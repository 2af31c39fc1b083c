"""The rulebook's expressions as trees, and their Kleene truth (True, False, or None for unknown)."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

import yaml

from .tables import CONCEPTS, DATA, MODALITIES

Truth = bool | None
FACTORS = 3  # the factors of 20/2/20


@dataclass(frozen=True, slots=True)
class Fact:
    """on(D), cond(C) or has(F): `name` is the fact's name."""

    name: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """The measurement's current value compares so with `value`, in the measurement's default unit."""

    measurement: str
    comparator: str
    value: Fraction


@dataclass(frozen=True, slots=True)
class Not:
    """True where the part is false."""

    part: "Tree"


@dataclass(frozen=True, slots=True)
class All:
    """All of the parts (and)."""

    parts: tuple["Tree", ...]


@dataclass(frozen=True, slots=True)
class Some:
    """At least one of the parts (or)."""

    parts: tuple["Tree", ...]


@dataclass(frozen=True, slots=True)
class Named:
    """Another rule's truth: that of its broad reading."""

    rule: str


Tree = Fact | Comparison | Not | All | Some | Named
Leaf = Fact | Comparison


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule; with one reading, `narrow` and `broad` are the same tree."""

    id: str
    topic: str
    narrow: Tree
    broad: Tree

    @property
    def has_two_readings(self) -> bool:
        return self.narrow != self.broad


def kleene_not(truth: Truth) -> Truth:
    return None if truth is None else not truth


def kleene_all(truths: Iterable[Truth]) -> Truth:
    every = list(truths)
    if False in every:
        return False
    return None if None in every else True


def kleene_some(truths: Iterable[Truth]) -> Truth:
    every = list(truths)
    if True in every:
        return True
    return None if None in every else False


def evaluate(tree: Tree, of_leaf: Callable[[Leaf], Truth]) -> Truth:
    """The truth of a tree, given that of each leaf."""
    match tree:
        case Not(part):
            return kleene_not(evaluate(part, of_leaf))
        case All(parts):
            return kleene_all(evaluate(part, of_leaf) for part in parts)
        case Some(parts):
            return kleene_some(evaluate(part, of_leaf) for part in parts)
        case Named(rule):
            return evaluate(RULES[rule].broad, of_leaf)
        case Fact() | Comparison():
            return of_leaf(tree)


def leaves(tree: Tree) -> Iterator[Leaf]:
    """Every leaf of a tree; a rule's name gives the leaves of both its readings."""
    match tree:
        case Not(part):
            yield from leaves(part)
        case All(parts) | Some(parts):
            for part in parts:
                yield from leaves(part)
        case Named(rule):
            yield from rule_leaves(RULES[rule])
        case Fact() | Comparison():
            yield tree


def rule_leaves(rule: Rule) -> tuple[Leaf, ...]:
    """Every leaf of a rule once, of both readings, in the order of the text."""
    return tuple(dict.fromkeys((*leaves(rule.narrow), *leaves(rule.broad))))


TOKEN = re.compile(
    r"""\s*(?:
      (?P<call>(?:on|cond|has)\([^()]*\))
    | (?P<macro>all\ three\ factors|any\ one\ factor|imaging)
    | (?P<comparison>\w+\s*(?:>=|<=|>|<)\s*\d+(?:\.\d+)?(?:\s*(?:%|mmol/L|g/dL|mL/min|mo)(?=[\s)]|$))?)
    | (?P<rule>[a-z0-9]+(?:-[a-z0-9]+)+)
    | (?P<word>and|or|not|\(|\))
    )""",
    re.VERBOSE,
)
COMPARISON = re.compile(r"(\w+)\s*(>=|<=|>|<)\s*([\d.]+)\s*(\S*)")


class _Parser:
    """One expression: `or` binds least, then `and`, then `not`; parentheses; the macros of the rule's own entry."""

    def __init__(self, text: str, macros: Mapping[str, Tree]) -> None:
        self.tokens = _tokens(text)
        self.macros = macros

    def whole(self) -> Tree:
        tree = self.disjunction()
        if self.tokens:
            raise ValueError(self.tokens)
        return tree

    def disjunction(self) -> Tree:
        parts = [self.conjunction()]
        while self.tokens and self.tokens[0] == ("word", "or"):
            self.tokens.pop(0)
            parts.append(self.conjunction())
        return parts[0] if len(parts) == 1 else Some(tuple(parts))

    def conjunction(self) -> Tree:
        parts = [self.term()]
        while self.tokens and self.tokens[0] == ("word", "and"):
            self.tokens.pop(0)
            parts.append(self.term())
        return parts[0] if len(parts) == 1 else All(tuple(parts))

    def term(self) -> Tree:
        kind, text = self.tokens.pop(0)
        match kind, text:
            case "word", "not":
                return Not(self.term())
            case "word", "(":
                tree = self.disjunction()
                if self.tokens.pop(0) != ("word", ")"):
                    raise ValueError(text)
                return tree
            case "call", _:
                return _call(text)
            case "macro", _:
                return self.macros[text]
            case "comparison", _:
                return _comparison(text)
            case "rule", _:
                return Named(text)
            case _:
                raise ValueError(text)


def _tokens(text: str) -> list[tuple[str, str]]:
    found, at = [], 0
    while at < len(text.rstrip()):
        match = TOKEN.match(text, at)
        if match is None or match.lastgroup is None:
            raise ValueError(text[at:])
        found.append((match.lastgroup, match[match.lastgroup]))
        at = match.end()
    return found


def _call(text: str) -> Tree:
    """on(D), cond(C), has(F), or has(F on M or N), which is seen with M or seen with N."""
    word, inside = text.removesuffix(")").split("(")
    name, *modalities = re.split(r" on | or ", inside)
    if CONCEPTS[name].kind != {"on": "drug", "cond": "condition", "has": "finding"}[word]:
        raise ValueError(text)
    if word == "on":
        return Fact(f"on:{name}")
    if not modalities:
        return Fact(name)
    if not set(modalities) <= set(MODALITIES[name]):
        raise ValueError(text)
    parts = tuple(Fact(f"{name}@{modality}") for modality in modalities)
    return parts[0] if len(parts) == 1 else Some(parts)


def _comparison(text: str) -> Comparison:
    match = COMPARISON.fullmatch(text)
    if match is None or CONCEPTS[match[1]].unit != (match[4] or "1"):
        raise ValueError(text)
    return Comparison(match[1], match[2], Fraction(match[3]))


def parse(text: str, macros: Mapping[str, Tree] | None = None) -> Tree:
    """The tree of an expression. Raises ValueError where it is not one."""
    return _Parser(text, macros or {}).whole()


def _macros(entry: Mapping[str, object]) -> dict[str, Tree]:
    macros: dict[str, Tree] = {}
    if isinstance(entry.get("imaging"), str):
        macros["imaging"] = parse(str(entry["imaging"]))
    if isinstance(factors := entry.get("factors"), list):
        parts = tuple(parse(str(factor)) for factor in factors)
        if len(parts) != FACTORS:
            raise ValueError(factors)
        macros |= {"all three factors": All(parts), "any one factor": Some(parts)}
    return macros


def _rule(entry: Mapping[str, object]) -> Rule:
    macros = _macros(entry)
    narrow, broad = (parse(str(entry[key if key in entry else "when"]), macros) for key in ("narrow", "broad"))
    return Rule(str(entry["id"]), str(entry["topic"]), narrow, broad)


def _load() -> dict[str, Rule]:
    entries = yaml.safe_load((DATA / "rulebook.yaml").read_text(encoding="utf-8"))
    return {entry["id"]: _rule(entry) for entry in entries}


RULES: Mapping[str, Rule] = _load()


@cache
def thresholds(measurement: str) -> tuple[Fraction, ...]:
    """Every value that some rule compares the measurement with, in order."""
    every = (leaf for rule in RULES.values() for leaf in rule_leaves(rule) if isinstance(leaf, Comparison))
    return tuple(sorted({leaf.value for leaf in every if leaf.measurement == measurement}))
