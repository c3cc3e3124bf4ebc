from __future__ import annotations

import csv
import io
import json
import math
import struct
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workbench.history.history_samples import make_run
from workbench import history
from workbench.errors import WorkbenchError
from workbench.history import History, NothingToShow, Trend, formats, plot
from workbench.results.comparison import State
from workbench.results.model import Failure, Interval, Measurement, Results

TWO = (("hash_file", "9 KB"), ("format_float", "1234567.89"))
Remember = Callable[[Sequence[Results]], History]


@pytest.fixture
def remember(tmp_path: Path) -> Remember:
    """Add results to a new store and load it."""

    def load(results: Sequence[Results]) -> History:
        for one in results:
            history.add(one, tmp_path / "history.db")
        return history.load(tmp_path / "history.db")

    return load


@pytest.fixture
def slower(remember: Remember) -> tuple[Trend, ...]:
    """A step at the fifth run, with incomparable runs around it."""
    runs = [make_run(1000 * day, 4.0 if day < 4 else 3.0, TWO) for day in range(8)]
    runs[2] = make_run(2000, 9.0, TWO, python_version="3.13.1")
    runs[5] = make_run(5000, 9.0, TWO, git_dirty=1)
    return history.trends(remember(runs))


def test_a_step_is_dated_by_the_commits_around_it(slower: tuple[Trend, ...]) -> None:
    assert [trend.utility for trend in slower] == ["format_float", "hash_file"]
    for trend in slower:
        ((before, after),) = trend.steps
        assert before is trend.points[3]
        assert after is trend.points[4]
        assert after.state is State.SLOWER
        assert after.step is not None
        assert math.isclose(after.step.change.estimate, 0.75)
        assert [p.state for p in trend.points if p.state] == [
            State.INCOMPARABLE,
            State.SLOWER,
            State.INCOMPARABLE,
        ]


def test_incomparable_points_have_a_reason_and_no_level(slower: tuple[Trend, ...]) -> None:
    trend = slower[0]
    assert trend.points[2].reason == "python_version 3.11 vs. 3.13"
    assert trend.points[5].reason == "uncommitted changes"
    assert [level.positions for level in trend.levels] == [(0, 1, 3), (4, 6, 7)]
    assert trend.points[2].comparable_speedup is None


def test_a_few_pairs_are_not_a_step(remember: Remember) -> None:
    """A single pair has no spread, so its interval would make any change look certain."""
    runs = [make_run(1000 * day, 3.0 if day == 4 else 4.0) for day in range(6)]
    runs[4] = replace(runs[4], measurements=tuple(map(one_pair, runs[4].measurements)))
    (trend,) = history.trends(remember(runs))
    assert trend.steps == ()
    assert [point.state for point in trend.points] == [*[None] * 4, State.UNDECIDED, None]
    assert trend.points[4].reason == "based on 1 pair, at least 6 are needed"
    assert [level.positions for level in trend.levels] == [(0, 1, 2, 3, 5)]


def one_pair(m: Measurement) -> Measurement:
    """Return the measurement with only its first pair."""
    exact = Interval(3.0, 3.0, 3.0)
    sides = {"python": (m.python[0][:1],), "native": (m.native[0][:1],)}
    return replace(m, **sides, speedup=exact, runs=m.runs[:1])


def test_the_newest_clean_run_is_the_reference(remember: Remember) -> None:
    runs = [make_run(1000 * day) for day in range(3)]
    runs += [make_run(4000, python_version="3.14.0"), make_run(5000, git_dirty=1)]
    (trend,) = history.trends(remember(runs))
    incomparable = [point.state is State.INCOMPARABLE for point in trend.points]
    assert incomparable == [True, True, True, False, True]


@pytest.mark.parametrize(
    ("fact", "value"),
    [("machine", "aarch64"), ("python_implementation", "PyPy"), ("first_side", "upstream")],
)
def test_other_machines_and_sides_are_incomparable(
    remember: Remember, fact: str, value: str
) -> None:
    one = make_run(1)
    other = replace(one, environment={**one.environment, fact: value})
    (trend,) = history.trends(remember([other, make_run(2)]))
    assert trend.points[0].state is State.INCOMPARABLE
    assert fact in trend.points[0].reason


def test_runs_with_uncommitted_changes_have_no_level(remember: Remember) -> None:
    (trend,) = history.trends(remember([make_run(day, git_dirty=1) for day in range(3)]))
    assert {point.state for point in trend.points} == {State.INCOMPARABLE}
    assert trend.levels == ()
    assert formats.to_text([trend]).splitlines()[0].endswith(" ···")


def test_an_outlier_is_undecided(remember: Remember) -> None:
    runs = [make_run(1000 * day, 9.0 if day == 3 else 4.0) for day in range(7)]
    (trend,) = history.trends(remember(runs))
    assert trend.steps == ()
    assert [p.state for p in trend.points if p.state] == [State.UNDECIDED]
    assert trend.points[3].reason == "outlier"


def test_expected_but_unmeasured_workloads_are_missing(remember: Remember) -> None:
    both = [("hash_file", "9 KB"), ("hash_file", "100 MB")]
    runs = [make_run(1000, workloads=both), make_run(2000, workloads=both[:1])]
    runs.append(make_run(3000, workloads=TWO[1:]))
    failure = Failure("hash_file/100 MB", "it hangs")
    runs.append(make_run(4000, workloads=TWO[1:], failures=(failure,)))
    python_only = make_run(5000, workloads=both)
    without = tuple(replace(m, native=(), speedup=None) for m in python_only.measurements)
    runs.append(replace(python_only, measurements=without))
    large = next(t for t in history.trends(remember(runs)) if t.workload == "100 MB")
    # The third run did not include this utility.
    assert [point.reason for point in large.points] == [
        "",
        "not in the results",
        "it hangs",
        "native was not measured",
    ]
    assert [p.state for p in large.points] == [None, *[State.MISSING] * 3]
    assert "missing: it hangs" in formats.to_text([large])
    assert b"hash_file: 100 MB" in plot.plot([large])


def test_utilities_can_be_chosen(remember: Remember) -> None:
    kept = remember([make_run(1, workloads=TWO)])
    assert [t.utility for t in history.trends(kept, ["hash_file"])] == ["hash_file"]
    with pytest.raises(WorkbenchError, match="did you mean 'hash_file'") as caught:
        history.trends(kept, ["hash_fil"])
    assert caught.value.exit_code == 2
    with pytest.raises(NothingToShow, match="no run measured get_cpu_count"):
        history.trends(kept, ["get_cpu_count"])


def test_a_utility_that_left_the_catalog_is_still_shown(remember: Remember) -> None:
    kept = remember([make_run(1, workloads=[("removed_long_ago", "x")])])
    assert len(history.trends(kept, ["removed_long_ago"])) == 1


def test_text(slower: tuple[Trend, ...]) -> None:
    lines = formats.to_text(slower[1:]).splitlines()
    assert lines[0] == f"{'hash_file: 9 KB':<71} ██·█▁·▁▁"
    first, step, dirty = lines[1], lines[5], lines[6]
    commit = slower[1].points[0].run.short_commit
    assert f"  {commit}   4.00x  3.92-4.08" in first
    assert step.endswith("  2.94-3.06   slower -25.0% [-26.7%, -23.3%]")
    assert "*  9.00x  8.82-9.18   incomparable: uncommitted changes" in dirty
    commits = [slower[1].points[i].run.short_commit for i in (3, 4)]
    assert lines[-3] == "step in hash_file: 9 KB"
    assert lines[-2].startswith(f"  4.00x to 3.00x, between {commits[0]} (2025-01-0")
    assert f" and {commits[1]} (2025-01-0" in lines[-2]
    assert lines[-1] == "8 runs, 1 step"
    assert all(len(line) <= 80 for line in lines if "incomparable" not in line)


def test_text_of_a_step_without_commits(remember: Remember) -> None:
    runs = [make_run(1000 * day, 4.0 if day < 3 else 5.0) for day in range(6)]
    bare = [replace(run, environment={"python_version": "3.11"}) for run in runs]
    (trend,) = history.trends(remember(bare))
    text = formats.to_text([trend])
    assert "faster +25.0%" in text
    assert ", between 2025-01-0" in text


def test_a_utility_that_is_not_equivalent_is_marked(remember: Remember) -> None:
    results = make_run(1)
    different = replace(results.measurements[0], equivalent=False)
    (trend,) = history.trends(remember([replace(results, measurements=(different,))]))
    assert formats.to_text([trend]).splitlines()[1].endswith("not equivalent")


def test_json(slower: tuple[Trend, ...]) -> None:
    def refuse(constant: str) -> None:
        pytest.fail(f"{constant} is not JSON")

    document = json.loads(formats.to_json(slower), parse_constant=refuse)
    assert document["schema_version"] == 1
    points = document["trends"][1]["points"]
    assert [p["state"] for p in points] == [
        *(None, None, "incomparable", None, "slower", "incomparable", None, None)
    ]
    assert math.isclose(points[4]["step"]["change"]["estimate"], 0.75)
    assert points[4]["commit"] == slower[1].points[4].run.commit
    assert (points[5]["dirty"], points[5]["reason"]) == (True, "uncommitted changes")


def test_csv(slower: tuple[Trend, ...]) -> None:
    rows = list(csv.DictReader(io.StringIO(formats.to_csv(slower))))
    assert len(rows) == 16
    assert rows[0]["utility"] == "format_float"
    assert rows[4]["state"] == "slower"
    assert math.isclose(float(rows[4]["change"]), 0.75)
    assert float(rows[4]["change_low"]) < 0.75 < float(rows[4]["change_high"])
    assert (rows[5]["dirty"], rows[5]["change"]) == ("true", "")


def test_names_are_harmless_everywhere(remember: Remember) -> None:
    evil = [("=1+1", "\x1b[31m$x^2$ <script>"), ("+x", "日本\u202e")]
    found = history.trends(remember([make_run(day, workloads=evil) for day in range(3)]))
    assert "\x1b" not in formats.to_text(found) + formats.to_csv(found)
    rows = list(csv.DictReader(io.StringIO(formats.to_csv(found))))
    assert {row["utility"] for row in rows} == {"'=1+1", "'+x"}
    drawing = plot.plot(found).decode()
    ET.fromstring(drawing)
    assert "<script>" not in drawing


@given(st.lists(st.none() | st.floats(1e-3, 1e3), max_size=40))
def test_a_sparkline_has_a_character_for_each_value(values: list[float | None]) -> None:
    drawing = formats.sparkline(values)
    assert len(drawing) == len(values)
    for a, first in zip(values, drawing, strict=True):
        assert (first == "·") is (a is None)
        for b, second in zip(values, drawing, strict=True):
            if a is not None and b is not None and a <= b:
                assert first <= second


def test_a_sparkline_shows_noise_as_flat_and_change_in_full() -> None:
    assert set(formats.sparkline([4.0, 4.01, 3.99])) <= {"▄", "▅"}
    assert formats.sparkline([1.0, 10.0, 100.0]) in {"▁▄█", "▁▅█"}


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
