from __future__ import annotations

import random
from typing import Any

from workbench.results.model import Failure, Measurement, Results
from workbench.results.statistics import speedup


def make_measurement(
    utility: str = "format_float",
    workload: str = "1234567.89, precision 2",
    ratio: float = 3.0,
    noise: float = 0.01,
    **others: Any,
) -> Measurement:
    """Make a measurement whose pairs have a known ratio, give or take a little noise."""
    source = random.Random(f"{utility} {workload} {ratio}")
    native = tuple(tuple(source.lognormvariate(-14, 0.02) for _ in range(12)) for _ in range(4))
    python = tuple(
        tuple(value * ratio * source.lognormvariate(0, noise) for value in process)
        for process in native
    )
    python, native = others.pop("python", python), others.pop("native", native)
    facts: dict[str, Any] = {
        "announced_speedup": 4.0,
        "equivalent": True,
        "equivalence_cases": 100,
        "primary": True,
        **others,
    }
    if "speedup" not in facts:
        facts["speedup"] = speedup(python, native)
    return Measurement(utility, workload, python=python, native=native, **facts)


def make_results(*measurements: Measurement, failures: tuple[Failure, ...] = ()) -> Results:
    return Results(measurements, {"cpu_count": 2, "python_version": "3.11.7"}, failures)
