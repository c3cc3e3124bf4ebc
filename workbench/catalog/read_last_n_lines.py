"""read_last_n_lines: the tail of a text file."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.catalog._surroundings import provide_bytes, provide_log
from workbench.catalog.model import Call, Utility, Workload

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy


class _Text(str):
    __slots__ = ()


class _Index:
    def __index__(self) -> int:
        return 2


_PIECES = (
    *(
        b"\n",
        b"\n\n",
        b"\r",
        b"\r\n",
        b"\r\r\n",
        b"a",
        b"word word",
        b"\0",
        b"\x0b\x0c\x1c",
        b"\x85",
    ),
    *("é".encode(), "日本".encode(), "😀".encode(), "\u2028\u2029".encode(), "\ufeff".encode()),
    *(
        b"\xff",
        b"\xe2\x82",
        b"\xc3",
        b"\xed\xa0\x80",
        b"\xf4\x90\x80\x80",
        b"\xc0\xaf",
        b"+AGE-",
        b"\xff\xfe",
    ),
)
_CONTENTS = (
    *(
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
    ),
    *(
        b"a\r\r\r\nb\r\n\r\n",
        b"\r\n" * 20,
        b"no end of line at the end" * 1000,
        b"x" * 8191 + b"\n",
    ),
    *(
        b"x" * 8192 + b"\ny",
        b"\n" * 8193,
        "é\u2028日本\n😀\n".encode() * 500,
        b"bad \xff\xfe\n\xe2\x82\nend",
    ),
    *("\n".join(f"line {i}" for i in range(3000)).encode(), "ab\nc\n".encode("utf-16")),
)
_CODECS = (
    *(
        "utf-8",
        "UTF8",
        "utf_8",
        "latin-1",
        "ascii",
        "cp1252",
        "utf-16",
        "utf-16-le",
        "utf-8-sig",
        "utf-7",
    ),
    *(
        "shift_jis",
        "gb18030",
        "idna",
        "punycode",
        "raw_unicode_escape",
        "unicode_escape",
        "undefined",
    ),
    *("rot13", "hex", "no-such-codec", "", "utf\0", "utf-8\ud800", None, 8, b"utf-8"),
)
_HANDLERS = (
    *("strict", "replace", "ignore", "backslashreplace", "surrogateescape", "surrogatepass"),
    *(
        "xmlcharrefreplace",
        "namereplace",
        "no-such-handler",
        "",
        "re\0place",
        "\ud800",
        None,
        1,
        b"strict",
    ),
)


def _corners(directory: Path) -> Iterator[Call]:
    paths = [str(provide_bytes(directory, content)) for content in _CONTENTS]
    for path in paths:
        for n in (0, 1, 2, 3, 10, 3001, 10**6):
            yield Call((path, n))
            yield Call((path, n, 1 if n < 10 else 7))
    odd = str(provide_bytes(directory, b"".join(piece + b"\n" for piece in _PIECES)))
    for codec in _CODECS:
        yield Call((odd, 50), {"encoding": codec})
        yield Call((odd, 50, 8192, codec, "strict"))
    for handler in _HANDLERS:
        yield Call((odd, 50), {"errors": handler})
        yield Call((odd, 2, 3, "ascii", handler))
        yield Call((paths[5], 2), {"errors": handler})
    yield from _odd_arguments(paths[7])
    yield from _odd_paths(directory)


def _odd_arguments(path: str) -> Iterator[Call]:
    import numpy as np

    numbers: tuple[Any, ...] = (
        -1,
        -(2**70),
        True,
        False,
        2.0,
        0.0,
        -0.5,
        1e30,
        "2",
        None,
        [],
        _Index(),
    )
    huge = (
        2**31,
        2**63 - 1,
        2**63,
        2**64,
        2**70,
        float("nan"),
        float("inf"),
        np.int64(2),
        np.float64(2),
    )
    for number in (*numbers, *huge):
        yield Call((path, number))
        yield Call((path, 2, number))
        yield Call((path, 0, number))
    yield Call(
        kwargs={"file_path": path, "n": 1, "chunk_size": 2, "encoding": "ascii", "errors": "strict"}
    )
    yield Call((path,))
    yield Call()
    yield Call((path, 1, 2, "utf-8", "strict", 0))
    yield Call((path, 1), {"count": 1})


def _odd_paths(directory: Path) -> Iterator[Call]:
    plain = provide_bytes(directory, b"a\nb\n")
    link = directory / "link"
    broken = directory / "broken-link"
    loop = directory / "loop"
    for name, target in ((link, plain.name), (broken, "nowhere"), (loop, "loop")):
        if not name.is_symlink():
            name.symlink_to(target)
    unicode_name = directory / "näme with spaces 日本\n"
    unicode_name.write_bytes(b"a\nb")
    undecodable = os.fsencode(directory) + b"/\xff\xfe"
    with open(undecodable, "wb") as file:
        file.write(b"a\nb")
    kinds = (plain, _Text(plain), os.fsencode(plain), link, str(unicode_name), undecodable)
    bad = (
        directory,
        str(directory),
        os.fsencode(directory),
        "",
        "no/such/file",
        broken,
        loop,
        f"{plain}/",
    )
    special = (
        "/dev/null",
        "/proc/self/status",
        "a\0b",
        b"a\0b",
        "x" * 5000,
        "\ud800",
        os.fsdecode(undecodable),
    )
    wrong: tuple[Any, ...] = (None, 10**6, -1, 2**70, 1.5, [], bytearray(os.fsencode(plain)))
    for path in (*kinds, *bad, *special, *wrong):
        for n in (0, 1, 2):
            yield Call((path, n))


def _strategy(directory: Path) -> SearchStrategy[Call]:
    from hypothesis import strategies as st

    contents = st.one_of(
        st.lists(st.sampled_from(_PIECES), max_size=30).map(b"".join), st.binary(max_size=80)
    )
    return st.builds(
        lambda content, n, chunk, codec, handler: Call(
            (str(provide_bytes(directory, content)), n, chunk, codec, handler)
        ),
        contents,
        st.integers(0, 12),
        st.one_of(st.integers(1, 20), st.just(8192)),
        st.sampled_from(("utf-8", "utf-8", "latin-1", "ascii", "utf-16", "cp1252")),
        st.sampled_from(
            ("replace", "replace", "ignore", "strict", "backslashreplace", "surrogateescape")
        ),
    )


def _tail(size: int, lines: int) -> Workload:
    size_name = "9 KB" if size < 10**6 else f"{size // 10**6} MB"
    return Workload(
        f"last {lines:,} lines of a {size_name} log",
        lambda directory: Call((str(provide_log(directory, size)), lines)),
    )


UTILITY = Utility(
    name="read_last_n_lines",
    summary="the tail of a text file",
    replaces=("sky.utils.common_utils.read_last_n_lines",),
    announced_speedup=5.0,
    workloads=(_tail(9 * 1024, 10), _tail(50 * 10**6, 1_000), _tail(50 * 10**6, 100_000)),
    corners=_corners,
    strategy=_strategy,
)
