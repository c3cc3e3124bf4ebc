"""find_free_port: the next free TCP port."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.catalog._surroundings import as_nobody, open_files_limit, taken_ports
from workbench.catalog._values import Real, like_floats, like_integers, wrong_types
from workbench.catalog.model import Body, Call, Floor, Utility, Workload

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

_ABOVE_SERVICES = 20_000
_LOW = (-1, -2, -65_536, -(2**31) - 1, -(2**70), True, False, 0, 1, 80, 1023, 1024)
_HIGH = (65_000, 65_533, 65_534, 65_535, 65_536, 70_000, 2**31, 2**32, 2**63, 2**64, 2**70)
# The sockets that occupy a port: address, type, state.
_TAKERS = (
    ("", socket.SOCK_STREAM, "listens"),
    ("127.0.0.1", socket.SOCK_STREAM, "listens"),
    ("127.0.0.2", socket.SOCK_STREAM, "is bound"),
    ("", socket.SOCK_STREAM, "is bound"),
    ("", socket.SOCK_STREAM, "may be reused"),
    ("", socket.SOCK_DGRAM, "is bound"),
)


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
    del directory
    for taker in _TAKERS:
        yield from _taken(*taker)
    yield from _taken_by_ipv6()
    yield from _closing_connection()
    for port in (*_LOW, 20_000, *_HIGH):
        yield Call((port,))
    for odd in (*like_integers(30_000), *like_floats(3e4), *wrong_types()):
        yield Call((odd,))
    for wrong in ("30000", "", "http", 30_000.0, 3e300, float("nan"), Real("inf")):
        yield Call((wrong,))
    for port in (-1, 0, 30_000, 65_535):
        no_more = open_files_limit(3)
        yield Call((port,), surroundings=no_more, note="no free file descriptor")
    yield Call((1,), surroundings=as_nobody, note="no privileges")
    yield Call(kwargs={"start_port": 30_000})
    yield Call()
    yield Call((30_000, 31_000))
    yield Call(kwargs={"port": 30_000})


def _taken(address: str, type_: socket.SocketKind, state: str) -> Iterator[Call]:
    with socket.socket(socket.AF_INET, type_) as taker, ExitStack() as stack:
        if state == "may be reused":
            taker.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            taker.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        taker.bind((address, 0))
        port = taker.getsockname()[1]
        if state == "listens":
            taker.listen()
        text = f"{type_.name} of '{address or '*'}' {state}"
        yield Call((port,), note=f"{text} at {port}")
        stack.enter_context(taken_ports(range(port + 1, min(port + 4, 65_535)))())
        yield Call((port,), note=f"{text} at {port}, and the next three are in use")


def _taken_by_ipv6() -> Iterator[Call]:
    if socket.has_ipv6:
        with suppress(OSError), socket.socket(socket.AF_INET6) as six:
            six.bind(("::", 0))
            six.listen()
            yield Call((six.getsockname()[1],), note="an IPv6 socket listens there")


def _closing_connection() -> Iterator[Call]:
    """Yield a call with a port that is still in use by a closed connection."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)):
            # The side that closes first keeps the port in TIME_WAIT.
            server.accept()[0].close()
    yield Call((port,), note="a connection there was just closed")


def _strategy(directory: Path) -> SearchStrategy[Call]:
    from hypothesis import strategies as st

    del directory
    ports = st.one_of(st.integers(_ABOVE_SERVICES, 65_600), st.integers(-3, 0), st.integers(65_530))
    odd = st.integers(30_000, 30_010).flatmap(lambda port: st.sampled_from(like_integers(port)))
    free = st.one_of(ports, ports, ports, odd).map(lambda port: Call((port,)))
    gaps = st.sets(st.integers(0, 12), min_size=1)
    return st.one_of(free, st.builds(_among_taken, st.integers(_ABOVE_SERVICES, 65_534), gaps))


def _among_taken(start: int, offsets: set[int]) -> Call:
    ports = [start + offset for offset in sorted(offsets) if start + offset < 65_536]
    return Call((start,), surroundings=taken_ports(ports), note=f"sockets at {ports}")


def _floor(call: Call) -> Floor:
    return Floor("socket, bind, close", "port", str(call.args[0]))


_BODIES = (
    Body(
        "94fa9d78769cd4ff2880d1be9f2eacec",
        ("No free ports available.", "SOCK_STREAM"),
        "skypilot 0.5.0 to 0.11.1",
    ),
    Body(
        "c91d599608dfdc3c4425b54e814ae14b",
        ("No free ports available.", "Error binding port"),
        "skypilot 0.12.0 to 0.14.1",
    ),
)

UTILITY = Utility(
    name="find_free_port",
    summary="the next free TCP port",
    replaces=("sky.utils.common_utils.find_free_port",),
    announced_speedup=2.0,
    workloads=(Workload("first port is free", _free_port, _floor),),
    corners=_corners,
    strategy=_strategy,
    bodies=_BODIES,
)
