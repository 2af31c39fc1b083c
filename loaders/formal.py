"""The structured content of a statement as triples; what is written in `formal` is in the graph, or an error.

One table says for each key which property it becomes and what may stand there. A bare word is an entity, looked up
in names.tsv; {en, zh} is a text of ours; `unstated` says that the document leaves the point open, which is a fact too.
"""

from decimal import Decimal
from typing import TYPE_CHECKING, Final

from kg.errors import DataError
from loaders.entries import as_bilingual, as_number
from loaders.formal_keys import CHILDREN, CODES, FLAGS, NUMBERS, QUANTITIES, VALUES
from loaders.model import Statement
from loaders.names import Names
from loaders.strict_yaml import Entry, Value
from loaders.triples import TripleSet

if TYPE_CHECKING:
    from collections.abc import Callable

UNSTATED: Final = "unstated"
_PERIODS: Final = {"a": "P{}Y", "mo": "P{}M", "wk": "P{}W", "d": "P{}D", "h": "PT{}H", "min": "PT{}M"}
_ISO: Final = {
    "interval": "interval",
    "every": "interval",
    "at": "after",
    "after": "after",
    "timepoint": "after",
    "duration": "duration",
    "for": "forPeriod",
}
_ACTIONS: Final = (
    ("drug", "DrugAction"),
    ("drugs", "DrugAction"),
    ("targets", "TestAction"),
    ("procedure", "ProcedureAction"),
)


class FormalContent:
    """Writes the structured content of one statement."""

    def __init__(self, statement: Statement, names: Names, triples: TripleSet) -> None:
        """Prepare for one statement."""
        self._statement = statement
        self._names = names
        self._triples = triples
        self._quantities = 0
        self._drug_of: dict[str, str] = {}
        self._handlers: dict[str, Callable[[str, str, Value, str], None]] = {
            **dict.fromkeys(VALUES, self._value),
            **dict.fromkeys(CODES, self._code),
            **dict.fromkeys(NUMBERS, self._number),
            **dict.fromkeys(FLAGS, self._flag),
            **dict.fromkeys(QUANTITIES, self._quantity),
            **dict.fromkeys(CHILDREN, self._children),
        }

    def write(self) -> None:
        """Add everything in `formal` to the triples; raises DataError or CodeError with file and line."""
        self._entry(self._statement.id, self._statement.formal)

    def _entry(self, subject: str, entry: Entry) -> None:
        for key, value in entry.items():
            where = entry.place(key)
            if key in {"assertion", "condition"} and isinstance(value, Entry):
                self._inline(subject, key, value)
            elif key in {"all_of", "any_of"}:
                self._group(subject, key, value, where)
            elif value == UNSTATED:
                self._triples.string(subject, "mbkg:leavesUnstated", key.replace("_", "-"))
            elif key in self._handlers:
                self._handlers[key](subject, key, value, where)
            else:
                message = f"the key {key!r} has no meaning in 'formal'"
                raise DataError(message, where=where, remedy="see loaders/formal_keys.py for the keys")

    def _inline(self, subject: str, key: str, entry: Entry) -> None:
        """Write an assertion, or what a condition says of the statement itself; the rest goes to a node of its own."""
        if key == "assertion":
            self._entry(subject, entry)
            return
        own = entry.empty()
        rest = entry.empty()
        for name, value in entry.items():
            (rest if name in {"logic", "criteria"} else own).put(name, value, entry.line_of(name))
        self._entry(subject, own)
        if rest:
            node = f"{subject}-condition"
            self._triples.link(subject, "mbkg:statesCondition", node)
            self._triples.a(node, "StatedCondition")
            self._entry(node, rest)

    def _group(self, subject: str, key: str, value: Value, where: str) -> None:
        self._triples.string(subject, "mbkg:logic", key.replace("_", "-"))
        self._children(subject, "criteria", value, where)

    def _value(self, subject: str, key: str, value: Value, where: str) -> None:
        """Write entities and texts."""
        name, text_name = VALUES[key]
        if isinstance(value, list):
            if value and isinstance(value[0], Entry) and "en" not in value[0]:
                self._children(subject, "parts", value, where)
                return
            for item in value:
                self._value(subject, key, item, where)
        elif isinstance(value, Entry):
            self._triples.text(subject, f"mbkg:{text_name}", as_bilingual(value, where))
        elif isinstance(value, str):
            self._entity(subject, name, value, where)
        else:
            message = f"{key!r} needs an entity or a text"
            raise DataError(message, where=where, remedy="a name of names.tsv or {en: …, zh: …}")

    def _entity(self, subject: str, name: str, value: str, where: str) -> None:
        local = self._names.get(value, where=where).local
        self._triples.link(subject, f"mbkg:{name}", local)
        self._triples.link(self._statement.id, "mbkg:mentions", local)

    def _code(self, subject: str, key: str, value: Value, where: str) -> None:
        name, prefix = CODES[key]
        if not isinstance(value, str):
            message = f"{key!r} needs a word"
            raise DataError(message, where=where, remedy="put it in quotes")
        if prefix is None:
            self._triples.string(subject, f"mbkg:{name}", value)
        else:
            self._triples.link(subject, f"mbkg:{name}", prefix + value)

    def _number(self, subject: str, key: str, value: Value, where: str) -> None:
        number = as_number(value)
        if number is None:
            message = f"{key!r} needs a number"
            raise DataError(message, where=where, remedy="digits and a point")
        self._triples.decimal(subject, f"mbkg:{NUMBERS[key]}", number)
        if key == "value":
            self._triples.string(subject, "mbkg:printedValue", str(value))

    def _flag(self, subject: str, key: str, value: Value, where: str) -> None:
        if not isinstance(value, bool):
            message = f"{key!r} needs true or false"
            raise DataError(message, where=where, remedy="write true or false")
        self._triples.boolean(subject, f"mbkg:{FLAGS[key]}", value=value)

    def _quantity(self, subject: str, key: str, value: Value, where: str) -> None:
        """Write a dose, an interval or a period as a quantity, and as ISO 8601 where it is a time."""
        if not isinstance(value, Entry):
            message = f"{key!r} needs value and unit"
            raise DataError(message, where=where, remedy="write {value: …, unit: …}")
        content = value.empty()
        for name, item in value.items():
            content.put("value" if name == "min" else name, item, value.line_of(name))
        if "min" in value:
            content.put("comparator", ">=", value.line)
        node = self._new_quantity(subject, key.replace("_", "-"))
        self._triples.link(node, "mbkg:drug", self._drug_of.get(subject))
        self._entry(node, content)
        number, unit = as_number(content.get("value")), content.get("unit")
        if number is None or not isinstance(unit, str):
            message = f"{key!r} needs a number and a unit"
            raise DataError(message, where=where, remedy="write {value: …, unit: …}")
        if key == "dose":
            self._triples.decimal(subject, "mbkg:dose", number)
            self._triples.string(subject, "mbkg:doseUnit", unit)
        if key in _ISO and (content.get("comparator") or ">=") == ">=":
            self._triples.string(subject, f"mbkg:{_ISO[key]}", _iso(number, unit, where))

    def _new_quantity(self, subject: str, role: str) -> str:
        self._quantities += 1
        node = f"{self._statement.id}-quantity-{self._quantities}"
        self._triples.a(node, "Quantity")
        self._triples.string(node, "mbkg:quantityRole", role)
        self._triples.integer(node, "mbkg:order", self._quantities)
        self._triples.link(self._statement.id, "mbkg:hasQuantity", node)
        if subject != self._statement.id:
            self._triples.link(subject, "mbkg:hasQuantity", node)
        return node

    def _children(self, subject: str, key: str, value: Value, where: str) -> None:
        """Write nested entries as things of their own."""
        predicate, kind, stem = CHILDREN[key]
        items = [value] if isinstance(value, Entry) else value
        if not isinstance(items, list):
            message = f"{key!r} needs entries"
            raise DataError(message, where=where, remedy="write key: value")
        for number, item in enumerate(items, 1):
            if not isinstance(item, Entry):
                message = f"{key!r} needs entries with keys"
                raise DataError(message, where=where, remedy="write key: value")
            self._triples.link(subject, f"mbkg:{predicate}", self._child(subject, item, kind, stem, number))

    def _child(self, subject: str, item: Entry, kind: str, stem: str, number: int) -> str:
        if kind == "StatedCondition" and as_number(item.get("value")) is not None:
            node = self._new_quantity(self._statement.id, "threshold")
        else:
            node = subject + (f"-{stem}" if stem else "") + ("" if stem in {"action", "condition"} else f"-{number}")
            self._triples.a(node, _action_class(item) if kind == "Action" else kind)
            if kind in {"TrialArm", "ScheduleStep"}:
                self._triples.integer(node, "mbkg:order", number)
        if isinstance(drug := item.get("drug"), str):
            self._drug_of[node] = self._names.get(drug, where=item.place("drug")).local
        self._entry(node, item)
        if kind == "TrialArm" or (kind == "TrialResult" and "arm" in item):
            self._arm(node, item)
        if kind == "TrialResult":
            self._result(node, item)
        return node

    def _result(self, node: str, item: Entry) -> None:
        """Say of which study the result is, and name its endpoint as text too."""
        if isinstance(study := self._statement.formal.get("study"), str):
            self._triples.link(node, "mbkg:ofTrial", self._names.get(study, where=item.where).local)
        if isinstance(endpoint := item.get("endpoint"), str):
            self._triples.string(node, "mbkg:endpoint", self._names.get(endpoint, where=item.place("endpoint")).local)

    def _arm(self, node: str, item: Entry) -> None:
        arm = item.get("arm")
        parts = arm if isinstance(arm, list) else []
        words = [self._names.get(part, where=item.place("arm")).local for part in parts if isinstance(part, str)]
        self._triples.string(node, "mbkg:arm", " + ".join(words))


def _action_class(item: Entry) -> str:
    return next((name for key, name in _ACTIONS if key in item), "Action")


def _iso(number: Decimal, unit: str, where: str) -> str:
    if unit not in _PERIODS or number != number.to_integral_value():
        message = f"{number} {unit} is no period in whole units of time"
        raise DataError(message, where=where, remedy="use " + ", ".join(_PERIODS))
    return _PERIODS[unit].format(int(number))


def strength_words(statement: Statement, triples: TripleSet) -> None:
    """Add how strongly the statement is worded."""
    if statement.strength is not None:
        triples.link(statement.id, "mbkg:strength", f"Strength-{statement.strength}")
    for word in statement.strength_words:
        triples.string(statement.id, "mbkg:strengthWord", word)
