from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.workbench.catalog.entries import SIDES, drawn, kind, result, results
from workbench.catalog import Call, hash_file
from workbench.catalog.hash_file import UTILITY

ALGORITHMS = ("sha256", "SHA256", "md5", "sha3_512", "blake2b", "shake_128")

# What the path is, the algorithm, and the type of the exception.
REFUSED: list[tuple[str, object, type[Exception]]] = [
    ("missing", "sha256", FileNotFoundError),
    ("missing", "no-such-algorithm", FileNotFoundError),
    ("directory", "sha256", IsADirectoryError),
    ("directory", "no-such-algorithm", IsADirectoryError),
    ("file", "no-such-algorithm", ValueError),
    ("file", "", ValueError),
    ("file", None, TypeError),
    ("file", b"sha256", TypeError),
]


def paths(directory: Path) -> dict[str, str]:
    """Return a path of each kind."""
    file = directory / "content"
    file.write_bytes(b"content")
    return {"file": str(file), "directory": str(directory), "missing": "no/such/file"}


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_the_result_goes_on_from_the_content(side: str, algorithm: str, tmp_path: Path) -> None:
    expected = hashlib.new(algorithm, b"content")
    found: Any = result(UTILITY, side, Call((paths(tmp_path)["file"], algorithm)))
    assert type(found) is type(expected)
    assert UTILITY.observe(found) == UTILITY.observe(expected)
    for both in (found, expected):
        both.update(b"more")
    assert UTILITY.observe(found) == UTILITY.observe(expected)


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize(("path", "algorithm", "error"), REFUSED)
def test_what_cannot_be_hashed_is_refused_on_both_sides(
    side: str, path: str, algorithm: object, error: type[Exception], tmp_path: Path
) -> None:
    assert result(UTILITY, side, Call((paths(tmp_path)[path], algorithm))) is error


def test_the_corners_include_the_contract(tmp_path: Path) -> None:
    calls = [c.args for c in UTILITY.corners(tmp_path) if len(c.args) == 2]
    tried = [(kind(path), algorithm) for path, algorithm in calls if isinstance(path, str)]
    assert [row for row in REFUSED if row[:2] not in tried] == []
    assert {("file", a) for a in (*hashlib.algorithms_available, "SHA256")} <= {
        row for row in tried if isinstance(row[1], str)
    }
    sizes = {os.path.getsize(p) for p, a in calls if kind(p) == "file" and a == "sha256"}
    assert sizes >= {0, 1, 64, 2**18 - 1, 2**18, 2**18 + 1}


class Other:
    """A hash object with another name, or one whose copies are not independent."""

    def __init__(self, name: str, copies: bool) -> None:
        self._real = hashlib.sha256(b"content")
        self._copies = copies
        self.name, self.digest_size, self.block_size = name, 32, 64
        self.update, self.digest = self._real.update, self._real.digest

    def copy(self) -> Any:
        return self._real.copy() if self._copies else self


def test_observing_sees_every_difference() -> None:
    value = hashlib.sha256(b"content")
    others = [hashlib.sha256(b"other"), hashlib.sha3_256(b"content"), hashlib.shake_128(b"content")]
    odd = [Other("sha2", copies=True), Other("sha256", copies=False)]
    seen = [UTILITY.observe(one) for one in (value, *others, *odd)]
    assert UTILITY.observe(Other("sha256", copies=True)) == seen[0]
    assert all(one not in seen[:index] for index, one in enumerate(seen))
    assert value.digest() == hashlib.sha256(b"content").digest()


@pytest.mark.parametrize(
    "condition",
    [
        lambda call: Path(call.args[0]).stat().st_size == 0,
        lambda call: call.args[1] not in hashlib.algorithms_available,
        lambda call: result(UTILITY, "python", call) is ValueError,
        lambda call: call.args[1].lower().startswith("shake"),
    ],
    ids=["empty", "spelling", "unknown", "no fixed length"],
)
def test_random_inputs_reach_the_corners(condition: Callable[[Call], bool], tmp_path: Path) -> None:
    python, native = results(UTILITY, drawn(UTILITY, tmp_path, condition))
    assert python == native


def test_the_first_workload_hashes_what_its_name_says(tmp_path: Path) -> None:
    first, second = UTILITY.workloads
    call = first.prepare(tmp_path)
    path, algorithm = call.args
    assert first.name == f"{algorithm} of {Path(path).stat().st_size // 1024} KB"
    python, native = results(UTILITY, call)
    assert python == native == UTILITY.observe(hashlib.new(algorithm, Path(path).read_bytes()))
    assert (first.is_countable, second.is_countable) == (True, False)


def test_the_curve_has_files_of_each_size(tmp_path: Path) -> None:
    (curve,) = UTILITY.curves
    for size, workload in list(curve.workloads())[:-1]:
        call = workload.prepare(tmp_path)
        assert Path(call.args[0]).stat().st_size == size
        python, native = results(UTILITY, call)
        assert python == native


@pytest.mark.parametrize("size", [0, 100, 2**18 - 1, 2**18, 2**18 + 1, 10**6])
def test_the_floor_hashes_as_many_bytes_as_the_file_has(
    size: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed: list[int] = []

    class Counting:
        def __init__(self, data: bytes) -> None:
            self.update(data)

        def update(self, data: bytes) -> None:
            hashed.append(len(data))

    monkeypatch.setattr(hash_file.hashlib, "sha256", Counting)
    path = tmp_path / "file"
    path.write_bytes(bytes(size))
    workload = UTILITY.workloads[0]
    assert workload.floor is not None
    floor = workload.floor(Call((str(path), "sha256")))
    assert (floor.system, floor.target) == ("file", str(path))
    assert floor.library is not None
    floor.library()
    assert sum(hashed) == size
    assert max(hashed) <= 2**18
