"""base36_encode: a hexadecimal number in base 36."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.catalog.model import Call, Utility, Workload

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy


class _Text(str):
    __slots__ = ()


def _corners(directory: Path) -> Iterator[Call]:
    del directory
    plain = ("0", "1", "f", "F", "10", "23", "24", "deadbeef", "DeadBeef", "0" * 40, "00ff")
    powers = (f"{36**n + d:x}" for n in (1, 2, 12, 13, 24, 25, 50) for d in (-1, 0, 1))
    limits = (f"{2**n + d:x}" for n in (31, 32, 63, 64, 127, 128, 256, 4096) for d in (-1, 0, 1))
    accepted = (
        *("0xff", "0XFF", "0x_ff", "+ff", "+0xff", "-0", "-0x0", "0b1", "0e1", "f_f", "1_2_3"),
        *(" ff", "ff\n", "\t\r\n\v\f ff \x1c\x1d\x1e\x1f", "\x85ff\xa0", "\u2003ff\u3000"),
        *("\uff11\uff12", "٣٤", "\U0001d7d7f", "१a", "0x१a"),
    )
    refused = (
        *(
            "",
            " ",
            "-1",
            "-ff",
            "-0x1",
            "- 1",
            "+",
            "-",
            "++1",
            "+-1",
            "0x",
            "0x+1",
            "x1",
            "g",
            "ff g",
        ),
        *(
            "_1",
            "1_",
            "1__2",
            "0x__1",
            "0_x1",
            "1.0",
            "1e+3",
            "ff\0",
            "\0",
            "f f",
            "\uff46",
            "²",
            "Ⅷ",
        ),
        *("\ud800", "f\udc80", "0o7", "\ufeffff", "\u200bff", "é"),
    )
    for text in (*plain, *powers, *limits, *accepted, *refused, "f" * 5000, "1" + "0" * 3000):
        yield Call((text,))
    for other in (_Text("ff"), b"ff", b" 0xff ", b"", bytearray(b"ff"), memoryview(b"ff")):
        yield Call((other,))
    for wrong in (None, 255, 1.5, True, ["ff"], object()):
        yield Call((wrong,))
    yield Call(kwargs={"hex_str": "ff"})
    yield Call()
    yield Call(("ff", 16))
    yield Call(kwargs={"text": "ff"})


def _strategy(directory: Path) -> SearchStrategy[Call]:
    from hypothesis import strategies as st

    del directory
    digits = st.text("0123456789abcdefABCDEF", min_size=1, max_size=80)
    mixed = st.text("0123456789abcdefABCDEFxX_+- \t\n\uff11٣", max_size=20)
    anything = st.text(max_size=8)
    return st.one_of(digits, mixed, anything).map(lambda text: Call((text,)))


def _is_negative(call: Call) -> bool:
    """The original never returns on a negative number."""
    try:
        return int(call.args[0], 16) < 0
    except (IndexError, TypeError, ValueError):
        return False


UTILITY = Utility(
    name="base36_encode",
    summary="a hexadecimal number in base 36",
    replaces=("sky.utils.common_utils.base36_encode",),
    announced_speedup=10.0,
    workloads=(
        Workload("8 hex digits", lambda _: Call(("deadbeef",))),
        Workload("32 hex digits", lambda _: Call(("0123456789abcdef" * 2,))),
    ),
    corners=_corners,
    strategy=_strategy,
    departs=_is_negative,
)
