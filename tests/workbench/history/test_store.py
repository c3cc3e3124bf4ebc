from __future__ import annotations

import json
import sqlite3
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.workbench.history.history_samples import make_run
from tests.workbench.history.postgresql_server import Cluster
from workbench import history
from workbench.errors import WorkbenchError
from workbench.history import NothingToShow
from workbench.results.comparison import LEAST_MARGIN
from workbench.results.model import Control, Failure, Interval, Measurement, Results

HARMLESS = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
words = st.text(HARMLESS, min_size=1, max_size=12)
seconds = st.floats(1e-9, 1e3)
facts = st.dictionaries(
    words, st.integers(-(2**70), 2**70) | st.floats(allow_nan=False) | st.text(max_size=9)
)


@st.composite
def measurements(draw: st.DrawFn) -> Measurement:
    python = ((draw(seconds), draw(seconds)), (draw(seconds),))
    has_native = draw(st.booleans())
    between = Interval(*(draw(seconds) for _ in range(3)))
    return Measurement(
        utility=draw(words),
        workload=draw(words),
        announced_speedup=4.0,
        python=python,
        native=python if has_native else (),
        speedup=between if has_native else None,
        equivalent=draw(st.none() | st.booleans()),
        equivalence_cases=draw(st.integers(0, 2**60)),
        primary=draw(st.booleans()),
    )


@st.composite
def runs(draw: st.DrawFn) -> Results:
    control = Control("u", "w", "native", ((1.0,),), ((1.0,),), Interval(draw(seconds), 1, 1))
    return Results(
        tuple(draw(st.lists(measurements(), min_size=1, max_size=3))),
        draw(facts),
        tuple(draw(st.lists(st.builds(Failure, words, words), max_size=2))),
        (control,) if draw(st.booleans()) else (),
    )


@given(st.lists(runs(), min_size=1, max_size=3))
@settings(max_examples=30)
def test_runs_added_to_a_file_are_loaded(
    tmp_path_factory: pytest.TempPathFactory, found: list[Results]
) -> None:
    check_that_all_come_back(str(tmp_path_factory.mktemp("store") / "history.db"), found)


@given(found=st.lists(runs(), min_size=1, max_size=3))
@settings(max_examples=15)
def test_runs_added_to_a_server_are_loaded(server: str, found: list[Results]) -> None:
    engine = sa.create_engine(server.replace("postgresql:", "postgresql+psycopg:"))
    with engine.begin() as connection:
        for table in ("workbench_entries", "workbench_runs", "workbench_history"):
            connection.exec_driver_sql(f"DROP TABLE IF EXISTS {table}")
    engine.dispose()
    check_that_all_come_back(server, found)


def check_that_all_come_back(store: str, found: list[Results]) -> None:
    added = [history.add(results, store) for results in found]
    by_digest = {one.run.digest: one.run for one in added if one.is_new}
    assert len(by_digest) == sum(one.is_new for one in added)
    loaded = history.load(store).runs
    assert list(loaded) == sorted(by_digest.values(), key=lambda run: (run.date, run.digest))
    for results, one in zip(found, added, strict=True):
        run = by_digest[one.run.digest]
        assert run.environment == results.environment
        assert run.failures == results.failures
        assert run.margin >= LEAST_MARGIN
        for entry, m in zip(run.entries, results.measurements, strict=True):
            assert entry.speedup == m.speedup
            assert entry.native_seconds == m.native_seconds
            assert entry.samples == 3


def test_the_same_run_is_recognised(store: str) -> None:
    assert history.add(make_run(1), store).is_new
    again = history.add(make_run(1), store)
    assert not again.is_new
    assert history.load(store).runs == (again.run,)


def test_other_estimates_of_the_same_samples_are_the_same_run(store: str) -> None:
    results = make_run(1)
    (measurement,) = results.measurements
    guessed = replace(measurement, speedup=Interval(9.0, 8.0, 10.0))
    history.add(results, store)
    assert not history.add(replace(results, measurements=(guessed,)), store).is_new


def test_a_run_is_identified_by_its_measured_data() -> None:
    results = make_run(1)
    (m,) = results.measurements
    slower = replace(m, native=tuple(tuple(x * 1.5 for x in process) for process in m.native))
    others = [
        replace(results, measurements=(slower,)),
        replace(results, measurements=(replace(m, workload="10 KB"),)),
        replace(results, environment={**results.environment, "load_avg_1min": 2.0}),
        replace(results, failures=(Failure("a", "b"),)),
        make_run(2),
    ]
    from workbench.history.store import _digest

    assert len({_digest(one) for one in (results, *others)}) == 6


def test_runs_come_by_date_whenever_they_were_added(store: str) -> None:
    for number in (3000, 1000, 2000):
        history.add(make_run(number), store)
    dates = [run.date for run in history.load(store).runs]
    assert dates == sorted(dates)
    assert dates[0] == datetime(2025, 1, 3).astimezone(UTC)


@pytest.mark.parametrize("date", ["", "yesterday", "9999-99-99", "0001-01-01 00:00:00"])
def test_a_run_without_a_date_was_measured_when_it_is_added(store: str, date: str) -> None:
    (measurement,) = make_run(1).measurements
    runs = tuple(replace(run, date=date) for run in measurement.runs)
    before = datetime.now(UTC)
    run = history.add(Results((replace(measurement, runs=runs),)), store).run
    if run.date.year == 1:
        pytest.fail("a date that cannot be written in UTC was kept")
    assert before <= run.date <= datetime.now(UTC)
    assert history.load(store).runs == (run,)


def test_characters_that_databases_do_not_accept_are_escaped(store: str) -> None:
    results = make_run(1, workloads=[("a\0b", "\ud800")], failures=(Failure("\0", "\udcff"),))
    history.add(replace(results, environment={"git_commit": "\0\ud800"}), store)
    (run,) = history.load(store).runs
    assert (run.entries[0].utility, run.entries[0].workload) == ("a\\x00b", "\\ud800")
    assert run.failures == (Failure("\\x00", "\\udcff"),)
    assert run.commit == "\0\ud800"


def test_a_number_too_large_for_a_database(store: str) -> None:
    (measurement,) = make_run(1).measurements
    history.add(make_run(2), store)
    with pytest.raises(WorkbenchError, match="cannot use") as caught:
        history.add(Results((replace(measurement, equivalence_cases=2**64),)), store)
    assert "\n" not in str(caught.value)
    assert len(history.load(store).runs) == 1


def test_a_run_without_measurements_cannot_be_added(store: str) -> None:
    with pytest.raises(WorkbenchError, match="nothing to add"):
        history.add(Results(()), store)


def test_an_empty_store_has_nothing_to_show(store: str) -> None:
    with pytest.raises(NothingToShow, match="has no history"):
        history.load(store)


def test_reading_does_not_create_a_file(tmp_path: Path) -> None:
    with pytest.raises(NothingToShow):
        history.load(tmp_path / "history.db")
    assert not list(tmp_path.iterdir())


def test_only_the_default_store_gets_a_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(NothingToShow):
        history.load()
    history.add(make_run(1))
    assert [str(p.relative_to(tmp_path)) for p in tmp_path.rglob("*.db")] == [
        str(history.DEFAULT_STORE)
    ]
    for action in (lambda: history.add(make_run(1), "no/such.db"), lambda: history.load("no/h.db")):
        with pytest.raises(WorkbenchError, match="directory no does not exist") as caught:
            action()
        assert caught.value.exit_code == 2


def test_a_file_in_the_place_of_the_default_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path(".workbench").write_text("")
    with pytest.raises(WorkbenchError, match=r"cannot create \.workbench: File exists"):
        history.add(make_run(1))


def test_files_that_are_not_a_history(tmp_path: Path) -> None:
    text = tmp_path / "text.db"
    text.write_text("this is certainly not a database\n" * 100)
    foreign = tmp_path / "foreign.db"
    with sqlite3.connect(foreign) as connection:
        connection.execute("CREATE TABLE bookmarks (url TEXT)")
    connection.close()
    newer = tmp_path / "newer.db"
    history.add(make_run(1), newer)
    with sqlite3.connect(newer) as connection:
        connection.execute("UPDATE workbench_history SET version = 2")
    connection.close()
    expected = {
        text: "it is not an SQLite database",
        foreign: "it is a database of another application",
        newer: "unsupported format 2, expected 1",
        tmp_path: "it is a directory",
    }
    for path, reason in expected.items():
        content = path.read_bytes() if path.is_file() else b""
        for use in (history.load, lambda store: history.add(make_run(2), store)):
            with pytest.raises(WorkbenchError) as caught:
                use(path)
            assert str(caught.value).startswith(f"cannot use {path}: {reason}")
            assert caught.value.exit_code == 2
        assert not path.is_file() or path.read_bytes() == content


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [
        ("runs", "environment", "not JSON"),
        ("runs", "environment", "null"),
        ("runs", "environment", "[" * 100_000),
        ("runs", "failures", "[[1]]"),
        ("runs", "digest", b"\xff"),
        ("runs", "date", b"\xff"),
        ("runs", "id", -1),
        ("runs", "margin", "much"),
        ("runs", "margin", 0),
        ("entries", "utility", b"\xff"),
        ("entries", "low", "less"),
        ("entries", "high", 0),
        ("entries", "speedup", 1e300),
        ("entries", "samples", "many"),
        ("entries", "python_seconds", -1),
    ],
)
def test_a_damaged_history(tmp_path: Path, table: str, column: str, value: object) -> None:
    path = tmp_path / "history.db"
    history.add(make_run(1), path)
    with sqlite3.connect(path) as connection:
        connection.execute(f"UPDATE workbench_{table} SET {column} = ?", (value,))
    connection.close()
    with pytest.raises(WorkbenchError, match=r"cannot use .*: it is damaged: ") as caught:
        history.load(path)
    assert "\n" not in str(caught.value)


def test_other_tables_on_a_server_are_ignored(server: str) -> None:
    with psycopg.connect(server) as connection:
        connection.execute("CREATE TABLE runs (id int)")
    with pytest.raises(NothingToShow):
        history.load(server)
    history.add(make_run(1), server)
    assert len(history.load(server).runs) == 1


@pytest.mark.parametrize("encoding", ["SQL_ASCII", "LATIN1"])
def test_servers_with_another_encoding(cluster: Cluster, encoding: str) -> None:
    name = f"in_{encoding.lower()}"
    with psycopg.connect(cluster.url(), autocommit=True) as connection:
        create = f"CREATE DATABASE {name} TEMPLATE template0 ENCODING '{encoding}'"
        connection.execute(create.encode())
    store = cluster.url(name)
    added = history.add(make_run(1, workloads=[("hash_file", "9 KB, \u00e4\u00b5")]), store)
    assert history.load(store).runs == (added.run,)
    chinese = make_run(2, workloads=[("hash_file", "\u65e5")])
    if encoding == "LATIN1":
        with pytest.raises(WorkbenchError, match="no equivalent"):
            history.add(chinese, store)
    else:
        assert history.add(chinese, store).is_new


def test_reading_from_a_server_needs_no_write_permission(server: str) -> None:
    history.add(make_run(1), server)
    reader = server.replace("workbench:", "reader:")
    with psycopg.connect(server) as connection:
        password = connection.info.password
        quoted = psycopg.sql.Literal(password).as_string(connection)
        connection.execute("DROP ROLE IF EXISTS reader")
        connection.execute(f"CREATE ROLE reader LOGIN PASSWORD {quoted}".encode())
        connection.execute("GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader")
    assert len(history.load(reader).runs) == 1
    with pytest.raises(WorkbenchError, match="permission denied"):
        history.add(make_run(2), reader)
    with psycopg.connect(server) as connection:
        connection.execute("DROP OWNED BY reader; DROP ROLE reader")


def test_the_tables_can_be_queried_by_others(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    history.add(make_run(1, 4.0, git_dirty=1), path)
    query = (
        "SELECT environment, dirty, utility, speedup FROM workbench_runs "
        "JOIN workbench_entries ON run_id = id"
    )
    connection = sqlite3.connect(path)
    rows: list[Any] = connection.execute(query).fetchall()
    connection.close()
    assert [row[1:] for row in rows] == [(1, "hash_file", 4.0)]
    assert json.loads(rows[0][0])["machine"] == "x86_64"
