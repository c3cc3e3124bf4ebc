from __future__ import annotations

import math
import os
import shutil
from pathlib import Path
from time import monotonic

import pytest

from tests.workbench.measure.measuring import TINY
from workbench.catalog import select
from workbench.cli import texts
from workbench.measure import counting, harness, perf
from workbench.measure.counting import Counted, count_instructions
from workbench.measure.pairing import Expression, Pairing
from workbench.measure.plan import Limits
from workbench.results import storage
from workbench.results.model import Failure

with_valgrind = pytest.mark.skipif(
    not shutil.which("valgrind"), reason="instructions are counted with valgrind"
)


def _compared(function: str, arguments: str, scratch: Path) -> Counted:
    return _counted(Pairing(function, function, Expression(arguments)), scratch)


def _counted(pairing: Pairing, scratch: Path) -> Counted:
    limits = Limits(300.0, math.inf, str(scratch))
    return count_instructions([pairing.utility()], pairing, limits)


@with_valgrind
def test_twice_the_work_takes_twice_the_instructions_stored_and_shown_beside_times(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = "def sum_twice(values):\n    sum(values)\n    return sum(values)\n"
    (tmp_path / "twice.py").write_text(code)
    monkeypatch.syspath_prepend(str(tmp_path))
    pairing = Pairing("builtins:sum", "twice:sum_twice", Expression("bytes(20_000)"))
    steps: list[str] = []
    plan = harness.replace(TINY, instructions=True)
    results = harness.measure((), plan, lambda *step: steps.append(step[2]), pairing=pairing)
    assert results.failures == ()
    (count,) = results.instructions
    assert count.ratio.estimate == pytest.approx(0.5, rel=0.01)
    assert count.python == pytest.approx((count.python[0],) * 3, rel=0.01)
    assert 100_000 < count.python[0] < 10_000_000
    assert (count.utility, count.counter) == ("twice:sum_twice", "callgrind")
    assert count.ratio.low <= count.ratio.estimate <= count.ratio.high
    assert "count twice:sum_twice" in steps
    storage.save(results, tmp_path / "results.json")
    assert storage.load_results(tmp_path / "results.json") == results
    assert "\ninstructions a call, by callgrind" in texts.measurements(results)


@with_valgrind
def test_a_workload_that_cannot_be_counted_is_a_failure(tmp_path: Path) -> None:
    (failure,) = _compared("math:sqrt", "-1", tmp_path).failures
    assert failure.subject == "instructions of math:sqrt"
    assert "status 1: ValueError: math domain error" in failure.reason


@pytest.fixture
def no_valgrind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Replace valgrind with a program that only runs the command, which starts quickly."""
    program = tmp_path / "bin" / "valgrind"
    program.parent.mkdir()
    program.write_text(
        '#!/bin/sh\nwhile case "$1" in -*) ;; *) false ;; esac; do shift; done\n"$@"\n'
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(program.parent), prepend=os.pathsep)


@pytest.mark.usefixtures("no_valgrind")
@pytest.mark.parametrize(
    ("function", "arguments", "reason"),
    [
        ("os:_exit", "3", "the process exited with status 3"),
        ("builtins:len", "''", "No such file or directory"),
    ],
)
def test_workers_that_exit_or_write_no_counts_are_failures(
    tmp_path: Path, function: str, arguments: str, reason: str
) -> None:
    (failure,) = _compared(function, arguments, tmp_path).failures
    assert failure.subject == f"instructions of {function}"
    assert reason in failure.reason


@with_valgrind
def test_utilities_that_were_not_reached_are_failures(tmp_path: Path) -> None:
    chosen = select(["format_float", "hash_file"])
    counted = count_instructions(chosen, Pairing(), Limits(60.0, monotonic(), str(tmp_path)))
    assert counted.counts == []
    assert [failure.subject for failure in counted.failures] == [
        "instructions of format_float",
        "instructions of hash_file",
    ]


def test_without_valgrind_one_line_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(counting.shutil, "which", lambda _: None)
    monkeypatch.setattr(perf, "_COMMAND", ("no-such-perf",))
    counted = _compared("math:sqrt", "2", tmp_path)
    assert counted.failures == [
        Failure(
            "instructions",
            "valgrind is not installed and perf cannot count instructions on this machine: "
            "install valgrind with your package manager",
        )
    ]


@pytest.mark.parametrize(
    ("totals", "message"),
    [
        ([b"totals: 5\n"] * 12, "more calls did not take more instructions"),
        ([b"summary: 5\n"] * 12, "callgrind wrote no total to callgrind.1"),
    ],
)
def test_counts_that_make_no_sense_are_refused(
    tmp_path: Path, totals: list[bytes], message: str
) -> None:
    for number, total in enumerate(totals, 1):
        (tmp_path / f"callgrind.{number}").write_bytes(total)
    with pytest.raises(ValueError, match=message):
        counting._per_call(iter(range(1, 13)), tmp_path)


def test_the_first_rounds_are_discarded(tmp_path: Path) -> None:
    few_more = [(999, 0), (0, 999), (7, 7), (100, 160), (100, 166), (100, 160)]
    for number, total in enumerate((total for pair in few_more for total in pair), 1):
        (tmp_path / f"callgrind.{number}").write_bytes(b"events: Ir\ntotals: %d\n" % total)
    assert counting._per_call(iter(range(1, 13)), tmp_path) == (10.0, 11.0, 10.0)
