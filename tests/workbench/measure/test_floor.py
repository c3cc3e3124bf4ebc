from __future__ import annotations

import io
import json
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tests.workbench.measure.measuring import TINY, job
from workbench.catalog import Floor, Utility, select, utilities
from workbench.cli import texts
from workbench.measure import harness, worker
from workbench.measure.floor import bind_floor
from workbench.measure.loops import Loop
from workbench.measure.record import Record
from workbench.results import storage
from workbench.results.model import Failure

on_linux = pytest.mark.skipif(
    sys.platform != "linux", reason="the floor is made of Linux's system calls"
)


@on_linux
def test_the_floor_is_timed_beside_both_sides(tmp_path: Path) -> None:
    chosen = select(["is_process_alive", "format_float"])
    # Enough pairs that a busy machine does not change the median.
    results = harness.measure(chosen, replace(TINY, pairs=31, seed=5))
    computing, calling = results.measurements
    assert (computing.floor, computing.floor_calls, computing.limit) == ((), "", None)
    assert computing.floor_seconds is computing.floor_share is None
    assert [len(process) for process in calling.floor] == [31, 31]
    assert calling.floor_calls == "kill with signal 0"
    assert calling.native_seconds is not None
    assert calling.floor_seconds is not None
    assert 0 < calling.floor_seconds < calling.native_seconds
    assert calling.floor_share is not None
    assert calling.limit is not None
    assert calling.speedup is not None
    # Both are medians over the same pairs: share times limit is the speedup, but for noise.
    assert calling.floor_share * calling.limit.estimate == pytest.approx(
        calling.speedup.estimate, rel=0.5
    )
    assert all(len(run.loops) == len(run.warmups) == 3 for run in calling.runs)
    storage.save(results, tmp_path / "results.json")
    assert storage.load_results(tmp_path / "results.json") == results


def test_without_the_extension_there_is_no_floor(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "workbench._native", None)
    chosen = select(["is_process_alive"])
    results = harness.measure(chosen, TINY)
    assert results.measurements[0].floor == ()
    assert results.failures == ()
    assert "extension is missing" in str(results.environment["floor_missing"])
    assert "no floor: the workbench extension" in texts.measurements(results)
    assert "floor_missing" not in harness.measure(select(["format_float"]), TINY).environment


def test_a_floor_that_fails_is_reported_and_the_sides_are_kept(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def broken(_: Floor) -> Loop:
        raise FileNotFoundError("no /proc here")

    monkeypatch.setattr(worker, "bind_floor", broken)
    events = io.StringIO()
    (utility,) = select(["is_process_alive"])
    sides = ("python", "python", "floor")
    task = {"utility": utility.name, "workload": "own pid", "sides": sides}
    worker.run(job(scratch=str(tmp_path)) | {"tasks": [task]}, events)
    record = Record([utility], ("python", "python"), (), {}, ("floor",))
    (key,) = (key for key in record.open_tasks() if not key.is_control)
    assert key.sides == sides
    for _ in range(2):
        record.take(key, json.loads(events.getvalue().splitlines()[-1]))
    results = record.results()
    (measured,) = results.measurements
    assert measured.native
    assert measured.floor == ()
    assert measured.floor_calls == ""
    assert all(len(run.loops) == 2 for run in measured.runs)
    assert results.failures == (Failure("floor of is_process_alive: own pid", "no /proc here"),)


@on_linux
@pytest.mark.parametrize("utility", utilities(), ids=lambda u: u.name)
def test_every_declared_floor_can_be_timed(utility: Utility, tmp_path: Path) -> None:
    for workload in utility.workloads:
        if workload.floor:
            floor = workload.floor(workload.prepare(tmp_path))
            assert floor.calls
            assert bind_floor(floor)(2) > 0


@on_linux
def test_a_library_call_is_part_of_the_floor() -> None:
    calls: list[int] = []
    loop = bind_floor(Floor("kill and a list", "process", library=lambda: calls.append(1)))
    assert 0 < loop(25) < 1
    assert len(calls) == 25
