"""How many instructions a call takes: the same on a busy machine and on an idle one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from workbench.errors import WorkbenchError

if TYPE_CHECKING:
    from workbench.results.model import Results

MAX_REGRESSION = 0.02
"""What part of the ratio a gate lets go by default: counts hardly vary."""


def as_speedups(results: Results) -> Results:
    """Put ratios of instructions in the place of speedups, for a gate to judge.

    A utility of which nothing was counted has none. What is too large to be counted falls away, and
    so do controls and curves. Raises WorkbenchError when nothing was counted.
    """
    if not results.instructions:
        raise WorkbenchError(
            "these results have no instructions: 'workbench bench --instructions' counts them"
        )
    counts = {(count.utility, count.workload): count for count in results.instructions}
    counter = results.instructions[0].counter
    counted = {utility for utility, _ in counts}
    environment = {**results.environment, "instruction_counter": counter}
    # A patch release of Python changes counts by more than a gate on them lets go.
    environment["instruction_python"] = environment.get("python_version", "")
    measurements = []
    for m in results.measurements:
        if count := counts.get((m.utility, m.workload)):
            measurements.append(replace(m, speedup=count.ratio))
        elif m.utility not in counted:
            measurements.append(replace(m, speedup=None))
    return replace(
        results,
        measurements=tuple(measurements),
        environment={key: value for key, value in environment.items() if value != ""},
        controls=(),
        curves=(),
    )
