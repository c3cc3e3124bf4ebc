"""Draw trends as a chart."""

from __future__ import annotations

import io
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.errors import WorkbenchError
from workbench.formatting.terminal import visible
from workbench.formatting.units import times
from workbench.history.formats import change
from workbench.history.trends import Point, Trend
from workbench.results.comparison import State

if TYPE_CHECKING:
    from matplotlib.axes import Axes

FORMATS = ("svg", "png")
_WIDTH, _HEIGHT, _BORDER = 9.0, 2.1, 0.6
"""Sizes in inches: width of the chart, height of one workload, top and bottom margin."""
_INK, _LEVEL, _FAINT, _FASTER, _SLOWER = "#1f2937", "#2563eb", "#9ca3af", "#15803d", "#b91c1c"
_MOST_LABELS = 12
_LONGEST_NAME = 70
_LEAST_RANGE = 1.3
_STYLE: Any = {
    "svg.hashsalt": "history",
    "font.family": "DejaVu Sans",
    "font.size": 8,
}


def plot(trends: Sequence[Trend], format_: str = "svg") -> bytes:
    """Draw each workload's speedups by run, on a logarithmic axis, as an SVG or PNG image.

    Intervals are bars, levels are lines, steps are vertical lines with their change. Incomparable
    and undecided points are grey and hollow. The same trends give the same bytes.
    """
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context(), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph")
        mpl.rcdefaults()
        mpl.rcParams.update(_STYLE)
        height = _HEIGHT * len(trends) + _BORDER
        figure = Figure(figsize=(_WIDTH, height), dpi=100, layout="constrained")
        rows = figure.subplots(len(trends), squeeze=False)
        for axes, trend in zip(rows[:, 0], trends, strict=True):
            _draw(axes, trend)
        target = io.BytesIO()
        metadata = {"Date": None} if format_ == "svg" else {"Software": None}
        figure.savefig(target, format=format_, metadata=metadata)
    return target.getvalue()


def image_format(path: Path) -> str:
    """Return the image format of a file name. Raises WorkbenchError for unsupported formats."""
    ending = path.suffix[1:].lower()
    if ending not in FORMATS:
        raise WorkbenchError(f"cannot write {path}: its name must end with .svg or .png")
    return ending


def _draw(axes: Axes, trend: Trend) -> None:
    name = visible(f"{trend.utility}: {trend.workload}", _LONGEST_NAME)
    axes.set_title(name, loc="left", color=_INK, parse_math=False)
    axes.set_yscale("log")
    axes.yaxis.set_major_formatter(lambda value, _: times(value))
    axes.yaxis.set_minor_formatter(lambda value, _: times(value))
    axes.tick_params(axis="y", which="both", labelsize=7)
    axes.grid(axis="y", which="both", color=_FAINT, linewidth=0.4, alpha=0.5)
    axes.spines[["top", "right"]].set_visible(False)
    axes.set_xlim(-0.5, len(trend.points) - 0.5)
    _label_runs(axes, trend.points)
    for position, point in enumerate(trend.points):
        _draw_point(axes, position, point)
    for level in trend.levels:
        ends = [level.positions[0] - 0.4, level.positions[-1] + 0.4]
        axes.plot(ends, [level.speedup.estimate] * 2, color=_LEVEL, linewidth=1.2, zorder=1)
    for position, point in enumerate(trend.points):
        _draw_step(axes, position, point)
    # Without a minimum range, noise would fill the height of a chart without steps.
    low, high = axes.get_ylim()
    axes.set_ylim(min(low, high / _LEAST_RANGE), max(high, low * _LEAST_RANGE))


def _draw_point(axes: Axes, position: int, point: Point) -> None:
    speedup = point.entry.speedup if point.entry else None
    if speedup is None:
        return
    aside = point.state in {State.INCOMPARABLE, State.UNDECIDED}
    color = _FAINT if aside else _INK
    axes.plot([position] * 2, [speedup.low, speedup.high], color=color, linewidth=1, zorder=2)
    fill = "white" if aside else color
    axes.plot(position, speedup.estimate, "o", color=color, mfc=fill, ms=4, zorder=3)


def _draw_step(axes: Axes, position: int, point: Point) -> None:
    if point.step is None:
        return
    color = _FASTER if point.state is State.FASTER else _SLOWER
    axes.axvline(position - 0.5, color=color, linewidth=1, linestyle=(0, (4, 3)))
    commit = visible(point.run.short_commit) or f"{point.run.date:%Y-%m-%d}"
    # Use the side with more space.
    is_left = position > sum(axes.get_xlim()) / 2
    axes.annotate(
        f"{change(point.step.change)} {commit}",
        (position - 0.5, 0.97),
        xycoords=axes.get_xaxis_transform(),
        xytext=(-4 if is_left else 4, 0),
        textcoords="offset points",
        ha="right" if is_left else "left",
        va="top",
        color=color,
        fontsize=7,
        parse_math=False,
    )


def _label_runs(axes: Axes, points: Sequence[Point]) -> None:
    every = -(-len(points) // _MOST_LABELS)
    shown = range(0, len(points), every)
    labels = [
        f"{visible(points[i].run.short_commit)}\n{points[i].run.date:%Y-%m-%d}" for i in shown
    ]
    axes.set_xticks(list(shown), labels, fontsize=7)
