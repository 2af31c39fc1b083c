"""A patient case as it is given: checked against the contract, its codes resolved, its values in canonical units.

Written by hand and not with a schema library, because a reader must be told the entry and what to do, and because a
verdict costs less than a general validator; the tests hold it against `case.schema.json` case by case.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final, NoReturn

from kg.errors import CodeError, DataError, LimitError
from kg.facts import Number
from kg.model import CONDITIONS, FINDINGS, KIND_OF_LIST, MEASUREMENTS, TREATMENTS, Concept, Label, Problem
from kg.resolver import Resolver
from kg.units import conversion_factor

_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}\Z", re.ASCII)
_COMPARATORS: Final = frozenset({"<", "<=", ">=", ">"})
_TOP: Final = frozenset({"id", "as_of", CONDITIONS, MEASUREMENTS, FINDINGS, TREATMENTS})
_KEYS: Final[dict[str, frozenset[str]]] = {
    CONDITIONS: frozenset({"code", "present", "date"}),
    MEASUREMENTS: frozenset({"code", "value", "comparator", "unit", "date"}),
    FINDINGS: frozenset({"code", "present", "modality", "date", "since"}),
    TREATMENTS: frozenset({"code", "start", "end"}),
}
_ID_LIMIT: Final = 200
_DIGITS_LIMIT: Final = 100
_VALUE_LIMIT: Final = 10**_DIGITS_LIMIT


@dataclass(slots=True)
class Entry:
    """One entry of a list of a case. Days are proleptic Gregorian ordinals; 0 stands for no date."""

    list: str
    index: int
    given: Mapping[str, Any]
    concept: Concept | None
    day: int = 0
    present: bool = True
    modality: str | None = None
    since: int = 0
    value: Number = 0
    comparator: str | None = None
    converted: bool = False
    start: int = 0
    end: int = 0

    @property
    def place(self) -> str:
        """The entry as problems name it: `measurements/2`."""
        return f"{self.list}/{self.index}"


@dataclass(slots=True)
class Case:
    """A checked case: its entries by list, in the order given; `treatments` is None where the case has no such list."""

    id: str
    as_of: date
    conditions: list[Entry] = field(default_factory=list)
    measurements: list[Entry] = field(default_factory=list)
    findings: list[Entry] = field(default_factory=list)
    treatments: list[Entry] | None = None
    problems: list[Problem] = field(default_factory=list)

    def entries(self) -> Iterator[Entry]:
        """Yield all entries, list by list."""
        yield from self.conditions
        yield from self.measurements
        yield from self.findings
        yield from self.treatments or ()


def read_case(data: object, resolver: Resolver, *, today: date | None = None) -> Case:
    """Check a case (a mapping as `case.schema.json` has it) and return it; raises DataError for the first thing wrong.

    Contradictions, future entries and unknown drugs are no errors: the reading of the case reports them.
    """
    return _Reader(resolver).case(data, today)


def _fail(where: str, message: str, remedy: str | None = None) -> NoReturn:
    raise DataError(message, where=where, remedy=remedy)


def _day(value: object, where: str) -> int:
    """Return a date's ordinal; raises DataError unless it is a string `YYYY-MM-DD` that names a day."""
    if isinstance(value, str) and _DATE.match(value):
        try:
            return date.fromisoformat(value).toordinal()
        except ValueError:
            pass
    _fail(where, f"{value!r} is not a date", "write it as 2025-06-30")


def _check_text(text: str, where: str) -> None:
    """Raise DataError for half a character (a lone surrogate), which no terminal or file can hold."""
    if not text.isascii() and any("\ud800" <= character <= "\udfff" for character in text):
        _fail(where, f"{text!r} holds half a character", "write the text in UTF-8")


class _Reader:
    """Reads one case."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self._problems: list[Problem] = []

    def case(self, data: object, today: date | None) -> Case:
        if not isinstance(data, Mapping):
            _fail("case", "a case is a mapping with an id", 'start with {"id": "…"}')
        for key in data:
            if key not in _TOP:
                _fail("case", f"there is no field {key!r}", f"the fields are {', '.join(sorted(_TOP))}")
        name = data.get("id")
        if not isinstance(name, str) or not 0 < len(name) <= _ID_LIMIT:
            _fail("id", "a case needs an id of 1 to 200 characters", 'add "id"')
        _check_text(name, "id")
        if "as_of" in data:  # noqa: SIM108 - a conditional expression would be too long to read
            moment = date.fromordinal(_day(data["as_of"], "as_of"))
        else:
            moment = today or date.today()  # noqa: DTZ011 - the reader's own day is meant
        return Case(
            id=name,
            as_of=moment,
            conditions=self._list(data, CONDITIONS, self._condition),
            measurements=self._list(data, MEASUREMENTS, self._measurement),
            findings=self._list(data, FINDINGS, self._finding),
            treatments=self._list(data, TREATMENTS, self._treatment) if TREATMENTS in data else None,
            problems=self._problems,
        )

    def _list(self, data: Mapping[str, Any], name: str, read: Any) -> list[Entry]:  # noqa: ANN401 - a bound method
        given = data.get(name)
        if given is None and name not in data:
            return []
        if not isinstance(given, list | tuple):
            _fail(name, "is a list of entries", "write it in [ ]")
        keys = _KEYS[name]
        entries = []
        for index, item in enumerate(given):
            if not isinstance(item, Mapping):
                _fail(f"{name}/{index}", "an entry is a mapping with a code", '{"code": "…"}')
            if not keys.issuperset(item):
                extra = next(key for key in item if key not in keys)
                _fail(
                    f"{name}/{index}", f"there is no field {extra!r} here", f"the fields are {', '.join(sorted(keys))}"
                )
            code = item.get("code")
            if not isinstance(code, str):
                _fail(f"{name}/{index}", "an entry needs a code", 'add "code"')
            _check_text(code, f"{name}/{index}")
            entries.append(read(item, code, index))
        return entries

    def _concept(self, code: str, name: str, index: int) -> Concept:
        return self._resolver.get(code, KIND_OF_LIST[name], where=f"{name}/{index}")

    @staticmethod
    def _flag(item: Mapping[str, Any], where: str) -> bool:
        present = item.get("present", True)
        if present is not True and present is not False:
            _fail(where, f"present is true or false, not {present!r}")
        return present

    def _condition(self, item: Mapping[str, Any], code: str, index: int) -> Entry:
        entry = Entry(CONDITIONS, index, item, self._concept(code, CONDITIONS, index))
        if "present" in item:
            entry.present = self._flag(item, entry.place)
        if "date" in item:
            entry.day = _day(item["date"], entry.place)
        return entry

    def _finding(self, item: Mapping[str, Any], code: str, index: int) -> Entry:
        concept = self._concept(code, FINDINGS, index)
        entry = Entry(FINDINGS, index, item, concept)
        if "present" in item:
            entry.present = self._flag(item, entry.place)
        if "date" in item:
            entry.day = _day(item["date"], entry.place)
        if "modality" in item:
            entry.modality = self._modality(item["modality"], concept, entry.place)
        if "since" in item:
            since = _day(item["since"], entry.place)
            if concept.takes_since:
                entry.since = since
            else:
                self._left_out("since", concept, entry.place)
        return entry

    def _modality(self, code: object, concept: Concept, where: str) -> str | None:
        if not isinstance(code, str):
            _fail(where, "a modality is a code")
        modality = self._resolver.get(code, "modality", where=where)
        if not concept.modalities:
            self._left_out("modality", concept, where)
            return None
        if modality.code not in concept.modalities:
            allowed = ", ".join(sorted(concept.modalities))
            _fail(where, f"{concept.code} is not given with the modality {modality.code}", f"allowed: {allowed}")
        return modality.code

    def _left_out(self, key: str, concept: Concept, where: str) -> None:
        message = Label(
            f"{concept.label.en} takes no {key}; it was left out",
            f"“{concept.label.zh}”不带{'起始日期' if key == 'since' else '影像方法'}，已略去",
        )
        self._problems.append(Problem("wrong-kind", message, (where,)))

    def _measurement(self, item: Mapping[str, Any], code: str, index: int) -> Entry:
        concept = self._concept(code, MEASUREMENTS, index)
        entry = Entry(MEASUREMENTS, index, item, concept)
        entry.value = _number(item, entry.place)
        unit = item.get("unit")
        if unit is not None and unit != concept.unit:
            entry.value = _converted(entry.value, unit, concept, entry)
        elif unit is None and "unit" in item:
            _fail(entry.place, "a unit is a UCUM code", f"leave it out for {concept.unit}")
        comparator = item.get("comparator")
        if comparator is not None or "comparator" in item:
            if not isinstance(comparator, str) or comparator not in _COMPARATORS:
                _fail(entry.place, f"{comparator!r} is not a comparator", "use one of < <= >= >")
            entry.comparator = comparator
        if "date" in item:
            entry.day = _day(item["date"], entry.place)
        return entry

    def _treatment(self, item: Mapping[str, Any], code: str, index: int) -> Entry:
        where = f"{TREATMENTS}/{index}"
        concept = self._resolver.find_drug(code, where=where)
        if concept is None:
            self._problems.append(self._unknown_drug(code, where))
        entry = Entry(TREATMENTS, index, item, concept)
        if "start" in item:
            entry.start = _day(item["start"], where)
        if item.get("end") is not None:
            entry.end = _day(item["end"], where)
            if entry.start and entry.end < entry.start:
                _fail(where, f"ends on {item['end']}, before its start on {item['start']}", "correct one of the two")
        return entry

    def _unknown_drug(self, code: str, where: str) -> Problem:
        nearest = self._resolver.nearest(code, "drug")
        near_en = f"; nearest: {', '.join(nearest)}" if nearest else ""
        near_zh = f"；最接近的有：{'、'.join(nearest)}" if nearest else ""
        message = Label(
            f"{code!r} names no drug modelled here: it may be of any class, and no run of treatment counts it{near_en}",
            f"“{code}”不是已建模的药物，可能属于任何一类，计算连续用药时间时不计入{near_zh}",
        )
        return Problem("unknown-drug", message, (where,))


def _number(item: Mapping[str, Any], where: str) -> Number:
    """Return the value of a measurement, exactly as written; raises DataError unless it is a finite number.

    Raises LimitError for one of more than a hundred places.
    """
    value = item.get("value")
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        _fail(where, f"a value is a number, not {value!r}", "write digits, without quotation marks")
    number = Decimal(float.__repr__(value)) if isinstance(value, float) else value
    if isinstance(number, Decimal) and not number.is_finite():
        _fail(where, f"{value} is not a finite number", "leave the measurement out if it is unknown")
    if isinstance(number, int):
        too_long = abs(number) >= _VALUE_LIMIT
    else:
        too_long = bool(number) and not -_DIGITS_LIMIT <= number.adjusted() < _DIGITS_LIMIT
    if too_long:
        message = f"{where}: a value of more than {_DIGITS_LIMIT} places; no measurement has so many"
        raise LimitError(message)
    return number


def _converted(value: Number, unit: object, concept: Concept, entry: Entry) -> Number:
    if not isinstance(unit, str):
        _fail(entry.place, "a unit is a UCUM code", f"leave it out for {concept.unit}")
    factor = concept.factors.get(unit)
    if factor is None:
        try:
            factor = conversion_factor(unit, concept.unit or "1", concept.molar_mass)
        except DataError as error:
            raise type(error)(error.message, where=entry.place, remedy=error.remedy) from None
    entry.converted = factor != 1
    return Fraction(value) * factor if entry.converted else value


__all__ = ["Case", "CodeError", "Entry", "read_case"]
