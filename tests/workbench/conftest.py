from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import psycopg
import pytest

import workbench
from tests.workbench.command_line import MIGRATABLE
from tests.workbench.history.postgresql_server import Cluster, programs, running
from tests.workbench.workbench_samples import make_measurement, make_results
from workbench import backends
from workbench.measure import harness, process
from workbench.measure.checking import Checked

_NUMBERS = count()


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a directory with a results file, an audit, a code base and things that are broken."""
    monkeypatch.chdir(tmp_path)
    workbench.save_results(make_results(make_measurement()), tmp_path / "results.json")
    (tmp_path / "notes.txt").write_text("no results here")
    (tmp_path / "list.json").write_text("[]")
    (tmp_path / "code").mkdir()
    (tmp_path / "code" / "uses.py").write_text(MIGRATABLE)
    (tmp_path / "code" / "plain.py").write_text("x = 1\n")
    (tmp_path / "broken.py").write_text("from sky.utils.common_utils import hash_file\ndef (:\n")
    return tmp_path


@pytest.fixture
def faulty_workers(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Start workers that know faulty utilities, and a native side that is the Python one."""
    monkeypatch.setattr(process, "_WORKER", "tests.workbench.measure.faulty_worker")
    monkeypatch.setattr(backends, "why_native_is_missing", lambda: None)
    monkeypatch.setattr(harness, "check_equivalence", lambda *_, **__: Checked())
    return monkeypatch


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
