"""Format a gate's verdict for people and build servers."""

from __future__ import annotations

import json
from xml.etree import ElementTree as ET

from workbench.formatting.github import LONGEST_TEXT, command
from workbench.formatting.markdown import code, prose
from workbench.formatting.terminal import PLAIN, Style, visible
from workbench.gate.judge import GateVerdict
from workbench.gate.policy import Answer

_XML = '<?xml version="1.0" encoding="utf-8"?>'
_MARKS = {Answer.PASS: "pass", Answer.FAIL: "**fail**"}


def to_text(verdict: GateVerdict, style: Style = PLAIN) -> str:
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
        answer = _colored(f"{worst.answer.value:<13}", worst.answer, style)
        lines.append(f"{answer}{style.bold(visible(place))}: {visible(worst.reason)}{more}\n")
    return "".join([*lines, f"gate: {_counts(verdict, style)}\n"])


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
    counts = {"tests": total, "failures": failed, "errors": total - failed - passed}
    suite = ET.Element("testsuite", name="workbench gate")
    suite.attrib.update({name: str(count) for name, count in counts.items()})
    for j in verdict.judgements:
        names = {"classname": visible(j.utility), "name": visible(j.workload)}
        case = ET.SubElement(suite, "testcase", names)
        if j.answer is not Answer.PASS:
            kind = "failure" if j.answer is Answer.FAIL else "error"
            ET.SubElement(
                case, kind, message=visible(f"{j.answer.value}: {j.reason}", LONGEST_TEXT)
            )
    ET.indent(suite)
    return f"{_XML}\n{ET.tostring(suite, encoding='unicode')}\n"


def to_markdown(verdict: GateVerdict) -> str:
    """Write a table of all judgements."""
    rows = (
        f"| {_MARKS.get(j.answer, j.answer.value)} | {code(j.utility)} | {code(j.workload)} "
        f"| {prose(j.reason)} |\n"
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
            lines.append(command(level, f"{where}{j.answer.value}: {j.reason}", title=j.utility))
    return "".join(f"{line}\n" for line in (*lines, f"gate: {_counts(verdict)}"))


FORMATS = {
    "text": to_text,
    "json": to_json,
    "junit": to_junit,
    "markdown": to_markdown,
    "github": to_github,
}


def _counts(verdict: GateVerdict, style: Style = PLAIN) -> str:
    worst = [judgement.answer for judgement in verdict.by_utility]
    return ", ".join(
        _colored(f"{worst.count(a)} {a.value}", a, style) if a in worst else f"0 {a.value}"
        for a in reversed(Answer)
        if a in {Answer.PASS, Answer.FAIL, *worst}
    )


def _colored(text: str, answer: Answer, style: Style) -> str:
    if answer is Answer.PASS:
        return style.green(text)
    return style.red(text) if answer is Answer.FAIL else style.yellow(text)
