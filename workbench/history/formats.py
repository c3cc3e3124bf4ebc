"""Write trends as text for a terminal, as JSON and as CSV."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Sequence
from dataclasses import asdict

from workbench.formatting.terminal import visible
from workbench.formatting.units import counted, interval, times
from workbench.history.model import Added
from workbench.history.trends import Point, Trend
from workbench.results.comparison import LEAST_MARGIN, State
from workbench.results.model import Interval

_COLUMNS = 80
_BARS = "▁▂▃▄▅▆▇█"
_NO_BAR = "·"
_LONGEST_LINE = 32
_LEAST_RANGE = math.log1p(5 * LEAST_MARGIN)
"""Minimum range of a sparkline, on the log scale, so that noise looks flat."""


def to_text(found: Sequence[Trend]) -> str:
    """Write a heading with a sparkline per workload, a line per run, then all steps.

    An asterisk after a commit means uncommitted changes.
    """
    lines = [line for trend in found for line in (*_trend(trend), "")]
    lines += [line for trend in found for line in _steps(trend)]
    steps = sum(len(trend.steps) for trend in found)
    runs = {point.run.digest for trend in found for point in trend.points}
    lines.append(f"{counted(len(runs), 'run')}, {counted(steps, 'step')}")
    return "".join(f"{line}\n" for line in lines)


def to_json(found: Sequence[Trend]) -> str:
    """Write every point of every trend as a JSON document (schema version 1)."""
    document = {
        "schema_version": 1,
        "trends": [
            {
                "utility": trend.utility,
                "workload": trend.workload,
                "points": [_point(point) for point in trend.points],
            }
            for trend in found
        ],
    }
    return json.dumps(document, indent=2) + "\n"


def to_csv(found: Sequence[Trend]) -> str:
    """Write one line per point; ``change`` is a step's ratio of speedups, 0.8 for -20%."""
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(_CSV_COLUMNS)
    for trend in found:
        for point in trend.points:
            facts = _point(point) | {"utility": trend.utility, "workload": trend.workload}
            if point.step:
                change = point.step.change
                facts |= {"change": change.estimate}
                facts |= {"change_low": change.low, "change_high": change.high}
            writer.writerow(_cell(facts.get(column)) for column in _CSV_COLUMNS)
    return target.getvalue()


FORMATS = {"text": to_text, "json": to_json, "csv": to_csv}

_CSV_COLUMNS = (
    *("utility", "workload", "date", "commit", "dirty", "speedup", "low", "high"),
    *("python_seconds", "native_seconds", "samples", "equivalent", "state", "reason"),
    *("change", "change_low", "change_high"),
)


def added(result: Added, store: object) -> str:
    """Describe in one line which run was added, or that it was already in the store."""
    run = result.run
    commit = f" of {visible(run.short_commit)}" if run.commit else ""
    what = f"the run{commit} from {run.date:%Y-%m-%d %H:%M} UTC"
    if not result.is_new:
        return f"{store} already has {what}; nothing was added\n"
    return f"added {what} with {counted(len(run.entries), 'workload')} to {store}\n"


def sparkline(values: Sequence[float | None]) -> str:
    """Draw positive values as bars on a logarithmic scale, and a dot for None."""
    known = [math.log(value) for value in values if value is not None]
    if not known:
        return _NO_BAR * len(values)
    middle = (max(known) + min(known)) / 2
    extent = max(max(known) - min(known), _LEAST_RANGE)
    low = middle - extent / 2
    top = len(_BARS) - 1
    return "".join(
        _NO_BAR if value is None else _BARS[round((math.log(value) - low) / extent * top)]
        for value in values
    )


def change(step: Interval) -> str:
    """Format a ratio of speedups as a percentage with its interval."""
    estimate, low, high = (f"{value - 1:+.1%}" for value in (step.estimate, step.low, step.high))
    return f"{estimate} [{low}, {high}]"


def _trend(trend: Trend) -> list[str]:
    drawing = sparkline([_estimate(point) for point in trend.points[-_LONGEST_LINE:]])
    name = f"{visible(trend.utility)}: {visible(trend.workload)}"
    heading = f"{name:<{_COLUMNS - 1 - len(drawing)}} {drawing}"
    return [heading, *(_line(point) for point in trend.points)]


def _estimate(point: Point) -> float | None:
    speedup = point.comparable_speedup
    return speedup.estimate if speedup and point.state is not State.UNDECIDED else None


def _line(point: Point) -> str:
    commit = f"{visible(point.run.short_commit) or '-'}{'*' if point.run.dirty else ''}"
    start = f"  {point.run.date:%Y-%m-%d %H:%M}  {commit:<8}"
    speedup = point.entry.speedup if point.entry else None
    numbers = f"{'':<20}"
    if speedup:
        between = interval(speedup.low, speedup.high, "-")
        numbers = f"{times(speedup.estimate, 'x'):>7}  {between:<11}"
    return f"{start}{numbers} {_remark(point)}".rstrip()


def _remark(point: Point) -> str:
    remarks = []
    if point.state:
        what = change(point.step.change) if point.step else visible(point.reason)
        remarks.append(f"{point.state.value}{' ' if point.step else ': '}{what}")
    if point.entry and point.entry.equivalent is False:
        remarks.append("not equivalent")
    return ", ".join(remarks)


def _steps(trend: Trend) -> list[str]:
    lines = []
    for before, after in trend.steps:
        assert after.step is not None
        old, new = (times(i.estimate, "x") for i in (after.step.before, after.step.after))
        name = f"{visible(trend.utility)}: {visible(trend.workload)}"
        lines.append(f"step in {name}")
        lines.append(f"  {old} to {new}, between {_when(before)} and {_when(after)}")
    return lines


def _when(point: Point) -> str:
    date = f"{point.run.date:%Y-%m-%d}"
    commit = visible(point.run.short_commit)
    return f"{commit} ({date})" if commit else date


def _point(point: Point) -> dict[str, object]:
    run, entry, step = point.run, point.entry, point.step
    speedup = entry.speedup if entry else None
    return {
        "date": run.date.isoformat(),
        "commit": run.commit,
        "dirty": run.dirty,
        "digest": run.digest,
        "speedup": speedup.estimate if speedup else None,
        "low": speedup.low if speedup else None,
        "high": speedup.high if speedup else None,
        "python_seconds": entry.python_seconds if entry else None,
        "native_seconds": entry.native_seconds if entry else None,
        "samples": entry.samples if entry else None,
        "equivalent": entry.equivalent if entry else None,
        "state": point.state.value if point.state else None,
        "reason": point.reason or None,
        "step": {
            "before": asdict(step.before),
            "after": asdict(step.after),
            "change": asdict(step.change),
        }
        if step
        else None,
    }


def _cell(value: object) -> str | int | float:
    """Return a value that a spreadsheet does not interpret as a formula."""
    if value is None or isinstance(value, bool):
        return {None: "", True: "true", False: "false"}[value]
    if isinstance(value, str):
        name = visible(value)
        return f"'{name}" if name[:1] in {"=", "+", "-", "@"} else name
    return value if isinstance(value, (int, float)) else str(value)
