"""Move hot Python functions to a native implementation: find, rewrite, verify, measure, report."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workbench.audits.run import audit, load_audit
    from workbench.catalog import select, utilities
    from workbench.errors import WorkbenchError
    from workbench.gate.judge import judge
    from workbench.measure.harness import measure as bench
    from workbench.migration.model import Mode as MigrationMode
    from workbench.migration.model import Request as MigrationRequest
    from workbench.migration.run import migrate
    from workbench.profiles import load_profile
    from workbench.reporting import make_report as report
    from workbench.reporting import render_report as render
    from workbench.results.comparison import compare
    from workbench.results.model import Results
    from workbench.results.storage import load_results
    from workbench.results.storage import save as save_results

__all__ = [
    "MigrationMode",
    "MigrationRequest",
    "Results",
    "WorkbenchError",
    "audit",
    "bench",
    "compare",
    "judge",
    "load_audit",
    "load_profile",
    "load_results",
    "migrate",
    "render",
    "report",
    "save_results",
    "select",
    "utilities",
]

_HOMES = {
    "MigrationMode": "workbench.migration.model:Mode",
    "MigrationRequest": "workbench.migration.model:Request",
    "Results": "workbench.results.model:Results",
    "WorkbenchError": "workbench.errors:WorkbenchError",
    "audit": "workbench.audits.run:audit",
    "bench": "workbench.measure.harness:measure",
    "compare": "workbench.results.comparison:compare",
    "judge": "workbench.gate.judge:judge",
    "load_audit": "workbench.audits.run:load_audit",
    "load_profile": "workbench.profiles:load_profile",
    "load_results": "workbench.results.storage:load_results",
    "migrate": "workbench.migration.run:migrate",
    "render": "workbench.reporting:render_report",
    "report": "workbench.reporting:make_report",
    "save_results": "workbench.results.storage:save",
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
