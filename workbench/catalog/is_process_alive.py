"""is_process_alive: whether a process exists."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.catalog.model import Call, Utility, Workload

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy


class _Number(int):
    pass


class _Index:
    def __index__(self) -> int:
        return 1


def _corners(directory: Path) -> Iterator[Call]:
    del directory
    for pid in (os.getpid(), os.getppid(), 1, 2, 0, _Number(os.getpid()), True, False, None):
        yield Call((pid,))
    yield from _children()
    yield from _threads()
    for beyond in (
        2**22 - 1,
        2**22,
        2**22 + 1,
        2**31 - 1,
        2**31,
        2**32,
        2**63 - 1,
        2**63,
        2**64,
        2**70,
    ):
        yield Call((beyond,))
    for negative in (-1, -2, -(2**31), -(2**31) - 1, -(2**63), -(2**70)):
        yield Call((negative,))
    for wrong in _odd_values():
        yield Call((wrong,))
    yield Call(kwargs={"pid": os.getpid()})
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
        # Waits for the end without reaping, so that the child stays a zombie.
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
    import numpy as np

    text = ("1", "", "self", b"1", "\ud800")
    numbers = (
        1.0,
        1.5,
        float("nan"),
        float("inf"),
        1j,
        np.int64(1),
        np.int32(-1),
        np.float64(1),
        _Index(),
    )
    return (*text, *numbers, [], [1], (1,), {}, object())


def _strategy(directory: Path) -> SearchStrategy[Call]:
    from hypothesis import strategies as st

    del directory
    return st.one_of(st.integers(0, 70_000), st.integers()).map(lambda pid: Call((pid,)))


UTILITY = Utility(
    name="is_process_alive",
    summary="whether a process exists",
    replaces=("sky.utils.subprocess_utils.is_process_alive",),
    announced_speedup=25.0,
    workloads=(Workload("own pid", lambda _: Call((os.getpid(),))),),
    corners=_corners,
    strategy=_strategy,
)
