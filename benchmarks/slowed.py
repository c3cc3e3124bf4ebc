"""A native function made slower by a known part, to see whether the gate finds it.

As a module it has the function ``bare`` and ``slow``, so that the harness can time one against the
other. As a program it is a worker of the harness in which the slow one takes the native one's
place. What slows it is a checksum of as many bytes as the environment says: unlike a loop of
Python, its time does not depend on what the interpreter has run before.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any
from zlib import crc32

import accelerated._native

from workbench.measure import worker

FUNCTION = "get_mem_size_gb"
"""Takes no arguments, and some microseconds: a wrapper of Python can be 5% of them."""
BYTES = "WORKBENCH_BENCHMARK_BYTES"


def slower(function: Callable[[], Any], size: int) -> Callable[[], Any]:
    """Wrap a function in a call that makes a checksum of ``size`` bytes first."""
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
