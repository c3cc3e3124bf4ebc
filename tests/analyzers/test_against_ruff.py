"""Compare the audit with ruff's TID251, position by position.

The audit finds more, for the reasons that `explained` returns: uses of a function imported by its
own name (ruff reports only the import), references that need review, and uses of re-exports. Ruff
finds more where it takes a local variable for a module, and in string annotations, which the audit
reports as strings.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.analyzers.case_files import CASES, FIXTURES
from tests.analyzers.ruff_references import Place, compare
from tests.analyzers.sky_rules import RULES
from workbench.analyzers.model import Reference, Verdict

REPOSITORY = FIXTURES.parent
GIVEN = [os.environ.get("WORKBENCH_CODE_BASE", ""), str(REPOSITORY / "build" / "skypilot")]
CODE_BASES = [Path(path) for path in GIVEN if path and Path(path).is_dir()]


def explained(place: Place, reference: Reference) -> str:
    """Return why ruff does not report a reference; empty if there is no known reason."""
    if reference.verdict is Verdict.REVIEW:
        return "needs review"
    data = Path(place[0]).read_bytes()
    try:
        line = data.decode("utf-8-sig").splitlines()[place[1] - 1]
    except UnicodeDecodeError:
        return "ruff reads only UTF-8"
    start = place[2] - 1
    end = start
    while end < len(line) and (line[end].isalnum() or line[end] == "_"):
        end += 1
    return "" if line[end : end + 1] == "." else "a bare name"


def test_cases(tmp_path: Path) -> None:
    for case in CASES:
        (tmp_path / case.name).mkdir()
        case.lay_out(tmp_path / case.name)
    only_ruff, only_audit = compare(tmp_path, RULES)
    names = sorted(
        (Path(place[0]).relative_to(tmp_path).parts[0], *place[1:3]) for place in only_ruff
    )
    assert names == [
        ("shadow_assignment_later", 6, 16),  # a local variable, also before it is assigned
        ("string_annotation", 4, 16),  # reported as a string
    ]
    assert [place for place, r in only_audit.items() if not explained(place, r)] == []


def test_codebase() -> None:
    code_base = FIXTURES / "codebase"
    only_ruff, only_audit = compare(code_base, RULES)
    assert only_ruff == set()
    rest = [place for place, r in only_audit.items() if not explained(place, r)]
    assert sorted((os.path.basename(place[0]), *place[1:3]) for place in rest) == [
        ("cli.py", 10, 38),  # one module reached through another
        ("report.py", 7, 54),  # a re-export
    ]


@pytest.mark.parametrize("code_base", CODE_BASES, ids=lambda path: path.name)
def test_given_code_base(code_base: Path) -> None:
    only_ruff, only_audit = compare(code_base, RULES)
    assert only_ruff == set()
    assert [place for place, r in only_audit.items() if not explained(place, r)] == []
