from __future__ import annotations

import math
from dataclasses import replace

from tests.workbench.history.history_samples import TWO, make_run
from workbench import history
from workbench.results.model import Results


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
