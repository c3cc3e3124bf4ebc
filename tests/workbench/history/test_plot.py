from __future__ import annotations

import struct
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.workbench.history.history_samples import Remember, make_run
from workbench import history
from workbench.errors import WorkbenchError
from workbench.history import Trend, plot


def test_the_drawing_has_every_trend_and_step(slower: tuple[Trend, ...]) -> None:
    drawing = plot.plot(slower)
    assert drawing == plot.plot(slower)
    root = ET.fromstring(drawing)
    comments = drawing.decode()
    for trend in slower:
        assert f"<!-- {trend.utility}: {trend.workload} -->" in comments
    commit = slower[0].points[4].run.short_commit
    assert comments.count(f"<!-- -25.0% [-26.7%, -23.3%] {commit} -->") == 2
    assert root.tag.endswith("svg")


def test_a_drawing_as_png(slower: tuple[Trend, ...]) -> None:
    image = plot.plot(slower, "png")
    assert image.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", image[16:24])
    assert width == 900
    assert height > 400


def test_a_drawing_of_many_runs_has_few_labels(remember: Remember) -> None:
    runs = [make_run(100 * number, 4.0 if number < 30 else 5.0) for number in range(60)]
    trends = history.trends(remember(runs))
    drawing = plot.plot(trends).decode()
    labels = sum(point.run.short_commit in drawing for point in trends[0].points)
    assert 6 <= labels <= 13


@pytest.mark.parametrize("name", ["history", "history.pdf", "svg", ".svg"])
def test_other_kinds_of_drawings(name: str) -> None:
    with pytest.raises(WorkbenchError, match=r"must end with \.svg or \.png"):
        plot.image_format(Path(name))
    assert plot.image_format(Path("a.SVG")) == "svg"
