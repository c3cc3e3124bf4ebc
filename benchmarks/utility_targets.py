"""What is asked of the native functions, and what is known about where they cannot give it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Target:
    """How many times faster than the published function a workload has to be at least."""

    utility: str
    workload: str
    speedup: float
    about_python: str = ""
    """Why the Python implementation differs from the published function, where it is known."""
    about_native: str = ""
    """What the native time is made of beside the floor, where it is known."""


LEAST_SHARE = 0.66
"""Of the floor and a call from Python in the native time, wherever there is a floor."""
LEAST_MEAN = 8.5
"""Arithmetic mean of the speedups of the utilities' first workloads: the announced one."""
PYTHON_RATIO = (0.75, 1.25)
"""Within which the Python implementation's time over the published function's has to stay."""

TARGETS = (
    Target("is_process_alive", "own pid", 40),
    Target("get_cpu_count", "this machine", 15),
    Target("get_mem_size_gb", "this machine", 6),
    Target("get_parallel_threads", "this machine", 5),
    Target("base36_encode", "8 hex digits", 8),
    Target("base36_encode", "32 hex digits", 15),
    Target("truncate_long_string", "1,080 characters of words to 80", 15),
    Target("truncate_long_string", "shorter than the limit", 1.2),
    Target(
        "read_last_n_lines",
        "last 10 lines of a 9 KB log",
        6,
        about_native="Making ten strings and their list takes half a microsecond of that in any "
        "implementation, and is not in the floor.",
    ),
    Target("read_last_n_lines", "last 1,000 lines of a 50 MB log", 3),
    Target("read_last_n_lines", "last 100,000 lines of a 50 MB log", 3),
    Target(
        "get_max_workers_for_file_mounts",
        "no directories",
        5,
        about_python="the published one makes a debug log record at each call, about 5 µs that "
        "ours does not spend",
    ),
    Target("get_max_workers_for_file_mounts", "one directory of 1,000 entries", 1.3),
    Target("format_float", "1234567.89, precision 2", 2.5),
    Target("hash_file", "sha256 of 9 KB", 1.5),
    Target("hash_file", "sha256 of 50 MB", 0.98),
    Target("estimate_fd_for_directory", "1,000 entries", 1.25),
    Target("find_free_port", "first port is free", 1.2),
)
"""Every workload of the contract, each utility's first one first."""
