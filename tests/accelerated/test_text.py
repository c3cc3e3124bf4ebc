from __future__ import annotations

import math
from types import SimpleNamespace

import accelerated
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

PYTHON = accelerated.functions("python")
NATIVE = accelerated.functions("native")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0", "0"),
        ("ff", "73"),
        ("FF", "73"),
        ("0xff", "73"),
        (" f_f\n", "73"),
        ("+ff", "73"),
        ("-0", "0"),
        ("\uff11\u0660", "g"),
        (b"ff", "73"),
    ],
)
def test_base36_accepts_what_int_accepts(side: SimpleNamespace, text: str, expected: str) -> None:
    assert side.base36_encode(text) == expected


@pytest.mark.parametrize("text", ["", "g", "f__f", "0x", "\ud800", "-1", "-ff"])
def test_base36_rejects_invalid_numbers(side: SimpleNamespace, text: str) -> None:
    with pytest.raises(ValueError):
        side.base36_encode(text)


@pytest.mark.parametrize("value", [None, 255, 1.5, ["f"]])
def test_base36_rejects_other_types(side: SimpleNamespace, value: object) -> None:
    with pytest.raises(TypeError):
        side.base36_encode(value)


@given(st.integers(min_value=0, max_value=2**1200) | st.integers(min_value=0, max_value=2**130))
def test_base36_round_trips(number: int) -> None:
    for functions in (PYTHON, NATIVE):
        assert int(functions["base36_encode"](f"{number:x}"), 36) == number


@pytest.mark.parametrize("digits", [1023, 1024, 1025, 1026, 20_000])
def test_base36_of_long_numbers(side: SimpleNamespace, digits: int) -> None:
    number = int("9e" * digits, 16) >> 3
    encoded = side.base36_encode(f"{number:x}")
    assert encoded[0] != "0"
    value = 0
    for start in range(0, len(encoded), 1000):
        part = encoded[start : start + 1000]
        value = value * 36 ** len(part) + int(part, 36)
    assert value == number


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        ((1.25,), "1.2"),
        ((1.05,), "1.1"),
        ((2.0,), "2"),
        ((-0.0,), "-0"),
        ((-0.04,), "-0.0"),
        ((7,), "7"),
        ((True,), "True"),
        ((1234567.89, 2), "1234567.89"),
        ((0.5, 0), "0"),
        ((0.5, "3"), "0.500"),
        ((5e-324, 1074), f"{5e-324:.1074f}"),
        ((math.nan,), "nan"),
        ((-math.inf, 3), "-inf"),
        ((2.0, -1), "2"),
        ((2.0, None), "2"),
    ],
)
def test_format_float(side: SimpleNamespace, args: tuple[object, ...], expected: str) -> None:
    assert side.format_float(*args) == expected


def test_format_float_of_a_large_whole_number_has_all_digits(side: SimpleNamespace) -> None:
    assert side.format_float(1e300) == str(int(1e300))


@pytest.mark.parametrize("precision", [-1, 1.5, None, True, "x"])
def test_format_float_rejects_a_bad_precision(side: SimpleNamespace, precision: object) -> None:
    with pytest.raises(ValueError):
        side.format_float(0.5, precision)


@pytest.mark.parametrize("value", ["1.5", None, b"1"])
def test_format_float_rejects_other_types(side: SimpleNamespace, value: object) -> None:
    with pytest.raises(AttributeError):
        side.format_float(value)


class Shouting(float):
    def __format__(self, spec: str) -> str:
        return "LOUD" + spec


def test_format_float_uses_the_format_of_a_subclass(side: SimpleNamespace) -> None:
    assert side.format_float(Shouting(0.5), 2) == "LOUD.2f"


@settings(max_examples=2000)
@given(st.floats(), st.integers(min_value=0, max_value=20))
def test_format_float_rounds_as_python_does(number: float, precision: int) -> None:
    native = NATIVE["format_float"](number, precision)
    assert native == PYTHON["format_float"](number, precision)


@settings(max_examples=1000)
@given(st.integers(min_value=-(10**9), max_value=10**9), st.integers(min_value=0, max_value=9))
def test_format_float_rounds_near_ties_as_python_does(thousandths: int, precision: int) -> None:
    number = thousandths / 8
    assert NATIVE["format_float"](number, precision) == PYTHON["format_float"](number, precision)


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        (("a b", 2), "a ..."),
        (("abc", 3), "abc"),
        (("abcd", 3), "abc..."),
        (("", 0), ""),
        ((" a", 0), "..."),
        (("abcdef", -1), "abcde..."),
        (("abcdefghij", 7, True), "ab...ij"),
        (("abcdefghij", 8, True), "abc...ij"),
        (("abcdefghij", 4, True), "a..."),
        (("abcdefghij", 3, True), "..."),
        (("abcdefghij", -5, 1), "..."),
        (("\U0001f600" * 5, 4), "\U0001f600" * 4 + "..."),
        (("\ud800 \udfff x", 3), "\ud800 \udfff..."),
    ],
)
def test_truncate(side: SimpleNamespace, args: tuple[object, ...], expected: str) -> None:
    assert side.truncate_long_string(*args) == expected


def test_truncate_returns_a_short_string_unchanged(side: SimpleNamespace) -> None:
    text = "".join(["sh", "ort"])
    assert side.truncate_long_string(text) is text
    assert side.truncate_long_string(s=text, max_length=5, truncate_middle=True) is text


@pytest.mark.parametrize("args", [(None,), (5,), ("abc", "2"), ("abc", None), ("abc", 1.5)])
def test_truncate_rejects_other_types(side: SimpleNamespace, args: tuple[object, ...]) -> None:
    with pytest.raises(TypeError):
        side.truncate_long_string(*args)


@settings(max_examples=1500)
@given(
    st.text(st.sampled_from("ab  \u00e9\u4e16\U0001f600\ud800"), max_size=60),
    st.integers(min_value=-3, max_value=65),
    st.booleans(),
)
def test_truncate_of_both_agrees(text: str, max_length: int, middle: bool) -> None:
    native = NATIVE["truncate_long_string"](text, max_length, middle)
    assert native == PYTHON["truncate_long_string"](text, max_length, middle)
    if middle and len(text) > max_length:
        assert len(native) == max(max_length, 3)
