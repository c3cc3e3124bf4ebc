from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.workbench.catalog.entries import SIDES, corners, drawn, result, results
from workbench.catalog import Call
from workbench.catalog import get_parallel_threads as entry
from workbench.catalog.get_parallel_threads import UTILITY
from workbench.verify import describe, exact

USUAL = max(4, (os.cpu_count() or 1) - 1)

# The argument, and the result or the type of the exception.
CONTRACT: list[tuple[object, object]] = [
    (None, USUAL),
    ("", USUAL),
    ("aws", USUAL),
    ("kubernetes", 4 * USUAL),
    ("KUBERNETES", 4 * USUAL),
    ("kUbErNeTeS", 4 * USUAL),
    ("\u212aubernetes", 4 * USUAL),
    ("kubernetes ", USUAL),
    ("kuberne\0tes", USUAL),
    ("\ud800", USUAL),
    (0, USUAL),
    (False, USUAL),
    (b"", USUAL),
    (b"kubernetes", USUAL),
    (1, AttributeError),
    (True, AttributeError),
    (["kubernetes"], AttributeError),
]


@pytest.fixture
def few_lookalikes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Search for lookalikes of the letters below U+2200, which include the Kelvin sign."""
    monkeypatch.setattr(entry, "sys", SimpleNamespace(maxunicode=0x2200))


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize(("cloud", "expected"), CONTRACT)
def test_the_contract_holds_on_both_sides(side: str, cloud: object, expected: object) -> None:
    found = result(UTILITY, side, Call((cloud,)))
    assert exact(found) == exact(expected)
    assert result(UTILITY, side, Call(kwargs={"cloud_str": cloud})) == expected


@pytest.mark.usefixtures("few_lookalikes")
def test_the_corners_include_the_contract(tmp_path: Path) -> None:
    wanted = {describe(UTILITY.name, Call((cloud,))) for cloud, _ in CONTRACT}
    assert wanted - corners(UTILITY, tmp_path) == set()


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.usefixtures("few_lookalikes")
def test_the_affinity_does_not_count(side: str, tmp_path: Path) -> None:
    notes = {call.note: call for call in UTILITY.corners(tmp_path)}
    assert result(UTILITY, side, notes["affinity of 1 CPU"]) == USUAL


@pytest.mark.parametrize(
    "condition",
    [
        lambda call: call.args[0] is None,
        lambda call: isinstance(call.args[0], str) and call.args[0].lower() == "kubernetes",
        lambda call: isinstance(call.args[0], str) and call.args[0].lower() != "kubernetes",
        lambda call: isinstance(call.args[0], int) and call.args[0] != 0,
    ],
    ids=["none", "kubernetes", "other", "number"],
)
def test_random_inputs_reach_the_corners(condition: Callable[[Call], bool], tmp_path: Path) -> None:
    python, native = results(UTILITY, drawn(UTILITY, tmp_path, condition))
    assert python == native


def test_the_workload_is_a_plain_call_with_a_floor(tmp_path: Path) -> None:
    (workload,) = UTILITY.workloads
    call = workload.prepare(tmp_path)
    assert results(UTILITY, call) == [USUAL, USUAL]
    assert workload.floor is not None
    assert workload.floor(call).system == "threads"
