"""The chart of speedups."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from markupsafe import Markup

from workbench.formatting.terminal import visible
from workbench.formatting.units import TIMES, ratio, times
from workbench.reports.charts.figure import (
    ANNOUNCED,
    GRID,
    INK,
    MUTED,
    VERDICT_COLOR,
    Canvas,
    draw_svg,
    logarithmic,
)
from workbench.reports.model.report import SpeedupVerdict, UtilityResult

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_MARKER = {
    SpeedupVerdict.FASTER: "o",
    SpeedupVerdict.SLOWER: "v",
    SpeedupVerdict.SAME: "s",
    SpeedupVerdict.UNDECIDED: "D",
}
_WIDEST = (1e-9, 1e9)


def speedup_chart(utilities: Sequence[UtilityResult], *, narrow: bool = False) -> Markup:
    """Draw measured speedups with intervals, announced speedups and limits on a log axis.

    Utilities without a speedup are skipped; the chart is empty if there are no others. The narrow
    form puts names above the rows, so that it is legible at 320 px.
    """
    drawn = [u for u in utilities if u.speedup is not None]
    if not drawn:
        return Markup("")
    canvas = (
        Canvas(340, 46 * len(drawn) + 40, left=12, right=62, below=30)
        if narrow
        else Canvas(940, 34 * len(drawn) + 44, left=250, right=82, below=34)
    )
    return draw_svg(
        canvas,
        lambda axes: _draw(axes, drawn, narrow),
        "chart-narrow" if narrow else "chart-wide",
        "Speedup of native over Python by utility, on a logarithmic axis",
        "; ".join(_row_text(u) for u in drawn),
    )


def _draw(axes: Axes, drawn: Sequence[UtilityResult], narrow: bool) -> None:
    logarithmic(axes, _limits(drawn), 5 if narrow else 9, lambda mark: f"{mark:g}{TIMES}")
    axes.set_ylim(len(drawn) - 0.4, -0.6)
    axes.axvline(1, color=MUTED, linewidth=1.2, linestyle=(0, (4, 3)))
    for position, utility in enumerate(drawn):
        _draw_row(axes, position, utility, narrow)


def _draw_row(axes: Axes, position: int, utility: UtilityResult, narrow: bool) -> None:
    marker, color = _MARKER[utility.verdict], VERDICT_COLOR[utility.verdict]
    y = position + (0.2 if narrow else 0)
    axes.axhline(y, color=GRID, linewidth=1)
    if utility.announced_speedup is not None:
        at = [utility.announced_speedup]
        axes.plot(at, [y], "d", ms=9, mfc="none", mec=ANNOUNCED, mew=1.6)
    if utility.limit is not None:
        axes.plot([utility.limit], [y], "|", color=INK, ms=20, mew=2.4)
    if utility.speedup_low is not None and utility.speedup_high is not None:
        ends = [utility.speedup_low, utility.speedup_high]
        axes.plot(ends, [y, y], "|-", color=color, lw=1.4, ms=12, mew=1)
    if utility.speedup is not None:
        axes.plot([utility.speedup], [y], marker, color=color, ms=6.5, mec="none", clip_on=False)
    _label_row(axes, position, y, utility, narrow)


def _label_row(axes: Axes, position: int, y: float, utility: UtilityResult, narrow: bool) -> None:
    """Draw the name above or left of the row and the speedup on its right."""
    frame = axes.get_yaxis_transform()
    name = visible(utility.utility, 32)
    start, height, side = (0.0, position - 0.22, "left") if narrow else (-0.023, y, "right")
    label = axes.text(start, height, name, transform=frame, color=INK, va="center", ha=side)
    label.set_parse_math(False)
    end = 1.038 if narrow else 1.023
    words = {"color": VERDICT_COLOR[utility.verdict], "va": "center", "weight": "bold"}
    axes.text(end, y, times(utility.speedup), fontdict=words, transform=frame)


def _limits(drawn: Sequence[UtilityResult]) -> tuple[float, float]:
    values = [1.0]
    for u in drawn:
        values += [
            value
            for value in (u.speedup, u.speedup_low, u.speedup_high, u.announced_speedup, u.limit)
            if value is not None
        ]
    return max(min(values) / 1.25, _WIDEST[0]), min(max(values) * 1.25, _WIDEST[1])


def _row_text(utility: UtilityResult) -> str:
    words = f"{visible(utility.utility)}: {ratio(utility.speedup)} times, {utility.verdict.value}"
    if utility.announced_speedup is not None:
        words += f", announced {ratio(utility.announced_speedup)}"
    if utility.limit is not None:
        words += f", limit {ratio(utility.limit)}"
    return words
