"""find_free_port: the next port that nothing uses."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.catalog.model import Call, Utility, Workload

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

_ABOVE_SERVICES = 20_000


class _Index:
    def __index__(self) -> int:
        return 31_000


class _Number(int):
    pass


def _free_port(directory: Path) -> Call:
    """Return a call that succeeds at its first port."""
    del directory
    for port in range(_ABOVE_SERVICES, 65535):
        with socket.socket() as candidate:
            try:
                candidate.bind(("", port))
            except OSError:
                continue
            return Call((port,))
    raise OSError("every port is in use")


def _corners(directory: Path) -> Iterator[Call]:
    import numpy as np

    del directory
    yield from _busy_ports()
    for port in (
        0,
        1024,
        20_000,
        65_000,
        65_533,
        65_534,
        65_535,
        65_536,
        70_000,
        2**31,
        2**63,
        2**70,
    ):
        yield Call((port,))
    for port in (-1, -2, -65_536, -(2**31) - 1, -(2**70), True, False):
        yield Call((port,))
    odd: tuple[Any, ...] = (
        _Index(),
        _Number(30_000),
        np.int64(30_000),
        np.uint16(30_000),
        np.bool_(True),
    )
    for wrong in (
        *odd,
        None,
        "30000",
        "",
        b"1",
        30_000.0,
        np.float64(3e4),
        float("nan"),
        [],
        (1,),
        1j,
    ):
        yield Call((wrong,))
    yield Call(kwargs={"start_port": 30_000})
    yield Call()
    yield Call((30_000, 31_000))
    yield Call(kwargs={"port": 30_000})


def _busy_ports() -> Iterator[Call]:
    for address, kind in (
        ("", "listening"),
        ("127.0.0.1", "listening"),
        ("", "bound"),
        ("", "udp"),
    ):
        with ExitStack() as stack:
            type_ = socket.SOCK_DGRAM if kind == "udp" else socket.SOCK_STREAM
            first = stack.enter_context(socket.socket(socket.AF_INET, type_))
            first.bind((address, 0))
            port = first.getsockname()[1]
            if kind == "listening":
                first.listen()
            yield Call((port,), note=f"port {port} of '{address or '*'}' is {kind}")
            _try_listen(stack, port + 1)
            yield Call((port,), note=f"ports {port} and {port + 1} are in use")
    if socket.has_ipv6:
        with socket.socket(socket.AF_INET6) as six:
            try:
                six.bind(("::", 0))
            except OSError:
                return
            six.listen()
            yield Call((six.getsockname()[1],), note="an IPv6 socket listens there")


def _try_listen(stack: ExitStack, port: int) -> None:
    neighbour = stack.enter_context(socket.socket())
    try:
        neighbour.bind(("", port))
    except OSError:
        return
    neighbour.listen()


def _strategy(directory: Path) -> SearchStrategy[Call]:
    from hypothesis import strategies as st

    del directory
    ports = st.one_of(st.integers(_ABOVE_SERVICES, 65_600), st.integers(-3, 0), st.integers(65_530))
    return ports.map(lambda port: Call((port,)))


UTILITY = Utility(
    name="find_free_port",
    summary="the next port that nothing uses",
    replaces=("sky.utils.common_utils.find_free_port",),
    announced_speedup=2.0,
    workloads=(Workload("first port is free", _free_port),),
    corners=_corners,
    strategy=_strategy,
)
