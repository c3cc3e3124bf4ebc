"""Use instruction counts, which do not depend on the load of the machine, as speedups."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from workbench.errors import WorkbenchError

if TYPE_CHECKING:
    from workbench.results.model import Results

MAX_REGRESSION = 0.02
"""Default regression of the instruction ratio that a gate allows; counts hardly vary."""


def as_speedups(results: Results) -> Results:
    """Replace speedups by instruction ratios, as input for a gate.

    Utilities without any counts get no speedup. Workloads too large to be counted, controls and
    curves are dropped. Raises WorkbenchError when nothing was counted.
    """
    if not results.instructions:
        raise WorkbenchError(
            "these results have no instruction counts: run 'workbench bench --instructions'"
        )
    counts = {(count.utility, count.workload): count for count in results.instructions}
    counter = results.instructions[0].counter
    counted = {utility for utility, _ in counts}
    environment = {**results.environment, "instruction_counter": counter}
    # A patch release of Python changes counts by more than a gate on them allows.
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
