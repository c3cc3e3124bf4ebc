"""Measure how long users wait for the command line and for reports.

Prints seconds (best of several runs) and targets for `workbench --help`, for the report of the demo
as a whole process, and for rendering a page with 20,000 references. Run `make demo` first.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from workbench.analyzers.model import ReferenceKind, Verdict
from workbench.reports.builders.audit import AuditSummary
from workbench.reports.builders.report import build_report
from workbench.reports.render import render
from workbench.results.storage import load_results

ROUNDS = 5
PLACES = 20_000
DEMO = Path("build/demo")
WORKBENCH = str(Path(sys.executable).with_name("workbench"))


def main() -> int:
    """Measure and print; return 1 if a target is missed, 2 without the files of the demo."""
    results = DEMO / "results.json"
    if not results.is_file():
        print(f"{results} not found: run `make demo` first", file=sys.stderr)
        return 2
    report = [WORKBENCH, "report", str(results), "--audit", str(DEMO / "audit.json")]
    page = [*report, "--format", "html", "-o", str(DEMO / "timed.html")]
    measured = load_results(results)
    rows = [
        ("workbench --help", 0.15, best(lambda: run(WORKBENCH, "--help"))),
        ("the demo's report as HTML, whole process", 3.0, best(lambda: run(*page))),
        (
            f"rendering a page with {PLACES:,} references",
            3.0,
            best(lambda: render(build_report(measured, places()), "html")),
        ),
    ]
    for what, target, seconds in rows:
        print(f"{what:<44}{seconds:7.2f} s   target {target:.2f} s")
    return int(any(seconds > target for _, target, seconds in rows))


def best(action: Callable[[], object]) -> float:
    """Return the seconds that the action takes, best of several rounds."""
    durations = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        action()
        durations.append(time.perf_counter() - start)
    return min(durations)


def run(*command: str) -> None:
    """Run a command; raises CalledProcessError if it fails."""
    subprocess.run(command, check=True, capture_output=True)


def places() -> AuditSummary:
    """Return an audit with many references."""
    document = {
        "schema_version": 1,
        "summary": {"files_scanned": PLACES},
        "references": [
            {
                "path": f"package{number % 97}/module{number % 3001}.py",
                "line": number + 1,
                "column": 5,
                "qualified_name": "sky.utils.common_utils.format_float",
                "utility": "format_float",
                "kind": ReferenceKind.CALL.value,
                "verdict": Verdict.REWRITE.value,
                "reason": "",
            }
            for number in range(PLACES)
        ],
        "errors": [],
    }
    return AuditSummary.from_json(document)


if __name__ == "__main__":
    sys.exit(main())
