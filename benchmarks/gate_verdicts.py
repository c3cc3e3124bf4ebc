"""Time until a speedup is known to within 5%, compared with running `pyperf timeit` twice."""

from __future__ import annotations

import json
import math
import statistics
import time
from dataclasses import dataclass, replace
from pathlib import Path

from gate_peers import pyperf_compare, pyperf_timeit

from workbench.catalog import select
from workbench.errors import WorkbenchError
from workbench.measure.harness import measure
from workbench.measure.plan import DEFAULT, Plan
from workbench.results.statistics import Interval, ratio, relative_width

WORKLOAD = "format_float"
_NORMAL_97_5 = 1.959964
OURS = replace(DEFAULT, name="verdict", examples=0)
PYPERF_OPTIONS: tuple[str, ...] = ()


@dataclass(frozen=True)
class TimeToVerdict:
    """Time to one speedup, and relative width of its 95% interval, with the harness and pyperf.

    ``same_seconds`` is the time of the harness until its interval is as narrow as that of pyperf.
    """

    seconds: float
    width: float
    same_seconds: float
    same_width: float
    pyperf_seconds: float
    pyperf_width: float


def measure_both(
    directory: Path, plan: Plan = OURS, options: tuple[str, ...] = PYPERF_OPTIONS
) -> TimeToVerdict:
    """Measure one workload with the harness and with pyperf, each until it has a verdict.

    Raises CommandError or WorkbenchError if one of them fails.
    """
    start = time.perf_counter()
    sides = [directory / f"{side}.json" for side in ("python", "native")]
    for output in sides:
        pyperf_timeit(WORKLOAD, output.stem, output, *options)
    pyperf_compare(*sides)
    pyperf_seconds = time.perf_counter() - start
    pyperf_width = relative_width(ratio(*(_interval(output) for output in sides)))
    for output in sides:
        output.unlink()
    seconds, width = _ours(plan)
    same = seconds, width
    if pyperf_width < min(width, plan.target_width):
        same = _ours(replace(plan, target_width=pyperf_width))
    return TimeToVerdict(seconds, width, *same, pyperf_seconds, pyperf_width)


def _ours(plan: Plan) -> tuple[float, float]:
    start = time.perf_counter()
    results = measure(select([WORKLOAD]), plan)
    seconds = time.perf_counter() - start
    for m in results.measurements:
        if m.speedup is not None:
            return seconds, relative_width(m.speedup)
    raise WorkbenchError(f"{WORKLOAD} was not measured: {results.failures}")


def _interval(suite: Path) -> Interval:
    """Return the 95% interval of the mean time in a pyperf file.

    It is computed from the means of the processes, because the values of one process are not
    independent.
    """
    (benchmark,) = json.loads(suite.read_text(encoding="utf-8"))["benchmarks"]
    values = [run["values"] for run in benchmark["runs"] if "values" in run]
    logs = [math.log(statistics.fmean(process)) for process in values]
    mean = statistics.fmean(logs)
    error = _NORMAL_97_5 * statistics.stdev(logs) / math.sqrt(len(logs))
    return Interval(math.exp(mean), math.exp(mean - error), math.exp(mean + error))
