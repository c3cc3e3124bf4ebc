"""Results as plain text, one fact per line, at most 80 columns wide unless names are longer."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from statistics import median

from workbench.catalog import Utility
from workbench.doctor import Check, Diagnosis, Probe
from workbench.formatting.terminal import PLAIN, Style, visible
from workbench.formatting.units import counted, interval, seconds, times
from workbench.results.comparison import Comparison
from workbench.results.curves import break_even
from workbench.results.model import Measurement, Results, SizeCurve
from workbench.results.stability import Instability
from workbench.verify import Equivalence

_COLUMNS = 80
_MOST_MISMATCHES = 5
_STOPPED = {"budget": "the time limit was reached", "processes": "the process limit was reached"}


def catalog(utilities: Iterable[Utility]) -> str:
    """List each utility with its announced speedup, what it replaces and its workloads."""
    lines = []
    for utility in utilities:
        lines.append(f"{utility.name:<52}announced {times(utility.announced_speedup):>7}")
        lines.append(f"  {utility.summary}")
        lines += [f"  replaces  {old}" for old in utility.replaces] or ["  replaces  nothing"]
        lines += [f"  workload  {workload.name}" for workload in utility.workloads]
        lines.append("")
    return _text(lines[:-1])


def equivalences(checks: Sequence[Equivalence], style: Style = PLAIN) -> str:
    """Write one line for each utility, and the first calls for which the two sides differ."""
    lines = []
    for check in checks:
        state = style.green(f"{'ok':<8}") if check.equivalent else style.red(f"{'DIFFERS':<8}")
        lines.append(f"{visible(f'{check.utility:<34}')}{state}{check.cases:>8,} calls")
        for mismatch in check.mismatches[:_MOST_MISMATCHES]:
            lines.append(_whole(f"  {mismatch.call}"))
            lines.append(_whole(f"    {check.sides[0]} {mismatch.expected}"))
            lines.append(_whole(f"    {check.sides[1]} {mismatch.actual}"))
        rest = len(check.mismatches) - _MOST_MISMATCHES
        if rest > 0:
            lines.append(f"  and {rest:,} more")
    agree = sum(check.equivalent for check in checks)
    sides = checks[0].sides if checks else ("python", "native")
    total = f"{agree} of {len(checks)} utilities: {sides[1]} behaves like {sides[0]}"
    lines.append(style.green(total) if agree == len(checks) else style.red(total))
    return "".join(f"{line}\n" for line in lines)


def measurements(results: Results) -> str:
    """Write one line for each workload: both times, the speedup with its interval, the share.

    The share is the part of the native time that the floor takes; 1.00 leaves nothing to gain.
    """
    if not results.measurements:
        return ""
    names = ("first_side", "python"), ("second_side", "native")
    first, second = (str(results.environment.get(*name)) for name in names)
    if ":" in first:
        first, second = "first", "second"
    title = f"{'':<35}{first:>8} {second:>8}{'speedup':>8}  {'95% interval'} {'share':>5}"
    lines = [title]
    previous = ""
    for m in results.measurements:
        if m.utility != previous:
            lines.append(m.utility)
            previous = m.utility
        lines.append(_measurement(m))
    for curve in results.curves:
        lines += ["", *_curve(curve)]
    if results.instructions:
        lines += ["", *_instructions(results)]
    lines.append("")
    if missing := results.environment.get("floor_missing"):
        lines.append(f"no floor: {missing}")
    elif any(m.floor for m in results.measurements):
        lines.append("share: part of the native time in the floor (bare system and library calls)")
    if results.noise_floor is not None:
        lines.append(f"noise floor: {results.noise_floor:.1%} between identical code")
    for reason, meaning in _STOPPED.items():
        points = [point.measurement for curve in results.curves for point in curve.points]
        everything = (*results.measurements, *points)
        early = [f"{m.utility}: {m.workload}" for m in everything if m.stopped == reason]
        lines += [f"wider interval than requested, {meaning}: {name}" for name in early]
    return _text(lines if lines[-1] else lines[:-1])


def comparisons(found: Iterable[Comparison], margin: float) -> str:
    """Write one line for each workload: both speedups, the change with its interval, the state."""
    lines = [f"{'':<37}{'old':>8}{'new':>8}{'change':>8}   state"]
    previous = ""
    for c in found:
        if c.utility != previous:
            lines.append(c.utility)
            previous = c.utility
        old, new = (times(i.estimate if i else None, "x") for i in (c.old, c.new))
        change = f"{c.change.estimate - 1:+.1%}" if c.change else ""
        state = f"{c.state.value}: {c.reason}" if c.reason else c.state.value
        lines.append(f"  {c.workload:<35}{old:>8}{new:>8}{change:>8}   {state}")
    return _text([*lines, "", f"margin: {margin:.1%}, the noise of the two runs"])


def instabilities(found: Iterable[Instability]) -> str:
    """Write why a run was unstable, each reason with a command to try next."""
    return _text(line for i in found for line in (f"unstable: {i.problem}", f"  try: {i.command}"))


def diagnosis(found: Diagnosis) -> str:
    """Write the checks, one line for each utility, and a summary."""
    lines = [line for check in found.checks for line in _check(check)]
    if found.probes:
        lines += ["", f"{'':<38}{'calls':>6}{'python':>11}{'native':>11}"]
    lines += [line for probe in found.probes for line in _probe(probe)]
    problems = sum(bool(probe.problem) for probe in found.probes)
    problems += sum(check.ok is False for check in found.checks)
    absent = sum(check.ok is None for check in found.checks)
    absent += any(probe.native_seconds is None for probe in found.probes)
    well = "no problems"
    if absent:
        well += f"; {counted(absent, 'optional part')} missing, marked with --"
    lines += ["", f"{counted(problems, 'problem')}, marked with !!" if problems else well]
    return _text(lines)


def _curve(curve: SizeCurve) -> list[str]:
    lines = [f"{curve.utility}: {curve.name}, by {curve.unit}"]
    lines += [_measurement(point.measurement, f"{point.size:>12,}") for point in curve.points]
    return [*lines, f"  break-even: {break_even(curve.points).sentence(curve.unit)}"]


def _instructions(results: Results) -> list[str]:
    counter = results.instructions[0].counter
    lines = [f"{f'instructions a call, by {counter}':<35}{'python':>10}{'native':>10}{'ratio':>9}"]
    previous = ""
    for count in results.instructions:
        if count.utility != previous:
            lines.append(count.utility)
            previous = count.utility
        python, native = (median(side) for side in (count.python, count.native))
        ratio = times(count.ratio.estimate, "x")
        lines.append(f"  {count.workload:<33}{python:>10,.0f}{native:>10,.0f}{ratio:>9}")
    return lines


def _measurement(m: Measurement, name: str | None = None) -> str:
    speedup = m.speedup
    line = (
        f"  {name or m.workload:<33}{seconds(m.python_seconds):>8} {seconds(m.native_seconds):>8}"
    )
    if speedup is None:
        return line
    estimate, between = times(speedup.estimate, "x"), interval(speedup.low, speedup.high, "-")
    share = f" {m.floor_share:>5.2f}" if m.floor_share is not None else ""
    return f"{line}{estimate:>8}  {between:<12}{share}".rstrip()


def _check(check: Check) -> list[str]:
    mark = {True: "ok", False: "!!", None: "--"}[check.ok]
    start = f"{mark}  {check.name:<17}"
    return textwrap.wrap(
        check.detail, _COLUMNS, initial_indent=start, subsequent_indent=" " * len(start)
    )


def _probe(probe: Probe) -> list[str]:
    mark = "!!" if probe.problem else "ok" if probe.native_seconds else "--"
    line = (
        f"{mark}  {probe.utility:<34}{probe.cases:>6,}"
        f"{seconds(probe.python_seconds):>11}{seconds(probe.native_seconds):>11}"
    )
    return [line, f"    {probe.problem}"] if probe.problem else [line]


def _text(lines: Iterable[str]) -> str:
    return "".join(f"{_whole(line)}\n" for line in lines)


def _whole(line: str) -> str:
    """Escape invisible characters of a line without shortening it."""
    return visible(line, len(line))
