"""Small charts of the speedup of a workload from run to run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from workbench.formatting.terminal import visible
from workbench.formatting.units import TIMES, ratio, times
from workbench.reports.charts.figure import FASTER, GRID, INK, MUTED, Canvas, draw_svg, ticks
from workbench.reports.model.sections import TrendPoint, TrendResult

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST_RUNS = 60
"""Older runs are not drawn."""
_LEAST_RANGE = 1.6
_STEPS = ("faster", "slower")
"""States of the first point after a step."""


def trend_chart(trend: TrendResult, number: int) -> Markup:
    """Draw the comparable speedups of the last runs with their intervals on a log axis.

    A dashed line marks a step. ``number`` makes the ids of the chart unique on its page. Empty with
    fewer than two points.
    """
    drawn = [point for point in trend.points[-MOST_RUNS:] if point.comparable]
    if len(drawn) < 2:
        return Markup("")
    canvas = Canvas(360, 110, left=44, right=60, below=24, above=8, font_size=12)
    return draw_svg(
        canvas,
        lambda axes: _draw(axes, drawn),
        f"trend-{number}",
        f"Speedup of {visible(trend.utility)}, {visible(trend.workload)}, from run to run",
        "; ".join(f"{point.date}: {ratio(point.speedup)} times" for point in drawn),
    )


def _draw(axes: Axes, drawn: list[TrendPoint]) -> None:
    low, high = _limits(drawn)
    axes.set_yscale("log")
    axes.set_ylim(low, high)
    axes.set_xlim(-0.5, len(drawn) - 0.5)
    axes.minorticks_off()
    marks = ticks(low, high, 4)
    axes.set_yticks(marks, [f"{mark:g}{TIMES}" for mark in marks], color=MUTED)
    axes.tick_params(axis="both", length=0, pad=6)
    axes.grid(axis="y", color=GRID, linewidth=1)
    ends = [0, len(drawn) - 1]
    axes.set_xticks(ends, [drawn[end].date[:10] for end in ends], color=MUTED)
    first, last = axes.get_xticklabels()
    first.set_horizontalalignment("left")
    last.set_horizontalalignment("right")
    for at, point in enumerate(drawn):
        if point.state in _STEPS:
            axes.axvline(at - 0.5, color=INK, linewidth=1, linestyle=(0, (3, 3)))
    between = [
        (at, point.low, point.high)
        for at, point in enumerate(drawn)
        if point.low is not None and point.high is not None
    ]
    if between:
        axes.vlines(*zip(*between, strict=True), color=FASTER, lw=1.2)
    estimates = [point.speedup or 1.0 for point in drawn]
    axes.plot(range(len(drawn)), estimates, "o-", color=FASTER, lw=1, ms=4, mec="none")
    frame = axes.get_yaxis_transform()
    words = {"color": FASTER, "va": "center", "weight": "bold"}
    axes.text(1.03, estimates[-1], times(estimates[-1]), fontdict=words, transform=frame)


def _limits(drawn: list[TrendPoint]) -> tuple[float, float]:
    values = [v for point in drawn for v in (point.speedup, point.low, point.high) if v]
    low, high = min(values), max(values)
    middle = (low * high) ** 0.5
    return min(low / 1.08, middle / _LEAST_RANGE), max(high * 1.08, middle * _LEAST_RANGE)
