from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import psycopg
import pytest

from tests.workbench.history.postgresql_server import Cluster, programs, running

_NUMBERS = count()


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    bin_ = programs()
    if bin_ is None:
        reason = "PostgreSQL's server is not installed: Debian's package postgresql has it"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    with running(bin_) as started:
        yield started


@pytest.fixture
def server(cluster: Cluster) -> str:
    """The URL of an empty database."""
    name = f"history_{next(_NUMBERS)}"
    with psycopg.connect(cluster.url(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    return cluster.url(name)


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty store of either kind."""
    if request.param == "sqlite":
        return str(tmp_path / "history.db")
    url: str = request.getfixturevalue("server")
    return url
