"""A busy neighbour: loads all CPUs in random bursts while a benchmark runs.

    with neighbour(): ...

It is a separate process with one child per CPU. The processes end with the block. They also end if
their parent dies in any way: the kernel kills them (Linux), and each child checks for its parent
between bursts.
"""

from __future__ import annotations

import ctypes
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

MEAN_BUSY = 0.3
"""Mean seconds of a burst, and of the pause after it; both are random."""
_LONGEST = 2.0
_PR_SET_PDEATHSIG = 1


@contextmanager
def neighbour() -> Iterator[int]:
    """Load all CPUs that this process may use during the block; yield the process id."""
    command = [sys.executable, __file__, str(os.getpid())]
    # Ctrl-C must reach only the benchmark, which then stops the neighbour.
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True)
    try:
        yield process.pid
    finally:
        process.kill()
        process.wait()


def main() -> None:
    """Fork one child per CPU, which loads it until the parent ends."""
    _end_with(int(sys.argv[1]))
    leader = os.getpid()
    cpus = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else [None]
    children = []
    for cpu in cpus:
        child = os.fork()
        if not child:
            _end_with(leader)
            _load(cpu, leader)
            os._exit(0)
        children.append(child)
    while os.getppid() == int(sys.argv[1]):
        time.sleep(0.2)
    for child in children:
        os.kill(child, signal.SIGKILL)


def _end_with(parent: int) -> None:
    """Have the kernel kill this process when its parent ends; exit if it has ended already."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(0)


def _load(cpu: int | None, parent: int) -> None:
    if cpu is not None:
        os.sched_setaffinity(0, {cpu})
    source = random.Random()
    data = bytearray(1 << 20)
    while os.getppid() == parent:
        end = time.monotonic() + min(source.expovariate(1 / MEAN_BUSY), _LONGEST)
        while time.monotonic() < end:
            # Also use the shared caches.
            data[:] = bytes(data[1:]) + b"x"
        time.sleep(min(source.expovariate(1 / MEAN_BUSY), _LONGEST))


if __name__ == "__main__":
    main()
