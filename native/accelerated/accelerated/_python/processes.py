"""Processes and their limits."""

from __future__ import annotations

import logging
import operator
import os

from accelerated._python.machine import get_parallel_threads

try:
    import resource
except ImportError:  # Windows
    resource = None  # type: ignore[assignment]

__all__ = ["get_max_workers_for_file_mounts", "is_process_alive"]

_logger = logging.getLogger("accelerated")
_warned_of_low_limit = False

_FD_PER_ENTRY = 5
_FD_RESERVE = 100
_LOW_FD_LIMIT = 1024


def is_process_alive(pid: int) -> bool:
    """Return whether a process with this PID exists.

    Zombies and processes of other users count as alive. PIDs are reused, so the process may not
    be the one that had the PID before. ``None`` is the current process. ``0`` is alive only
    where process 0 is visible.

    Raises:
        ValueError: the PID is negative.
        TypeError: the PID is not an integer.
    """
    import psutil

    if pid is not None and not pid < 0:
        operator.index(pid)  # some versions of psutil accept a float
    try:
        return psutil.Process(pid).is_running()
    except psutil.NoSuchProcess:
        return False


def get_max_workers_for_file_mounts(
    common_file_mounts: dict[str, str], cloud_str: str | None = None
) -> int:
    """Return how many file mounts to copy at a time without running out of file descriptors.

    Each worker is assumed to need five descriptors for each entry of the largest directory
    among the values of ``common_file_mounts``, and at least five. Values that are not
    directories are ignored. The result is the soft limit of open files minus 100, divided by
    that number: at least 1 and at most ``get_parallel_threads(cloud_str)``. If the soft limit
    is below 1,024, the logger ``accelerated`` warns once per process.

    Raises:
        OSError: a directory cannot be listed.
    """
    soft_limit, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft_limit < _LOW_FD_LIMIT:
        _warn_of_low_limit(soft_limit)
    fd_per_worker = _FD_PER_ENTRY
    for source in common_file_mounts.values():
        if os.path.isdir(source):
            fd_per_worker = max(fd_per_worker, _FD_PER_ENTRY * len(os.listdir(source)))
    workers = (soft_limit - _FD_RESERVE) // fd_per_worker
    return min(max(workers, 1), get_parallel_threads(cloud_str))


def _warn_of_low_limit(soft_limit: int) -> None:
    global _warned_of_low_limit  # noqa: PLW0603 - callers expect one warning per process
    if not _warned_of_low_limit:
        _warned_of_low_limit = True
        _logger.warning(
            "the limit of %d open files slows down copying; raise it with `ulimit -n`",
            soft_limit,
        )
