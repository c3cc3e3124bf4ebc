"""Count the instructions of a call with ``valgrind --tool=callgrind``, or else with perf.

Callgrind writes a file of counts whenever a marker is called, a C function that nothing else calls.
The difference between the counts of a few calls and of a few more cancels start-up and everything
around the calls.
"""

from __future__ import annotations

import gc
import os
import platform
import re
import shutil
import subprocess
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any

from workbench import backends
from workbench.catalog import Utility, select
from workbench.measure import perf
from workbench.measure.checking import NOT_REACHED
from workbench.measure.loops import Loop, bind
from workbench.measure.pairing import Pairing
from workbench.measure.plan import Limits, Progress
from workbench.measure.process import OutOfTimeError, WorkerLostError, run_job
from workbench.results.model import Failure, InstructionCount

BUDGET_SECONDS = 240.0
LEAST_PATIENCE = 60.0
"""Minimum time limit, in seconds, of a worker that runs under a counter."""
_MARK = "getsid"
# Below ten the loop has a single call site; the interpreter specializes each call site separately.
_FEW, _MORE = 3, 9
_WARM_UPS = 8
_UNSETTLED = 3
"""Counted rounds to discard, until the call site of the marker is specialized too."""
_ROUNDS = 3
_MARKS = 2 * (_UNSETTLED + _ROUNDS)
"""One after each of the two parts of a round; the first also counts what comes before."""
_TOTALS = re.compile(rb"^totals: (\d+)", re.MULTILINE)


@dataclass
class Counted:
    """The instruction counts of a run, and the failures of those that could not be made."""

    counts: list[InstructionCount] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)


def why_missing() -> str | None:
    """Return the reason why instructions cannot be counted, or None when they can."""
    if shutil.which("valgrind") or perf.is_usable():
        return None
    return (
        "valgrind is not installed and perf cannot count instructions on this machine: "
        "install valgrind with your package manager"
    )


def count_instructions(
    utilities: Iterable[Utility],
    pairing: Pairing,
    limits: Limits,
    progress: Progress | None = None,
) -> Counted:
    """Count the instructions of each countable workload until the deadline.

    A utility that crashes, exceeds the time limit or is not reached becomes a failure.
    """
    found = Counted()
    if reason := why_missing():
        found.failures.append(Failure("instructions", reason))
        return found
    selected = tuple(utilities)
    count = _by_callgrind if shutil.which("valgrind") else _by_perf
    for done, utility in enumerate(selected):
        if progress:
            progress(done, len(selected), f"count {utility.name}")
        directory = Path(limits.scratch, f"counts-{utility.name}")
        directory.mkdir()
        workloads = [workload.name for workload in utility.workloads if workload.is_countable]
        job = {"count": utility.name, "pairing": pairing.to_json(), "scratch": str(directory)}
        try:
            here = replace(limits, scratch=str(directory))
            found.counts += count(utility, {**job, "workloads": workloads}, pairing, here)
        except (WorkerLostError, OSError, ValueError) as error:
            found.failures.append(_uncounted(utility, str(error)))
        except OutOfTimeError:
            found.failures += [_uncounted(rest, NOT_REACHED) for rest in selected[done:]]
            break
    return found


def run_counts(job: dict[str, Any], emit: Callable[..., None]) -> None:
    """Run the calls of a ``count_instructions`` job in a worker."""
    pairing = Pairing.from_json(job["pairing"])
    (utility,) = [pairing.utility()] if pairing.expression else select([job["count"]])
    gc.freeze()
    gc.disable()
    for name in job["workloads"]:
        emit(event="start")
        call = utility.workload(name).prepare(Path(job["scratch"]))
        with call.surroundings():
            for side in job.get("sides", pairing.sides):
                loop = bind(backends.function(utility, side), call)
                emit(event="ready")
                if "calls" in job:
                    emit(event="done", seconds=loop(job["calls"]))
                    continue
                _rounds(loop, _WARM_UPS, os.getpgid)
                emit(event="alive")
                _rounds(loop, _UNSETTLED + _ROUNDS, os.getsid)
                emit(event="done")


def _rounds(loop: Loop, rounds: int, mark: Callable[[int], int]) -> None:
    """Run both parts of each round, and call ``mark`` after each part.

    Warm-up must run these same lines, since the interpreter specializes them.
    """
    for _ in range(rounds):
        loop(_FEW)
        mark(0)
        loop(_MORE)
        mark(0)


def _by_callgrind(
    utility: Utility, job: dict[str, Any], pairing: Pairing, limits: Limits
) -> list[InstructionCount]:
    del pairing
    command = (
        *_without_random_addresses(),
        *("valgrind", "--quiet", "--tool=callgrind", f"--dump-before={_MARK}"),
        f"--callgrind-out-file={limits.scratch}/callgrind",
    )
    for _ in run_job(job, limits.time_limit, 0, limits.deadline, command):
        pass
    return _read(utility, job["workloads"], Path(limits.scratch))


def _by_perf(
    utility: Utility, job: dict[str, Any], pairing: Pairing, limits: Limits
) -> list[InstructionCount]:
    prefix = _without_random_addresses()
    found = []
    for name in job["workloads"]:
        sides = (
            perf.per_call({**job, "workloads": [name], "sides": [side]}, prefix, limits)
            for side in pairing.sides
        )
        found.append(InstructionCount(utility.name, name, "perf", *sides))
    return found


def _without_random_addresses() -> tuple[str, ...]:
    """Return a command prefix that makes addresses reproducible; empty if it is not permitted."""
    command = ("setarch", platform.machine(), "--addr-no-randomize")
    try:
        done = subprocess.run((*command, "true"), capture_output=True, check=False)
    except OSError:
        return ()
    return () if done.returncode else command


def _read(utility: Utility, workloads: Sequence[str], directory: Path) -> list[InstructionCount]:
    """Read the files of callgrind, numbered from 1; the first includes start-up."""
    marks = iter(range(1, 1 + 2 * _MARKS * len(workloads)))
    return [
        InstructionCount(
            utility.name,
            name,
            "callgrind",
            _per_call(marks, directory),
            _per_call(marks, directory),
        )
        for name in workloads
    ]


def _per_call(marks: Iterable[int], directory: Path) -> tuple[float, ...]:
    totals = [_total(directory / f"callgrind.{number}") for number in islice(marks, _MARKS)]
    rounds = list(zip(totals[::2], totals[1::2], strict=True))[_UNSETTLED:]
    found = [(more - few) / (_MORE - _FEW) for few, more in rounds]
    if min(found) <= 0:
        raise ValueError("more calls did not take more instructions")
    return tuple(found)


def _total(path: Path) -> int:
    match = _TOTALS.search(path.read_bytes())
    if match is None:
        raise ValueError(f"callgrind wrote no total to {path.name}")
    return int(match[1])


def _uncounted(utility: Utility, reason: str) -> Failure:
    return Failure(f"instructions of {utility.name}", reason)
