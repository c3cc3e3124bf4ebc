from __future__ import annotations

import re
from dataclasses import replace

from hypothesis import given

from tests.reports.audit_formats.audit_samples import analysis, audits, every_kind, reference
from workbench.analyzers.model import Audit
from workbench.formatting.terminal import Style, visible
from workbench.reports.audit_formats.concise import render
from workbench.reports.audit_formats.findings import Findings


@given(audits())
def test_concise_has_a_line_for_each_finding(audit: Audit) -> None:
    lines = render(Findings(audit)).splitlines()

    references = [
        f"{visible(r.path)}:{r.line}:{r.column}: {r.verdict.value} {r.kind.value} "
        for r in audit.references
    ]
    notices = [f"{visible(n.path)}:{n.line}:{n.column}: notice: " for n in audit.notices]
    errors = [f"{visible(e.path)}: error: " for e in audit.errors]
    expected = [*references, *notices, *errors]
    assert len(lines) == len(expected)
    assert all(any(line.startswith(start) for line in lines) for start in expected)


def test_grep_and_editors_can_split_a_line_at_its_colons() -> None:
    lines = render(Findings(every_kind())).splitlines()

    parsed = [re.fullmatch(r"([^:]+):(\d+):(\d+): (\w+)(:?) (.+)", line) for line in lines]
    assert [match and match.groups() for match in parsed] == [
        ("a/b.py", "3", "7", "rewrite", "", "call m.slow"),
        ("a/b.py", "9", "7", "review", "", "call m.slow (a test patches it)"),
        ("a/b.py", "10", "7", "keep", "", "call m.slow (called once)"),
        ("a/b.py", "20", "7", "review", "", "copy m.slow (has the same body)"),
        ("a/b.py", "12", "4", "notice", ":", "this comment keeps nothing"),
        ("a/c.py", "1", "1", "notice", ":", "no such utility"),
        None,
    ]
    assert lines[-1] == "a/broken.py: error: line 3: invalid syntax"


def test_a_baseline_adds_a_last_line() -> None:
    for hidden in (0, 1, 41):
        *findings, last = render(Findings(every_kind(), hidden)).splitlines()
        assert last.startswith("baseline: ")
        assert f" {hidden} finding" in last
        assert findings == render(Findings(every_kind())).splitlines()


def test_nothing_found_is_no_output() -> None:
    assert not render(Findings(Audit(7, (), ())))


def test_verdicts_are_colored() -> None:
    shown = render(Findings(every_kind()), Style(color=True)).splitlines()

    codes = [re.findall(r"\x1b\[(\d+)m(.*?)\x1b\[0m", line)[1] for line in shown]
    assert codes == [
        ("32", "rewrite"),
        ("33", "review"),
        ("2", "keep"),
        ("33", "review"),
        ("33", "notice"),
        ("33", "notice"),
        ("31", "error"),
    ]


def test_long_texts_are_cut_but_paths_are_not() -> None:
    path = "directory/" * 300 + "module.py"
    found = replace(reference(path, name="m" * 5000), reason="why " * 2000)
    line = render(Findings(Audit(1, (analysis(found),), ())))

    assert line.startswith(f"{path}:3:7: ")
    assert len(line) < len(path) + 4100
