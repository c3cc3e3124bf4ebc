"""A native function with a known slowdown, to test whether the gate detects it.

As a module, it has the functions ``bare`` and ``slow``, which the harness can compare. As a
program, it is a worker of the harness in which the slow function replaces the native one. The
slowdown is a checksum, whose size is an environment variable: unlike the time of a Python loop, its
time does not depend on what the interpreter ran before.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any
from zlib import crc32

import accelerated._native

from workbench.measure import worker

FUNCTION = "get_mem_size_gb"
"""Takes no arguments and some microseconds, so that a Python wrapper can cost less than 5%."""
BYTES = "WORKBENCH_BENCHMARK_BYTES"


def slower(function: Callable[[], Any], size: int) -> Callable[[], Any]:
    """Return a function that computes a checksum of ``size`` bytes and then calls ``function``."""
    data = bytes(size)

    def slowed() -> Any:
        crc32(data)
        return function()

    return slowed


bare: Callable[[], Any] = getattr(accelerated._native, FUNCTION)
slow = slower(bare, int(os.environ.get(BYTES, "0")))

if __name__ == "__main__":
    setattr(accelerated._native, FUNCTION, slow)
    worker.main()
