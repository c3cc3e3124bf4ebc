"""Power curve of the gate: share of runs that fail, by slowdown."""

from __future__ import annotations

from pathlib import Path

from gate_findings import CONDITIONS, Condition, Findings
from gate_runs import FAIL, SLOWDOWNS
from gate_table import interval_of_share

_TITLES = {
    "answer": "10% regression allowed (default)",
    "strict": "0% regression allowed, without measuring again",
}


def draw(found: Findings, path: Path) -> None:
    """Write the chart in the format of the suffix of ``path``."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(1, 2, figsize=(9, 3.6), sharey=True, layout="constrained")
    for axis, (policy, title) in zip(axes, _TITLES.items(), strict=True):
        for name in CONDITIONS:
            _line(axis, name, found.conditions[name], policy)
        axis.set(title=title, xlabel="slowdown of the native function, %", ylim=(-3, 103))
        axis.set_xticks([100 * slowdown for slowdown in (0.0, *SLOWDOWNS)])
        axis.grid(alpha=0.3)
    axes[0].set_ylabel("runs that fail, %")
    axes[0].legend(title="machine", loc="center right")
    figure.savefig(path)
    plt.close(figure)


def _line(axis: object, name: str, condition: Condition, policy: str) -> None:
    points = []
    for slowdown in (0.0, *SLOWDOWNS):
        runs = condition.at(slowdown)
        if runs:
            failed = sum(getattr(run, policy) == FAIL for run in runs)
            low, high = interval_of_share(failed, len(runs))
            share = failed / len(runs)
            points.append((100 * slowdown, 100 * share, 100 * (share - low), 100 * (high - share)))
    if points:
        x, y, below, above = zip(*points, strict=True)
        axis.errorbar(x, y, (below, above), label=name, marker="o", capsize=3)
