"""A gate's verdict in the formats that people and build servers read."""

from __future__ import annotations

import json
from xml.sax.saxutils import quoteattr

from workbench.formatting.units import visible
from workbench.gate.judge import GateVerdict, Judgement
from workbench.gate.policy import Answer

_MARKS = {Answer.PASS: "pass", Answer.FAIL: "**fail**"}


def to_text(verdict: GateVerdict) -> str:
    """Write one line for each utility that does not pass, and a count of all answers."""
    lines = []
    for worst in sorted(verdict.by_utility, key=lambda j: list(Answer).index(j.answer)):
        if worst.answer is Answer.PASS:
            continue
        others = sum(
            j.utility == worst.utility and j is not worst and j.answer is not Answer.PASS
            for j in verdict.judgements
        )
        more = f" (and {others} more)" if others else ""
        place = f"{worst.utility}: {worst.workload}" if worst.workload else worst.utility
        lines.append(f"{worst.answer.value:<13}{visible(place)}: {visible(worst.reason)}{more}\n")
    return "".join([*lines, f"gate: {_counts(verdict)}\n"])


def to_json(verdict: GateVerdict) -> str:
    """Write every judgement as a JSON document (schema version 1)."""
    document = {
        "schema_version": 1,
        "exit_code": verdict.exit_code,
        "judgements": [
            {
                "utility": j.utility,
                "workload": j.workload,
                "answer": j.answer.value,
                "reason": j.reason,
            }
            for j in verdict.judgements
        ],
    }
    return json.dumps(document, indent=2) + "\n"


def to_junit(verdict: GateVerdict) -> str:
    """Write every judgement as a JUnit test case."""
    failed = sum(j.answer is Answer.FAIL for j in verdict.judgements)
    passed = sum(j.answer is Answer.PASS for j in verdict.judgements)
    total = len(verdict.judgements)
    cases = "".join(_junit_case(j) for j in verdict.judgements)
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        f'<testsuite name="workbench gate" tests="{total}" failures="{failed}" '
        f'errors="{total - failed - passed}">\n{cases}</testsuite>\n'
    )


def to_markdown(verdict: GateVerdict) -> str:
    """Write a table of all judgements."""
    rows = (
        f"| {_MARKS.get(j.answer, j.answer.value)} | {_cell(j.utility)} | {_cell(j.workload)} "
        f"| {_cell(j.reason)} |\n"
        for j in verdict.judgements
    )
    head = "| answer | utility | workload | why |\n|---|---|---|---|\n"
    return f"{head}{''.join(rows)}\ngate: {_counts(verdict)}\n"


def to_github(verdict: GateVerdict) -> str:
    """Write a workflow command of GitHub Actions for each judgement that is not a pass."""
    lines = []
    for j in verdict.judgements:
        if j.answer is not Answer.PASS:
            level = "error" if j.answer is Answer.FAIL else "warning"
            where = f"{j.workload}: " if j.workload else ""
            message = _github(f"{where}{j.answer.value}: {j.reason}")
            lines.append(f"::{level} title={_github_property(j.utility)}::{message}\n")
    return "".join([*lines, f"gate: {_counts(verdict)}\n"])


FORMATS = {
    "text": to_text,
    "json": to_json,
    "junit": to_junit,
    "markdown": to_markdown,
    "github": to_github,
}


def _counts(verdict: GateVerdict) -> str:
    worst = [judgement.answer for judgement in verdict.by_utility]
    return ", ".join(
        f"{worst.count(answer)} {answer.value}"
        for answer in reversed(Answer)
        if answer in {Answer.PASS, Answer.FAIL, *worst}
    )


def _junit_case(j: Judgement) -> str:
    start = f"  <testcase classname={_attribute(j.utility)} name={_attribute(j.workload)}"
    if j.answer is Answer.PASS:
        return f"{start}/>\n"
    kind = "failure" if j.answer is Answer.FAIL else "error"
    message = _attribute(f"{j.answer.value}: {j.reason}")
    return f"{start}>\n    <{kind} message={message}/>\n  </testcase>\n"


def _attribute(text: str) -> str:
    # XML has no way to write control characters and lone surrogates.
    return quoteattr("".join(c if c.isprintable() else "\ufffd" for c in text))


def _cell(text: str) -> str:
    escaped = "".join(f"\\{c}" if c in "\\|`*_<>[]&" else c for c in text)
    return " ".join(escaped.split())


def _github(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _github_property(text: str) -> str:
    return _github(text).replace(":", "%3A").replace(",", "%2C")
