"""Table and targets of `benchmarks/audit.py`."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

AUDIT = "workbench audit"
AGAIN = "workbench audit, again"
MIGRATE = "workbench migrate --diff"
RG = "rg -l"
RUFF = "ruff TID251"
AST_GREP = "ast-grep"
SEMGREP = "semgrep"

MEBIBYTE = 1 << 20


@dataclass(frozen=True)
class Line:
    """One tool on one code base: seconds of each round, peak memory in bytes."""

    tool: str
    found: str
    seconds: tuple[float, ...]
    memory: int

    @property
    def median(self) -> float:
        """Median of the seconds."""
        return statistics.median(self.seconds)


@dataclass(frozen=True)
class Measured:
    """All tools on one code base; ``key`` is its name in the targets."""

    key: str
    name: str
    files: int
    lines: tuple[Line, ...]

    def line(self, tool: str) -> Line:
        """Return the line of a tool."""
        return next(line for line in self.lines if line.tool == tool)


@dataclass(frozen=True)
class Target:
    """An upper limit and the measured value, both in ``unit``."""

    text: str
    measured: float
    limit: float
    unit: str

    @property
    def reached(self) -> bool:
        """Whether the measured value is within the limit."""
        return self.measured <= self.limit


def targets(measured: Sequence[Measured]) -> list[Target]:
    """Return the targets with the measured values, which are medians over whole processes."""
    return [target for one in measured for target in _TARGETS[one.key](one)]


def _small(base: Measured) -> Iterator[Target]:
    def ratio(tool: str, other: str) -> float:
        return base.line(tool).median / base.line(other).median

    yield Target("(a) audit, cold, against ast-grep", ratio(AUDIT, AST_GREP), 1.0, "times")
    yield Target("(a) audit, warm", base.line(AGAIN).median, 0.4, "s")
    yield Target("(a) migrate --diff against audit", ratio(MIGRATE, AUDIT), 2.0, "times")


def _large(base: Measured) -> Iterator[Target]:
    own = base.line(AUDIT)
    yield Target(
        "(b) audit, cold, against ruff", own.median / base.line(RUFF).median, 1 / 3, "times"
    )
    yield Target("(b) audit, cold, against rg", own.median / base.line(RG).median, 4.0, "times")
    yield Target("(b) audit, memory of all processes", own.memory / MEBIBYTE, 400.0, "MB")


_TARGETS = {"a": _small, "b": _large}


def markdown(
    measured: Sequence[Measured],
    environment: Mapping[str, object],
    versions: Mapping[str, str],
    rounds: int,
) -> str:
    """Return the page: conditions, one table per code base, targets."""
    tools = ", ".join(f"{name} {version}" for name, version in sorted(versions.items()))
    machine = f"{environment.get('cpu_model_name', 'unknown CPU')}, {environment['cpu_count']} CPUs"
    parts = [
        "# Audit: speed compared with other tools",
        f"{date.today()}, {machine}, {environment['platform']}, "
        f"Python {environment['python_version']}; {tools}. Whole processes, {rounds} interleaved "
        "rounds, files in the page cache; tools have no caches except where marked `again`. "
        "`ratio` is relative to the median of `workbench audit`.",
        *(_table(one) for one in measured),
        "## Targets",
        _judgement(targets(measured)),
    ]
    return "\n\n".join(parts) + "\n"


def _table(base: Measured) -> str:
    own = base.line(AUDIT).median
    rows = [
        f"## ({base.key}) {base.name}: {base.files:,} Python files\n",
        "| tool | best s | median s | ratio | peak memory MB | found |",
        "|---|---:|---:|---:|---:|---|",
    ]
    for line in base.lines:
        times = f"{min(line.seconds):.2f} | {line.median:.2f} | {line.median / own:.2f}"
        rows.append(f"| {line.tool} | {times} | {line.memory / MEBIBYTE:.0f} | {line.found} |")
    return "\n".join(rows)


def _judgement(judged: Sequence[Target]) -> str:
    rows = ["| target | measured | at most | |", "|---|---:|---:|---|"]
    for target in judged:
        values = f"{target.measured:.2f} {target.unit} | {target.limit:.2f} {target.unit}"
        rows.append(f"| {target.text} | {values} | {'reached' if target.reached else 'missed'} |")
    return "\n".join(rows)
