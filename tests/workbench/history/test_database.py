from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from tests.workbench.history.history_samples import make_run
from tests.workbench.history.postgresql_server import ESCAPED, PASSWORD, Cluster
from workbench import history
from workbench.errors import WorkbenchError
from workbench.history import database
from workbench.history.location import File


def errors_of(store: str) -> list[str]:
    found = []
    for use in (history.load, lambda place: history.add(make_run(1), place)):
        with pytest.raises(WorkbenchError) as caught:
            use(store)
        assert caught.value.exit_code == 2
        assert caught.value.__cause__ is None
        found.append(str(caught.value))
        assert "\n" not in found[-1]
    return found


def test_errors_of_a_server_do_not_show_passwords(cluster: Cluster) -> None:
    stores = {
        cluster.url(password="WRONG-1234"): "password authentication failed",
        cluster.url("nowhere"): 'database "nowhere" does not exist',
        f"postgresql://workbench@127.0.0.1:{cluster.port}/x?password=WRONG-1234": "authentication",
        f"postgresql://me:WRONG-1234@127.0.0.1:{cluster.port}/x?nothing=1": "nothing",
        f"{cluster.url()}?connect_timeout=WRONG-1234": "cannot use",
        "postgresql://me:WRONG-1234@127.0.0.1:1/x": "refused",
        "postgresql://me:WRONG-1234@/x?host=/no/such/directory": "/no/such/directory",
    }
    for store, reason in stores.items():
        for error in errors_of(store):
            assert error.startswith("cannot use postgresql://")
            assert reason in error
            assert PASSWORD not in error
            assert ESCAPED not in error
            assert "connect_timeout" in store or "WRONG-1234" not in error


def test_a_server_that_never_answers_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    import socket

    from workbench.history import database

    monkeypatch.setattr(database, "_CONNECT_SECONDS", 2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        for error in errors_of(f"postgresql://me:WRONG-1234@127.0.0.1:{port}/x"):
            assert "timeout" in error
            assert "WRONG" not in error


def rows(path: Path) -> list[Any]:
    with sqlite3.connect(path) as connection:
        found = connection.execute("SELECT * FROM notes").fetchall()
    connection.close()
    return found


def begin(path: Path) -> None:
    """Make a database with one row."""
    with database.writing(File(path)) as connection:
        connection.exec_driver_sql("CREATE TABLE notes (text)")
        connection.exec_driver_sql("INSERT INTO notes VALUES ('kept')")


@pytest.mark.parametrize("name", ["history.db", "a?mode=ro#b%41.db", "日本 'x\".db"])
def test_a_write_is_committed_to_the_named_file(tmp_path: Path, name: str) -> None:
    begin(tmp_path / name)
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert rows(tmp_path / name) == [("kept",)]
    with database.reading(File(tmp_path / name)) as connection:
        assert connection.exec_driver_sql("SELECT * FROM notes").all() == [("kept",)]


@pytest.mark.parametrize("error", [WorkbenchError, ZeroDivisionError, KeyboardInterrupt])
def test_an_error_rolls_back_and_passes_unchanged(
    tmp_path: Path, error: type[BaseException]
) -> None:
    path = tmp_path / "history.db"
    begin(path)
    reason = error("the reason")

    def fail_in_the_middle() -> None:
        with database.writing(File(path)) as connection:
            connection.exec_driver_sql("INSERT INTO notes VALUES ('lost')")
            connection.exec_driver_sql("CREATE TABLE more (text)")
            raise reason

    with pytest.raises(error) as caught:
        fail_in_the_middle()
    assert caught.value is reason
    assert rows(path) == [("kept",)]
    begun = path.read_bytes()
    with database.reading(File(path)):
        pass
    assert path.read_bytes() == begun


def statement_fails(connection: sa.Connection) -> None:
    connection.exec_driver_sql("INSERT INTO nowhere VALUES (1)")


def number_is_too_large(connection: sa.Connection) -> None:
    connection.exec_driver_sql("INSERT INTO notes VALUES (?)", (2**70,))


def text_is_not_encodable(connection: sa.Connection) -> None:
    connection.exec_driver_sql("INSERT INTO notes VALUES (?)", ("\ud800",))


@pytest.mark.parametrize("fail", [statement_fails, number_is_too_large, text_is_not_encodable])
def test_errors_of_the_database_are_one_line_that_names_it(
    tmp_path: Path, fail: Callable[[sa.Connection], None]
) -> None:
    path = tmp_path / "history.db"
    begin(path)
    with pytest.raises(WorkbenchError) as caught, database.writing(File(path)) as connection:
        fail(connection)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)
    assert rows(path) == [("kept",)]


def test_reading_a_missing_file_does_not_create_it(tmp_path: Path) -> None:
    for use in (database.reading, database.writing):
        with pytest.raises(WorkbenchError, match="missing"), use(File(tmp_path / "missing" / "x")):
            pytest.fail("a database was opened")
    with pytest.raises(WorkbenchError), database.reading(File(tmp_path / "x")):
        pytest.fail("a database was opened")
    assert list(tmp_path.iterdir()) == []


def test_a_writer_excludes_others_for_a_limited_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "_BUSY_SECONDS", 0.01)
    path = tmp_path / "history.db"
    begin(path)
    with database.writing(File(path)):
        # The lock is taken at the beginning, not at the first change.
        with (
            pytest.raises(WorkbenchError, match=r"locked for 0\.01 s"),
            database.writing(File(path)),
        ):
            pytest.fail("there were two writers")
        with database.reading(File(path)) as connection:
            assert connection.exec_driver_sql("SELECT * FROM notes").all() == [("kept",)]
