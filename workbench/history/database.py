"""Open transactions on a history database and report its errors in one line."""

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
"""The advisory lock shared by all writers."""


class _DatabaseKind(NamedTuple):
    engine: sa.Engine
    begin: tuple[str, ...]
    """The statements at the start of a transaction."""


@contextmanager
def writing(place: File | Server) -> Iterator[sa.Connection]:
    """Open an exclusive write transaction; it is rolled back on any error.

    Creates a missing SQLite file, but not its directory. Raises WorkbenchError on database errors.
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
    """Open a read transaction on a consistent snapshot of the database.

    Raises WorkbenchError on database errors and for a missing SQLite file.
    """
    if isinstance(place, File):
        # Not read-only, since SQLite may have to roll back the changes of a killed writer.
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
        raise WorkbenchError(f"cannot use {place}: {_reason(error, place)}") from None
    except (exc.SQLAlchemyError, OverflowError, ValueError) as error:
        reason = f"{type(error).__name__}: {_without_password(str(error), place)}"
        raise WorkbenchError(f"cannot use {place}: {reason}") from None
    finally:
        kind.engine.dispose()


def _sqlite(place: File, mode: str, begin: str) -> _DatabaseKind:
    where = f"file:{quote(str(place.path.absolute()))}?mode={mode}"

    def connect() -> sqlite3.Connection:
        # With an isolation level, Python would begin transactions late and without the lock.
        return sqlite3.connect(where, uri=True, timeout=_BUSY_SECONDS, isolation_level=None)

    engine = sa.create_engine("sqlite://", creator=connect, poolclass=NullPool)
    return _DatabaseKind(engine, (begin,))


def _postgresql(place: Server, *begin: str) -> _DatabaseKind:
    url = place.url
    if "connect_timeout" not in url.query:
        url = url.update_query_dict({"connect_timeout": str(_CONNECT_SECONDS)})
    # Without an encoding, a server in the C locale returns text as bytes.
    encoding = {"client_encoding": "utf8"}
    return _DatabaseKind(sa.create_engine(url, poolclass=NullPool, connect_args=encoding), begin)


def _reason(error: exc.DBAPIError, place: File | Server) -> str:
    """Return the first line of the database's message, which contains the reason."""
    lines = str(error.orig).strip().splitlines()
    reason = _without_password(lines[0] if lines else type(error.orig).__name__, place)
    if "database is locked" in reason:
        return f"another process kept it locked for {_BUSY_SECONDS} s"
    if "unable to open database file" in reason:
        return "it cannot be opened as an SQLite database"
    if "not a database" in reason:
        return "it is not an SQLite database"
    return reason


def _without_password(text: str, place: File | Server) -> str:
    if isinstance(place, File):
        return text
    url = place.url
    # An option is one value or a tuple of values.
    options = [url.query.get(name, ()) for name in ("password", "sslpassword", "passfile")]
    values = [v for option in options for v in ((option,) if isinstance(option, str) else option)]
    for secret in (str(url.password or ""), *values):
        if secret:
            text = text.replace(secret, "***").replace(quote(secret, safe=""), "***")
    return text
