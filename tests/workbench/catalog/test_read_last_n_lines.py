from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.workbench.catalog.entries import SIDES, drawn, kind, result, results
from workbench.catalog import Call
from workbench.catalog.read_last_n_lines import UTILITY

# The content of the file, the number of lines, and the result.
CONTRACT: list[tuple[bytes, int, list[str]]] = [
    (b"", 1, []),
    (b"\n", 1, [""]),
    (b"\n\n\n", 2, ["\n", ""]),
    (b"a", 0, []),
    (b"a\n", 1, ["a"]),
    (b"a\nb", 10, ["a\n", "b"]),
    (b"a\rb\nc\n", 2, ["a\rb\n", "c"]),
    (b"\n\r", 2, ["\n", ""]),
    (b"a\r\r\r\nb\r\n\r\n", 3, ["a\n", "b\n", ""]),
    (b"bad \xff\xfe\n\xe2\x82\nend", 3, ["bad \ufffd\ufffd\n", "\ufffd\n", "end"]),
    (b"\xef\xbb\xbfa\nb\r\xff", 2, ["\ufeffa\n", "b\r\ufffd"]),
]

Refused = tuple[str, tuple[object, ...], Mapping[str, object], type[Exception]]
"""What the path is, the other arguments, and the type of the exception."""
REFUSED: list[Refused] = [
    ("file", (-1,), {}, AssertionError),
    ("file", (-(2**70),), {}, AssertionError),
    ("file", (2, 0), {}, AssertionError),
    ("file", (2, -1), {}, AssertionError),
    ("missing", (1,), {}, AssertionError),
    ("directory", (1,), {}, RuntimeError),
    ("file", (50,), {"encoding": "no-such-codec"}, LookupError),
    ("file", (50,), {"errors": "no-such-handler"}, LookupError),
    ("file", (50,), {"errors": "strict"}, UnicodeDecodeError),
    ("file", ("2",), {}, TypeError),
]


def paths(directory: Path) -> dict[str, str]:
    """Return a path of each kind."""
    file = directory / "file"
    file.write_bytes(b"a\n\xff\n")
    return {"file": str(file), "directory": str(directory), "missing": str(directory / "no")}


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize(("content", "n", "expected"), CONTRACT)
def test_the_contract_holds_on_both_sides(
    side: str, content: bytes, n: int, expected: list[str], tmp_path: Path
) -> None:
    path = tmp_path / "log"
    path.write_bytes(content)
    assert result(UTILITY, side, Call((str(path), n))) == expected
    assert result(UTILITY, side, Call((str(path), n, 1))) == expected


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("refused", REFUSED, ids=str)
def test_what_cannot_be_read_is_refused_on_both_sides(
    side: str, refused: Refused, tmp_path: Path
) -> None:
    path, rest, others, error = refused
    assert result(UTILITY, side, Call((paths(tmp_path)[path], *rest), others)) is error


def test_the_corners_include_the_contract(tmp_path: Path) -> None:
    calls = [call for call in UTILITY.corners(tmp_path) if call.args and kind(call.args[0])]
    small = {
        path: Path(path).read_bytes()
        for path in {call.args[0] for call in calls if call.args[0].startswith(str(tmp_path))}
        if os.path.isfile(path) and os.access(path, os.R_OK) and os.path.getsize(path) < 100
    }
    plain = [c.args for c in calls if [type(a) for a in c.args] == [str, int]]
    read = {(small.get(path), n) for path, n in plain}
    assert {(content, n) for content, n, _ in CONTRACT} - read == set()
    tried = [(kind(c.args[0]), c.args[1:], c.kwargs) for c in calls if small.get(c.args[0]) != b""]
    assert [row for row in REFUSED if row[:3] not in tried] == []


@pytest.mark.parametrize(
    "condition",
    [
        lambda content, _: content == b"",
        lambda content, call: 0 < content.count(b"\n") < call.args[1],
        lambda _, call: call.args[3] not in {"utf-8", "utf_8"},
    ],
    ids=["empty", "few lines", "other codec"],
)
def test_random_inputs_reach_the_corners(
    condition: Callable[[bytes, Call], bool], tmp_path: Path
) -> None:
    call = drawn(UTILITY, tmp_path, lambda call: condition(Path(call.args[0]).read_bytes(), call))
    python, native = results(UTILITY, call)
    assert python == native


def test_workloads_read_the_lines_of_their_names(tmp_path: Path) -> None:
    for workload in UTILITY.workloads:
        call = workload.prepare(tmp_path)
        path, n = call.args
        size = os.path.getsize(path)
        shown = f"{size // 1024} KB" if size < 10**6 else f"{size // 10**6} MB"
        assert workload.name == f"last {n:,} lines of a {shown} log"
        python, native = results(UTILITY, call)
        assert python == native
        assert len(list_of(python)) == n
        assert (workload.floor is not None) == (n == 10)
        assert workload.is_countable == (n <= 1_000)
    first = UTILITY.workloads[0]
    assert first.floor is not None
    floor = first.floor(first.prepare(tmp_path))
    assert (floor.system, floor.target) == ("tail", first.prepare(tmp_path).args[0])


def test_the_curve_reads_as_many_lines_as_each_size(tmp_path: Path) -> None:
    (curve,) = UTILITY.curves
    for size, workload in curve.workloads():
        python, native = results(UTILITY, workload.prepare(tmp_path))
        assert python == native
        assert len(list_of(python)) == size


def list_of(value: Any) -> list[str]:
    assert isinstance(value, list)
    return value
