from __future__ import annotations

import socket
from types import SimpleNamespace

import pytest


def test_ports_in_use_are_skipped(side: SimpleNamespace) -> None:
    with socket.socket() as taken:
        taken.bind(("", 0))
        port = taken.getsockname()[1]
        try:
            assert side.find_free_port(port) > port
        except OSError:
            assert port == 65534


def test_the_port_found_can_be_bound(side: SimpleNamespace) -> None:
    port = side.find_free_port(20_000)
    assert type(port) is int
    assert 20_000 <= port <= 65534
    with socket.socket() as free:
        free.bind(("", port))


def test_zero_is_free(side: SimpleNamespace) -> None:
    assert side.find_free_port(0) == 0


@pytest.mark.parametrize(
    ("port", "error"),
    [
        (-1, OverflowError),
        (-(10**30), OverflowError),
        (65535, OSError),
        (70_000, OSError),
        (10**30, OSError),
        ("80", TypeError),
        (80.0, TypeError),
        (None, TypeError),
    ],
)
def test_invalid_ports_are_rejected(
    side: SimpleNamespace, port: object, error: type[Exception]
) -> None:
    with pytest.raises(error):
        side.find_free_port(port)
