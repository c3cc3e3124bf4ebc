"""The catalog of replaceable utilities, one module per utility."""

from __future__ import annotations

import difflib
import importlib
import pkgutil
from collections.abc import Iterable
from functools import cache

from workbench.catalog._composite import COMPOSITE
from workbench.catalog.model import Body, Call, Curve, Floor, Utility, Workload
from workbench.errors import WorkbenchError

__all__ = ["Body", "Call", "Curve", "Floor", "Utility", "Workload", "select", "utilities"]


@cache
def utilities() -> tuple[Utility, ...]:
    """Return all catalog entries, sorted by name."""
    names = (module.name for module in pkgutil.iter_modules(__path__))
    modules = (importlib.import_module(f"{__name__}.{name}") for name in sorted(names))
    return tuple(module.UTILITY for module in modules if hasattr(module, "UTILITY"))


def select(names: Iterable[str]) -> tuple[Utility, ...]:
    """Return the named entries in catalog order, or all entries when no name is given.

    ``composite``, which calls several utilities, is only returned when it is named. Raises
    WorkbenchError for a name that is not in the catalog.
    """
    wanted = set(names)
    known = {utility.name: utility for utility in (*utilities(), COMPOSITE)}
    for name in sorted(wanted - known.keys()):
        close = difflib.get_close_matches(name, known, n=1)
        advice = f"did you mean '{close[0]}'?" if close else "run 'workbench utilities' for a list"
        raise WorkbenchError(f"unknown utility '{name}': {advice}")
    return tuple(u for u in known.values() if u.name in wanted) if wanted else utilities()
