"""An audit as workflow commands of GitHub Actions, which shows them beside the changed lines.

GitHub shows ten annotations of each level for a step; the log has all of them.
"""

from __future__ import annotations

from workbench.analyzers.model import Notice, Reference, Verdict
from workbench.formatting.units import visible
from workbench.reports.audit_formats.findings import Findings, at, sentence
from workbench.reports.model.audit import Problem

_LONGEST_TEXT = 2000
_CARRIED = "\r\n"
"""The controls that a workflow command can carry in a property."""


def render(findings: Findings) -> str:
    """Write an annotation for each reference, notice and error; what is kept is but a log line."""
    lines = [
        _kept(reference) if reference.verdict is Verdict.KEEP else _reference(reference)
        for file in findings.files
        for reference in file.references
    ]
    lines += [_notice(notice) for file in findings.files for notice in file.notices]
    lines += [_error(error) for error in findings.counts.errors]
    lines += [_log(line) for line in (*findings.totals, findings.baseline) if line]
    return "".join(f"{line}\n" for line in lines)


def _reference(reference: Reference) -> str:
    level = "warning" if reference.verdict is Verdict.REWRITE else "notice"
    return _command(level, reference, reference.label, sentence(reference))


def _notice(notice: Notice) -> str:
    return _command("warning", notice, "workbench", notice.message)


def _error(error: Problem) -> str:
    return f"::error file={_property(error.subject)},title=workbench::{_data(error.reason)}"


def _kept(reference: Reference) -> str:
    return _log(f"kept {at(reference)}: {sentence(reference)}")


def _command(level: str, place: Reference | Notice, title: str, message: str) -> str:
    where = f"file={_property(place.path)},line={place.line},col={place.column}"
    return f"::{level} {where},title={_property(title)}::{_data(message)}"


def _log(text: str) -> str:
    """Write a line that is no command: the runner takes ``##[`` for one wherever it stands."""
    return visible(text, _LONGEST_TEXT).replace("##[", "# #[")


def _data(text: str) -> str:
    return visible(text, _LONGEST_TEXT).replace("%", "%25")


def _property(text: str) -> str:
    # A path that was changed would annotate no file, so that what can be carried is.
    shown = "".join(c if c in _CARRIED else visible(c) for c in text)
    for character in "%\r\n:,":
        shown = shown.replace(character, f"%{ord(character):02X}")
    return shown
