from __future__ import annotations

import csv
import io
import math
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from tests.workbench.history.history_samples import TWO, Remember, make_run
from workbench import history
from workbench.errors import WorkbenchError
from workbench.history import NothingToShow, Trend, formats, plot
from workbench.results.comparison import State
from workbench.results.model import Failure, Interval, Measurement


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


def test_names_are_harmless_everywhere(remember: Remember) -> None:
    evil = [("=1+1", "\x1b[31m$x^2$ <script>"), ("+x", "日本\u202e")]
    found = history.trends(remember([make_run(day, workloads=evil) for day in range(3)]))
    assert "\x1b" not in formats.to_text(found) + formats.to_csv(found)
    rows = list(csv.DictReader(io.StringIO(formats.to_csv(found))))
    assert {row["utility"] for row in rows} == {"'=1+1", "'+x"}
    drawing = plot.plot(found).decode()
    ET.fromstring(drawing)
    assert "<script>" not in drawing
