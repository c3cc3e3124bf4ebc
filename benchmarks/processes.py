"""Run a command as a whole: its time, its output, its peak memory over all processes."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

_BETWEEN_SAMPLES = 0.01


class CommandError(RuntimeError):
    """A command that ended as it should not; the message says which and how."""


@dataclass(frozen=True)
class Run:
    """One run of a command: ``seconds`` of wall time from start to end, and what it printed."""

    seconds: float
    output: bytes


def timed(command: Sequence[str], directory: Path, accept: Sequence[int] = (0,)) -> Run:
    """Run ``command`` in ``directory``; raises `CommandError` for another exit code."""
    output, errors = directory / "stdout", directory / "stderr"
    with output.open("wb") as out, errors.open("wb") as err:
        start = time.perf_counter()
        code = subprocess.run(command, cwd=directory, stdout=out, stderr=err, check=False)
        seconds = time.perf_counter() - start
    _check(command, code.returncode, accept, errors)
    return Run(seconds, output.read_bytes())


def peak_memory(command: Sequence[str], directory: Path, accept: Sequence[int] = (0,)) -> int:
    """Bytes that the command and all its descendants hold together at most, sampled.

    Pages that several processes share count once (proportional set size of Linux).
    """
    errors = directory / "stderr"
    with errors.open("wb") as err:
        process = psutil.Popen(command, cwd=directory, stdout=subprocess.DEVNULL, stderr=err)
        peak = 0
        while process.poll() is None:
            peak = max(peak, sum(_held(p) for p in (process, *_descendants(process))))
            time.sleep(_BETWEEN_SAMPLES)
    _check(command, process.returncode, accept, errors)
    return peak


def _check(command: Sequence[str], code: int, accept: Sequence[int], errors: Path) -> None:
    if code not in accept:
        said = errors.read_text(errors="replace").strip().splitlines() or ["it said nothing"]
        raise CommandError(f"{Path(command[0]).name} ended with exit code {code}: {said[-1]}")


def _descendants(process: psutil.Process) -> list[psutil.Process]:
    try:
        return process.children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def _held(process: psutil.Process) -> int:
    try:
        with open(f"/proc/{process.pid}/smaps_rollup", encoding="ascii") as stream:
            return next(int(line.split()[1]) * 1024 for line in stream if line.startswith("Pss:"))
    except (OSError, StopIteration):  # it has ended
        return 0
