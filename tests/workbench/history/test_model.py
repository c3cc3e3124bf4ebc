from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tests.workbench.history.history_samples import TWO, make_run
from workbench import history
from workbench.history import History, HistoryEntry, Run
from workbench.results.model import Interval, Results


def test_facts_about_a_run(store: str) -> None:
    history.add(Results(make_run(1).measurements), store)
    history.add(make_run(2000, git_dirty=1), store)
    without, dirty = history.load(store).runs
    assert (without.commit, without.short_commit, without.dirty) == (None, "", None)
    assert dirty.commit is not None
    assert dirty.commit.startswith(dirty.short_commit)
    assert (len(dirty.short_commit), dirty.dirty) == (7, True)


def test_the_frame_has_a_row_for_each_workload(store: str) -> None:
    results = make_run(1, workloads=TWO)
    python_only = replace(results.measurements[1], native=(), speedup=None)
    history.add(replace(results, measurements=(results.measurements[0], python_only)), store)
    history.add(make_run(2, workloads=TWO, git_dirty=1), store)
    frame = history.load(store).to_frame()
    assert list(frame["utility"]) == ["hash_file", "format_float"] * 2
    assert list(frame["speedup"].isna()) == [False, True, False, False]
    assert list(frame["dirty"]) == [False, False, True, True]
    assert str(frame["date"].dtype) == "datetime64[us, UTC]"
    assert math.isclose(frame["python_seconds"].iloc[0], 4e-6)
    assert frame["high"].iloc[0] > frame["speedup"].iloc[0] > frame["low"].iloc[0]
    assert history.load(store).utilities == ("format_float", "hash_file")


ENTRY = HistoryEntry("hash_file", "9 KB", Interval(2.0, 1.5, 2.5), 2e-6, 1e-6, 12, True, 100, True)
DATE = datetime(2025, 1, 31, tzinfo=UTC)


def run(*entries: HistoryEntry, **environment: str | int) -> Run:
    return Run("a" * 64, DATE, 0.01, entries, environment)


@pytest.mark.parametrize(
    ("environment", "commit", "short", "dirty"),
    [
        ({}, None, "", None),
        ({"git_commit": "0123456789abcdef", "git_dirty": 0}, "0123456789abcdef", "0123456", False),
        ({"git_commit": "abc", "git_dirty": 1}, "abc", "abc", True),
        ({"git_commit": 12345678}, "12345678", "1234567", None),
    ],
)
def test_the_commit_of_a_run_is_in_its_environment(
    environment: dict[str, str | int], commit: str | None, short: str, dirty: bool | None
) -> None:
    found = run(**environment)
    assert (found.commit, found.short_commit, found.dirty) == (commit, short, dirty)


def test_utilities_are_named_once_and_sorted() -> None:
    two = run(ENTRY, replace(ENTRY, workload="50 MB"), replace(ENTRY, utility="base36_encode"))
    assert History((two, run(ENTRY))).utilities == ("base36_encode", "hash_file")
    assert History(()).utilities == ()


def test_an_empty_frame_has_the_columns_and_types_of_a_full_one() -> None:
    empty, full = (History(runs).to_frame() for runs in ((), (run(ENTRY, git_dirty=0),)))
    assert list(empty.columns) == list(full.columns)
    for column in ("date", "dirty", "speedup", "low", "high", "native_seconds", "equivalent"):
        assert empty[column].dtype == full[column].dtype


def test_what_is_unknown_is_missing_in_the_frame() -> None:
    python_only = replace(ENTRY, speedup=None, native_seconds=None, equivalent=None)
    (row,) = History((run(python_only),)).to_frame().itertuples()
    assert all(math.isnan(v) for v in (row.speedup, row.low, row.high, row.native_seconds))
    assert (row.dirty, row.equivalent, row.commit) == (None, None, None)
    assert (row.python_seconds, row.samples, row.margin) == (2e-6, 12, 0.01)
    (known,) = History((run(ENTRY, git_dirty=1),)).to_frame().itertuples()
    assert (known.speedup, known.low, known.high) == (2.0, 1.5, 2.5)
    assert known.dirty is True
    assert known.equivalent is True
