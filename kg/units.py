"""Exact conversion between UCUM units, through pint and ucumvert, which are imported at the first conversion only."""

import re
import warnings
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any

from kg.errors import UnitError

_ANNOTATION = re.compile(r"\{([^{}]*)\}")
_DIGIT = re.compile(r"\d")
_LENGTH_LIMIT = 40
_UNSAFE_NUMBER = re.compile(r"\d{4}|\d\.\d")
"""A power that no computer holds, or a dot that means a product to UCUM and a decimal to whoever typed it."""


@cache
def conversion_factor(unit: str, canonical: str, molar_mass: Decimal | None = None) -> Fraction:
    """Return the factor that turns a value in `unit` into one in `canonical`, both UCUM, as an exact fraction.

    `molar_mass` (g/mol) lets a mass become an amount of substance. Raises UnitError, which names both units, where
    there is no such factor. An annotation that holds a number (`{1.73_m2}`) is part of the unit; others are remarks.
    """
    source, target = _tidy(unit), _tidy(canonical)
    if source == target:
        return Fraction(1)
    bare = _ANNOTATION.sub("", source)
    if not bare and _ANNOTATION.sub("", target) not in {
        "",
        "1",
    }:  # a remark is no scale: 20 or 2000 %?
        raise _refusal(unit, canonical)
    if len(source) > _LENGTH_LIMIT or _UNSAFE_NUMBER.search(bare) or _norms(source) != _norms(target):
        raise _refusal(unit, canonical)
    ratio = _ratio_in_base_units(source, target)
    if ratio is None:
        raise _refusal(unit, canonical)
    factor, dimension = ratio
    if dimension == "":
        return factor
    if molar_mass is not None and dimension == "mass/substance":
        return factor * 1000 / Fraction(molar_mass)
    raise _refusal(unit, canonical)


def _tidy(code: str) -> str:
    return code.strip().replace("\u03bc", "u").replace("\u00b5", "u")


def _norms(code: str) -> frozenset[str]:
    return frozenset(remark for remark in _ANNOTATION.findall(code) if _DIGIT.search(remark))


def _refusal(unit: str, canonical: str) -> UnitError:
    return UnitError(
        f"the unit {unit[:_LENGTH_LIMIT]!r} cannot be converted to {canonical!r}",
        remedy=f"give the value in {canonical}",
    )


def _ratio_in_base_units(source: str, target: str) -> tuple[Fraction, str] | None:
    """Return the ratio of two units in base units, and what is left of its dimension."""
    parse = _parser()
    try:
        ratio = (parse(source) / parse(target)).to_base_units()
    except Exception:  # noqa: BLE001 - the two libraries raise a dozen kinds for one thing: not a unit
        return None
    dimensions = {name: power for name, power in ratio.dimensionality.items() if power}
    if not dimensions:
        return Fraction(ratio.magnitude), ""
    if dimensions == {"[mass]": 1, "[substance]": -1}:
        return Fraction(ratio.magnitude), "mass/substance"
    return None


@cache
def _parser() -> Callable[[str], Any]:
    """Return a function from UCUM to a pint quantity with exact fractions."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pint  # noqa: PLC0415 - heavy, and needed only where a unit differs
        from ucumvert import UcumToPintStrTransformer, get_ucum_parser  # noqa: PLC0415 - as above
    registry: Any = pint.UnitRegistry(non_int_type=Fraction)
    registry.define("mo = month")
    registry.define("wk = week")
    registry.define("_10 = 10")
    grammar, transformer = get_ucum_parser(), UcumToPintStrTransformer()

    def parse(code: str) -> Any:  # noqa: ANN401 - pint has no types for its quantities
        bare = _ANNOTATION.sub("", code).strip("./") or "1"
        return registry.Quantity(Fraction(1), "dimensionless") * registry.parse_expression(
            transformer.transform(grammar.parse(bare))
        )

    return parse
