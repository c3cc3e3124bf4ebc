"""Compare the speedups of two results of the same workloads."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import Enum

from workbench.errors import DONE, INCOMPLETE
from workbench.results.model import FEWEST_PAIRS, Interval, Measurement, Results
from workbench.results.statistics import (
    chance_at_least,
    chance_at_most,
    freedom_of,
    freedom_of_ratio,
    holm,
    ratio,
)

LEAST_MARGIN = 0.01
"""The minimum noise margin (relative), even if a run measured less noise."""
_UNMEASURED_MARGIN = 0.02
_CONFIDENCE = 0.05
_MUST_AGREE = {
    "python_implementation": None,
    "python_version": None,
    "python_debug": None,
    "machine": None,
    "platform": None,
    "instruction_counter": None,
    "instruction_python": None,
    "first_side": "python",
    "second_side": "native",
    "setup": "",
}
"""Facts that must agree for speedups to be comparable, with the defaults of runs without them.

The commit is not included: comparing two states of the code is the purpose of a comparison.
"""
_SAME_CODE = {"git_commit": None, "git_dirty": None}
"""Facts that must also agree before the samples of two runs are merged."""

Key = tuple[str, str]
"""Utility and workload."""


class State(Enum):
    """How the speedup of a workload has changed."""

    SLOWER = "slower"
    FASTER = "faster"
    SAME = "same"
    UNDECIDED = "undecided"
    MISSING = "missing"
    INCOMPARABLE = "incomparable"


@dataclass(frozen=True)
class Comparison:
    """One workload in two results.

    ``change`` is the new speedup over the old one: above 1, native has become faster. ``reason`` is
    why there is no change.
    """

    utility: str
    workload: str
    state: State
    old: Interval | None
    new: Interval | None
    change: Interval | None
    reason: str = ""
    freedom: float = math.inf
    """Degrees of freedom of the change."""
    is_new: bool = False
    """Whether the workload is not in the old results."""


def compare(old: Results, new: Results, margin: float | None = None) -> tuple[Comparison, ...]:
    """Compare the speedups of two results, for every workload of either one.

    Speedups are compared rather than times, since a ratio to the Python side of the same run does
    not depend on the speed of the machine. A workload is ``faster`` or ``slower`` when it differs
    by more than ``margin`` (by default the noise of the runs) with 95% confidence, corrected for
    multiple testing; it is ``same`` when its interval is within the margin.
    """
    if margin is None:
        margin = noise(old, new)
    pairs = [_pair(key, old, new) for key in _keys(old, new)]
    measured = [index for index, pair in enumerate(pairs) if pair.change is not None]
    changes = [(c, pair.freedom) for pair in pairs if (c := pair.change) is not None]
    chances = holm([_chance_of_no_change(*change, margin) for change in changes])
    for index, (change, _), chance in zip(measured, changes, chances, strict=True):
        pairs[index] = replace(pairs[index], state=_state(change, chance, margin))
    return tuple(pairs)


def exit_code(comparisons: Iterable[Comparison]) -> int:
    """Return 3 when a workload is missing or incomparable, else 0."""
    states = {comparison.state for comparison in comparisons}
    return INCOMPLETE if states & {State.MISSING, State.INCOMPARABLE} else DONE


def noise(*runs: Results) -> float:
    """Return the relative noise margin of these runs, the largest of their noise floors."""
    floors = (run.noise_floor for run in runs)
    return max(LEAST_MARGIN, *(_UNMEASURED_MARGIN if f is None else f for f in floors))


def what_differs(old: Results, new: Results, *, same_code: bool = False) -> str:
    """Return what makes two runs incomparable, in one line; empty when they are comparable.

    With ``same_code``, the commits must agree too.
    """
    differences = []
    required = {**_MUST_AGREE, **_SAME_CODE} if same_code else _MUST_AGREE
    for key, default in required.items():
        before, after = (_class(key, run.environment.get(key, default)) for run in (old, new))
        if None not in (before, after) and before != after:
            differences.append(f"{key} {before} vs. {after}")
    return ", ".join(differences)


def why_without_speedup(m: Measurement) -> str:
    """Return why a measurement has no speedup, or no instruction ratio instead of one."""
    return "its instructions were not counted" if m.native else "native was not measured"


def why_undecidable(m: Measurement, results: Results) -> str:
    """Return why a measurement is inconclusive; empty when it has enough samples.

    A few pairs may agree by chance. Instruction counts are exact, regardless of the number of
    timed pairs.
    """
    return "" if results.environment.get("instruction_counter") else why_too_few(m.samples)


def why_too_few(pairs: int) -> str:
    """Return that this number of pairs is too small; empty when it is enough."""
    if pairs >= FEWEST_PAIRS:
        return ""
    shown = f"{pairs} pair{'' if pairs == 1 else 's'}"
    return f"based on {shown}, at least {FEWEST_PAIRS} are needed"


def _class(key: str, value: str | float | None) -> str | None:
    """Return the part that must agree: Python's major and minor version, a platform's system."""
    if value is None:
        return None
    text = str(value)
    if key == "python_version":
        return ".".join(text.split(".")[:2])
    return text.partition("-")[0] if key == "platform" else text


def _keys(old: Results, new: Results) -> list[Key]:
    everything = (*old.measurements, *new.measurements)
    return list(dict.fromkeys((m.utility, m.workload) for m in everything))


def _pair(key: Key, old: Results, new: Results) -> Comparison:
    before, after = _find(key, old), _find(key, new)
    a, b = (m.speedup if m else None for m in (before, after))
    state, reason = State.UNDECIDED, ""
    if after is None or b is None:
        state = State.MISSING
        reason = "not in the new results" if after is None else why_without_speedup(after)
    elif before is None or a is None:
        state = State.INCOMPARABLE
        reason = "not in the old results"
        if before is not None:
            reason = f"{why_without_speedup(before)} before"
    elif differences := what_differs(old, new):
        state, reason = State.INCOMPARABLE, differences
    else:
        reason = why_undecidable(after, new) or why_undecidable(before, old)
    if reason or not (before and after and a and b):
        is_new = before is None and b is not None
        return Comparison(*key, state, a, b, None, reason, is_new=is_new)
    freedoms = freedom_of(after.native), freedom_of(before.native)
    freedom = freedom_of_ratio(b, freedoms[0], a, freedoms[1])
    return Comparison(*key, state, a, b, ratio(b, a, *freedoms), reason, freedom)


def _find(key: Key, results: Results) -> Measurement | None:
    return next((m for m in results.measurements if (m.utility, m.workload) == key), None)


def _chance_of_no_change(change: Interval, freedom: float, margin: float) -> float:
    slower = chance_at_least(change, 1 / (1 + margin), freedom)
    faster = chance_at_most(change, 1 + margin, freedom)
    return min(1.0, 2 * min(slower, faster))


def _state(change: Interval, chance: float, margin: float) -> State:
    if chance <= _CONFIDENCE:
        return State.FASTER if change.estimate > 1 else State.SLOWER
    if change.low >= 1 / (1 + margin) and change.high <= 1 + margin:
        return State.SAME
    return State.UNDECIDED
