"""The chart of speedups, drawn by matplotlib."""

from __future__ import annotations

import io
import math
import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from reports.model import UtilityResult, Verdict
from reports.svg import inline
from reports.units import TIMES, ratio, times, visible

if TYPE_CHECKING:
    from matplotlib.axes import Axes

INK, MUTED, GRID, FASTER, SLOWER, SAME, UNDECIDED, ANNOUNCED = (
    f"#00000{digit}" for digit in range(1, 9)
)
PALETTE = {
    INK: "ink",
    MUTED: "muted",
    GRID: "grid",
    FASTER: "faster",
    SLOWER: "slower",
    SAME: "same",
    UNDECIDED: "undecided",
    ANNOUNCED: "announced",
}
"""Placeholder colours and the classes that the style sheet colours."""
_MARK = {
    Verdict.FASTER: ("o", FASTER),
    Verdict.SLOWER: ("v", SLOWER),
    Verdict.SAME: ("s", SAME),
    Verdict.UNDECIDED: ("D", UNDECIDED),
}
_WIDEST = (1e-9, 1e9)
_STYLE: Any = {
    "svg.fonttype": "none",
    "svg.hashsalt": "report",
    "font.family": "DejaVu Sans",
    "font.size": 13,
}


def speedup_chart(utilities: Sequence[UtilityResult], *, narrow: bool = False) -> Markup:
    """Draw measured speedups with their intervals, the announced ones beside them, on a log axis.

    Utilities without a speedup are left out; without any the result is empty. The narrow form puts
    names above their rows and is legible at 320 px.
    """
    drawn = [u for u in utilities if u.speedup is not None]
    if not drawn:
        return Markup("")
    import matplotlib as mpl
    from matplotlib.figure import Figure

    width, row = (340, 46) if narrow else (940, 34)
    left, right, below = (12, 62, 30) if narrow else (250, 82, 34)
    height = row * len(drawn) + below + 10
    with mpl.rc_context(_STYLE), warnings.catch_warnings():
        # The reader's fonts draw the text, whatever glyphs matplotlib's own lack.
        warnings.filterwarnings("ignore", message="Glyph")
        figure = Figure(figsize=(width / 72, height / 72), dpi=72)
        figure.patch.set_visible(False)
        box = (left / width, below / height, 1 - (left + right) / width, 1 - (below + 10) / height)
        _draw(figure.add_axes(box), drawn, narrow)
        target = io.StringIO()
        figure.savefig(target, format="svg", metadata={"Date": None})
    words = "; ".join(_row_text(u) for u in drawn)
    prefix = "chart-narrow" if narrow else "chart-wide"
    title = "Speedup of native over Python by utility, on a logarithmic axis"
    return Markup(inline(target.getvalue(), PALETTE, prefix, title, words))


def ticks(low: float, high: float, most: int) -> list[float]:
    """Choose at most ``most`` round values between two positive numbers for a logarithmic axis."""
    decades = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    for steps in ((1, 2, 5), (1, 3), (1,)):
        values = [step * 10.0**decade for decade in decades for step in steps]
        inside = [value for value in values if low <= value <= high]
        if len(inside) <= most:
            return inside
    return inside[:: math.ceil(len(inside) / most)]


def _draw(axes: Axes, drawn: Sequence[UtilityResult], narrow: bool) -> None:
    low, high = _limits(drawn)
    axes.set_xscale("log")
    axes.set_xlim(low, high)
    axes.set_ylim(len(drawn) - 0.4, -0.6)
    axes.patch.set_visible(False)
    axes.spines[:].set_visible(False)
    axes.set_yticks([])
    axes.minorticks_off()
    marks = ticks(low, high, 5 if narrow else 9)
    axes.set_xticks(marks, [f"{mark:g}{TIMES}" for mark in marks], color=MUTED)
    axes.tick_params(axis="x", length=0, pad=6)
    axes.grid(axis="x", color=GRID, linewidth=1)
    axes.axvline(1, color=MUTED, linewidth=1.2, linestyle=(0, (4, 3)))
    for position, utility in enumerate(drawn):
        _draw_row(axes, position, utility, narrow)


def _draw_row(axes: Axes, position: int, utility: UtilityResult, narrow: bool) -> None:
    marker, color = _MARK[utility.verdict]
    y = position + (0.2 if narrow else 0)
    axes.axhline(y, color=GRID, linewidth=1)
    if utility.announced_speedup is not None:
        at = [utility.announced_speedup]
        axes.plot(at, [y], "d", ms=9, mfc="none", mec=ANNOUNCED, mew=1.6)
    if utility.speedup_low is not None and utility.speedup_high is not None:
        ends = [utility.speedup_low, utility.speedup_high]
        axes.plot(ends, [y, y], "|-", color=color, lw=1.4, ms=12, mew=1)
    if utility.speedup is not None:
        axes.plot([utility.speedup], [y], marker, color=color, ms=6.5, mec="none", clip_on=False)
    _label_row(axes, position, y, utility, narrow)


def _label_row(axes: Axes, position: int, y: float, utility: UtilityResult, narrow: bool) -> None:
    """Write the name above or left of the row and the speedup right of it."""
    frame = axes.get_yaxis_transform()
    name = visible(utility.utility, 32)
    start, height, side = (0.0, position - 0.22, "left") if narrow else (-0.023, y, "right")
    label = axes.text(start, height, name, transform=frame, color=INK, va="center", ha=side)
    label.set_parse_math(False)
    end = 1.038 if narrow else 1.023
    words = {"color": _MARK[utility.verdict][1], "va": "center", "weight": "bold"}
    axes.text(end, y, times(utility.speedup), fontdict=words, transform=frame)


def _limits(drawn: Sequence[UtilityResult]) -> tuple[float, float]:
    values = [1.0]
    for u in drawn:
        values += [
            value
            for value in (u.speedup, u.speedup_low, u.speedup_high, u.announced_speedup)
            if value is not None
        ]
    return max(min(values) / 1.25, _WIDEST[0]), min(max(values) * 1.25, _WIDEST[1])


def _row_text(utility: UtilityResult) -> str:
    words = f"{visible(utility.utility)}: {ratio(utility.speedup)} times, {utility.verdict.value}"
    if utility.announced_speedup is not None:
        words += f", announced {ratio(utility.announced_speedup)}"
    return words
