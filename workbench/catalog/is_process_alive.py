"""is_process_alive: whether a process exists."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.catalog._surroundings import as_nobody
from workbench.catalog._values import Number, like_floats, like_integers, texts, wrong_types
from workbench.catalog.model import Body, Call, Floor, Utility, Workload

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy


_AROUND_LIMITS = (2**22 - 1, 2**22, 2**22 + 1, 2**31 - 1, 2**31, 2**32, 2**63 - 1, 2**63, 2**64)
_NEGATIVE = (-1, -2, -(2**31), -(2**31) - 1, -(2**63), -(2**70))


def _corners(directory: Path) -> Iterator[Call]:
    del directory
    own = os.getpid()
    for pid in (own, os.getppid(), 1, 2, 0, Number(own), Number(0), Number(-1), True, False, None):
        yield Call((pid,))
        yield Call((pid,), surroundings=as_nobody, note="no privileges")
    yield from _children()
    yield from _threads()
    for odd in (*_AROUND_LIMITS, 2**70, *_NEGATIVE, *_odd_values()):
        yield Call((odd,))
    yield Call(kwargs={"pid": own})
    yield Call()
    yield Call((1, 2))
    yield Call(kwargs={"process": 1})


def _children() -> Iterator[Call]:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    yield Call((gone.pid,), note="a process that has ended")
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as running:
        yield Call((running.pid,), note="a child that runs")
        running.kill()
        # Wait for the exit without reaping, so that the child remains a zombie.
        os.waitid(os.P_PID, running.pid, os.WEXITED | os.WNOWAIT)
        yield Call((running.pid,), note="a zombie")


def _threads() -> Iterator[Call]:
    done = threading.Event()
    thread = threading.Thread(target=done.wait)
    thread.start()
    try:
        if thread.native_id is not None:
            yield Call((thread.native_id,), note="the id of a thread")
    finally:
        done.set()
        thread.join()


def _odd_values() -> tuple[Any, ...]:
    text = ("1", "", "self", "\ud800", "\uff11")
    floats = (1.0, 1.5, float("nan"), float("inf"), *like_floats(1.0))
    return (*text, *floats, *like_integers(1), *like_integers(os.getpid() % 100), *wrong_types())


def _strategy(directory: Path) -> SearchStrategy[Call]:
    from hypothesis import strategies as st

    del directory
    near_edges = st.builds(
        lambda power, distance: 2**power + distance, st.integers(0, 70), st.integers(-2, 2)
    )
    exact = st.one_of(st.integers(0, 5000), st.integers(0, 2**22), st.integers(), near_edges)
    odd = st.integers(0, 250).flatmap(lambda n: st.sampled_from(like_integers(n)))
    wrong = st.one_of(st.floats(), texts(4), st.binary(max_size=4))
    pids = st.one_of(exact, exact, exact.map(Number), odd, wrong)
    return pids.map(lambda pid: Call((pid,)))


_FLOOR = Floor("kill with signal 0", "process")

_BODIES = (
    Body("b1b301d90f3f933de795f3204214f062", ("NoSuchProcess", "is_running"), "skypilot 0.10.5"),
)

UTILITY = Utility(
    name="is_process_alive",
    summary="whether a process exists",
    replaces=("sky.utils.subprocess_utils.is_process_alive",),
    announced_speedup=25.0,
    workloads=(Workload("own pid", lambda _: Call((os.getpid(),)), lambda _: _FLOOR),),
    corners=_corners,
    strategy=_strategy,
    bodies=_BODIES,
)
