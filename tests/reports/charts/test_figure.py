from __future__ import annotations

import math
import xml.etree.ElementTree as ET

import matplotlib as mpl
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from matplotlib.axes import Axes

from tests.reports.charts.chart_reading import described, texts
from workbench.reports.charts.figure import (
    FASTER,
    PALETTE,
    VERDICT_COLOR,
    Canvas,
    draw_svg,
    logarithmic,
    ticks,
)
from workbench.reports.model.report import SpeedupVerdict

CANVAS = Canvas(300, 100, left=40, right=60, below=20)


@given(st.floats(1e-6, 1e6), st.floats(1e-6, 1e6), st.integers(2, 9))
@settings(derandomize=True)
def test_ticks_are_few_round_and_in_range(one: float, other: float, most: int) -> None:
    low, high = sorted((one, other))
    assume(low < high)
    found = ticks(low, high, most)

    assert len(found) <= most
    assert found == sorted(set(found))
    for tick in found:
        assert low <= tick <= high
        assert f"{tick:.0e}"[0] in "1235"
    assert found or high / low < 10


@pytest.mark.parametrize(
    ("low", "high", "most", "expected"),
    [
        (0.9, 11, 9, [1, 2, 5, 10]),
        (0.9, 11, 3, [1, 3, 10]),
        (0.9, 11, 2, [1, 10]),
        (1, 1e6, 4, [1, 100, 1e4, 1e6]),
        (6, 9, 4, []),
    ],
)
def test_ticks_become_coarser_until_they_are_few(
    low: float, high: float, most: int, expected: list[float]
) -> None:
    assert ticks(low, high, most) == pytest.approx(expected)


def test_a_logarithmic_axis_has_a_label_for_each_tick() -> None:
    def draw(axes: Axes) -> None:
        logarithmic(axes, (0.9, 110), 3, lambda mark: f"<{mark:g}>")
        axes.axvline(10, color=FASTER)

    svg = draw_svg(CANVAS, draw, "p", "A title", "words")

    assert texts(svg) == ["<1>", "<10>", "<100>"]
    lines = {
        element.attrib["class"]: float(element.attrib["d"].split()[1])
        for element in ET.fromstring(svg).iter("path")
        if element.get("class") == "s-faster"
    }
    share = math.log(10 / 0.9) / math.log(110 / 0.9)
    assert lines["s-faster"] == pytest.approx(40 + share * CANVAS.inner_width, abs=0.1)


def test_a_chart_has_its_size_its_ids_and_a_text_alternative() -> None:
    svg = draw_svg(CANVAS, lambda _: None, "some-7", "A <title>", "Some & words")
    root = ET.fromstring(svg)

    assert root.attrib["viewBox"] == "0 0 300 100"
    assert described(svg) == ("A <title>", "Some & words")
    identifiers = [e.attrib["id"] for e in root.iter() if "id" in e.attrib]
    assert identifiers
    assert all(identifier.startswith("some-7-") for identifier in identifiers)


def test_settings_of_the_user_neither_change_a_chart_nor_are_changed() -> None:
    def draw(axes: Axes) -> None:
        axes.text(0, 0, "x")

    plain = draw_svg(CANVAS, draw, "p", "t", "w")
    with mpl.rc_context({"font.size": 40, "svg.fonttype": "path", "text.color": "red"}):
        assert draw_svg(CANVAS, draw, "p", "t", "w") == plain
        assert mpl.rcParams["font.size"] == 40


def test_each_verdict_has_a_color_of_the_palette() -> None:
    assert set(VERDICT_COLOR) == set(SpeedupVerdict)
    assert set(VERDICT_COLOR.values()) <= set(PALETTE)
    assert len(set(PALETTE.values())) == len(PALETTE)
