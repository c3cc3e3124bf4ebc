from __future__ import annotations

import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.workbench.catalog.entries import SIDES, corners, drawn, result
from workbench.catalog import Call
from workbench.catalog._surroundings import taken_ports
from workbench.catalog.find_free_port import UTILITY
from workbench.verify import describe

# The first port, and the result or the type of the exception.
CONTRACT: list[tuple[object, object]] = [
    (0, 0),
    (False, 0),
    (-1, OverflowError),
    (-(2**70), OverflowError),
    (65_535, OSError),
    (70_000, OSError),
    (2**70, OSError),
    ("30000", TypeError),
    ("", TypeError),
    (30_000.0, TypeError),
    (float("nan"), TypeError),
    (None, TypeError),
]

# The start of the notes of corner cases whose first port is in use.
TAKEN = (
    "SOCK_STREAM of '*' listens",
    "SOCK_STREAM of '127.0.0.1' listens",
    "SOCK_STREAM of '127.0.0.2' is bound",
    "SOCK_STREAM of '*' is bound",
    "SOCK_STREAM of '*' may be reused",
    "an IPv6 socket listens there",
    "a connection there was just closed",
)


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize(("port", "expected"), CONTRACT)
def test_the_contract_holds_on_both_sides(side: str, port: object, expected: object) -> None:
    assert result(UTILITY, side, Call((port,))) == expected


@pytest.mark.parametrize("side", SIDES)
def test_the_last_port_is_65534(side: str) -> None:
    last = Call((65_534,), surroundings=taken_ports([65_534]))
    assert result(UTILITY, side, last) is OSError


def test_the_corners_include_the_contract(tmp_path: Path) -> None:
    wanted = {describe(UTILITY.name, Call((port,))) for port, _ in CONTRACT}
    assert wanted - corners(UTILITY, tmp_path) == set()


def test_the_corners_include_ports_in_use(tmp_path: Path) -> None:
    seen = set()
    # A port is what its note says only until the next corner case is made.
    for call in UTILITY.corners(tmp_path):
        for note in TAKEN:
            if call.note.startswith(note):
                seen.add(note)
                for side in SIDES:
                    assert is_beyond(result(UTILITY, side, call), call.args[0])
    six = set() if socket.has_ipv6 else {"an IPv6 socket listens there"}
    assert seen >= set(TAKEN) - six


def is_beyond(found: object, port: int) -> bool:
    """Return whether a port in use was not returned, but a later one if there is one."""
    return found is OSError or (isinstance(found, int) and port < found < 65_535)


@pytest.mark.parametrize(
    "condition",
    [
        lambda call: call.note.startswith("sockets at") and call.args[0] < 65_000,
        lambda call: type(call.args[0]) is int and call.args[0] > 65_534,
        lambda call: type(call.args[0]) is not int,
    ],
    ids=["in use", "beyond the range", "like an integer"],
)
def test_random_inputs_reach_the_corners(condition: Callable[[Call], bool], tmp_path: Path) -> None:
    call = drawn(UTILITY, tmp_path, condition)
    found = {side: result(UTILITY, side, call) for side in SIDES}
    # Another program may take a port between the calls, but not change their kind.
    assert type(found["python"]) is type(found["native"])
    assert call.note == "" or f"{found['native']}" not in call.note


@pytest.mark.parametrize("side", SIDES)
def test_the_workload_has_a_free_port_and_a_floor(side: str, tmp_path: Path) -> None:
    (workload,) = UTILITY.workloads
    call = workload.prepare(tmp_path)
    found = result(UTILITY, side, call)
    assert isinstance(found, int)
    assert 20_000 <= call.args[0] <= found
    assert workload.floor is not None
    floor = workload.floor(call)
    assert (floor.system, floor.target) == ("port", str(call.args[0]))
