"""Store results in a database and find trends and step changes over time."""

from __future__ import annotations

from workbench.history.location import DEFAULT_STORE
from workbench.history.model import Added, History, HistoryEntry, NothingToShow, Run
from workbench.history.store import add, load
from workbench.history.trends import Point, Trend, trends

__all__ = [
    "DEFAULT_STORE",
    "Added",
    "History",
    "HistoryEntry",
    "NothingToShow",
    "Point",
    "Run",
    "Trend",
    "add",
    "load",
    "trends",
]
