from __future__ import annotations

import re
import struct
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.workbench.history.history_samples import TWO, Remember, make_run
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


GREEN, RED = "#15803d", "#b91c1c"


@pytest.mark.parametrize(
    ("speedups", "colors"),
    [([4.0] * 6, set()), ([4.0] * 3 + [8.0] * 3, {GREEN}), ([4.0] * 3 + [2.0] * 3, {RED})],
)
def test_a_step_is_drawn_in_the_color_of_its_direction(
    speedups: list[float], colors: set[str], remember: Remember
) -> None:
    runs = [make_run(1000 * day, speedup) for day, speedup in enumerate(speedups)]
    drawing = plot.plot(history.trends(remember(runs))).decode()
    assert {color for color in (GREEN, RED) if color in drawing} == colors


def test_incomparable_points_are_hollow(remember: Remember) -> None:
    clean, dirty = (
        [make_run(1000 * day, git_dirty=changed * day) for day in range(2)] for changed in (0, 1)
    )
    fills = [
        len(re.findall("fill: #ffffff; stroke: #9ca3af", plot.plot(history.trends(found)).decode()))
        for found in (remember(clean), remember([*clean, *dirty]))
    ]
    assert fills == [0, 1]


def test_the_height_follows_the_number_of_workloads(remember: Remember) -> None:
    found = history.trends(remember([make_run(day, workloads=TWO) for day in range(3)]))
    one, two = (struct.unpack(">I", plot.plot(t, "png")[20:24])[0] for t in (found[:1], found))
    assert two - one == 210
    assert {image_format(name) for name in ("a.svg", "a.PNG")} == set(plot.FORMATS)


def image_format(name: str) -> str:
    return plot.image_format(Path(name))
