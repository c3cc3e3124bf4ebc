from __future__ import annotations

import csv
import io
import json
import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workbench.history.history_samples import Remember, make_run
from workbench import history
from workbench.history import Trend, formats


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
