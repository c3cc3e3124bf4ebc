"""Processes and the resources they share."""

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
    """Whether a process exists, be it a zombie or another user's; None is the own process.

    Raises:
        ValueError: the pid is negative.
        TypeError: the pid is no integer.
    """
    import psutil

    if pid is not None and not pid < 0:
        operator.index(pid)  # not every psutil refuses a float
    try:
        return psutil.Process(pid).is_running()
    except psutil.NoSuchProcess:
        return False


def get_max_workers_for_file_mounts(
    common_file_mounts: dict[str, str], cloud_str: str | None = None
) -> int:
    """How many file mounts to copy at a time without running out of file descriptors.

    Each entry of the largest directory among the values counts as five descriptors. A soft limit
    under 1,024 is warned of once, by the logger ``accelerated``.

    Returns:
        At least 1, at most ``get_parallel_threads(cloud_str)``.
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
    global _warned_of_low_limit  # noqa: PLW0603 - once per process is what callers rely on
    if not _warned_of_low_limit:
        _warned_of_low_limit = True
        _logger.warning(
            "only %d files may be open at a time, which slows copying; raise it with `ulimit -n`",
            soft_limit,
        )
