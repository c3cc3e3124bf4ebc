"""Small charts of the speedup by input size."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from workbench.formatting.terminal import visible
from workbench.formatting.units import TIMES, ratio, size, times
from workbench.reports.charts.figure import (
    FASTER,
    GRID,
    INK,
    MUTED,
    Canvas,
    draw_svg,
    logarithmic,
    ticks,
)
from workbench.reports.model.sections import CurvePoint, CurveResult

if TYPE_CHECKING:
    from matplotlib.axes import Axes


_LEAST_RANGE = 1.6


def curve_chart(curve: CurveResult, number: int) -> Markup:
    """Draw speedup against input size on log axes, with the break-even point if there is one.

    ``number`` makes the ids of the chart unique on its page. Empty with fewer than two speedups.
    """
    drawn = [point for point in curve.points if point.speedup is not None]
    if len(drawn) < 2:
        return Markup("")
    canvas = Canvas(360, 130, left=44, right=60, below=26, above=8, font_size=12)
    name = f"{visible(curve.utility)}, {visible(curve.name)}"
    return draw_svg(
        canvas,
        lambda axes: _draw(axes, curve, drawn),
        f"curve-{number}",
        f"Speedup of {name}, by {visible(curve.unit)}",
        "; ".join(f"{size(point.size)}: {ratio(point.speedup)} times" for point in drawn),
    )


def _draw(axes: Axes, curve: CurveResult, drawn: list[CurvePoint]) -> None:
    first, last = drawn[0].size, drawn[-1].size
    logarithmic(axes, (first / 1.3, last * 1.3), 5, _tick)
    axes.set_yscale("log")
    axes.minorticks_off()
    low, high = _limits(drawn)
    axes.set_ylim(low, high)
    marks = ticks(low, high, 4)
    axes.set_yticks(marks, [f"{mark:g}{TIMES}" for mark in marks], color=MUTED)
    axes.tick_params(axis="y", length=0, pad=6)
    axes.grid(axis="y", color=GRID, linewidth=1)
    axes.axhline(1, color=MUTED, linewidth=1.2, linestyle=(0, (4, 3)))
    if curve.break_even is not None:
        axes.axvline(curve.break_even, color=INK, linewidth=1, linestyle=(0, (3, 3)))
    between = [
        (point.size, point.low, point.high)
        for point in drawn
        if point.low is not None and point.high is not None
    ]
    if between:
        axes.vlines(*zip(*between, strict=True), color=FASTER, lw=1.2)
    estimates = [point.speedup or 1.0 for point in drawn]
    sizes = [point.size for point in drawn]
    axes.plot(sizes, estimates, "o-", color=FASTER, lw=1, ms=4, mec="none")
    words = {"color": FASTER, "va": "center", "weight": "bold"}
    frame = axes.get_yaxis_transform()
    axes.text(1.03, estimates[-1], times(estimates[-1]), fontdict=words, transform=frame)


def _limits(drawn: list[CurvePoint]) -> tuple[float, float]:
    values = [1.0, *(v for point in drawn for v in (point.speedup, point.low, point.high) if v)]
    low, high = min(values), max(values)
    middle = (low * high) ** 0.5
    return min(low / 1.15, middle / _LEAST_RANGE), max(high * 1.15, middle * _LEAST_RANGE)


def _tick(value: float) -> str:
    for least, unit in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if value >= least:
            return f"{value / least:g}{unit}"
    return f"{value:g}"
