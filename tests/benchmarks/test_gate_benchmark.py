"""Tests of benchmarks/gate.py with few samples and large slowdowns."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import gate
import gate_coverage
import gate_findings
import gate_peers
import gate_runs
import gate_table
import gate_verdicts
import psutil
import pytest
import slowdown
from gate_findings import NEIGHBOUR, QUIET, Condition, Findings
from gate_peers import PeerRun
from gate_runs import FAIL, PASS, UNDECIDED, GateRun
from gate_verdicts import TimeToVerdict
from neighbour import neighbour
from slowed import slower

from workbench.backends import why_native_is_missing
from workbench.catalog import Utility
from workbench.errors import WorkbenchError
from workbench.measure.plan import Plan
from workbench.results.model import Interval, Results

needs_native = pytest.mark.skipif(
    why_native_is_missing() is not None, reason="needs the native side"
)
# No time is so short that a busy machine could exceed it.
TINY = Plan("tiny", 6, 6, 6, 0.0002, 250.0, 0.0, 250.0, 0, 250.0)
EFFORT = gate_runs.Effort(TINY, TINY, TINY, 0.0)
ENVIRONMENT = {
    "cpu_count": 2,
    "platform": "Linux-6",
    "python_implementation": "CPython",
    "python_version": "3.11.7",
}


def _run(slowdown: float, answer: str, strict: str = UNDECIDED) -> GateRun:
    return GateRun(slowdown, 2.0, answer, answer, strict, 0.01, (1.0, 0.9, 1.1))


def _found(**conditions: Condition) -> Findings:
    found = Findings(dict(ENVIRONMENT))
    found.conditions.update(conditions)
    return found


@needs_native
def test_much_slower_code_fails() -> None:
    """The slowdown is large enough for busy machines: fifty times the work, with 10% allowed."""
    before = gate_runs.baseline(EFFORT)
    slow = gate_runs.run(before, 50.0, 1_300_000, EFFORT)
    assert (slow.answer, slow.first, slow.strict) == (FAIL, FAIL, FAIL)
    assert slow.change[0] < 0.2
    same = gate_runs.run(before, 0.0, 1_300_000, EFFORT)
    assert same.change[0] > 0.2
    assert same.answer in {PASS, FAIL, UNDECIDED}
    assert same.seconds > 0


@needs_native
def test_the_harness_measures_the_slowdown() -> None:
    assert slowdown.achieved(1_300_000, TINY).estimate > 5


def test_the_slowed_function_returns_the_same() -> None:
    assert slower(lambda: [1], 1000)() == [1]


def test_the_size_is_corrected_by_measurement(monkeypatch: pytest.MonkeyPatch) -> None:
    def measured(size: int, plan: Plan) -> Interval:
        del plan
        estimate = 1.04 + size / 24_000
        return Interval(estimate, estimate, estimate)

    monkeypatch.setattr(slowdown, "achieved", measured)
    for wanted in (0.05, 0.5):
        assert measured(slowdown.size_for(wanted), TINY).estimate == pytest.approx(
            1 + wanted, abs=0.01
        )
    assert slowdown.size_for(0.01) == 0


@pytest.mark.no_cover
def test_synthetic_intervals_cover_the_truth() -> None:
    """The seed is fixed, so this cannot fail by chance."""
    for situation in gate_coverage.SITUATIONS:
        if not situation.stops:
            found = gate_coverage.measure(situation, 150, seed=1)
            assert found.covered >= 150 * 0.9
            assert 0 < found.width < 0.1


def test_coverage_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    intervals = iter([Interval(3.0, 2.9, 3.1), Interval(3.2, 3.1, 3.3), Interval(2.9, 2.8, 3.0)])
    monkeypatch.setattr(gate_coverage, "_interval", lambda *_: next(intervals))
    found = gate_coverage.measure(gate_coverage.SITUATIONS[0], 3)
    assert (found.trials, found.covered) == (3, 2)
    assert found.share == pytest.approx(2 / 3)


def test_answers_are_counted_and_compared_with_the_targets() -> None:
    quiet = Condition(
        {0.2: Interval(1.21, 1.2, 1.22)},
        [_run(0.0, PASS)] * 99
        + [_run(0.0, FAIL)]
        + [_run(0.2, FAIL)] * 19
        + [_run(0.2, UNDECIDED)]
        + [_run(0.5, FAIL)] * 9
        + [_run(0.5, PASS)],
        {"a tool": [PeerRun(True, 5.0), PeerRun(False, 7.0)]},
        [TimeToVerdict(5.0, 0.04, 8.0, 0.02, 24.0, 0.02)],
    )
    found = _found(quiet=quiet)
    found.coverage = [
        gate_coverage.Coverage("good", 1000, 950, 0.05),
        gate_coverage.Coverage("bad", 1000, 929, 0.05),
    ]
    reached = [target.reached for target in gate_table.targets(found)]
    assert reached == [True, True, False, True, None, None, None, None, False]
    page = gate_table.markdown(found, ["a fact"])
    for row in (
        "| quiet | unchanged | - | 100 | 1 | 0.2% to 5.4% | 0 | 99 | 1 | 0 | 2.0 | 1.0% |",
        "| quiet | 20% | 21.0% | 20 | 19 | 76.4% to 99.1% | 1 | 0 | 19 | 0 | 2.0 | 1.0% |",
        "| quiet | a tool | 2 | 1 | 9.5% to 90.5% | 6.0 |",
        "| bad | 1,000 | 92.9% | 5.0% |",
        "| quiet | 1 | 5.0 | 4.0% | 24.0 | 2.0% | 8.0 |",
        "| quiet: 50% slower fails | at least 100% | 9 of 10 | missed |",
    ):
        assert row in page


def test_a_share_is_in_its_interval() -> None:
    for count, total in ((0, 200), (2, 200), (200, 200), (1, 1)):
        low, high = gate_table.interval_of_share(count, total)
        assert 0 <= low <= count / total <= high <= 1
    assert gate_table.interval_of_share(0, 200)[1] == pytest.approx(0.0188, abs=1e-4)


@pytest.fixture
def faked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Replace slow steps with fakes; return a log of their calls."""
    done: list[str] = []

    def run(before: Results, slowdown_: float, size: int) -> GateRun:
        del before
        done.append(f"gate {slowdown_:g} {size}")
        return _run(slowdown_, FAIL if slowdown_ > 0.1 else PASS)

    def verdict(directory: Path) -> TimeToVerdict:
        assert directory.is_dir()
        return TimeToVerdict(5.0, 0.04, 5.0, 0.04, 24.0, 0.05)

    monkeypatch.setattr(
        gate_coverage,
        "measure",
        lambda s, trials: gate_coverage.Coverage(s.name, trials, trials, 0.1),
    )
    monkeypatch.setattr(gate, "size_for", lambda part: int(part * 1000))
    monkeypatch.setattr(gate, "achieved", lambda size: Interval(1 + size / 1000, 1, 2))
    monkeypatch.setattr(gate_runs, "baseline", lambda: done.append("baseline"))
    monkeypatch.setattr(gate_runs, "run", run)
    monkeypatch.setattr(gate_verdicts, "measure_both", verdict)
    monkeypatch.setattr(gate_peers, "install", lambda: None)
    monkeypatch.setattr(gate_peers, "versions", lambda: {"pyperf": "2.10"})
    tools = {"a tool": lambda new, before: not new.write_text("x") or before is None}
    monkeypatch.setattr(gate_peers, "TOOLS_TO_RUN", tools)
    monkeypatch.setattr(gate.environment, "collect", lambda: dict(ENVIRONMENT))
    return done


def test_a_run_writes_all_files(
    faked: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "out" / "gate.json"
    assert gate.main(["--quick", "--runs", "8", "--peer-runs", "2", "-o", str(output)]) == 0
    found = gate_findings.load(output)
    for name in (QUIET, NEIGHBOUR):
        condition = found.conditions[name]
        counts = {part: len(condition.at(part)) for part in (0.0, *gate_runs.SLOWDOWNS)}
        assert counts == {0.0: 8, 0.05: 1, 0.1: 1, 0.2: 4, 0.5: 4}
        assert condition.peers == {
            "a tool": [PeerRun(False, run.seconds) for run in condition.peers["a tool"]]
        }
        assert len(condition.peers["a tool"]) == 2
    assert faked.count("baseline") == 4
    assert "gate 0.2 200" in faked
    assert len(found.coverage) == len(gate_coverage.SITUATIONS)
    page = output.with_suffix(".md").read_text(encoding="utf-8")
    assert capsys.readouterr().out == page
    assert "| missed |" not in page
    assert "<svg" in output.with_suffix(".svg").read_text(encoding="utf-8")


def test_an_interrupted_run_is_resumed(
    faked: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    output = tmp_path / "gate.json"
    run = gate_runs.run
    arguments = ["--only", "gate", "--runs", "8", "-o", str(output)]

    def interrupted(before: Results, slowdown_: float, size: int) -> GateRun:
        if len(faked) > 12:
            raise KeyboardInterrupt
        return run(before, slowdown_, size)

    monkeypatch.setattr(gate_runs, "run", interrupted)
    assert gate.main(arguments) == 130
    assert "use --resume to continue" in capsys.readouterr().err
    kept = gate_findings.load(output).conditions[QUIET].gate
    assert 0 < len(kept) < 18
    monkeypatch.setattr(gate_runs, "run", run)
    assert gate.main([*arguments, "--resume"]) == 3  # the other parts were skipped
    found = gate_findings.load(output)
    assert found.conditions[QUIET].gate[: len(kept)] == kept
    for condition in found.conditions.values():
        assert [r.slowdown for r in condition.gate] == [
            part for one in gate._ROUNDS for part in one
        ]
    before = list(faked)
    assert gate.main([*arguments, "--resume"]) == 3
    assert faked == before


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "cannot be continued"),
        ("{}", "cannot be continued"),
        ('{"schema_version": 2}', "its version is 2"),
        ("[]", "cannot be continued"),
    ],
)
def test_a_file_that_cannot_be_resumed_is_one_line(
    text: str, message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "gate.json"
    output.write_text(text, encoding="utf-8")
    assert gate.main(["--resume", "-o", str(output)]) == 2
    errors = capsys.readouterr().err
    assert message in errors
    assert errors.count("\n") == 1
    with pytest.raises(WorkbenchError, match="No such file"):
        gate_findings.load(tmp_path / "none.json")


def test_missing_measurements_stop_the_benchmark(monkeypatch: pytest.MonkeyPatch) -> None:
    def measure(utilities: Sequence[Utility], plan: Plan) -> Results:
        del utilities, plan
        return Results(())

    monkeypatch.setattr(gate_runs, "measure", measure)
    monkeypatch.setattr(gate_runs, "judge", lambda *_: gate_runs.GateVerdict(()))
    monkeypatch.setattr(gate_runs.remeasure, "judge", lambda *_: gate_runs.GateVerdict(()))
    with pytest.raises(WorkbenchError, match="some measurements are missing"):
        gate_runs.run(Results(()), 0.0, 0, replace(EFFORT, budget_seconds=0.0))


def test_each_run_of_a_tool_is_compared_with_the_previous_one(tmp_path: Path) -> None:
    seen: list[tuple[str, str | None]] = []

    def measure(new: Path, before: Path | None) -> bool:
        assert not new.exists()
        assert before is None or before.exists()
        new.touch()
        seen.append((new.name, before and before.name))
        return len(seen) == 3

    peer = gate_peers.Peer(tmp_path, measure)
    assert [peer.run().failed for _ in range(3)] == [False, True, False]
    assert seen == [
        ("1.json", None),
        ("2.json", "1.json"),
        ("3.json", "2.json"),
        ("4.json", "3.json"),
    ]
    assert [path.name for path in tmp_path.iterdir()] == ["4.json"]


def test_the_interval_of_a_pyperf_file_is_between_processes(tmp_path: Path) -> None:
    suite = tmp_path / "suite.json"
    runs: list[dict[str, list[float]]] = [{"values": [v, v]} for v in (1.0, 1.1, 0.9, 1.0)]
    suite.write_text(json.dumps({"benchmarks": [{"runs": [{"warmups": []}, *runs]}]}))
    found = gate_verdicts._interval(suite)
    assert found.low < found.estimate < found.high
    assert found.estimate == pytest.approx((1.1 * 0.9) ** 0.25)
    runs = [{"values": run["values"] * 9} for run in runs]
    suite.write_text(json.dumps({"benchmarks": [{"runs": runs}]}))
    assert gate_verdicts._interval(suite).low == pytest.approx(found.low)


def _wait(condition: Callable[[], bool], seconds: float = 200.0) -> bool:
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.02)
    return condition()


def _has_ended(process: psutil.Process) -> bool:
    return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE


def test_the_neighbour_loads_all_cpus_and_ends_with_the_block() -> None:
    with neighbour() as pid:
        leader = psutil.Process(pid)
        cpus = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1
        assert _wait(lambda: len(leader.children()) == cpus)
        children = leader.children()
        assert _wait(lambda: all(sum(c.cpu_times()[:2]) > 0.05 for c in children))
    assert _wait(lambda: all(map(_has_ended, children)))
    assert not leader.is_running()


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_the_neighbour_ends_with_a_killed_benchmark(how: signal.Signals) -> None:
    code = (
        "import time, neighbour\n"
        "with neighbour.neighbour() as pid:\n"
        "    print(pid, flush=True)\n"
        "    time.sleep(600)\n"
    )
    benchmark = subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=Path(gate.__file__).parent,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert benchmark.stdout is not None
    with benchmark, benchmark.stdout as output:
        leader = psutil.Process(int(output.readline()))
        assert _wait(lambda: bool(leader.children()))
        processes = [leader, *leader.children()]
        benchmark.send_signal(how)
        benchmark.wait(200)
    assert _wait(lambda: all(map(_has_ended, processes)))
