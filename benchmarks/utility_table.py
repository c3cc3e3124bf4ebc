"""Compare measurements with the targets, as text and Markdown."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from statistics import fmean, median

from utility_targets import LEAST_MEAN, LEAST_SHARE, PYTHON_RATIO, TARGETS, Target

from workbench.formatting.units import counted, interval, ratio, seconds, times
from workbench.results.model import CALL_SECONDS, Interval, Measurement, Results
from workbench.results.stability import check
from workbench.results.statistics import speedup

_WIDTH = 96
_LEGEND = (
    "share: floor and call from Python as a fraction of the native time. py/publ: time of the "
    "Python implementation divided by that of the published function. ! marks a value "
    "outside its target."
)


@dataclass(frozen=True)
class Row:
    """One workload and its target; times are median seconds."""

    target: Target
    published: float
    python: float
    native: float
    floor: float | None
    floor_calls: str
    speedup: Interval
    share: float | None
    limit: Interval | None
    python_ratio: Interval | None
    """Python implementation over published function; None if there is no published one."""
    primary: bool

    @property
    def name(self) -> str:
        """Name of utility and workload."""
        return f"{self.target.utility}: {self.target.workload}"

    @property
    def is_fast(self) -> bool:
        """Whether the speedup reaches its target."""
        return self.speedup.estimate >= self.target.speedup

    @property
    def is_near(self) -> bool | None:
        """Whether the share of the floor reaches its target; None without a floor."""
        return None if self.share is None else self.share >= LEAST_SHARE

    @property
    def is_fair(self) -> bool | None:
        """Whether the Python implementation is about as fast as the published function."""
        if self.python_ratio is None:
            return None
        return PYTHON_RATIO[0] <= self.python_ratio.estimate <= PYTHON_RATIO[1]


@dataclass(frozen=True)
class Table:
    """All measured workloads, in the order of the targets."""

    rows: tuple[Row, ...]
    missing: tuple[tuple[str, str], ...]
    """Subjects without a row, and reasons."""
    unsure: tuple[str, ...]
    """Sources of uncertainty in the numbers."""

    @property
    def mean(self) -> float | None:
        """Arithmetic mean of the speedups of the first workloads; None if one is missing."""
        speedups = [row.speedup.estimate for row in self.rows if row.primary]
        expected = len({target.utility for target in TARGETS})
        return fmean(speedups) if len(speedups) == expected else None


def compare(results: Results) -> Table:
    """Compare a run of published functions, Python and native with the targets."""
    found = {(m.utility, m.workload): m for m in results.measurements if m.speedup}
    rows = []
    missing = [(failure.subject, failure.reason) for failure in results.failures]
    for target in TARGETS:
        m = found.get((target.utility, target.workload))
        if m is not None and m.speedup is not None and m.native_seconds is not None:
            rows.append(_row(target, m, m.speedup, m.native_seconds))
        elif not any(target.utility in subject for subject, _ in missing):
            missing.append((f"{target.utility}/{target.workload}", "not measured"))
    unsure = tuple(instability.problem for instability in check(results))
    return Table(tuple(rows), tuple(missing), unsure)


def _row(target: Target, m: Measurement, faster: Interval, native: float) -> Row:
    python = m.beside.get("python")
    return Row(
        target=target,
        published=m.python_seconds,
        python=median(chain(*python)) if python else m.python_seconds,
        native=native,
        floor=m.floor_seconds,
        floor_calls=m.floor_calls,
        speedup=faster,
        share=m.floor_share,
        limit=m.limit,
        python_ratio=speedup(python, m.python) if python else None,
        primary=m.primary,
    )


def to_text(table: Table) -> str:
    """Return the table as text, two lines per workload, and the missed targets."""
    titles = ("published", "python", "native", "floor", "speedup", "95% CI", "target")
    lines = ["".join([_columns(*titles), f"{'share':>11}{'py/publ':>9}"]).rstrip()]
    for row in table.rows:
        lines += [row.name, _columns(*_cells(row)) + _judged(row)]
    lines.append("")
    for line in (*_totals(table), _LEGEND):
        lines += textwrap.wrap(line, _WIDTH)
    for title, notes in _notes(table):
        lines += ["", title]
        for note in notes:
            lines += textwrap.wrap(note, _WIDTH, initial_indent="- ", subsequent_indent="  ")
    return "".join(f"{line}\n" for line in lines)


def to_markdown(table: Table, about: Iterable[str]) -> str:
    """Return the table as Markdown; ``about`` is lines on date, machine and command."""
    lines = ["# Utilities compared with the published functions and the floor", ""]
    lines += [f"- {line}" for line in about]
    lines += [
        "",
        "| utility | workload | published | Python | native | floor | speedup | 95% CI "
        "| target | | share | Python/published |",
        "|---|---|--:|--:|--:|--:|--:|--:|--:|---|--:|--:|",
    ]
    for row in table.rows:
        cells = [f"`{row.target.utility}`", row.target.workload, *_cells(row)]
        cells.append("reached" if row.is_fast else "**missed**")
        cells += [_marked(row.share, row.is_near), _marked_ratio(row)]
        lines.append(f"| {' | '.join(cells)} |")
    lines += ["", *(f"{line}\n" for line in _totals(table)), _LEGEND]
    for title, notes in _notes(table):
        lines += ["", f"{title}", "", *(f"- {note}" for note in notes)]
    return "".join(f"{line}\n" for line in lines)


def _columns(*cells: str) -> str:
    widths = (11, 10, 10, 10, 9, 14, 8)
    return "".join(f"{cell:>{width}}" for cell, width in zip(cells, widths, strict=True))


def _cells(row: Row) -> tuple[str, ...]:
    found = row.speedup
    return (
        seconds(row.published),
        seconds(row.python),
        seconds(row.native),
        seconds(row.floor),
        times(found.estimate, "x"),
        interval(found.low, found.high, "-"),
        f"{row.target.speedup:g}x",
    )


def _judged(row: Row) -> str:
    verdict = "" if row.is_fast else "!"
    return f"{verdict:<1}{_marked(row.share, row.is_near):>10}{_marked_ratio(row):>9}".rstrip()


def _marked(value: float | None, is_good: bool | None) -> str:
    return f"{ratio(value)}{'!' if is_good is False else ''}"


def _marked_ratio(row: Row) -> str:
    return _marked(row.python_ratio.estimate if row.python_ratio else None, row.is_fair)


def _totals(table: Table) -> Iterator[str]:
    for what, answers in (
        ("speedup targets are reached", [row.is_fast for row in table.rows]),
        (f"shares of the floor are {LEAST_SHARE} or more", [row.is_near for row in table.rows]),
        (
            "Python implementations take {:g} to {:g} of the published time".format(*PYTHON_RATIO),
            [row.is_fair for row in table.rows],
        ),
    ):
        known = [answer for answer in answers if answer is not None]
        yield f"{sum(known)} of {len(known)} {what}."
    if table.mean is None:
        yield "There is no mean, because not all first workloads were measured."
    else:
        verdict = "reached" if table.mean >= LEAST_MEAN else "missed"
        yield (
            f"Arithmetic mean over the first workloads: {times(table.mean, 'x')}, "
            f"target {LEAST_MEAN}x: {verdict}."
        )


def _notes(table: Table) -> Iterator[tuple[str, Sequence[str]]]:
    sections = (
        ("Sources of uncertainty:", table.unsure),
        ("Not measured:", [f"{subject}: {reason}" for subject, reason in table.missing]),
        ("Missed speedups:", [_why_slow(r) for r in table.rows if not r.is_fast]),
        (
            "Missed shares of the floor:",
            [f"{r.name}: {_profile(r)}" for r in table.rows if r.is_near is False],
        ),
        (
            "Python implementations that are faster or slower than the published function:",
            [_why_unfair(r) for r in table.rows if r.is_fair is False],
        ),
    )
    return ((title, notes) for title, notes in sections if notes)


def _why_slow(row: Row) -> str:
    target, found = f"{row.target.speedup:g}x", times(row.speedup.estimate, "x")
    start = f"{row.name}: target {target}, measured {found}"
    if row.speedup.high >= row.target.speedup:
        start += (
            f", target within the interval of {interval(row.speedup.low, row.speedup.high, '-')}"
        )
    left = f"{target} leaves {seconds(row.published / row.target.speedup)} per call"
    if row.limit is not None and row.limit.high < row.target.speedup:
        return (
            f"{start}. The target is impossible on this machine: {left}, but {row.floor_calls} "
            f"alone take {seconds(row.floor)}, which limits the speedup to "
            f"{times(row.limit.estimate, 'x')}."
        )
    return f"{start}. {left}. {_profile(row)}"


def _profile(row: Row) -> str:
    """Break down the native time, as far as it was measured."""
    call = f"at least {seconds(CALL_SECONDS)} the call from Python"
    if row.floor is None:
        return f"Of {seconds(row.native)} native, {call}; the rest has no floor."
    rest = max(row.native - row.floor - CALL_SECONDS, 0.0)
    return (
        f"Of {seconds(row.native)} native, {seconds(row.floor)} are {row.floor_calls}, {call}, and "
        f"{seconds(rest)} the rest. {row.target.about_native}"
    ).rstrip()


def _why_unfair(row: Row) -> str:
    found = ratio(row.python_ratio.estimate) if row.python_ratio else ""
    why = f": {row.target.about_python}" if row.target.about_python else ""
    return (
        f"{row.name}: {seconds(row.python)}, published {seconds(row.published)}, "
        f"ratio {found}{why}."
    )


def about(results: Results, date: str, command: str) -> tuple[str, ...]:
    """Describe when, where and how a run was made."""
    facts = results.environment
    noise = results.noise_floor
    floor = "not measured" if noise is None else f"{noise:.1%} between identical code"
    return (
        f"date: {date}",
        f"CPU: {facts.get('cpu_model_name', 'unknown')}, {counted(int(facts['cpu_count']), 'CPU')}",
        f"Python: {facts['python_implementation']} {facts['python_version']}",
        f"kernel: {facts['platform']}",
        f"load at start: {float(facts['load_avg_1min']):.2f}; noise: {floor}",
        f"published functions: {facts.get('published', 'unknown')}",
        f"command: `{command}`",
    )
