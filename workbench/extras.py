"""The extras of the distribution: what needs them, and whether they are installed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from importlib.util import find_spec

from workbench.errors import WorkbenchError


@dataclass(frozen=True)
class Extra:
    """One extra of the distribution, as declared in ``pyproject.toml``."""

    name: str
    modules: tuple[str, ...]
    """Modules that its requirements provide."""
    use: str
    """What needs it."""

    @property
    def missing(self) -> tuple[str, ...]:
        """Its modules that are not installed."""
        return tuple(module for module in self.modules if find_spec(module) is None)

    @property
    def install(self) -> str:
        """The command that installs it."""
        return f"pip install 'accel-workbench[{self.name}]'"


_RESULTS = ("numpy", "pyperf")
BENCH = Extra(
    "bench", ("hypothesis", "psutil", *_RESULTS), "workbench verify, bench, compare and gate"
)
REPORT = Extra(
    "report", ("jinja2", "markupsafe", "matplotlib", "pygments", *_RESULTS), "workbench report"
)
HISTORY = Extra("history", ("matplotlib", "sqlalchemy", *_RESULTS), "workbench history")
POSTGRES = Extra(
    "postgres", ("psycopg", *HISTORY.modules), "a history in PostgreSQL (--store postgresql://...)"
)
NOTEBOOKS = Extra(
    "notebooks",
    ("ipykernel", "pandas", *dict.fromkeys((*BENCH.modules, *HISTORY.modules))),
    "the notebooks, and results as data frames",
)
EXTRAS = (BENCH, REPORT, HISTORY, POSTGRES, NOTEBOOKS)


def require(extra: Extra, needs: Collection[str] = ()) -> None:
    """Check that an extra is installed, or only its modules in ``needs``.

    Raises WorkbenchError with the command that installs it.
    """
    missing = [module for module in extra.missing if not needs or module in needs]
    if missing:
        names = ", ".join(missing)
        raise WorkbenchError(f"this needs the extra '{extra.name}' ({names}): {extra.install}")
