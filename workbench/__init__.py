"""Find the Python that can move to a native backend, move it, and prove that it was worth it."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workbench.audits import audit, load_audit
    from workbench.catalog import select, utilities
    from workbench.comparison import compare
    from workbench.errors import WorkbenchError
    from workbench.gate import judge
    from workbench.measure.harness import measure as bench
    from workbench.results import Results
    from workbench.storage import load_results
    from workbench.storage import save as save_results

__all__ = [
    "Results",
    "WorkbenchError",
    "audit",
    "bench",
    "compare",
    "judge",
    "load_audit",
    "load_results",
    "save_results",
    "select",
    "utilities",
]

_HOMES = {
    "Results": "workbench.results:Results",
    "WorkbenchError": "workbench.errors:WorkbenchError",
    "audit": "workbench.audits:audit",
    "bench": "workbench.measure.harness:measure",
    "compare": "workbench.comparison:compare",
    "judge": "workbench.gate:judge",
    "load_audit": "workbench.audits:load_audit",
    "load_results": "workbench.storage:load_results",
    "save_results": "workbench.storage:save",
    "select": "workbench.catalog:select",
    "utilities": "workbench.catalog:utilities",
}


def __getattr__(name: str) -> object:
    """Import a public name when it is first used, so that the command line starts quickly."""
    if name not in _HOMES:
        raise AttributeError(f"module 'workbench' has no attribute '{name}'")
    module, _, attribute = _HOMES[name].partition(":")
    return getattr(import_module(module), attribute)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
