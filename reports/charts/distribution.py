"""Small charts of the sample distributions of both sides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from workbench.formatting.terminal import visible
from workbench.formatting.units import seconds
from workbench.reports.charts.figure import (
    GRID,
    INK,
    MUTED,
    VERDICT_COLOR,
    Canvas,
    draw_svg,
    logarithmic,
)
from workbench.reports.model.report import Distribution, UtilityResult, WorkloadResult

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_ROWS = 3.3
_LEAST_RANGE = 2.5
"""Factor to both sides of the middle, enough for one tick of the 1-2-5 series."""


def distribution_chart(utility: UtilityResult, number: int) -> Markup:
    """Draw the quantiles of both sides of each workload of a utility on one log axis.

    The thin line spans the 5th to the 95th percentile, the thick line the interquartile range; the
    tick is the median. ``number`` makes the ids of the chart unique on its page. Empty without
    samples.
    """
    drawn = [workload for workload in utility.workloads if _sides(workload)]
    if not drawn:
        return Markup("")
    canvas = Canvas(360, 60 * len(drawn) + 26, left=54, right=60, below=26, above=0, font_size=12)
    return draw_svg(
        canvas,
        lambda axes: _draw(axes, drawn, canvas),
        f"spread-{number}",
        f"Time per call of {visible(utility.utility)}, Python and native",
        "; ".join(
            _words(workload, side, d) for workload in drawn for side, _, d in _sides(workload)
        ),
    )


def _draw(axes: Axes, drawn: list[WorkloadResult], canvas: Canvas) -> None:
    logarithmic(axes, _limits(drawn), 4, _tick)
    axes.set_ylim(_ROWS * len(drawn) - 0.3, -0.6)
    frame = axes.get_yaxis_transform()
    for position, workload in enumerate(drawn):
        top = position * _ROWS
        start = -canvas.left / canvas.inner_width
        name = axes.text(start, top, visible(workload.workload, 46), transform=frame, va="center")
        name.set_color(INK)
        name.set_parse_math(False)
        for line, (side, color, found) in enumerate(_sides(workload), start=1):
            y = top + line
            axes.axhline(y, color=GRID, linewidth=1)
            axes.plot([found.p05, found.p95], [y, y], color=color, lw=1.2)
            axes.plot([found.p25, found.p75], [y, y], color=color, lw=6, solid_capstyle="butt")
            axes.plot([found.p50], [y], "|", color=color, ms=13, mew=1.6)
            axes.text(start, y, side, transform=frame, color=MUTED, va="center")
            end = 1 + 8 / canvas.inner_width
            axes.text(end, y, seconds(found.p50), transform=frame, color=color, va="center")


def _sides(workload: WorkloadResult) -> list[tuple[str, str, Distribution]]:
    sides = (
        ("Python", INK, workload.python_distribution),
        ("native", VERDICT_COLOR[workload.verdict], workload.native_distribution),
    )
    return [(side, color, found) for side, color, found in sides if found is not None]


def _limits(drawn: list[WorkloadResult]) -> tuple[float, float]:
    found = [d for workload in drawn for _, _, d in _sides(workload)]
    low, high = min(d.p05 for d in found), max(d.p95 for d in found)
    middle = (low * high) ** 0.5
    return min(low / 1.2, middle / _LEAST_RANGE), max(high * 1.2, middle * _LEAST_RANGE)


def _words(workload: WorkloadResult, side: str, found: Distribution) -> str:
    return (
        f"{visible(workload.workload)}, {side}: median {seconds(found.p50)}, "
        f"90% between {seconds(found.p05)} and {seconds(found.p95)}"
    )


def _tick(value: float) -> str:
    number, unit = seconds(value).split()
    return f"{float(number.replace(',', '')):g} {unit}"
