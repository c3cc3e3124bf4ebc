"""Holds measurements against the targets, and writes down what was reached and what was not."""

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
    "share: of the floor and a call from Python in the native time. py/publ: time of the Python "
    "implementation over that of the published function. ! is outside what is asked."
)


@dataclass(frozen=True)
class Row:
    """One workload against its target; times in seconds, medians."""

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
    """Python implementation over published function; None where one stands for the other."""
    primary: bool

    @property
    def name(self) -> str:
        """Utility and workload."""
        return f"{self.target.utility}: {self.target.workload}"

    @property
    def is_fast(self) -> bool:
        """Whether the speedup is what is asked."""
        return self.speedup.estimate >= self.target.speedup

    @property
    def is_near(self) -> bool | None:
        """Whether the share of the floor is what is asked; None without a floor."""
        return None if self.share is None else self.share >= LEAST_SHARE

    @property
    def is_fair(self) -> bool | None:
        """Whether the Python implementation is as fast as the published function."""
        if self.python_ratio is None:
            return None
        return PYTHON_RATIO[0] <= self.python_ratio.estimate <= PYTHON_RATIO[1]


@dataclass(frozen=True)
class Table:
    """All workloads that were measured, in the order of the targets."""

    rows: tuple[Row, ...]
    missing: tuple[tuple[str, str], ...]
    """What has no row, and why."""
    unsure: tuple[str, ...]
    """What makes the numbers less sure than they could be."""

    @property
    def mean(self) -> float | None:
        """Arithmetic mean of the speedups of the first workloads; None if one is missing."""
        speedups = [row.speedup.estimate for row in self.rows if row.primary]
        expected = len({target.utility for target in TARGETS})
        return fmean(speedups) if len(speedups) == expected else None


def hold(results: Results) -> Table:
    """Hold a run of published functions against native, Python beside them, to the targets."""
    found = {(m.utility, m.workload): m for m in results.measurements if m.speedup}
    rows = []
    missing = [(failure.subject, failure.reason) for failure in results.failures]
    for target in TARGETS:
        m = found.get((target.utility, target.workload))
        if m is not None and m.speedup is not None and m.native_seconds is not None:
            rows.append(_row(target, m, m.speedup, m.native_seconds))
        elif not any(target.utility in subject for subject, _ in missing):
            missing.append((f"{target.utility}/{target.workload}", "it was not measured"))
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
    """Write the table for a terminal, two lines for each workload, and what was missed."""
    titles = ("published", "python", "native", "floor", "speedup", "95% interval", "asked")
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
    """Write the table as Markdown; ``about`` are lines on the date, the machine, the command."""
    lines = ["# The utilities against what they replace, and against the floor", ""]
    lines += [f"- {line}" for line in about]
    lines += [
        "",
        "| utility | workload | published | Python | native | floor | speedup | 95% interval "
        "| asked | | share | Python/published |",
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
        ("speedups asked are reached", [row.is_fast for row in table.rows]),
        (f"shares of the floor are {LEAST_SHARE} or more", [row.is_near for row in table.rows]),
        (
            "Python implementations take {:g} to {:g} of the published time".format(*PYTHON_RATIO),
            [row.is_fair for row in table.rows],
        ),
    ):
        known = [answer for answer in answers if answer is not None]
        yield f"{sum(known)} of {len(known)} {what}."
    if table.mean is None:
        yield "The mean needs the first workload of every utility, and not all were measured."
    else:
        verdict = "reached" if table.mean >= LEAST_MEAN else "missed"
        yield (
            f"Arithmetic mean over the first workloads: {times(table.mean, 'x')}, "
            f"asked {LEAST_MEAN}x: {verdict}."
        )


def _notes(table: Table) -> Iterator[tuple[str, Sequence[str]]]:
    sections = (
        ("What makes these numbers less sure than they could be:", table.unsure),
        ("Not measured:", [f"{subject}: {reason}" for subject, reason in table.missing]),
        ("Speedups missed, and why:", [_why_slow(r) for r in table.rows if not r.is_fast]),
        (
            "Further from the floor than asked, and where the time goes:",
            [f"{r.name}: {_profile(r)}" for r in table.rows if r.is_near is False],
        ),
        (
            "Python implementations whose time is not that of the published function:",
            [_why_unfair(r) for r in table.rows if r.is_fair is False],
        ),
    )
    return ((title, notes) for title, notes in sections if notes)


def _why_slow(row: Row) -> str:
    asked, found = f"{row.target.speedup:g}x", times(row.speedup.estimate, "x")
    start = f"{row.name}: {asked} asked, {found} measured"
    if row.speedup.high >= row.target.speedup:
        start += f", within its interval of {interval(row.speedup.low, row.speedup.high, '-')}"
    left = f"{asked} leaves a call {seconds(row.published / row.target.speedup)}"
    if row.limit is not None and row.limit.high < row.target.speedup:
        return (
            f"{start}. It is impossible here: {left}, and {row.floor_calls} alone take "
            f"{seconds(row.floor)}, which allows {times(row.limit.estimate, 'x')}."
        )
    return f"{start}. {left}. {_profile(row)}"


def _profile(row: Row) -> str:
    """Say what the native time is made of, as far as it was measured."""
    call = f"{seconds(CALL_SECONDS)} the call from Python"
    if row.floor is None:
        return f"Of {seconds(row.native)} native, {call} at least; no floor is known for the rest."
    rest = max(row.native - row.floor - CALL_SECONDS, 0.0)
    return (
        f"Of {seconds(row.native)} native, {seconds(row.floor)} are {row.floor_calls}, {call} at "
        f"least, {seconds(rest)} all the rest. {row.target.about_native}"
    ).rstrip()


def _why_unfair(row: Row) -> str:
    found = ratio(row.python_ratio.estimate) if row.python_ratio else ""
    why = f": {row.target.about_python}" if row.target.about_python else ""
    return (
        f"{row.name}: {seconds(row.python)} against {seconds(row.published)}, "
        f"{found} times as long{why}."
    )


def about(results: Results, date: str, command: str) -> tuple[str, ...]:
    """Say when, where and how a run was made."""
    facts = results.environment
    noise = results.noise_floor
    floor = "not measured" if noise is None else f"{noise:.1%} between identical code"
    return (
        f"date: {date}",
        f"CPU: {facts.get('cpu_model_name', 'unknown')}, {counted(int(facts['cpu_count']), 'CPU')}",
        f"Python: {facts['python_implementation']} {facts['python_version']}",
        f"kernel: {facts['platform']}",
        f"load when it began: {float(facts['load_avg_1min']):.2f}; noise: {floor}",
        f"published functions: {facts.get('published', 'unknown')}",
        f"command: `{command}`",
    )
