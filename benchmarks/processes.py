"""Run a command; measure its time, or its peak memory over all processes."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

_BETWEEN_SAMPLES = 0.01


class CommandError(RuntimeError):
    """A command failed; the message has its name and exit code."""


@dataclass(frozen=True)
class Run:
    """Wall time and output of a command."""

    seconds: float
    output: bytes


def timed(command: Sequence[str], directory: Path, accept: Sequence[int] = (0,)) -> Run:
    """Run ``command`` in ``directory``. Raises CommandError for other exit codes."""
    output, errors = directory / "stdout", directory / "stderr"
    with output.open("wb") as out, errors.open("wb") as err:
        start = time.perf_counter()
        code = subprocess.run(command, cwd=directory, stdout=out, stderr=err, check=False)
        seconds = time.perf_counter() - start
    _check(command, code.returncode, accept, errors)
    return Run(seconds, output.read_bytes())


def peak_memory(command: Sequence[str], directory: Path, accept: Sequence[int] = (0,)) -> int:
    """Return the peak memory in bytes of a command and its descendants, by sampling.

    Pages shared by several processes count once (Linux proportional set size).
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
        lines = errors.read_text(errors="replace").strip().splitlines() or ["no error message"]
        raise CommandError(f"{Path(command[0]).name} failed with exit code {code}: {lines[-1]}")


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
