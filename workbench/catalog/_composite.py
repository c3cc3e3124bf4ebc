"""composite: several utilities called together, as in a program, and timed as one call."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.catalog._files import provide_folder, provide_log
from workbench.catalog.model import Call, Utility, Workload

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

_LOGS = 10
_LOG_SIZE = 9 * 1024
_LINES = 10


def _combine(functions: Mapping[str, Callable[..., Any]]) -> Callable[..., Any]:
    """Return the composite function that calls the functions of one side."""
    tail, digest = functions["read_last_n_lines"], functions["hash_file"]
    threads = functions["get_parallel_threads"]
    workers = functions["get_max_workers_for_file_mounts"]
    is_alive = functions["is_process_alive"]

    def composite(logs: list[str], lines: int, mounts: dict[str, str], pids: list[int]) -> Any:
        """Tail and hash log files, compute workers, check processes."""
        return (
            [tail(log, lines) for log in logs],
            [digest(log, "sha256").hexdigest() for log in logs],
            threads(),
            workers(mounts),
            [is_alive(pid) for pid in pids],
        )

    return composite


def _call(directory: Path, logs: int = _LOGS, lines: int = _LINES) -> Call:
    paths = [str(provide_log(directory, _LOG_SIZE + index)) for index in range(logs)]
    mounts = {"/remote": provide_folder(directory, 10)}
    return Call((paths, lines, mounts, [os.getpid(), os.getppid(), 1]))


def _corners(directory: Path) -> Iterator[Call]:
    yield _call(directory)
    yield _call(directory, logs=0)
    yield Call((["no/such/file"], 1, {}, []))
    yield Call(([], 1, {"/a": None}, [-1, 2**70]))


def _strategy(directory: Path) -> SearchStrategy[Call]:
    from hypothesis import strategies as st

    return st.builds(_call, st.just(directory), st.integers(0, _LOGS), st.integers(0, 200))


COMPOSITE = Utility(
    name="composite",
    summary="several utilities together, as a program calls them",
    replaces=(),
    # No speedup was announced.
    announced_speedup=0.0,
    workloads=(
        Workload("ten log files tailed and hashed, workers computed, processes checked", _call),
    ),
    corners=_corners,
    strategy=_strategy,
    combine=_combine,
)
