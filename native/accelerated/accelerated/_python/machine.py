"""CPUs, memory and threads of this machine or container."""

from __future__ import annotations

import os

__all__ = ["get_cpu_count", "get_mem_size_gb", "get_parallel_threads"]

_CGROUP = "/sys/fs/cgroup"
_GIB = 1024**3


def get_cpu_count() -> int:
    """Return the number of CPUs that this process may use.

    The environment variable ``SKYPILOT_POD_CPU_CORE_LIMIT`` takes precedence. Otherwise the
    result is the minimum of the logical CPUs, the affinity mask and the cgroup's CPU quota.
    Fractions are truncated, so a quota of less than one CPU gives 0. Everything is read again
    on each call. A quota that only a parent cgroup has is not seen.

    Raises:
        ValueError: the environment variable is not a number.
        OverflowError: the environment variable is infinite.
    """
    limit = os.getenv("SKYPILOT_POD_CPU_CORE_LIMIT")
    if limit is not None:
        try:
            return int(float(limit))
        except ValueError as error:
            raise _bad_limit("SKYPILOT_POD_CPU_CORE_LIMIT", limit) from error
    import psutil

    count = psutil.cpu_count() or 1
    if hasattr(os, "sched_getaffinity"):
        count = min(count, len(os.sched_getaffinity(0)))
    quota = _cgroup_cpus()
    return count if quota is None else min(count, int(quota))


def get_mem_size_gb() -> float:
    """Return the memory that this process may use, in GiB (1024**3 bytes).

    The environment variables ``SKYPILOT_POD_MEMORY_GB_LIMIT`` and then
    ``SKYPILOT_POD_MEMORY_BYTES_LIMIT`` take precedence. Otherwise the result is the minimum of
    the total memory and the cgroup's limit. Everything is read again on each call. A limit that
    only a parent cgroup has is not seen.

    Raises:
        ValueError: the environment variable is not a number.
    """
    limit = os.getenv("SKYPILOT_POD_MEMORY_GB_LIMIT")
    if limit is not None:
        return _number("SKYPILOT_POD_MEMORY_GB_LIMIT", limit)
    limit = os.getenv("SKYPILOT_POD_MEMORY_BYTES_LIMIT")
    if limit is not None:
        return _number("SKYPILOT_POD_MEMORY_BYTES_LIMIT", limit) / _GIB
    import psutil

    total: int = psutil.virtual_memory().total
    allowed = _cgroup_memory()
    return (total if allowed is None else min(total, allowed)) / _GIB


def _number(variable: str, value: str) -> float:
    try:
        return float(value)
    except ValueError as error:
        raise _bad_limit(variable, value) from error


def _bad_limit(variable: str, value: str) -> ValueError:
    return ValueError(f"{variable} must be a number, not {value!r}")


def get_parallel_threads(cloud_str: str | None = None) -> int:
    """Return how many threads to use for I/O-bound work.

    This is one less than ``os.cpu_count()`` but at least 4, and four times as many if
    ``cloud_str`` is ``"kubernetes"`` in any case. CPU affinity and cgroup limits are ignored.

    Raises:
        AttributeError: ``cloud_str`` is not a string.
    """
    threads = max(4, (os.cpu_count() or 1) - 1)
    if cloud_str and cloud_str.lower() == "kubernetes":
        threads *= 4
    return threads


def _cgroup_cpus() -> float | None:
    """Return the cgroup's CPU quota, which may be a fraction; None if there is no limit."""
    try:
        if _has_cgroup_v2():
            quota, period = _content(f"{_CGROUP}/cpu.max").split()
            if quota == "max":
                return None
        else:
            quota = _content(f"{_CGROUP}/cpu/cpu.cfs_quota_us")
            period = _content(f"{_CGROUP}/cpu/cpu.cfs_period_us")
        cpus = float(quota) / float(period) if float(quota) > 0 else None
    except (OSError, ValueError):
        return None
    return cpus


def _cgroup_memory() -> int | None:
    """Return the cgroup's memory limit in bytes; None if there is no limit."""
    name = "memory.max" if _has_cgroup_v2() else "memory/memory.limit_in_bytes"
    try:
        limit = int(_content(f"{_CGROUP}/{name}"))
    except (OSError, ValueError):
        return None
    return limit if limit > 0 else None


def _has_cgroup_v2() -> bool:
    return os.path.isfile(f"{_CGROUP}/cgroup.controllers")


def _content(path: str) -> str:
    with open(path, encoding="utf-8") as file:
        return file.read().strip()
