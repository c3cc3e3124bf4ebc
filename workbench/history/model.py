"""The data model of a history: runs and their entries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from workbench.errors import INCOMPLETE, WorkbenchError
from workbench.results.model import Failure, Interval

if TYPE_CHECKING:
    import pandas as pd

_SHOWN_COMMIT = 7


class NothingToShow(WorkbenchError):  # noqa: N818
    """There is no history, or it has no matching entries; exits with code 3."""

    exit_code = INCOMPLETE


@dataclass(frozen=True)
class HistoryEntry:
    """The measurement of one workload in one run.

    ``speedup`` and ``native_seconds`` are None without a native side. ``samples`` is the number of
    pairs.
    """

    utility: str
    workload: str
    speedup: Interval | None
    python_seconds: float
    native_seconds: float | None
    samples: int
    equivalent: bool | None
    equivalence_cases: int
    primary: bool


@dataclass(frozen=True)
class Run:
    """One benchmark run.

    ``digest`` is the SHA-256 of the measured data, in hexadecimal. ``margin`` is the relative noise
    margin of its speedups, 0.01 for 1%.
    """

    digest: str
    date: datetime
    """Start of the measurement in UTC, or the time when the run was added if that is unknown."""
    margin: float
    entries: tuple[HistoryEntry, ...]
    environment: Mapping[str, str | int | float] = field(default_factory=dict)
    failures: tuple[Failure, ...] = ()

    @property
    def commit(self) -> str | None:
        """The full hash of the measured commit; None outside a repository."""
        commit = self.environment.get("git_commit")
        return None if commit is None else str(commit)

    @property
    def short_commit(self) -> str:
        """The abbreviated commit hash, empty when there is none."""
        return (self.commit or "")[:_SHOWN_COMMIT]

    @property
    def dirty(self) -> bool | None:
        """Whether there were uncommitted changes; None when unknown."""
        dirty = self.environment.get("git_dirty")
        return None if dirty is None else bool(dirty)


@dataclass(frozen=True)
class Added:
    """A run, and whether it is new or was already in the store."""

    run: Run
    is_new: bool


@dataclass(frozen=True)
class History:
    """All runs of a store, in the order of their dates."""

    runs: tuple[Run, ...]

    @property
    def utilities(self) -> tuple[str, ...]:
        """The sorted names of all measured utilities."""
        return tuple(sorted({entry.utility for run in self.runs for entry in run.entries}))

    def to_frame(self) -> pd.DataFrame:
        """Return a frame with one row per workload and run, by date.

        ``speedup`` with ``low`` and ``high``, the ends of its 95% interval, and ``native_seconds``
        are NaN if native was not measured; times are median seconds per call. ``dirty`` and
        ``equivalent`` are None if unknown.
        """
        import pandas as pd

        rows = [_row(run, entry) for run in self.runs for entry in run.entries]
        frame = pd.DataFrame(rows, columns=list(_COLUMNS))
        for column, kind in _KINDS.items():
            frame[column] = frame[column].astype(kind)
        return frame


_COLUMNS = (
    *("date", "commit", "dirty", "digest", "utility", "workload"),
    *("speedup", "low", "high", "python_seconds", "native_seconds"),
    *("samples", "equivalent", "equivalence_cases", "margin"),
)
_KINDS: dict[str, Literal["datetime64[us, UTC]", "object", "float64"]] = {
    "date": "datetime64[us, UTC]",
    "dirty": "object",
    "equivalent": "object",
    **dict.fromkeys(("speedup", "low", "high", "native_seconds"), "float64"),
}
"""Column types that pandas would not infer when values are missing."""


def _row(run: Run, entry: HistoryEntry) -> tuple[object, ...]:
    speedup = entry.speedup
    between = (speedup.estimate, speedup.low, speedup.high) if speedup else (None, None, None)
    return (
        *(run.date, run.commit, run.dirty, run.digest, entry.utility, entry.workload),
        *(*between, entry.python_seconds, entry.native_seconds),
        *(entry.samples, entry.equivalent, entry.equivalence_cases, run.margin),
    )
