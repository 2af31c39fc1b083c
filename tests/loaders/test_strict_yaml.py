from decimal import Decimal

import pytest

from kg.errors import DataError
from loaders.strict_yaml import Entry, parse_yaml


def test_plain_values_are_read_as_typed() -> None:
    value = parse_yaml('{a: 12, b: 2.10, c: true, d: null, e: "012", f: 骨痛, g: -3}')

    assert value == {"a": 12, "b": Decimal("2.10"), "c": True, "d": None, "e": "012", "f": "骨痛", "g": -3}
    assert str(value["b"]) == "2.10"  # type: ignore[index,call-overload]


@pytest.mark.parametrize(
    "scalar", ["012", "1:30", "1_000", "0x1F", "yes", "Off", ".inf", "1.5e3", "2024-01-02", ".5", "~"]
)
def test_what_programs_read_differently_must_be_quoted(scalar: str) -> None:
    with pytest.raises(DataError, match=r"source\.yaml:2: .*put it in quotes"):
        parse_yaml(f"a: 1\nb: {scalar}\n", file="source.yaml")

    assert parse_yaml(f"b: '{scalar}'") == {"b": scalar}


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a: 1\nb: 2\na: 3\n", 3),
        ("a: &x 1\nb: 2\n", 1),
        ("a: 1\nb: *x\n", 2),
        ("a: 1\nb: !!str 2\n", 2),
        ("a: 1\n<<: {b: 2}\n", 2),
        ("a: 1\n---\nb: 2\n", 2),
        ("a: 1\n? [b]\n: 2\n", 2),
        ("a: 1\nb:\n", 2),
        ("a: 1\nb: [1, 2\n", 3),
    ],
)
def test_what_hides_a_slip_is_refused_with_its_line(text: str, line: int) -> None:
    with pytest.raises(DataError) as caught:
        parse_yaml(text, file="x.yaml")

    assert str(caught.value).startswith(f"x.yaml:{line}:")


def test_nesting_has_an_end() -> None:
    parse_yaml("[" * 30 + "]" * 30)

    with pytest.raises(DataError, match="deep"):
        parse_yaml("[" * 40 + "]" * 40)


def test_every_key_knows_its_line() -> None:
    value = parse_yaml("a: 1\nb:\n  c: 2\n", file="x.yaml")

    assert isinstance(value, Entry)
    inner = value["b"]
    assert isinstance(inner, Entry)
    assert (value.place("b"), inner.place("c"), inner.where) == ("x.yaml:2", "x.yaml:3", "x.yaml:3")
