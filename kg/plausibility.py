"""Values that can be read and are hard to believe: they count as given, and are reported."""

from typing import Final

from kg.case import Entry
from kg.model import Concept, Label
from kg.namespaces import BASE

_PERCENT: Final = "%"
_WHOLE: Final = 100


def doubt_about(entry: Entry, concept: Concept) -> Label | None:
    """Return why the value of a measurement should be looked at, or None.

    A negative value, a share of more than the whole, and a value without a unit under a code of another terminology,
    where one code may stand for a mass and another for an amount of substance.
    """
    if entry.value < 0:
        return Label(f"{concept.label.en}: the value is negative", f"{concept.label.zh}：数值为负")
    if concept.unit == _PERCENT and entry.value > _WHOLE:
        return Label(f"{concept.label.en}: more than 100 %", f"{concept.label.zh}：超过100%")
    if concept.molar_mass is not None and entry.given.get("unit") is None and _is_foreign(str(entry.given["code"])):
        return Label(
            f"{concept.label.en}: a code of another terminology and no unit; read as {concept.unit}",
            f"{concept.label.zh}：使用其他术语集的编码而未给单位，按{concept.unit}读取",
        )
    return None


def _is_foreign(code: str) -> bool:
    return ":" in code and not code.startswith(("mbkg:", BASE))
