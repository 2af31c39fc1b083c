"""Cases by plain chance, the same for the same seed, that reach every outcome of every rule.

Each case has a rule in view: of each of its facts it says that it is so, that it is not, or nothing, in one of the many
ways in which a record can say that. Then come entries that have nothing to do with the rule.
"""

import random
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from .measures import compare, months_later, values_that
from .rules import RULES, All, Comparison, Fact, Leaf, Named, Not, Rule, Some, Tree, Truth, rule_leaves, thresholds
from .tables import CONCEPTS, EXCLUDED, MODALITIES, NARROWER, TAKES_SINCE, UNITS

Case = dict[str, Any]
Row = dict[str, Any]

AS_OF = date(2025, 6, 30)
DAYS = (AS_OF, AS_OF, AS_OF, date(2024, 2, 29), date(2025, 2, 28), date(2025, 3, 31), date(2026, 3, 1))
COMPARATORS = ("", "<", "<=", ">=", ">")
UNKNOWN_DRUGS = ("xq-17-trial-substance", "zzvoptibrel 4 mg", "没有这种药甲乙丙")
BONE_DRUGS = ("Denosumab", "ZoledronicAcid", "Bisphosphonate", "BoneProtectiveDrug")
MOODS = (  # how often a fact is so, is not, or is left open
    (1, 1, 1),
    (8, 1, 1),
    (1, 8, 1),
    (1, 1, 8),
    (5, 1, 4),
    (1, 5, 4),
    (5, 5, 1),
    (0, 1, 0),
)


def names_of(kind: str) -> tuple[str, ...]:
    return tuple(name for name, concept in CONCEPTS.items() if concept.kind == kind)


def _decimal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)


def _number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


def _values_near(limit: Decimal) -> list[int | float]:
    """The limit, one step to either side (the last decimal that is printed), and a finer step to either side."""
    step = Decimal(1).scaleb(int(limit.as_tuple().exponent)) if limit % 1 else Decimal(1)
    fine = step / 100
    return [_number(value) for value in (limit, limit, limit - step, limit + step, limit - fine, limit + fine)]


def _measured(code: str) -> list[Row]:
    """Values of a measurement at and around each threshold of the rulebook, in every unit that is accepted."""
    rows: list[Row] = []
    for unit, factor in {"": Fraction(1), CONCEPTS[code].unit: Fraction(1), **UNITS.get(code, {})}.items():
        values = [near for limit in thresholds(code) for near in _values_near(_decimal(limit / factor).normalize())]
        unit_of = {"unit": unit} if unit else {}
        rows += [{"code": code, "value": value, **unit_of} for value in (*values, 1, 5.5, 75)]
    return rows


MEASURED: dict[str, list[Row]] = {code: _measured(code) for code in names_of("measurement")}


def exact_value(row: Row) -> Fraction:
    """The value of a measurement row in the default unit."""
    return Fraction(str(row["value"])) * UNITS.get(row["code"], {}).get(row.get("unit", ""), Fraction(1))


def days_around(as_of: date) -> tuple[date | None, ...]:
    """Days of entries: few, so that some are the same; with none, as_of itself, and the day after it."""
    before = [as_of - timedelta(days=days) for days in (0, 0, 1, 40, 400)]
    return (None, None, *before, *before, as_of + timedelta(days=1))


def starts_around(as_of: date) -> tuple[date | None, ...]:
    """First days of a treatment or of stability: 12 and 23 to 25 months ago, a day to either side, none, and future."""
    exact = [months_later(as_of, -months) for months in (0, 3, 12, 12, 23, 24, 24, 25, 40)]
    shifted = [day + timedelta(days=days) for day in exact[2:8] for days in (-1, 1)]
    return (*exact, *shifted, None, as_of + timedelta(days=1))


def _dated(row: Row, day: date | None, key: str = "date") -> Row:
    return row if day is None else {**row, key: day.isoformat()}


def _stated(fact: str, *, present: bool) -> tuple[str, Row]:
    """The list that a fact belongs to, and a row that says it."""
    code, _, modality = fact.partition("@")
    row = {"code": code, "present": present, **({"modality": modality} if modality else {})}
    return f"{CONCEPTS[code].kind}s", row


class _Draw:
    """One case in the making."""

    def __init__(self, rng: random.Random, name: str, as_of: date) -> None:
        self.rng = rng
        self.as_of = as_of
        self.case: Case = {"id": name, "as_of": as_of.isoformat()}

    def add(self, kind: str, row: Row) -> None:
        self.case.setdefault(kind, []).append(row)

    def day(self) -> date | None:
        return self.rng.choice(days_around(self.as_of))

    def past_day(self) -> date | None:
        return self.rng.choice(days_around(self.as_of)[:-1])

    def state(self, fact: str, *, present: bool) -> None:
        """Say a fact, itself or through one that it follows from."""
        through = [fact, fact, *sorted(NARROWER[fact])] if present else [fact, *sorted(_broader_or_same(fact))]
        if not present and EXCLUDED[fact] and self.rng.random() < 0.5:  # by an entry that excludes it
            through, present = sorted(EXCLUDED[fact]), True
        kind, row = _stated(self.rng.choice(through), present=present)
        if present and self.rng.random() < 0.5:
            del row["present"]
        row = _dated(row, self.past_day())
        if row["code"] in TAKES_SINCE:
            row = _dated(row, self.rng.choice(starts_around(self.as_of)), "since")
        self.add(kind, row)

    def blur(self, fact: str) -> None:
        """Leave a fact open: by nothing, by a contradiction of one day, or by a modality that is not said."""
        chance = self.rng.random()
        if chance < 0.1:
            day = self.past_day()
            for present in (True, False):
                kind, row = _stated(fact, present=present)
                self.add(kind, _dated(row, day))
        elif chance < 0.3 and "@" in fact:
            self.state(fact.partition("@")[0], present=True)

    def measure(self, leaf: Comparison, wanted: Truth) -> None:
        if wanted is None and self.rng.random() < 0.6:
            return None
        if leaf.measurement == "MonthsOnBoneProtectiveTherapy" and self.rng.random() < 0.5:
            return self.run()
        if leaf.measurement == "MonthsOfStableBoneLesions" and self.rng.random() < 0.5:
            return self.state("BoneLesionsStable", present=True)
        for _ in range(12):
            row, comparator = self.rng.choice(MEASURED[leaf.measurement]), self.rng.choice(COMPARATORS)
            interval = values_that(comparator, exact_value(row))
            if compare(interval, leaf.comparator, leaf.value) is wanted:
                row = {**row, "comparator": comparator} if comparator else row
                return self.add("measurements", _dated(row, self.past_day()))
        return None

    def treat(self, drug: str, wanted: Truth) -> None:
        if wanted is None:
            self.add(
                "treatments", self.row_of(self.rng.choice((*UNKNOWN_DRUGS, "BoneProtectiveDrug", "Glucocorticoid")))
            )
        elif wanted:
            narrower = [drug, drug, *(["Denosumab", "ZoledronicAcid"] if drug == "BoneProtectiveDrug" else [])]
            self.add("treatments", self.row_of(self.rng.choice(narrower)))
        else:
            self.case.setdefault("treatments", [])

    def row_of(self, drug: str) -> Row:
        """A treatment, most often one that is still given."""
        start = self.rng.choice(starts_around(self.as_of))
        row = _dated({"code": drug}, start, "start")
        chance = self.rng.random()
        if chance < 0.1:
            row["end"] = None
        elif chance < 0.3:
            end = self.as_of + timedelta(days=self.rng.choice((-93, -1, 0, 1, 30)))
            if start is None or end > start:
                row["end"] = end.isoformat()
        return row

    def run(self) -> None:
        """Two to four bone-protective drugs, one after the other, with gaps of about 92 days, often up to now."""
        end: date | None = (
            None if self.rng.random() < 0.8 else self.as_of + timedelta(days=self.rng.choice((-30, 0, 1)))
        )
        start = months_later(self.as_of, -self.rng.randint(2, 14))
        for _ in range(self.rng.randint(2, 4)):
            shown = None if self.rng.random() < 0.1 else start
            row = _dated({"code": self.rng.choice(BONE_DRUGS)}, shown, "start")
            self.add("treatments", _dated(row, end, "end"))
            end = start - timedelta(days=self.rng.choice((-20, 0, 30, 91, 92, 93)))
            start = self.rng.choice(
                [day for day in starts_around(self.as_of) if day and day < end] or [end - timedelta(1)]
            )

    def say(self, leaf: Leaf, wanted: Truth) -> None:
        if isinstance(leaf, Comparison):
            self.measure(leaf, wanted)
        elif leaf.name.startswith("on:"):
            self.treat(leaf.name.removeprefix("on:"), wanted)
        elif wanted is None:
            self.blur(leaf.name)
        else:
            self.state(leaf.name, present=wanted)

    def add_noise(self) -> None:
        """An entry that need not concern the rule in view, dated in the future now and then."""
        choose = self.rng.choice
        kind = choose(("condition", "finding", "finding", "measurement", "measurement", "drug"))
        code = choose(names_of(kind))
        if kind == "drug":
            if "treatments" in self.case:
                self.add("treatments", self.row_of(choose((code, code, choose(UNKNOWN_DRUGS)))))
        elif kind == "measurement":
            comparator = choose(COMPARATORS)
            row = {**choose(MEASURED[code]), **({"comparator": comparator} if comparator else {})}
            self.add("measurements", _dated(row, self.day()))
        else:
            row = _dated({"code": code, "present": self.rng.random() < 0.7}, self.day())
            if kind == "finding" and self.rng.random() < 0.5:
                row |= _details(self.rng, code, self.as_of)
            self.add(f"{kind}s", row)


def _broader_or_same(fact: str) -> Iterator[str]:
    return (broader for broader, below in NARROWER.items() if fact in below)


def _details(rng: random.Random, code: str, as_of: date) -> Row:
    """A modality or a `since`, where the code takes it, and seldom where it takes none."""
    if code in MODALITIES:
        return {"modality": rng.choice(MODALITIES[code])}
    if code in TAKES_SINCE:
        return _dated({}, rng.choice(starts_around(as_of)), "since")
    return rng.choice(({}, {}, {"modality": "MRI"}, _dated({}, as_of, "since")))


def _aim(rng: random.Random, tree: Tree, wanted: bool) -> dict[Leaf, Truth]:  # noqa: FBT001 (a truth, not a flag)
    """Truths of some leaves that would make a tree so."""
    match tree:
        case Not(part):
            return _aim(rng, part, not wanted)
        case Named(name):
            return _aim(rng, RULES[name].broad, wanted)
        case All(parts) | Some(parts):
            needed = parts if isinstance(tree, All) is wanted else (rng.choice(parts),)
            return {leaf: truth for part in needed for leaf, truth in _aim(rng, part, wanted).items()}
        case Fact() | Comparison():
            return {tree: wanted}


def drawn_case(rng: random.Random, name: str, rule: Rule, as_of: date) -> Case:
    """A case with a rule in view. Values are JSON's: the case can be written to a file as it is."""
    draw = _Draw(rng, name, as_of)
    mood = rng.choice(MOODS)
    aimed: dict[Leaf, Truth] = {}
    if rng.random() < 0.6:
        aimed = _aim(rng, rng.choice((rule.narrow, rule.broad)), rng.choice((True, True, False)))
    for leaf in rule_leaves(rule):
        draw.say(leaf, aimed[leaf] if leaf in aimed else rng.choices((True, False, None), mood)[0])
    for _ in range(rng.choice((0, 0, 1, 2, 5))):
        draw.add_noise()
    if rng.random() < 0.15:
        draw.case.pop("treatments", None)
    for rows in draw.case.values():
        if isinstance(rows, list):
            rng.shuffle(rows)
    return draw.case


def drawn_cases(seed: int, n: int, *, choose_as_of: Callable[[random.Random], date] | None = None) -> list[Case]:
    """`n` cases, the same for the same seed; each rule is in view once in every len(RULES) cases."""
    rng = random.Random(seed)  # noqa: S311 (not for secrets)
    rules = tuple(RULES.values())
    days = choose_as_of or (lambda chance: chance.choice(DAYS))
    return [drawn_case(rng, f"drawn-{seed}-{index}", rules[index % len(rules)], days(rng)) for index in range(n)]
