"""Table and targets of `benchmarks/gate.py`."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gate_findings import CONDITIONS, Condition, Findings
from gate_runs import FAIL, PASS, SLOWDOWNS, UNDECIDED, GateRun

_NORMAL_97_5 = 1.959964
_NONE = "-"
_MOST_FALSE = 0.01
_LEAST_CAUGHT = {0.20: 0.95, 0.50: 1.0}
_LEAST_COVERAGE = 0.93
_LEAST_FASTER = 3.0


@dataclass(frozen=True)
class Target:
    """A target, the measured value, and whether it was reached (None if not measured)."""

    text: str
    wanted: str
    measured: str
    reached: bool | None


def interval_of_share(count: int, total: int) -> tuple[float, float]:
    """Return the 95% confidence interval of a proportion.

    Source: Wilson, "Probable inference, the law of succession, and statistical inference", Journal
    of the American Statistical Association 22:158, 1927.
    """
    z2 = _NORMAL_97_5**2
    share = count / total
    middle = (share + z2 / (2 * total)) / (1 + z2 / total)
    spread = math.sqrt(share * (1 - share) / total + z2 / (4 * total**2)) / (1 + z2 / total)
    half = _NORMAL_97_5 * spread
    return min(share, max(0.0, middle - half)), max(share, min(1.0, middle + half))


def targets(found: Findings) -> list[Target]:
    """Return the targets with the measured values."""
    judged = [
        target for name in CONDITIONS for target in _of_condition(name, found.conditions[name])
    ]
    if not found.coverage:
        return [*judged, Target("coverage", f"at least {_LEAST_COVERAGE:.0%}", _NONE, None)]
    worst = min(found.coverage, key=lambda coverage: coverage.share)
    measured = f"{worst.share:.1%} of {worst.trials:,} ({worst.situation})"
    reached = worst.share >= _LEAST_COVERAGE
    text = "coverage of the 95% interval, worst situation"
    return [*judged, Target(text, f"at least {_LEAST_COVERAGE:.0%}", measured, reached)]


def _of_condition(name: str, condition: Condition) -> Iterator[Target]:
    same = condition.at(0.0)
    text = f"{name}: unchanged code fails"
    share = _share(same)
    yield Target(
        text, f"at most {_MOST_FALSE:.0%}", _counted(same), share <= _MOST_FALSE if same else None
    )
    for slowdown, least in _LEAST_CAUGHT.items():
        runs = condition.at(slowdown)
        text = f"{name}: {slowdown:.0%} slower fails"
        reached = _share(runs) >= least if runs else None
        yield Target(text, f"at least {least:.0%}", _counted(runs), reached)
    text = f"{name}: time to a speedup within 5%, compared with pyperf"
    wanted = f"at least {_LEAST_FASTER:g} times as fast"
    if not condition.verdicts:
        yield Target(text, wanted, _NONE, None)
        return
    faster = statistics.median(v.pyperf_seconds / v.same_seconds for v in condition.verdicts)
    yield Target(text, wanted, f"{faster:.1f} times", faster >= _LEAST_FASTER)


def _share(runs: Sequence[GateRun]) -> float:
    return sum(run.answer == FAIL for run in runs) / len(runs) if runs else 0.0


def _counted(runs: Sequence[GateRun]) -> str:
    return f"{sum(run.answer == FAIL for run in runs)} of {len(runs)}" if runs else _NONE


def markdown(found: Findings, about: Sequence[str]) -> str:
    """Return the page: run, gate, other tools, coverage, time to a verdict, targets."""
    parts = [
        "# Error rates of the gate",
        "\n".join(f"- {line}" for line in about),
        "## Unchanged code and slowed native function\n\n"
        "Answers are for an allowed regression of 10% with `--measure`. `fail at first` and `fail, "
        "0% allowed` count failures before measuring again. `achieved` is the slowdown that the "
        "harness measured in pairs.\n\n" + "\n".join(_gate(found)),
        "## Other tools on unchanged code\n\n" + "\n".join(_peers(found)),
        "## Coverage of the 95% interval\n\n" + "\n".join(_coverage(found)),
        "## Time to a verdict\n\n" + "\n".join(_verdicts(found)),
        "## Targets\n\n" + "\n".join(_targets(found)),
    ]
    return "\n\n".join(parts) + "\n"


def _gate(found: Findings) -> Iterator[str]:
    yield (
        "| machine | slower by | achieved | runs | fail | 95% CI | undecided | pass "
        "| fail at first | fail, 0% allowed | seconds (median) | margin (median) |"
    )
    yield "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|"
    for name in CONDITIONS:
        condition = found.conditions[name]
        for slowdown in (0.0, *SLOWDOWNS):
            runs = condition.at(slowdown)
            if not runs:
                continue
            achieved = condition.achieved.get(slowdown)
            low, high = interval_of_share(_count(runs, "answer", FAIL), len(runs))
            cells = [
                name,
                f"{slowdown:.0%}" if slowdown else "unchanged",
                f"{achieved.estimate - 1:.1%}" if achieved else _NONE,
                str(len(runs)),
                str(_count(runs, "answer", FAIL)),
                f"{low:.1%} to {high:.1%}",
                str(_count(runs, "answer", UNDECIDED)),
                str(_count(runs, "answer", PASS)),
                str(_count(runs, "first", FAIL)),
                str(_count(runs, "strict", FAIL)),
                f"{statistics.median(run.seconds for run in runs):.1f}",
                f"{statistics.median(run.margin for run in runs):.1%}",
            ]
            yield f"| {' | '.join(cells)} |"


def _count(runs: Sequence[GateRun], which: str, answer: str) -> int:
    return sum(getattr(run, which) == answer for run in runs)


def _peers(found: Findings) -> Iterator[str]:
    yield "| machine | tool | runs | reported slower | 95% CI | seconds (median) |"
    yield "|---|---|--:|--:|--:|--:|"
    for name in CONDITIONS:
        for tool, runs in found.conditions[name].peers.items():
            failed = sum(run.failed for run in runs)
            low, high = interval_of_share(failed, len(runs))
            seconds = statistics.median(run.seconds for run in runs)
            share = f"{failed} | {low:.1%} to {high:.1%}"
            yield f"| {name} | {tool} | {len(runs)} | {share} | {seconds:.1f} |"


def _coverage(found: Findings) -> Iterator[str]:
    yield "| synthetic pairs | trials | covered | width (median) |"
    yield "|---|--:|--:|--:|"
    for one in found.coverage:
        yield f"| {one.situation} | {one.trials:,} | {one.share:.1%} | {one.width:.1%} |"


def _verdicts(found: Findings) -> Iterator[str]:
    yield "| machine | runs | our seconds | width | pyperf seconds | width | ours at that width |"
    yield "|---|--:|--:|--:|--:|--:|--:|"
    for name in CONDITIONS:
        runs = found.conditions[name].verdicts
        if runs:
            seconds, width, theirs, their_width, same = (
                statistics.median(getattr(run, of) for run in runs)
                for of in ("seconds", "width", "pyperf_seconds", "pyperf_width", "same_seconds")
            )
            yield (
                f"| {name} | {len(runs)} | {seconds:.1f} | {width:.1%} | {theirs:.1f} "
                f"| {their_width:.1%} | {same:.1f} |"
            )


def _targets(found: Findings) -> Iterator[str]:
    words = {True: "reached", False: "missed", None: "not measured"}
    yield "| target | required | measured | |"
    yield "|---|---|---|---|"
    for target in targets(found):
        cells = (target.text, target.wanted, target.measured, words[target.reached])
        yield f"| {' | '.join(cells)} |"
