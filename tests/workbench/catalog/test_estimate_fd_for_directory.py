from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.workbench.catalog.entries import SIDES, drawn, result, results
from workbench.catalog import Call
from workbench.catalog.estimate_fd_for_directory import UTILITY


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A directory with a hidden file, a file with an undecodable name and one below another."""
    (tmp_path / "folder" / "below").mkdir(parents=True)
    (tmp_path / "folder" / "below" / "deeper").touch()
    (tmp_path / "folder" / ".hidden").touch()
    (tmp_path / "folder" / os.fsdecode(b"\xff")).touch()
    return tmp_path / "folder"


@pytest.mark.parametrize("side", SIDES)
def test_each_entry_counts_five_and_nothing_below(side: str, folder: Path) -> None:
    for path in (folder, str(folder), os.fsencode(folder), f"{folder}/"):
        assert result(UTILITY, side, Call((path,))) == 15
    (folder / "link").symlink_to("below")
    assert result(UTILITY, side, Call((str(folder),))) == 20
    assert result(UTILITY, side, Call((str(folder / "link"),))) == 5
    assert result(UTILITY, side, Call((None,))) == 5 * len(os.listdir())


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("no", FileNotFoundError),
        ("", FileNotFoundError),
        (".hidden", NotADirectoryError),
        (".hidden/below", NotADirectoryError),
        ("a\0b", ValueError),
        (1.5, TypeError),
    ],
)
def test_what_cannot_be_listed_is_refused_as_by_listdir(
    side: str, name: Any, error: type[Exception], folder: Path
) -> None:
    path = f"{folder}/{name}" if isinstance(name, str) and name else name
    with pytest.raises(error) as caught:
        os.listdir(path)
    assert result(UTILITY, side, Call((path,))) is type(caught.value)


def test_the_corners_include_the_contract(tmp_path: Path) -> None:
    seen = set()
    # A descriptor is open only until the next corner case is made.
    for call in UTILITY.corners(tmp_path):
        found = results(UTILITY, call)
        assert found[0] == found[1]
        seen.add(found[0])
        descriptor = type(call.args[0]) is int and call.args[0] > 0 if call.args else False
        if descriptor and isinstance(found[0], int):
            seen.add("descriptor")
    assert seen >= {0, 5, 10, 15, 5_000, 15_000}
    assert seen >= {FileNotFoundError, NotADirectoryError, ValueError, TypeError}
    assert "descriptor" in seen


@pytest.mark.parametrize(
    "condition",
    [
        lambda call: isinstance(call.args[0], Path),
        lambda call: type(result(UTILITY, "python", call)) is int and type(call.args[0]) is bytes,
        lambda call: result(UTILITY, "python", call) is FileNotFoundError,
    ],
    ids=["path", "bytes", "missing"],
)
def test_random_inputs_reach_the_corners(condition: Callable[[Call], bool], tmp_path: Path) -> None:
    python, native = results(UTILITY, drawn(UTILITY, tmp_path, condition))
    assert python == native


def test_the_workload_has_the_entries_of_its_name_and_a_floor(tmp_path: Path) -> None:
    (workload,) = UTILITY.workloads
    call = workload.prepare(tmp_path)
    entries = len(os.listdir(call.args[0]))
    assert workload.name == f"{entries:,} entries"
    assert results(UTILITY, call) == [5 * entries, 5 * entries]
    assert workload.floor is not None
    floor = workload.floor(call)
    assert (floor.system, floor.target) == ("entries", call.args[0])


def test_the_curve_has_directories_of_each_size(tmp_path: Path) -> None:
    (curve,) = UTILITY.curves
    # The largest takes long to make.
    for size, workload in list(curve.workloads())[:-1]:
        assert results(UTILITY, workload.prepare(tmp_path)) == [5 * size, 5 * size]
