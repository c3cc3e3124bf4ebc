"""Measures the gate itself: how often it is wrong, on a quiet machine and beside a busy neighbour.

    python benchmarks/gate.py [--quick] [--runs N] [--peer-runs N] [--only PART]... [--resume]

Gate runs over unchanged code, and over a native function slowed by known parts; the same question
put to pyperf and pytest-benchmark; coverage of the intervals on synthetic data; seconds until a
speedup is known. Writes gate.json, which grows with each run (--resume goes on with it), gate.md
and the power curve gate.svg into build/benchmarks.
"""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import gate_coverage
import gate_peers
import gate_runs
import gate_verdicts
from code_bases import BUILD, UnavailableError
from gate_chart import draw
from gate_findings import CONDITIONS, NEIGHBOUR, Condition, Findings, load, save
from gate_table import markdown, targets
from neighbour import neighbour
from processes import CommandError
from slowdown import achieved, size_for
from slowed import FUNCTION

from workbench import environment
from workbench.errors import DONE, FINDINGS, INCOMPLETE, USAGE, WorkbenchError
from workbench.files import write_atomically

OUTPUT = BUILD / "benchmarks" / "gate.json"
PARTS = ("coverage", "gate", "peers", "verdicts")

_ROUNDS = tuple((0.0, 0.20, 0.0, 0.50, other, 0.0, 0.20, 0.0, 0.50) for other in (0.05, 0.10))
"""What is gated against one baseline, in turns: of 200 runs over unchanged code half as many slowed
by 20% and by 50%, and an eighth as many by 5% and by 10%, which no target is about."""


TRIALS = 1000
"""For coverage, which takes seconds: with fewer, chance alone would miss its target."""


@dataclass(frozen=True)
class Amounts:
    """How much is done: ``runs`` over unchanged code under each condition, and so on."""

    runs: int
    peer_runs: int
    verdicts: int


LONG = Amounts(runs=200, peer_runs=60, verdicts=5)
QUICK = Amounts(runs=12, peer_runs=4, verdicts=1)


class Benchmark:
    """Does what is missing from the findings, and saves them after each step."""

    def __init__(self, found: Findings, amounts: Amounts, output: Path) -> None:
        self._found = found
        self._amounts = amounts
        self._output = output

    def coverage(self) -> None:
        """Try synthetic data."""
        known = {one.situation for one in self._found.coverage}
        for situation in gate_coverage.SITUATIONS:
            if situation.name not in known:
                self._show(f"coverage: {situation.name}")
                self._found.coverage.append(gate_coverage.measure(situation, TRIALS))
                self._save()

    def under(self, name: str, parts: Sequence[str]) -> None:
        """Do the other parts under one condition."""
        condition = self._found.conditions[name]
        with (
            neighbour() if name == NEIGHBOUR else nullcontext(),
            tempfile.TemporaryDirectory(prefix="gate-benchmark-") as scratch,
        ):
            if "gate" in parts:
                self._slowdowns(name, condition)
                self._gate(name, condition)
            if "peers" in parts:
                for tool, measure in gate_peers.TOOLS_TO_RUN.items():
                    self._peer(name, tool, measure)
            if "verdicts" in parts:
                step = partial(gate_verdicts.measure_both, Path(scratch))
                count = self._amounts.verdicts
                self._repeat(f"{name}: time to a verdict", condition.verdicts, count, step)

    def _slowdowns(self, name: str, condition: Condition) -> None:
        for slowdown in gate_runs.SLOWDOWNS:
            if slowdown not in self._found.sizes:
                self._show(f"calibrating the slowdown of {slowdown:.0%}")
                self._found.sizes[slowdown] = size_for(slowdown)
                self._save()
        for slowdown, size in self._found.sizes.items():
            if slowdown not in condition.achieved:
                self._show(f"{name}: verifying the slowdown of {slowdown:.0%}")
                condition.achieved[slowdown] = achieved(size)
                self._save()

    def _gate(self, name: str, condition: Condition) -> None:
        """Gate in rounds, each against a baseline of its own, until there are enough runs."""
        while len(condition.at(0.0)) < self._amounts.runs:
            rounds, done = divmod(len(condition.gate), len(_ROUNDS[0]))
            self._show(f"{name}: gate, {len(condition.at(0.0))} of {self._amounts.runs} unchanged")
            baseline = gate_runs.baseline()
            for slowdown in _ROUNDS[rounds % len(_ROUNDS)][done:]:
                size = self._found.sizes.get(slowdown, 0)
                condition.gate.append(gate_runs.run(baseline, slowdown, size))
                self._save()

    def _peer(self, name: str, tool: str, measure: gate_peers.Measure) -> None:
        runs = self._found.conditions[name].peers.setdefault(tool, [])
        with tempfile.TemporaryDirectory(prefix="gate-benchmark-") as directory:
            peer = gate_peers.Peer(Path(directory), measure)
            self._repeat(f"{name}: {tool}", runs, self._amounts.peer_runs, peer.run)

    def _repeat(self, what: str, found: list[Any], count: int, step: Callable[[], Any]) -> None:
        while len(found) < count:
            self._show(f"{what}, {len(found)} of {count}")
            found.append(step())
            self._save()

    def _save(self) -> None:
        save(self._found, self._output)

    def _show(self, text: str) -> None:
        print(f"{datetime.now():%H:%M:%S} {text}", file=sys.stderr, flush=True)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print and store the table.

    Returns 0, 1 if a target is missed, 2 when it cannot be measured, 3 when a part was left out.
    """
    asked = _options(arguments)
    # Ended by a signal, it still ends the neighbour and what it has started in order.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        found = load(asked.output) if asked.resume else Findings(environment.collect())
        _measure(found, asked)
    except (WorkbenchError, UnavailableError, CommandError) as error:
        print(f"gate.py: {error}", file=sys.stderr)
        return USAGE
    except KeyboardInterrupt:
        print(f"gate.py: interrupted; --resume goes on with {asked.output}", file=sys.stderr)
        return 128 + signal.SIGINT
    table = markdown(found, _about(found))
    write_atomically(asked.output.with_suffix(".md"), table)
    draw(found, asked.output.with_suffix(".svg"))
    print(table, end="")
    reached = {target.reached for target in targets(found)}
    if False in reached:
        return FINDINGS
    return INCOMPLETE if None in reached else DONE


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    add = parser.add_argument
    add("--quick", action="store_true", help="a first look, in some minutes")
    add("--runs", type=int, help=f"gate runs over unchanged code, each (default {LONG.runs})")
    add("--peer-runs", type=int, help=f"runs of each other tool (default {LONG.peer_runs})")
    add("--only", action="append", choices=PARTS, help="leave out the other parts")
    add("--resume", action="store_true", help="go on with what the output file has")
    add("-o", "--output", type=Path, default=OUTPUT, help="JSON file to write")
    options = parser.parse_args(arguments)
    if min(options.runs or 1, options.peer_runs or 1) < 1:
        parser.error("there must be at least 1 run")
    return options


def _measure(found: Findings, asked: argparse.Namespace) -> None:
    amounts = QUICK if asked.quick else LONG
    amounts = replace(
        amounts,
        runs=asked.runs or amounts.runs,
        peer_runs=asked.peer_runs or amounts.peer_runs,
    )
    parts = asked.only or PARTS
    if {"peers", "verdicts"} & {*parts}:
        gate_peers.install()
        found.tools = gate_peers.versions()
    benchmark = Benchmark(found, amounts, asked.output)
    for name in CONDITIONS:
        benchmark.under(name, parts)
    if "coverage" in parts:
        benchmark.coverage()


def _about(found: Findings) -> list[str]:
    facts = found.environment
    tools = ", ".join(f"{name} {version}" for name, version in sorted(found.tools.items()))
    return [
        f"{datetime.now():%Y-%m-%d %H:%M}, by `python benchmarks/gate.py`",
        f"machine: {facts.get('cpu_model_name', 'unknown CPU')}, {facts['cpu_count']} CPUs, "
        f"{facts['platform']}, {facts['python_implementation']} {facts['python_version']}; "
        f"{tools or 'no other tools'}",
        f"a gate run: `bench --fast` over {', '.join(gate_runs.UTILITIES)}, "
        "then `gate --max-regression 10% --measure "
        f"{gate_runs.EFFORT.budget_seconds:g}` against a baseline of 20 processes or more",
        f"slowed: {FUNCTION}, by a checksum of so many bytes",
        "neighbour: a process for each CPU that loads it on and off, 0.3 s each on average",
    ]


if __name__ == "__main__":
    sys.exit(main())
