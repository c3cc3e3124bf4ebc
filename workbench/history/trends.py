"""Follow the speedup of each workload over the runs of a history."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from workbench.history.model import History, HistoryEntry, NothingToShow, Run
from workbench.history.steps import Level, Observation, Step, Steps, find_steps
from workbench.results.comparison import Key, State, what_differs, why_too_few
from workbench.results.model import Interval, Results


@dataclass(frozen=True)
class Point:
    """A workload in one run.

    ``state`` is ``faster`` or ``slower`` where a step begins; ``incomparable``, ``missing`` or
    ``undecided`` (an outlier, or too few pairs) with a ``reason``; and None otherwise.
    """

    run: Run
    entry: HistoryEntry | None
    state: State | None = None
    reason: str = ""
    step: Step | None = None
    """The step that begins here; its position is an index of the trend's points."""

    @property
    def comparable_speedup(self) -> Interval | None:
        """The speedup, if it is comparable with the others of the trend."""
        if self.entry is None or self.state is State.INCOMPARABLE:
            return None
        return self.entry.speedup


@dataclass(frozen=True)
class Trend:
    """One workload over all runs that should include it, by date."""

    utility: str
    workload: str
    points: tuple[Point, ...]
    levels: tuple[Level, ...]
    """The levels between steps; positions are indices of ``points``."""

    @property
    def steps(self) -> tuple[tuple[Point, Point], ...]:
        """The steps as pairs: the last point of a level and the first point of the next one."""
        pairs = zip(self.levels, self.levels[1:], strict=False)
        return tuple(
            (self.points[before.positions[-1]], self.points[after.positions[0]])
            for before, after in pairs
        )


def trends(history: History, names: Iterable[str] = ()) -> tuple[Trend, ...]:
    """Return the trend with its steps for every workload of the named utilities, or of all.

    Runs are compared with the newest run without uncommitted changes that measured the workload.
    Runs that are not comparable with it are ``incomparable`` and not part of a level. Raises
    NothingToShow for a utility that was never measured, WorkbenchError for an unknown one.
    """
    wanted = set(names)
    _refuse_unknown(wanted, history)
    keys = {
        (entry.utility, entry.workload): None
        for run in history.runs
        for entry in run.entries
        if not wanted or entry.utility in wanted
    }
    # The stable sort keeps the workloads of a utility in the order of measurement.
    ordered = sorted(keys, key=lambda key: key[0])
    return tuple(_trend(key, history.runs) for key in ordered)


def _refuse_unknown(names: set[str], history: History) -> None:
    unknown = sorted(names - set(history.utilities))
    if unknown:
        from workbench.catalog import select

        select(unknown)
        raise NothingToShow(f"no run measured {', '.join(unknown)}")


def _trend(key: Key, runs: Sequence[Run]) -> Trend:
    measured = [(run, _find(run, key)) for run in runs]
    expected = [(run, entry) for run, entry in measured if entry or _has(run, key[0])]
    reference = next(
        (r for r, e in reversed(expected) if e and e.speedup and not r.dirty),
        None,
    )
    points = [_point(key, run, entry, reference) for run, entry in expected]
    series = {
        place: Observation(speedup, point.run.margin)
        for place, point in enumerate(points)
        if point.state is None and (speedup := point.comparable_speedup)
    }
    found = _placed(find_steps(tuple(series.values())), tuple(series))
    for place in found.outliers:
        point = points[place]
        reason = "outlier"
        points[place] = Point(point.run, point.entry, State.UNDECIDED, reason)
    for step in found.steps:
        point = points[step.position]
        state = State.FASTER if step.change.estimate > 1 else State.SLOWER
        points[step.position] = Point(point.run, point.entry, state, step=step)
    return Trend(*key, tuple(points), found.levels)


def _find(run: Run, key: Key) -> HistoryEntry | None:
    found = (entry for entry in run.entries if (entry.utility, entry.workload) == key)
    return next(found, None)


def _has(run: Run, utility: str) -> bool:
    """Return whether a run should include a utility; most runs include only some of them."""
    subjects = (failure.subject.partition("/")[0] for failure in run.failures)
    return utility in {*(entry.utility for entry in run.entries), *subjects}


def _point(key: Key, run: Run, entry: HistoryEntry | None, reference: Run | None) -> Point:
    if entry is None:
        return Point(run, None, State.MISSING, _why_missing(run, key))
    if entry.speedup is None:
        return Point(run, entry, State.MISSING, "native was not measured")
    if run.dirty:
        return Point(run, entry, State.INCOMPARABLE, "uncommitted changes")
    # Without a newer clean run, this run is the reference.
    differences = what_differs(_environment(reference or run), _environment(run))
    if differences:
        return Point(run, entry, State.INCOMPARABLE, differences)
    too_few = why_too_few(entry.samples)
    return Point(run, entry, State.UNDECIDED if too_few else None, too_few)


def _why_missing(run: Run, key: Key) -> str:
    reasons = (failure.reason for failure in run.failures if failure.subject == "/".join(key))
    return next(reasons, "not in the results")


def _environment(run: Run) -> Results:
    return Results((), run.environment)


def _placed(found: Steps, places: Sequence[int]) -> Steps:
    """Convert positions among comparable points to positions among all points."""
    return Steps(
        tuple(Step(places[s.position], s.before, s.after, s.change) for s in found.steps),
        tuple(
            Level(tuple(places[p] for p in level.positions), level.speedup)
            for level in found.levels
        ),
        tuple(places[position] for position in found.outliers),
    )
