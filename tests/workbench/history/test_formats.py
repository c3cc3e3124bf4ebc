from __future__ import annotations

import csv
import io
import json
import math
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workbench.history.history_samples import Remember, make_run
from workbench import history
from workbench.formatting.terminal import visible
from workbench.history import Added, HistoryEntry, Point, Run, Trend, formats
from workbench.results.comparison import State
from workbench.results.model import Interval


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


STARTS = st.sampled_from(["", "=", "+", "-", "@"])


def test_nothing_has_no_rows() -> None:
    assert formats.to_text(()) == "0 runs, 0 steps\n"
    assert json.loads(formats.to_json(()))["trends"] == []
    (header,) = csv.reader(io.StringIO(formats.to_csv(())))
    assert header[:3] == ["utility", "workload", "date"]
    assert len(set(header)) == len(header)


@given(
    name=st.builds(str.__add__, STARTS, st.text(min_size=1)),
    reason=st.builds(str.__add__, STARTS, st.text()),
    equivalent=st.none() | st.booleans(),
    dirty=st.none() | st.sampled_from([0, 1]),
)
def test_every_cell_is_one_harmless_value(
    name: str, reason: str, equivalent: bool | None, dirty: int | None
) -> None:
    entry = HistoryEntry(name, name, None, 1e-6, None, 3, equivalent, 0, True)
    environment = {} if dirty is None else {"git_dirty": dirty}
    run = Run("a" * 64, datetime(2025, 1, 31, tzinfo=UTC), 0.01, (entry,), environment)
    point = Point(run, entry, State.MISSING, reason)
    (row,) = csv.DictReader(io.StringIO(formats.to_csv([Trend(name, name, (point,), ())])))
    for cell in (row["utility"], row["workload"], row["reason"]):
        assert cell == "" or cell.isprintable()
        # A spreadsheet would compute such a cell.
        assert cell[:1] not in {"=", "+", "-", "@"}
    assert row["utility"].removeprefix("'" if name[0] in "=+-@" else "") == visible(name)
    # The numbers of a results file, 0 and 1, are words too.
    words = {None: "", True: "true", False: "false"}
    assert (row["equivalent"], row["dirty"]) == (words[equivalent], words[dirty])
    assert (row["speedup"], row["native_seconds"], row["python_seconds"]) == ("", "", "1e-06")


@pytest.mark.parametrize(
    ("ratio", "expected"),
    [
        (Interval(0.8, 0.75, 0.85), "-20.0% [-25.0%, -15.0%]"),
        (Interval(1.5, 1.0, 2.0), "+50.0% [+0.0%, +100.0%]"),
    ],
)
def test_a_change_is_a_signed_percentage_with_its_interval(ratio: Interval, expected: str) -> None:
    assert formats.change(ratio) == expected


def test_what_was_added_is_one_line(tmp_path: Path) -> None:
    run = history.add(make_run(1), tmp_path / "history.db").run
    new, known = (formats.added(Added(run, is_new), "the store") for is_new in (True, False))
    for line in (new, known):
        assert line.endswith("\n")
        assert line.count("\n") == 1
        assert run.short_commit in line
        assert f"{run.date:%Y-%m-%d %H:%M}" in line
        assert "the store" in line
    assert new.startswith("added")
    assert "nothing was added" in known
    evil = replace(run, environment={"git_commit": "\x1b[31m"})
    assert "\x1b" not in formats.added(Added(evil, True), "the store")
    bare = replace(run, environment={})
    assert " of " not in formats.added(Added(bare, True), "the store")
