"""read_last_n_lines: the last lines of a text file."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from encodings.aliases import aliases
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.catalog._files import path_calls, provide_bytes, provide_log
from workbench.catalog._surroundings import without_warnings
from workbench.catalog._values import (
    LONGEST,
    Index,
    Text,
    every_code_point,
    like_floats,
    like_integers,
    long_texts,
    rarely,
    texts,
    words,
    wrong_types,
)
from workbench.catalog.model import Body, Call, Curve, Floor, Utility, Workload

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

_LINE_ENDS = (b"\n", b"\n\n", b"\r", b"\r\n", b"\r\r\n", b"\x0b\x0c\x1c", b"\x85", b"\0")
_VALID = ("a", "word word", "é", "日本", "😀", "\u2028\u2029", "\ufeff", "+AGE-")
_INVALID = (
    b"\xff",
    b"\xe2\x82",
    b"\xc3",
    b"\xed\xa0\x80",
    b"\xf4\x90\x80\x80",
    b"\xc0\xaf",
    b"\x80",
)
_PIECES = (*_LINE_ENDS, *map(str.encode, _VALID), *_INVALID)
_SHORT = (
    b"",
    b"\n",
    b"\n\n\n",
    b"a",
    b"a\n",
    b"a\nb",
    b"a\nb\n",
    b"a\rb\nc\n",
    b"\r",
    b"\r\n",
    b"\n\r",
)
_ENDS = (
    b"a\r\r\r\nb\r\n\r\n",
    b"\r\n" * 20,
    b"bad \xff\xfe\n\xe2\x82\nend",
    b"\xef\xbb\xbfa\nb\r\xff",
)
_CHUNKS = (b"x" * 8191 + b"\n", b"x" * 8192 + b"\ny", b"\n" * 8193, b"no end of line" * 2000)
_BLOCKS = (b"x" * (2**18 - 1) + b"\nab", b"\n" * (2**18 + 1), b"a\n" + b"y" * LONGEST + b"\nb\n")
_MANY = ("\n".join(f"line {i}" for i in range(3000)), "é\u2028日本\n😀\n" * 500)
_CONTENTS = (*_SHORT, *_ENDS, *_CHUNKS, *_BLOCKS, *map(str.encode, _MANY), "ab\nc".encode("utf-16"))

_CODECS = sorted(set(aliases.values()))
_ODD_CODECS = words(
    "UTF8 UTF-8 U8 utf-8-sig idna punycode raw_unicode_escape unicode_escape undefined"
)
_NO_CODECS = ("no-such-codec", "", "utf\0", "utf-8\ud800", " utf-8", "utf-8 ", "é", "x" * 5000)
_HANDLERS = words("strict replace ignore backslashreplace surrogateescape surrogatepass")
_ODD_HANDLERS = ("xmlcharrefreplace", "namereplace", "no-such-handler", "", "re\0place", "\ud800")
# Registered handlers, which need not return a single character and the next position.
_REGISTERED = ("workbench.returns", "workbench.skips", "workbench.refuses", "workbench.fails")


def _register_handlers() -> None:
    def fail(error: UnicodeError) -> tuple[str, int]:
        raise ZeroDivisionError(str(error))

    codecs.register_error(_REGISTERED[0], lambda error: ("\r\n\r", _end(error)))
    codecs.register_error(_REGISTERED[1], lambda error: ("", len(error.object)))  # type: ignore[attr-defined]
    codecs.register_error(_REGISTERED[2], lambda error: (b"", _end(error)))
    codecs.register_error(_REGISTERED[3], fail)


def _end(error: UnicodeError) -> int:
    end: int = error.end  # type: ignore[attr-defined]
    return end


def _corners(directory: Path) -> Iterator[Call]:
    _register_handlers()
    paths = [str(provide_bytes(directory, content)) for content in _CONTENTS]
    for path in paths:
        for n in (0, 1, 2, 3, 10, 3001, 10**6):
            yield Call((path, n))
            yield Call((path, n, 1000 if n < 10 else 8191))
    odd = str(provide_bytes(directory, b"".join(piece + b"\n" for piece in _PIECES)))
    for codec in (*_CODECS, *_ODD_CODECS, *_NO_CODECS, *wrong_types(), 8, Text("utf-8"), b"utf-8"):
        yield Call((odd, 50), {"encoding": codec})
        yield Call((odd, 50, 8192, codec, "strict"))
    for handler in (*_HANDLERS, *_ODD_HANDLERS, *_REGISTERED, *wrong_types(), Text("ignore")):
        yield Call((odd, 50), {"errors": handler})
        yield Call((odd, 2, 3, "ascii", handler))
        yield Call((paths[5], 2), {"errors": handler})
    whole = every_code_point().encode("utf-8", "surrogatepass")
    for handler in ("replace", "surrogatepass", "backslashreplace"):
        yield Call((str(provide_bytes(directory, whole)), 5), {"errors": handler})
    yield from _odd_arguments(paths[7])
    for n in (0, 1, 2):
        yield from path_calls(directory, b"a\nb\n", n)
        yield Call(("/proc/self/status", n))


def _odd_arguments(path: str) -> Iterator[Call]:
    integers = (-1, -(2**70), True, False, 2**31, 2**63 - 1, 2**63, 2**64, 2**70, Index())
    floats = (2.0, 0.0, -0.5, 1e30, float("nan"), float("inf"), *like_floats(2.0))
    for number in (*integers, *like_integers(2), *floats, *wrong_types(), "2"):
        for args in ((path, number), (path, 2, number), (path, 0, number)):
            yield Call(args, surroundings=without_warnings)
    everything = {
        "file_path": path,
        "n": 1,
        "chunk_size": 2,
        "encoding": "ascii",
        "errors": "strict",
    }
    yield Call(kwargs=everything)
    yield Call((path,))
    yield Call()
    yield Call((path, 1, 2, "utf-8", "strict", 0))
    yield Call((path, 1), {"count": 1})


def _strategy(directory: Path) -> SearchStrategy[Call]:
    from hypothesis import strategies as st

    _register_handlers()
    pieces = st.lists(st.sampled_from(_PIECES), max_size=30).map(b"".join)
    text = texts(40).map(lambda text: text.encode("utf-8", "surrogatepass"))
    short = st.one_of(pieces, pieces, st.binary(max_size=80), text)
    long = long_texts(["x", "\n", "line\n", "é日\r\n"]).map(str.encode)
    contents = rarely(st.builds(bytes.__add__, long, pieces), short)
    codec = st.one_of(st.just("utf-8"), st.just("utf-8"), st.sampled_from(_CODECS))
    handler = st.one_of(st.just("replace"), st.sampled_from((*_HANDLERS, *_REGISTERED)))
    return st.builds(
        lambda content, *rest: Call((str(provide_bytes(directory, content)), *rest)),
        contents,
        st.one_of(st.integers(0, 12), st.integers(0, LONGEST)),
        rarely(st.integers(1, 20), st.integers(500, 20_000)),
        codec,
        handler,
    )


def _tail(size: int, lines: int) -> Workload:
    size_name = "9 KB" if size < 10**6 else f"{size // 10**6} MB"
    return Workload(
        f"last {lines:,} lines of a {size_name} log",
        lambda directory: Call((str(provide_log(directory, size)), lines)),
        # With many lines, creating strings dominates, which is not a system call.
        _floor if lines <= 10 else None,
        is_countable=lines <= 1_000,
    )


def _floor(call: Call) -> Floor:
    return Floor("open, fstat, pread, close", "tail", call.args[0])


_BODIES = (
    Body(
        "241dc517682174d76ed4b60d0af8954a",
        ("n must be non-negative. Got", "SEEK_END"),
        "skypilot 0.10.5 to 0.14.1",
    ),
)

UTILITY = Utility(
    name="read_last_n_lines",
    summary="the last lines of a text file",
    replaces=("sky.utils.common_utils.read_last_n_lines",),
    announced_speedup=5.0,
    workloads=(_tail(9 * 1024, 10), _tail(50 * 10**6, 1_000), _tail(50 * 10**6, 100_000)),
    curves=(
        Curve(
            "tail of a 10 MB log",
            "lines",
            (1, 10, 100, 1_000, 10_000, 50_000),
            lambda directory, lines: Call((str(provide_log(directory, 10**7)), lines)),
        ),
    ),
    corners=_corners,
    strategy=_strategy,
    bodies=_BODIES,
)
