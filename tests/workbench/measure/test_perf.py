from __future__ import annotations

import math
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from workbench.measure import counting, perf
from workbench.measure.counting import count_instructions
from workbench.measure.pairing import Expression, Pairing
from workbench.measure.plan import Limits
from workbench.results.model import InstructionCount

# Replaces perf on machines without counters: 1,000,000 to start, 70 and 10 for a call.
PERF = """\
import json, subprocess, sys
if "--" not in sys.argv:
    sys.exit(print("5,,instructions:u,1,100.00,,", file=sys.stderr))
output, command = sys.argv[sys.argv.index("--") - 1], sys.argv[sys.argv.index("--") + 1 :]
job = sys.stdin.read()
asked = json.loads(job)
each = 70 if asked["sides"] == ["builtins:sum"] else 10
subprocess.run(command, input=job, text=True, check=True)
with open(output, "w") as file:
    print(f"{1_000_000 + each * asked['calls']},,instructions:u,1,100.00,,", file=file)
"""


def test_perf_counts_where_there_is_no_valgrind(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    script = tmp_path / "perf.py"
    script.write_text(PERF)
    monkeypatch.setattr(counting.shutil, "which", lambda _: None)
    monkeypatch.setattr(perf, "_COMMAND", (sys.executable, str(script)))
    pairing = Pairing("builtins:sum", "math:fsum", Expression("[1, 2]"))
    limits = Limits(300.0, math.inf, str(tmp_path))
    (count,) = count_instructions([pairing.utility()], pairing, limits).counts
    assert count == InstructionCount("math:fsum", "([1, 2])", "perf", (70.0,) * 3, (10.0,) * 3)


@pytest.mark.parametrize("report", ["<not supported>,,instructions:u,0,100.00,,", "", "7,,cycles"])
def test_a_machine_without_counters_is_recognised(
    monkeypatch: pytest.MonkeyPatch, report: str
) -> None:
    command = (sys.executable, "-c", f"import sys; print({report!r}, file=sys.stderr)")
    monkeypatch.setattr(perf, "_COMMAND", command)
    assert not perf.is_usable()


@dataclass
class Machine:
    """A machine on which starting takes 1,000 instructions and a call a given number."""

    per_call: list[int]
    """For each run, the instructions of a call; the last one holds for all others."""
    seconds: float = 0.001
    """Duration of the first 100 calls."""
    report: str = "# started on Monday\n\n5,,cycles\n{count},,instructions:u,1,100.00,,\n"
    commands: list[Sequence[str]] = field(default_factory=list)
    calls: list[int] = field(default_factory=list)

    def run_job(
        self,
        job: dict[str, Any],
        time_limit: float,
        hash_seed: int,
        deadline: float,
        command: Sequence[str],
    ) -> Iterator[dict[str, Any]]:
        assert (time_limit, hash_seed, deadline) == (5.0, 0, math.inf)
        self.commands.append(command)
        self.calls.append(job["calls"])
        each = self.per_call.pop(0) if len(self.per_call) > 1 else self.per_call[0]
        count = 1_000 + each * job["calls"]
        Path(command[command.index("-o") + 1]).write_text(self.report.format(count=count))
        yield {"event": "start"}
        yield {"event": "done", "seconds": self.seconds}

    def count(self, monkeypatch: pytest.MonkeyPatch, scratch: Path) -> tuple[float, ...]:
        monkeypatch.setattr(perf, "run_job", self.run_job)
        return perf.per_call(
            {"side": "any"}, ("setarch", "-R"), Limits(5.0, math.inf, str(scratch))
        )


def test_starting_does_not_count(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    machine = Machine([70])
    assert machine.count(monkeypatch, tmp_path) == (70.0, 70.0, 70.0)
    for command in machine.commands:
        assert command[:2] == ("setarch", "-R")
        assert "stat" in command
        assert command[-1] == "--"


@pytest.mark.parametrize(
    ("seconds", "more"), [(0.001, 20_000), (0.1, 200), (60.0, 1), (0.0, 200_000)]
)
def test_the_additional_calls_take_a_fifth_of_a_second(
    seconds: float, more: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    machine = Machine([70], seconds)
    machine.count(monkeypatch, tmp_path)
    assert machine.calls == [100, *[100, 100 + more] * 3]


@pytest.mark.parametrize("per_call", [[70, 70, 0], [70, 70, 70, 70, 0]])
def test_counts_that_do_not_grow_are_refused(
    per_call: list[int], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with pytest.raises(ValueError, match="more calls"):
        Machine(per_call).count(monkeypatch, tmp_path)


@pytest.mark.parametrize("report", ["", "<not counted>,,instructions:u,0,0.00,,\n", "9,,cycles\n"])
def test_a_report_without_instructions_is_refused(
    report: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with pytest.raises(ValueError):
        Machine([70], report=report).count(monkeypatch, tmp_path)


def test_perf_that_is_not_installed_is_not_usable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(perf, "_COMMAND", ("no-such-perf",))
    assert not perf.is_usable()
