"""Write reports from the files that other commands write."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.errors import WorkbenchError
from workbench.extras import HISTORY, require
from workbench.files import check_output, read_bytes, write_atomically
from workbench.gate.judge import GateVerdict

if TYPE_CHECKING:
    from workbench.analyzers.model import Audit
    from workbench.history import Trend
    from workbench.profiles import Profile
    from workbench.reports.builders.audit import AuditSummary
    from workbench.reports.model.report import Report
    from workbench.results.model import Results

_HISTORY = Path(".workbench/history.db")
"""Included if it exists; otherwise SQLAlchemy is not imported."""
_SUFFIXES = {"text": "txt", "markdown": "md"}
"""Suffixes of formats, if different from their names."""


@dataclass(frozen=True)
class Sources:
    """The input files of a report; all but the results are optional."""

    results: Path
    audit: Path | None = None
    profile: Path | None = None
    migration: Path | None = None
    history: str | None = None
    """A store; by default the one in the current directory, if it exists."""
    gate: bool = False
    baseline: Path | None = None
    """Earlier results for the gate; they imply ``gate``."""


def load_report(sources: Sources) -> Report:
    """Build a report from the given files.

    Raises WorkbenchError for a file that cannot be read or has the wrong content.
    """
    from workbench.audits.run import load_audit
    from workbench.profiles import load_profile
    from workbench.results.storage import load_results

    measured = load_results(sources.results)
    audit = load_audit(sources.audit) if sources.audit else None
    profile = load_profile(sources.profile) if sources.profile else None
    diff = read_bytes(sources.migration) if sources.migration else None
    trends = _trends(sources.history)
    verdict = _gate(measured, sources.gate, sources.baseline)
    try:
        return make_report(measured, audit, profile, diff, trends=trends, gate=verdict)
    except ValueError as error:
        raise WorkbenchError(f"{sources.migration} is {error}") from error


def make_report(  # noqa: PLR0913
    results: Results,
    audit: Audit | AuditSummary | None = None,
    profile: Profile | None = None,
    migration: bytes | None = None,
    *,
    trends: tuple[Sequence[Trend], str] | None = None,
    gate: tuple[GateVerdict, str | None] | None = None,
) -> Report:
    """Build a report from results and other data about the same code.

    ``migration`` is a unified diff. ``trends`` come with the name of their history, and ``gate`` is
    a verdict with the name of its baseline. Raises ValueError if ``migration`` is not a diff.
    """
    from workbench.catalog import utilities
    from workbench.reports.builders.audit import AuditSummary
    from workbench.reports.builders.report import build_report

    if not (audit is None or isinstance(audit, AuditSummary)):
        audit = AuditSummary.from_audit(audit)
    return build_report(
        results,
        audit,
        profile=profile,
        migration=migration,
        trends=trends,
        gate=gate,
        purposes={utility.name: utility.summary for utility in utilities()},
    )


def render_report(report: Report, format_: str) -> str:
    """Return a report in one of ``workbench.reports.render.FORMATS``."""
    from workbench.reports.render import render

    return render(report, format_)


def formats(asked: Sequence[str], opened: bool) -> tuple[str, ...]:
    """Return the formats to write, without duplicates; HTML too if it is ``opened``."""
    wanted = [*asked, "html"] if opened else asked or ["text"]
    return tuple(dict.fromkeys(wanted))


def refuse_several(wanted: Sequence[str]) -> None:
    """Raise WorkbenchError for several formats, which do not fit on standard output."""
    if len(wanted) > 1:
        raise WorkbenchError("several formats need a directory; use -o DIRECTORY")


def output_paths(formats: Sequence[str], output: Path) -> dict[str, Path]:
    """Return the file for each format; create ``output`` as a directory for several formats.

    One format is written to ``output`` itself unless that is a directory. Raises WorkbenchError if
    a file cannot be written there.
    """
    if len(formats) == 1 and not os.path.isdir(output):
        check_output(output)
        return {formats[0]: output}
    try:
        output.mkdir(exist_ok=True)
    except FileExistsError as error:
        advice = "use a directory for several formats"
        raise WorkbenchError(f"cannot write to {output}: it is a file; {advice}") from error
    except OSError as error:
        raise WorkbenchError(f"cannot create {output}: {error.strerror}") from error
    paths = {name: output / f"report.{_SUFFIXES.get(name, name)}" for name in formats}
    for path in paths.values():
        check_output(path)
    return paths


def write_report(report: Report, paths: dict[str, Path]) -> None:
    """Write a report to a file for each format."""
    for format_, path in paths.items():
        write_atomically(path, render_report(report, format_))


def show_in_browser(path: Path) -> None:
    """Open a page in the browser. Raises WorkbenchError if there is no browser."""
    import webbrowser

    if not webbrowser.open(path.resolve().as_uri()):
        raise WorkbenchError(f"cannot start a browser; open {path} yourself")


def page_for_browser() -> Path:
    """Create a temporary directory for a page; it is not deleted."""
    import tempfile

    return Path(tempfile.mkdtemp(prefix="workbench-report-"))


def _trends(store: str | None) -> tuple[tuple[Trend, ...], str] | None:
    if store is None and not _HISTORY.exists():
        return None
    require(HISTORY)
    from workbench import history
    from workbench.history.location import locate

    if store is not None:
        return history.trends(history.load(store)), str(locate(store))
    try:
        return history.trends(history.load()), str(_HISTORY)
    except history.NothingToShow:
        return None


def _gate(
    results: Results, asked: bool, baseline: Path | None
) -> tuple[GateVerdict, str | None] | None:
    if not asked and baseline is None:
        return None
    from workbench.configuration import gate_policy
    from workbench.gate.judge import judge
    from workbench.results.storage import load_results

    policy = gate_policy(None, baseline=baseline is not None)
    before = load_results(baseline) if baseline else None
    return judge(results, policy, before), str(baseline) if baseline else None
