"""The tables of a history, the same in SQLite and PostgreSQL."""

from __future__ import annotations

import sqlalchemy as sa

VERSION = 1

_metadata = sa.MetaData()

# The names have a prefix because a database on a server may contain other tables.
about = sa.Table(
    "workbench_history",
    _metadata,
    sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
)

runs = sa.Table(
    "workbench_runs",
    _metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("digest", sa.String(64), nullable=False, unique=True),
    sa.Column("date", sa.DateTime, nullable=False, comment="UTC"),
    sa.Column("commit_hash", sa.Text),
    sa.Column("dirty", sa.Boolean),
    sa.Column("margin", sa.Double, nullable=False),
    # As text, so that numbers are returned exactly as stored.
    sa.Column("environment", sa.Text, nullable=False, comment="JSON"),
    sa.Column("failures", sa.Text, nullable=False, comment="JSON: [[subject, reason], ...]"),
)

entries = sa.Table(
    "workbench_entries",
    _metadata,
    sa.Column("run_id", sa.ForeignKey(runs.c.id), primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("utility", sa.Text, nullable=False),
    sa.Column("workload", sa.Text, nullable=False),
    sa.Column("speedup", sa.Double),
    sa.Column("low", sa.Double),
    sa.Column("high", sa.Double),
    sa.Column("python_seconds", sa.Double, nullable=False),
    sa.Column("native_seconds", sa.Double),
    sa.Column("samples", sa.BigInteger, nullable=False),
    sa.Column("equivalent", sa.Boolean),
    sa.Column("equivalence_cases", sa.BigInteger, nullable=False),
    sa.Column("is_primary", sa.Boolean, nullable=False),
)

NAMES = frozenset(table.name for table in _metadata.sorted_tables)


def create(connection: sa.Connection) -> None:
    """Create the tables in the open transaction."""
    _metadata.create_all(connection, checkfirst=False)
    connection.execute(about.insert().values(version=VERSION))
