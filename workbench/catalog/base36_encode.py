"""base36_encode: a hexadecimal number in base 36."""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.catalog._values import LONGEST, Text, long_texts, rarely, texts, words, wrong_types
from workbench.catalog.model import Body, Call, Curve, Utility, Workload

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

_PLAIN = words("0 1 f F 10 23 24 deadbeef DeadBeef 00ff 0000000000000000000000000000000000000")
_ACCEPTED = words("0xff 0XFF 0x_ff +ff +0xff -0 -0x0 0b1 0e1 f_f 1_2_3 ٣٤ १a 0x१a \uff11\uff12")
_SPACED = (" ff", "ff\n", "\t\r\n\v\f ff \x1c\x1d\x1e\x1f", "\x85ff\xa0", "\u2003ff\u3000")
_REFUSED = words("-1 -ff -0x1 + - ++1 +-1 0x 0x+1 x1 g _1 1_ 1__2 0x__1 0_x1 1.0 1e+3 ² Ⅷ é 0o7")
_SPACED_WRONGLY = ("", " ", "- 1", "ff g", "f f", "ff\0", "\0", "\ufeffff", "\u200bff", "\uff46")
_BEYOND_UNICODE = ("\ud800", "f\udc80")

_UPSTREAM_BITS = 80_000


def _corners(directory: Path) -> Iterator[Call]:
    del directory
    yield from map(_call, (*_PLAIN, *_ACCEPTED, *_SPACED, *_REFUSED, *_SPACED_WRONGLY))
    yield from map(_call, (*_BEYOND_UNICODE, *map(chr, range(256)), *_decimal_digits()))
    for power in (1, 2, 12, 13, 24, 25, 50):
        yield from (_call(f"{36**power + d:x}") for d in (-1, 0, 1))
    for bits in (31, 32, 63, 64, 127, 128, 256, 511, 512, 513, 4096):
        yield from (_call(f"{2**bits + d:x}") for d in (-1, 0, 1))
    for digits in (127, 128, 129, 5000, 50_000):
        yield from (_call("f" * digits), _call("1" + "0" * digits))
    for padded in ("0" * LONGEST + "ff", " " * LONGEST + "ff", "ff" + "g" * LONGEST):
        yield _call(padded)
    for other in (Text("ff"), Text(""), b" 0xff ", b"", bytearray(b"ff"), memoryview(b"ff")):
        yield Call((other,))
    for wrong in (*wrong_types(), 255, 1.5, True):
        yield Call((wrong,))
    yield Call(kwargs={"hex_str": "ff"})
    yield Call()
    yield Call(("ff", 16))
    yield Call(kwargs={"text": "ff"})


def _call(text: str) -> Call:
    return Call((text,))


def _decimal_digits() -> Iterator[str]:
    """Yield the decimal digits of all scripts, which ``int`` accepts, each followed by an ``f``."""
    for code_point in range(sys.maxunicode + 1):
        if unicodedata.decimal(chr(code_point), None) is not None:
            yield chr(code_point) + "f"


def _strategy(directory: Path) -> SearchStrategy[Call]:
    from hypothesis import strategies as st

    del directory
    digits = st.text("0123456789abcdefABCDEF", min_size=1, max_size=140)
    mixed = st.text("0123456789abcdefABCDEFxX_+- \t\n\uff11٣", max_size=20)
    usual = st.one_of(digits, mixed, digits.map(Text), texts(8), st.binary(max_size=8))
    padded = st.builds(str.__add__, long_texts(["0", " ", "\n\t"]), digits)
    many_digits = st.builds(
        lambda unit, length: unit * length,
        st.text("123456789abcdef", min_size=1, max_size=7),
        st.integers(1, 2000),
    )
    values = rarely(st.one_of(padded, many_digits), usual)
    return values.map(lambda value: Call((value,)))


def _original_does_not_end(call: Call) -> bool:
    """Return whether the original runs forever (negative numbers) or for minutes (long ones)."""
    try:
        number = int(call.args[0], 16)
    except (IndexError, TypeError, ValueError):
        return False
    return number < 0 or number.bit_length() > _UPSTREAM_BITS


_BODIES = (
    Body(
        "97e30b121ff09b01ab8442b3bacca556",
        ("0123456789abcdefghijklmnopqrstuvwxyz", "divmod"),
        "skypilot 0.5.0 to 0.14.1",
    ),
)

UTILITY = Utility(
    name="base36_encode",
    summary="a hexadecimal number in base 36",
    replaces=("sky.utils.common_utils.base36_encode",),
    announced_speedup=10.0,
    workloads=(
        Workload("8 hex digits", lambda _: Call(("deadbeef",))),
        Workload("32 hex digits", lambda _: Call(("0123456789abcdef" * 2,))),
    ),
    curves=(
        Curve(
            "a hexadecimal number",
            "digits",
            (1, 4, 16, 64, 256, 1_024, 4_096),
            lambda _, digits: Call(("f" * digits,)),
        ),
    ),
    corners=_corners,
    strategy=_strategy,
    departs=_original_does_not_end,
    bodies=_BODIES,
)
