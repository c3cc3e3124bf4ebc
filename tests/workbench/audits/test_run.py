"""Audits with the rules of the catalog, and the documents that they are read from."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.workbench.audits.uses import audit, of
from workbench.analyzers.model import Audit, FileAnalysis, FileError, Notice, Verdict
from workbench.analyzers.project.discover import Selection
from workbench.audits import run
from workbench.audits.baseline import findings
from workbench.audits.run import exit_code
from workbench.audits.scope import AuditScope
from workbench.errors import WorkbenchError
from workbench.reports.audit_formats import render

CODE = "from sky.utils.common_utils import format_float, hash_file\nformat_float(1)\n"


@pytest.mark.parametrize(
    ("found", "code"),
    [
        (audit([]), 0),
        (audit([("hash_file(a)", Verdict.KEEP)]), 0),
        (audit([("hash_file(a)", Verdict.KEEP), ("hash_file(a)", Verdict.REVIEW)]), 1),
        (audit([("hash_file(a)", Verdict.REWRITE)]), 1),
        (of(FileAnalysis("a.py", Path("a.py"), b"", (), (), (Notice("a.py", 1, 1, "x"),))), 1),
        (of(errors=(FileError("a.py", "x"),)), 3),
    ],
)
def test_exit_codes(found: Audit, code: int) -> None:
    assert exit_code(found) == code
    assert exit_code(found, findings=False) == (0 if code == 1 else code)


@pytest.fixture
def code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory with a module that uses two utilities, and one that raises when imported."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "code").mkdir()
    (tmp_path / "code" / "uses.py").write_text(CODE)
    (tmp_path / "code" / "raises.py").write_text("raise SystemExit('imported')\n")
    return tmp_path / "code"


@pytest.mark.parametrize("kind", [str, Path])
def test_paths_and_scopes_are_audited(kind: type, code: Path) -> None:
    found = run.audit([kind(code)])
    labels = {reference.label for reference in found.references}
    assert labels == {"format_float", "hash_file"}
    assert found.errors == ()
    scope = AuditScope(Selection((code,)), select=("hash_file",))
    assert {reference.label for reference in run.audit(scope).references} == {"hash_file"}


def test_progress_is_reported(code: Path) -> None:
    steps: list[tuple[int, int]] = []
    run.audit([code], lambda *step: steps.append(step), fresh=True)
    assert steps == sorted(steps)
    done, total = steps[-1]
    assert done == total > 0


def test_a_path_that_does_not_exist_is_one_line(code: Path) -> None:
    with pytest.raises(WorkbenchError, match="no_such_directory") as caught:
        run.audit([code / "no_such_directory"])
    assert "\n" not in str(caught.value)
    assert caught.value.exit_code == 2


def test_a_saved_audit_is_loaded(code: Path, tmp_path: Path) -> None:
    found = run.audit([code])
    path = tmp_path / "audit.json"
    path.write_text(render(findings(found), "json"))
    summary, document = run.read_audit(path)
    assert run.load_audit(str(path)) == summary
    assert len(document["references"]) == len(found.references) == 3


@pytest.mark.parametrize(
    "content", [b"", b"{}", b"[]", b"null", b'{"references": 5}', b"\xff", b"{"]
)
def test_other_documents_are_one_line_that_names_the_file(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "audit.json"
    path.write_bytes(content)
    with pytest.raises(WorkbenchError, match=re.escape(str(path))) as caught:
        run.load_audit(path)
    assert "\n" not in str(caught.value)
