"""Audits with the rules of the catalog, and the documents that they are read from."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.workbench.audits.uses import audit, of
from workbench.analyzers.model import Audit, FileAnalysis, FileError, Notice, Verdict
from workbench.audits.run import exit_code


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
