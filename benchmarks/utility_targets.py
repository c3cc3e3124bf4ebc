"""Targets of the native functions, and known reasons for missing them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Target:
    """Minimum speedup of a workload over the published function."""

    utility: str
    workload: str
    speedup: float
    about_python: str = ""
    """Why the Python implementation is faster or slower than the published function, if known."""
    about_native: str = ""
    """What the native time includes in addition to the floor, if known."""


LEAST_SHARE = 0.66
"""Minimum of floor and call from Python as a fraction of the native time, if there is a floor."""
LEAST_MEAN = 8.5
"""Minimum arithmetic mean of the speedups of the first workloads, as announced."""
PYTHON_RATIO = (0.75, 1.25)
"""Allowed ratio of the time of the Python implementation to that of the published function."""

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
        about_native="Creating ten strings and their list takes half a microsecond in any "
        "implementation and is not part of the floor.",
    ),
    Target("read_last_n_lines", "last 1,000 lines of a 50 MB log", 3),
    Target("read_last_n_lines", "last 100,000 lines of a 50 MB log", 3),
    Target(
        "get_max_workers_for_file_mounts",
        "no directories",
        5,
        about_python="the published function creates a debug log record in each call, which "
        "takes about 5 µs",
    ),
    Target("get_max_workers_for_file_mounts", "one directory of 1,000 entries", 1.3),
    Target("format_float", "1234567.89, precision 2", 2.5),
    Target("hash_file", "sha256 of 9 KB", 1.5),
    Target("hash_file", "sha256 of 50 MB", 0.98),
    Target("estimate_fd_for_directory", "1,000 entries", 1.25),
    Target("find_free_port", "first port is free", 1.2),
)
"""All workloads of the contract; those of a utility start with its first workload."""
