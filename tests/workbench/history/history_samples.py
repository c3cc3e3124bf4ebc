from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from math import exp

from workbench.history import History
from workbench.results.model import Failure, Interval, Measurement, ProcessRun, Results

TWO = (("hash_file", "9 KB"), ("format_float", "1234567.89"))
Remember = Callable[[Sequence[Results]], History]
"""Adds results to a new store and loads it."""
FACTS: dict[str, str | int | float] = {
    "python_version": "3.11.7",
    "python_implementation": "CPython",
    "machine": "x86_64",
    "git_dirty": 0,
}


def make_entry(
    utility: str, workload: str, speedup: float, half_width: float = 0.02, date: str = ""
) -> Measurement:
    """Make a measurement with a given speedup and the minimum number of samples."""
    native = ((1e-6, 1.1e-6, 1e-6), (0.9e-6, 1e-6, 1e-6))
    python = tuple(tuple(value * speedup for value in process) for process in native)
    between = Interval(speedup, speedup * exp(-half_width), speedup * exp(half_width))
    run = ProcessRun(date, 1.0, (1, 1), (((1, 1e-6),), ((1, 1e-6),)))
    return Measurement(
        *(utility, workload, 4.0, python, native, between, True, 100, True),
        runs=(run, run) if date else (),
    )


def make_run(
    number: int,
    speedup: float = 4.0,
    workloads: Sequence[tuple[str, str]] = (("hash_file", "9 KB"),),
    failures: tuple[Failure, ...] = (),
    **facts: str | int,
) -> Results:
    """Make the results of a run; its number, below 30,000, determines the date and the commit."""
    day, minute = divmod(number, 1000)
    date = f"2025-01-{day + 2:02} {minute // 60:02}:{minute % 60:02}:00.000000"
    source = random.Random(number)
    commit = f"{source.getrandbits(160):040x}"
    measurements = [make_entry(u, w, speedup, date=date) for u, w in workloads]
    return Results(tuple(measurements), {**FACTS, "git_commit": commit, **facts}, failures)
