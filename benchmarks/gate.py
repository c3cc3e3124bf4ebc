"""Measure the error rates of the gate, on a quiet machine and next to a busy neighbour.

    python benchmarks/gate.py [--quick] [--runs N] [--peer-runs N] [--only PART]... [--resume]

Runs the gate on unchanged code and on a native function with known slowdowns, compares it with
pyperf and pytest-benchmark, checks the coverage of the intervals on synthetic data, and measures
the time to a verdict. Writes gate.json (extended by each run; continue with --resume), gate.md and
the power curve gate.svg to build/benchmarks.
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
"""Slowdowns that are gated against one baseline, in turn. For 200 runs on unchanged code, there are
100 each with 20% and 50%, and 25 each with 5% and 10%, which have no target."""


TRIALS = 1000
"""For coverage. With fewer trials, the target could be missed by chance."""


@dataclass(frozen=True)
class Amounts:
    """Numbers of runs under each condition; ``runs`` is those on unchanged code."""

    runs: int
    peer_runs: int
    verdicts: int


LONG = Amounts(runs=200, peer_runs=60, verdicts=5)
QUICK = Amounts(runs=12, peer_runs=4, verdicts=1)


class Benchmark:
    """Runs the steps that the findings lack, and saves the findings after each step."""

    def __init__(self, found: Findings, amounts: Amounts, output: Path) -> None:
        self._found = found
        self._amounts = amounts
        self._output = output

    def coverage(self) -> None:
        """Measure the coverage on synthetic data."""
        known = {one.situation for one in self._found.coverage}
        for situation in gate_coverage.SITUATIONS:
            if situation.name not in known:
                self._show(f"coverage: {situation.name}")
                self._found.coverage.append(gate_coverage.measure(situation, TRIALS))
                self._save()

    def under(self, name: str, parts: Sequence[str]) -> None:
        """Run the other parts under one condition."""
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
        """Run the gate in rounds, each with its own baseline, until there are enough runs."""
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
    """Run the benchmark.

    Returns 0, 1 if a target is missed, 2 if it cannot be measured, or 3 if a part was skipped.
    """
    options = _options(arguments)
    # Exit normally on SIGTERM, so that the neighbour and other child processes are stopped.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        found = load(options.output) if options.resume else Findings(environment.collect())
        _measure(found, options)
    except (WorkbenchError, UnavailableError, CommandError) as error:
        print(f"gate.py: {error}", file=sys.stderr)
        return USAGE
    except KeyboardInterrupt:
        print(f"gate.py: interrupted; use --resume to continue {options.output}", file=sys.stderr)
        return 128 + signal.SIGINT
    table = markdown(found, _about(found))
    write_atomically(options.output.with_suffix(".md"), table)
    draw(found, options.output.with_suffix(".svg"))
    print(table, end="")
    reached = {target.reached for target in targets(found)}
    if False in reached:
        return FINDINGS
    return INCOMPLETE if None in reached else DONE


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    add = parser.add_argument
    add("--quick", action="store_true", help="make few runs, in some minutes")
    add("--runs", type=int, help=f"gate runs on unchanged code per condition (default {LONG.runs})")
    add("--peer-runs", type=int, help=f"runs of each other tool (default {LONG.peer_runs})")
    add("--only", action="append", choices=PARTS, help="skip the other parts")
    add("--resume", action="store_true", help="continue the output file")
    add("-o", "--output", type=Path, default=OUTPUT, help="JSON file to write")
    options = parser.parse_args(arguments)
    if min(options.runs or 1, options.peer_runs or 1) < 1:
        parser.error("--runs and --peer-runs must be at least 1")
    return options


def _measure(found: Findings, options: argparse.Namespace) -> None:
    amounts = QUICK if options.quick else LONG
    amounts = replace(
        amounts,
        runs=options.runs or amounts.runs,
        peer_runs=options.peer_runs or amounts.peer_runs,
    )
    parts = options.only or PARTS
    if {"peers", "verdicts"} & {*parts}:
        gate_peers.install()
        found.tools = gate_peers.versions()
    benchmark = Benchmark(found, amounts, options.output)
    for name in CONDITIONS:
        benchmark.under(name, parts)
    if "coverage" in parts:
        benchmark.coverage()


def _about(found: Findings) -> list[str]:
    facts = found.environment
    tools = ", ".join(f"{name} {version}" for name, version in sorted(found.tools.items()))
    return [
        f"{datetime.now():%Y-%m-%d %H:%M}, `python benchmarks/gate.py`",
        f"machine: {facts.get('cpu_model_name', 'unknown CPU')}, {facts['cpu_count']} CPUs, "
        f"{facts['platform']}, {facts['python_implementation']} {facts['python_version']}; "
        f"{tools or 'no other tools'}",
        f"gate run: `bench --fast` over {', '.join(gate_runs.UTILITIES)}, "
        "then `gate --max-regression 10% --measure "
        f"{gate_runs.EFFORT.budget_seconds:g}` against a baseline of 20 processes or more",
        f"slowed function: {FUNCTION}, with an additional checksum",
        "neighbour: one process per CPU with random bursts and pauses, 0.3 s on average",
    ]


if __name__ == "__main__":
    sys.exit(main())
