"""Histories of runs, loaded from a new store."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.workbench.history.history_samples import TWO, Remember, make_run
from workbench import history
from workbench.history import History, Trend
from workbench.results.model import Results


@pytest.fixture
def remember(tmp_path: Path) -> Remember:
    """Add results to a new store and load it."""

    def load(results: Sequence[Results]) -> History:
        for one in results:
            history.add(one, tmp_path / "history.db")
        return history.load(tmp_path / "history.db")

    return load


@pytest.fixture
def slower(remember: Remember) -> tuple[Trend, ...]:
    """A step at the fifth run, with incomparable runs around it."""
    runs = [make_run(1000 * day, 4.0 if day < 4 else 3.0, TWO) for day in range(8)]
    runs[2] = make_run(2000, 9.0, TWO, python_version="3.13.1")
    runs[5] = make_run(5000, 9.0, TWO, git_dirty=1)
    return history.trends(remember(runs))
