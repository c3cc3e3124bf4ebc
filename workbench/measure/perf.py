"""Count instructions with the hardware counters of the CPU, using ``perf stat``.

The count of a process that makes few calls is subtracted from that of one that makes many.
"""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

from workbench.measure.plan import Limits
from workbench.measure.process import run_job

_COMMAND = ("perf", "stat", "-x", ",", "-e", "instructions:u")
_FEW = 100
_SECONDS = 0.2
"""Duration of the additional calls, long enough to outweigh variations of start-up."""
_MOST = 200_000
_ROUNDS = 3


def is_usable() -> bool:
    """Return whether perf is installed and can use an instruction counter."""
    try:
        done = subprocess.run(
            (*_COMMAND, "true"), capture_output=True, text=True, timeout=60, check=False
        )
        return _instructions(done.stderr) > 0
    except (OSError, subprocess.SubprocessError, ValueError):
        return False


def per_call(job: dict[str, Any], prefix: tuple[str, ...], limits: Limits) -> tuple[float, ...]:
    """Return the instructions per call of one side of one workload, counted several times.

    Raises ValueError when the output of perf has no number, and the exceptions of ``run_job``.
    """
    _, seconds = _count({**job, "calls": _FEW}, prefix, limits)
    more = max(1, min(int(_SECONDS * _FEW / max(seconds, 1e-9)), _MOST))
    found = []
    for _ in range(_ROUNDS):
        few, _ = _count({**job, "calls": _FEW}, prefix, limits)
        many, _ = _count({**job, "calls": _FEW + more}, prefix, limits)
        found.append((many - few) / more)
    if min(found) <= 0:
        raise ValueError("more calls did not take more instructions")
    return tuple(found)


def _count(job: dict[str, Any], prefix: tuple[str, ...], limits: Limits) -> tuple[int, float]:
    output = Path(limits.scratch, "perf.csv")
    command = (*prefix, *_COMMAND, "-o", str(output), "--")
    seconds = 0.0
    for event in run_job(job, limits.time_limit, 0, limits.deadline, command):
        seconds = event.get("seconds", seconds)
    return _instructions(output.read_text(encoding="utf-8")), seconds


def _instructions(report: str) -> int:
    for line in report.splitlines():
        if "instructions" in line:
            return int(line.split(",")[0])
    raise ValueError("perf did not count instructions")
