from __future__ import annotations

import numbers
import operator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.catalog import _values


def test_every_code_point_is_in_the_text_once() -> None:
    text = _values.every_code_point()
    assert len(text) == 0x110000
    assert all(text[position] == chr(position) for position in (0, 65, 0xD800, 0x10FFFF))


def test_wrong_types_are_neither_texts_nor_real_numbers() -> None:
    found = _values.wrong_types()
    assert not any(type(value) is str or isinstance(value, numbers.Real) for value in found)
    assert len({type(value) for value in found}) >= 12


@pytest.mark.parametrize("value", [0, 2, 255, 256, 70_000, 2**40])
def test_like_integers_are_usable_as_an_index_but_not_int(value: int) -> None:
    found = _values.like_integers(value)
    assert not any(type(number) is int for number in found)
    # An index without a value is always 2.
    assert {operator.index(number) for number in found} == {value, 2}
    assert sum(type(number).__module__ == "numpy" for number in found) >= 2


def test_small_types_are_only_used_for_numbers_that_fit() -> None:
    kinds = {type(number).__name__ for number in _values.like_integers(256)}
    assert {"uint16", "int32", "int64"} <= kinds
    assert "uint8" not in kinds


@given(st.floats(-60_000, 60_000, width=16))
def test_like_floats_have_the_value_but_not_the_type(value: float) -> None:
    found = _values.like_floats(value)
    assert not any(type(number) is float for number in found)
    assert all(number == value for number in found)


def test_subclasses_differ_from_their_bases() -> None:
    assert str(_values.Loud(5)) == "loud"
    assert _values.Loud(5) == 5
    assert type(_values.Text("a") + "b") is str


def test_long_texts_repeat_a_unit_up_to_any_length() -> None:
    found: list[str] = []

    @given(_values.long_texts(["abc"]))
    def collect(text: str) -> None:
        found.append(text)

    collect()
    for text in found:
        assert text == ("abc" * (len(text) // 3 + 1))[: len(text)]
    assert {len(text) % 3 for text in found} == {0, 1, 2}
    assert max(map(len, found)) <= _values.LONGEST


def test_the_rare_strategy_is_used_but_seldom() -> None:
    drawn: list[str] = []

    @given(_values.rarely(st.just("rare"), st.integers(0, 10**9).map(str)))
    def collect(value: Any) -> None:
        drawn.append(value)

    collect()
    assert drawn.count("rare") < len(drawn) / 5
    assert _values.words(" a  b\n") == ["a", "b"]
