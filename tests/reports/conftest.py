from __future__ import annotations

from functools import lru_cache

import pytest

from workbench.reports import page

CHARTS = {
    name: lru_cache(maxsize=64)(getattr(page, name))
    for name in ("speedup_chart", "distribution_chart", "curve_chart", "trend_chart")
}


@pytest.fixture
def charts_drawn_anew() -> None:
    """Draw every chart of every page."""


@pytest.fixture(autouse=True)
def _charts_drawn_once(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Draw equal charts once for all pages: they take most of the time of a page."""
    if "charts_drawn_anew" not in request.fixturenames:
        for name, chart in CHARTS.items():
            monkeypatch.setattr(page, name, chart)
