"""Add runs to a store, and load all of its runs."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable
from dataclasses import asdict
from datetime import UTC, datetime
from math import inf
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from workbench.errors import WorkbenchError
from workbench.files import DAMAGE, decode_json, make_state_directory
from workbench.history import schema
from workbench.history.database import reading, writing
from workbench.history.location import DEFAULT_STORE, File, Server, locate
from workbench.history.model import Added, History, HistoryEntry, NothingToShow, Run
from workbench.results.comparison import noise
from workbench.results.model import Control, Failure, Interval, Measurement, Results

_LEAST_RATIO = 1e-50
"""What is smaller, or larger than its inverse, was not measured and overflows in statistics."""


def add(results: Results, store: str | Path = DEFAULT_STORE) -> Added:
    """Add a run to a store, unless it already has a run with the same measured data.

    ``store`` is the path of an SQLite database, created when missing, or ``postgresql://...``.
    Several processes may add runs at the same time; runs are added atomically. Raises
    WorkbenchError when nothing was measured or the store cannot be used.
    """
    if not results.measurements:
        raise WorkbenchError("nothing was measured, so there is nothing to add")
    run = _run(results)
    place = locate(store)
    if isinstance(place, File):
        _prepare(place.path)
    with writing(place) as connection:
        if not _has_history(connection, place):
            schema.create(connection)
        known = sa.select(schema.runs.c.id).where(schema.runs.c.digest == run.digest)
        is_new = connection.execute(known).first() is None
        if is_new:
            _insert(connection, run)
    return Added(run, is_new)


def load(store: str | Path = DEFAULT_STORE) -> History:
    """Load all runs from a consistent snapshot of a store.

    Raises NothingToShow when the store is missing or empty, WorkbenchError when it cannot be used.
    """
    place = locate(store)
    nothing = NothingToShow(f"{place} has no history: run 'workbench history add RESULTS' first")
    if isinstance(place, File):
        _check_directory(place.path)
        if not os.path.exists(place.path):
            raise nothing
    with reading(place) as connection:
        known = _has_history(connection, place)
        try:
            runs = _runs(connection) if known else ()
        except DAMAGE as error:
            raise WorkbenchError(f"cannot use {place}: it is damaged: {error}") from error
    if not runs:
        raise nothing
    return History(runs)


def _prepare(path: Path) -> None:
    if path == DEFAULT_STORE:
        make_state_directory(path.parent)
    _check_directory(path)


def _check_directory(path: Path) -> None:
    if path != DEFAULT_STORE and not os.path.isdir(path.parent):
        raise WorkbenchError(
            f"cannot use {path}: directory {path.parent} does not exist; create it first"
        )
    if os.path.isdir(path):
        raise WorkbenchError(f"cannot use {path}: it is a directory")


def _has_history(connection: sa.Connection, place: File | Server) -> bool:
    """Return whether the tables exist. Raises WorkbenchError for another kind of database."""
    names = set(sa.inspect(connection).get_table_names())
    if schema.about.name not in names:
        if isinstance(place, File) and names:
            raise WorkbenchError(f"cannot use {place}: it is a database of another application")
        return False
    version = connection.execute(sa.select(schema.about.c.version)).scalar()
    if version != schema.VERSION or not names >= schema.NAMES:
        raise WorkbenchError(
            f"cannot use {place}: unsupported format {version}, expected {schema.VERSION}; "
            "a newer workbench may have created it"
        )
    return True


def _run(results: Results) -> Run:
    return Run(
        digest=_digest(results),
        date=_date(results),
        margin=noise(results),
        entries=tuple(_entry(m) for m in results.measurements),
        environment=results.environment,
        failures=tuple(
            Failure(_storable(f.subject), _storable(f.reason)) for f in results.failures
        ),
    )


def _digest(results: Results) -> str:
    """Hash the measured data, not the estimates, independent of the file format."""
    content = [
        dict(results.environment),
        [_measured(m) for m in results.measurements],
        [_controlled(control) for control in results.controls],
        [asdict(failure) for failure in results.failures],
    ]
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _measured(m: Measurement) -> list[object]:
    began = [run.date for run in m.runs]
    return [m.utility, m.workload, m.python, m.native, m.floor, dict(m.beside), began]


def _controlled(control: Control) -> list[object]:
    return [control.utility, control.workload, control.side, control.first, control.second]


def _date(results: Results) -> datetime:
    begun = [_utc(run.date) for m in results.measurements for run in m.runs]
    known = [date for date in begun if date is not None]
    return min(known, default=datetime.now(UTC))


def _utc(local: str) -> datetime | None:
    try:
        return datetime.fromisoformat(local).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _entry(m: Measurement) -> HistoryEntry:
    return HistoryEntry(
        utility=_storable(m.utility),
        workload=_storable(m.workload),
        speedup=m.speedup,
        python_seconds=m.python_seconds,
        native_seconds=m.native_seconds,
        samples=m.samples,
        equivalent=m.equivalent,
        equivalence_cases=m.equivalence_cases,
        primary=m.primary,
    )


def _storable(text: str) -> str:
    """Escape characters that databases do not accept."""
    return text.encode("utf-8", "backslashreplace").decode().replace("\0", "\\x00")


def _insert(connection: sa.Connection, run: Run) -> None:
    row = {
        "digest": run.digest,
        "date": run.date.replace(tzinfo=None),
        "commit_hash": None if run.commit is None else _storable(run.commit),
        "dirty": run.dirty,
        "margin": run.margin,
        "environment": json.dumps(dict(run.environment)),
        "failures": json.dumps([[f.subject, f.reason] for f in run.failures]),
    }
    inserted = connection.execute(schema.runs.insert().values(row).returning(schema.runs.c.id))
    run_id = inserted.scalar_one()
    rows = [
        {"run_id": run_id, "position": position, **_columns(entry)}
        for position, entry in enumerate(run.entries)
    ]
    connection.execute(schema.entries.insert(), rows)


def _columns(entry: HistoryEntry) -> dict[str, Any]:
    values = {field: value for field, value in vars(entry).items() if field in schema.entries.c}
    between = entry.speedup
    values["speedup"] = between.estimate if between else None
    values["low"] = between.low if between else None
    values["high"] = between.high if between else None
    values["is_primary"] = entry.primary
    return values


def _runs(connection: sa.Connection) -> tuple[Run, ...]:
    entries = _entries(connection.execute(_by(schema.entries, "run_id", "position")))
    rows = connection.execute(_by(schema.runs, "date", "digest")).all()
    if any(row.id not in entries for row in rows):
        raise ValueError("a run has no measurements")
    return tuple(
        Run(
            digest=_text(row.digest),
            date=row.date.replace(tzinfo=UTC),
            margin=_ratio(row.margin),
            entries=tuple(entries[row.id]),
            environment=dict(decode_json(row.environment)),
            failures=tuple(Failure(*map(_text, pair)) for pair in decode_json(row.failures)),
        )
        for row in rows
    )


def _by(table: sa.Table, *columns: str) -> sa.Select[Any]:
    return sa.select(table).order_by(*(table.c[column] for column in columns))


def _entries(rows: Iterable[sa.Row[Any]]) -> dict[int, list[HistoryEntry]]:
    found: dict[int, list[HistoryEntry]] = {}
    for row in rows:
        entry = HistoryEntry(
            utility=_text(row.utility),
            workload=_text(row.workload),
            speedup=_interval(row),
            python_seconds=_number(row.python_seconds),
            native_seconds=None if row.native_seconds is None else _number(row.native_seconds),
            samples=int(_number(row.samples)),
            equivalent=row.equivalent,
            equivalence_cases=int(_number(row.equivalence_cases)),
            primary=row.is_primary,
        )
        found.setdefault(row.run_id, []).append(entry)
    return found


def _interval(row: sa.Row[Any]) -> Interval | None:
    if row.speedup is None:
        return None
    return Interval(_ratio(row.speedup), _ratio(row.low), _ratio(row.high))


def _text(value: object) -> str:
    # SQLite keeps any value in any column.
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is not text")
    return value


def _number(value: object) -> float:
    if not isinstance(value, int | float) or not 0 <= value < inf:
        raise ValueError(f"{value!r} is out of range")
    return value


def _ratio(value: object) -> float:
    if not _LEAST_RATIO < (ratio := _number(value)) < 1 / _LEAST_RATIO:
        raise ValueError(f"{value!r} is out of range")
    return ratio
