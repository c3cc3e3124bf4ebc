"""Transactions on a history's database, and its errors in one line."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple
from urllib.parse import quote

import sqlalchemy as sa
from sqlalchemy import exc
from sqlalchemy.pool import NullPool

from workbench.errors import WorkbenchError
from workbench.history.location import File, Server

_BUSY_SECONDS = 60
_CONNECT_SECONDS = 10
_LOCK = 0x776F726B
"""One number for all who write, so that they take turns."""


class _DatabaseKind(NamedTuple):
    engine: sa.Engine
    begin: tuple[str, ...]
    """What a transaction begins with."""


@contextmanager
def writing(place: File | Server) -> Iterator[sa.Connection]:
    """Open a transaction that writes, alone; it is kept whole or, after any error, not at all.

    Makes a missing SQLite file, but not its directory. Raises WorkbenchError, one line.
    """
    if isinstance(place, File):
        kind = _sqlite(place, "rwc", "BEGIN IMMEDIATE")
    else:
        waiting = f"SET LOCAL lock_timeout = '{_BUSY_SECONDS}s'"
        kind = _postgresql(place, waiting, f"SELECT pg_advisory_xact_lock({_LOCK})")
    with _transaction(place, kind) as connection:
        yield connection


@contextmanager
def reading(place: File | Server) -> Iterator[sa.Connection]:
    """Open a transaction that sees one state of the database and changes nothing.

    Raises WorkbenchError, one line; so for an SQLite file that is missing.
    """
    if isinstance(place, File):
        # Not read-only: what a killed writer left has to be undone by the next who comes.
        kind = _sqlite(place, "rw", "BEGIN")
    else:
        kind = _postgresql(place, "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
    with _transaction(place, kind) as connection:
        yield connection


@contextmanager
def _transaction(place: File | Server, kind: _DatabaseKind) -> Iterator[sa.Connection]:
    try:
        with kind.engine.begin() as connection:
            for statement in kind.begin:
                connection.exec_driver_sql(statement)
            yield connection
    except exc.DBAPIError as error:
        raise WorkbenchError(f"cannot use {place}: {_said(error, place)}") from None
    except (exc.SQLAlchemyError, OverflowError, ValueError) as error:
        reason = f"{type(error).__name__}: {_without_password(str(error), place)}"
        raise WorkbenchError(f"cannot use {place}: {reason}") from None
    finally:
        kind.engine.dispose()


def _sqlite(place: File, mode: str, begin: str) -> _DatabaseKind:
    where = f"file:{quote(str(place.path.absolute()))}?mode={mode}"

    def connect() -> sqlite3.Connection:
        # Python's own transactions would begin late and without the lock.
        return sqlite3.connect(where, uri=True, timeout=_BUSY_SECONDS, isolation_level=None)

    engine = sa.create_engine("sqlite://", creator=connect, poolclass=NullPool)
    return _DatabaseKind(engine, (begin,))


def _postgresql(place: Server, *begin: str) -> _DatabaseKind:
    url = place.url
    if "connect_timeout" not in url.query:
        url = url.update_query_dict({"connect_timeout": str(_CONNECT_SECONDS)})
    # A server in the C locale leaves text as bytes unless told.
    encoding = {"client_encoding": "utf8"}
    return _DatabaseKind(sa.create_engine(url, poolclass=NullPool, connect_args=encoding), begin)


def _said(error: exc.DBAPIError, place: File | Server) -> str:
    """Return the first line of what the database said, which has the reason."""
    lines = str(error.orig).strip().splitlines()
    said = _without_password(lines[0] if lines else type(error.orig).__name__, place)
    if "database is locked" in said:
        return f"another process kept it locked for {_BUSY_SECONDS} s"
    if "unable to open database file" in said:
        return "it cannot be opened as an SQLite database"
    if "not a database" in said:
        return "it is not an SQLite database"
    return said


def _without_password(text: str, place: File | Server) -> str:
    if isinstance(place, File):
        return text
    url = place.url
    # Options come as one value or several.
    options = [url.query.get(name, ()) for name in ("password", "sslpassword", "passfile")]
    values = [v for option in options for v in ((option,) if isinstance(option, str) else option)]
    for secret in (str(url.password or ""), *values):
        if secret:
            text = text.replace(secret, "***").replace(quote(secret, safe=""), "***")
    return text
