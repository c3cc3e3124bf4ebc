"""Find what makes a run unstable, and what to do about it."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from dataclasses import dataclass

from workbench.results.model import UPSTREAM, Measurement, Results
from workbench.results.statistics import relative_width

_MOST_LOAD_PER_CPU = 0.5
_MOST_NOISE = 0.02
_TUNE = "python -m pyperf system tune"


@dataclass(frozen=True)
class Instability:
    """A cause of wide intervals, and the command to run next."""

    problem: str
    command: str


def check(results: Results) -> tuple[Instability, ...]:
    """Return everything in a run that makes its numbers less certain."""
    return (*_machine(results), *_noise(results), *_wide(results))


def _machine(results: Results) -> Iterator[Instability]:
    facts = results.environment
    load, cpus = facts.get("load_avg_1min"), facts.get("cpu_count")
    # Not every machine reports its load.
    busy = float(load) / int(cpus) if load is not None and cpus else 0.0
    if busy > _MOST_LOAD_PER_CPU:
        yield Instability(
            f"the load was {float(load or 0):.1f} on {cpus} CPUs when the run started", "uptime"
        )
    governor = facts.get("cpu_governor")
    if governor not in (None, "performance"):
        yield Instability(f"the CPU frequency governor is '{governor}'", _TUNE)
    if facts.get("python_debug"):
        yield Instability("this Python is a debug build", "workbench doctor")


def _noise(results: Results) -> Iterator[Instability]:
    if not results.controls:
        yield Instability("the run has no controls (identical code)", "workbench bench --force")
    floor = results.noise_floor
    if floor is not None and floor > _MOST_NOISE:
        problem = f"identical code differed by {floor:.1%}, more than {_MOST_NOISE:.0%}"
        yield Instability(problem, "workbench bench --rigorous")


def _wide(results: Results) -> Iterator[Instability]:
    for m in results.measurements:
        if m.speedup is not None and m.stopped in {"budget", "processes"}:
            width = relative_width(m.speedup)
            problem = f"{m.utility}: {m.workload}: the interval is {width:.1%} wide"
            yield Instability(problem, f"workbench bench {_arguments(m, results)} --rigorous")


def _arguments(m: Measurement, results: Results) -> str:
    """Return the command-line arguments that repeat a measurement."""
    facts = results.environment
    if ":" not in m.utility:
        is_upstream = facts.get("first_side") == UPSTREAM
        return f"{m.utility} --baseline {UPSTREAM}" if is_upstream else m.utility
    words = ["--compare", str(facts.get("first_side")), m.utility]
    words += ["--args", m.workload[1:-1]]
    if setup := facts.get("setup"):
        words += ["--setup", str(setup)]
    return shlex.join(words)
