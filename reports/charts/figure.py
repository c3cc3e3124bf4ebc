"""Parts that all charts share: placeholder colours, canvas, logarithmic ticks."""

from __future__ import annotations

import io
import math
import warnings
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

from markupsafe import Markup

from workbench.reports.charts.svg import inline
from workbench.reports.model.report import SpeedupVerdict

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
"""Placeholder colours and the classes that the style sheet defines for them."""
VERDICT_COLOR = {
    SpeedupVerdict.FASTER: FASTER,
    SpeedupVerdict.SLOWER: SLOWER,
    SpeedupVerdict.SAME: SAME,
    SpeedupVerdict.UNDECIDED: UNDECIDED,
    SpeedupVerdict.NOT_MEASURED: MUTED,
}
_STYLE: Any = {
    "svg.fonttype": "none",
    "svg.hashsalt": "report",
    "font.family": "DejaVu Sans",
}


class Canvas(NamedTuple):
    """Size and margins of a chart, in pixels."""

    width: int
    height: int
    left: int
    right: int
    below: int
    above: int = 10
    font_size: int = 13

    @property
    def inner_width(self) -> int:
        """Width of the axes in pixels."""
        return self.width - self.left - self.right


def draw_svg(
    canvas: Canvas, draw: Callable[[Axes], None], prefix: str, title: str, words: str
) -> Markup:
    """Draw on empty axes and return an ``<svg>`` element; ``words`` is its text alternative."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    width, height = canvas.width, canvas.height
    inner_height = height - canvas.above - canvas.below
    with mpl.rc_context(), warnings.catch_warnings():
        # The browser draws the text with its own fonts.
        warnings.filterwarnings("ignore", message="Glyph")
        mpl.rcdefaults()
        mpl.rcParams.update(_STYLE | {"font.size": canvas.font_size})
        figure = Figure(figsize=(width / 72, height / 72), dpi=72)
        figure.patch.set_visible(False)
        box = (canvas.left / width, canvas.below / height, canvas.inner_width / width)
        axes = figure.add_axes((*box, inner_height / height))
        axes.patch.set_visible(False)
        axes.spines[:].set_visible(False)
        axes.set_yticks([])
        draw(axes)
        target = io.StringIO()
        figure.savefig(target, format="svg", metadata={"Date": None})
    return Markup(inline(target.getvalue(), PALETTE, prefix, title, words))


def logarithmic(
    axes: Axes, limits: tuple[float, float], most: int, label: Callable[[float], str]
) -> None:
    """Make the x axis logarithmic, with at most ``most`` ticks and a grid line for each."""
    axes.set_xscale("log")
    axes.set_xlim(*limits)
    axes.minorticks_off()
    marks = ticks(*limits, most)
    axes.set_xticks(marks, [label(mark) for mark in marks], color=MUTED)
    axes.tick_params(axis="x", length=0, pad=6)
    axes.grid(axis="x", color=GRID, linewidth=1)


def ticks(low: float, high: float, most: int) -> list[float]:
    """Return at most ``most`` round values between two positive numbers, for a log axis."""
    decades = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    for steps in ((1, 2, 5), (1, 3), (1,)):
        values = [step * 10.0**decade for decade in decades for step in steps]
        inside = [value for value in values if low <= value <= high]
        if len(inside) <= most:
            return inside
    return inside[:: math.ceil(len(inside) / most)]
