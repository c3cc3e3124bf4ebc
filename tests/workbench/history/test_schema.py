from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError, OperationalError

from workbench.history import schema

# A change of these needs a new version, which older workbenches refuse.
COLUMNS_OF_VERSION_1 = {
    "workbench_history": ["version"],
    "workbench_runs": [
        *("id", "digest", "date", "commit_hash", "dirty", "margin", "environment", "failures"),
    ],
    "workbench_entries": [
        *("run_id", "position", "utility", "workload", "speedup", "low", "high"),
        *("python_seconds", "native_seconds", "samples", "equivalent", "equivalence_cases"),
        "is_primary",
    ],
}
RUN = {
    "id": 1,
    "digest": "a" * 64,
    "date": datetime(2025, 1, 31, 23, 59, 59, 1),
    "commit_hash": None,
    "dirty": None,
    "margin": 0.1 + 0.2,
    "environment": "{}",
    "failures": "[]",
}
ENTRY = {
    "run_id": 1,
    "position": 0,
    "utility": "hash_file",
    "workload": "日本 \n'",
    "speedup": None,
    "low": None,
    "high": None,
    "python_seconds": 5e-324,
    "native_seconds": 1 / 3,
    "samples": 2**62,
    "equivalent": False,
    "equivalence_cases": 0,
    "is_primary": True,
}


@pytest.fixture
def connection() -> Iterator[sa.Connection]:
    """A connection to an empty database in memory."""
    engine = sa.create_engine("sqlite://")
    with engine.connect() as opened:
        yield opened
    engine.dispose()


def test_the_tables_are_those_of_the_version(connection: sa.Connection) -> None:
    schema.create(connection)
    found = sa.inspect(connection)
    assert set(found.get_table_names()) == schema.NAMES
    columns = {
        name: [column["name"] for column in found.get_columns(name)] for name in schema.NAMES
    }
    assert columns == COLUMNS_OF_VERSION_1
    assert connection.execute(sa.select(schema.about)).all() == [(schema.VERSION,)]
    assert schema.VERSION == 1


def test_tables_that_exist_are_not_taken_for_new_ones(connection: sa.Connection) -> None:
    schema.create(connection)
    with pytest.raises(OperationalError, match="already exists"):
        schema.create(connection)


def test_values_come_back_as_they_were(connection: sa.Connection) -> None:
    schema.create(connection)
    connection.execute(schema.runs.insert().values(RUN))
    connection.execute(schema.entries.insert().values(ENTRY))
    assert connection.execute(sa.select(schema.runs)).one()._asdict() == RUN
    assert connection.execute(sa.select(schema.entries)).one()._asdict() == ENTRY
    connection.execute(schema.entries.insert().values({**ENTRY, "position": 1}))


@pytest.mark.parametrize(
    ("table", "row"),
    [
        (schema.runs, {**RUN, "id": 2}),
        (schema.runs, {**RUN, "digest": "b"}),
        (schema.entries, ENTRY),
        *((schema.runs, {**RUN, "id": 2, "digest": "b", key: None}) for key in ("date", "margin")),
        *(
            (schema.entries, {**ENTRY, "position": 1, key: None})
            for key in ("utility", "python_seconds", "samples", "is_primary")
        ),
    ],
)
def test_duplicates_and_gaps_are_refused(
    table: sa.Table, row: dict[str, Any], connection: sa.Connection
) -> None:
    schema.create(connection)
    connection.execute(schema.runs.insert().values(RUN))
    connection.execute(schema.entries.insert().values(ENTRY))
    with pytest.raises(IntegrityError):
        connection.execute(table.insert().values(row))


def test_both_kinds_of_databases_have_the_tables() -> None:
    from sqlalchemy.dialects import postgresql, sqlite

    for dialect in (sqlite.dialect(), postgresql.dialect()):  # type: ignore[no-untyped-call]
        for name in schema.NAMES:
            table = schema.runs.metadata.tables[name]
            assert f"CREATE TABLE {name}" in str(
                sa.schema.CreateTable(table).compile(dialect=dialect)
            )
