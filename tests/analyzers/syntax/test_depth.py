"""Tests for code that is nested too deeply for a parser."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.analyzers.case_files import shown
from tests.analyzers.sky_rules import RULES
from workbench.analyzers.audit import audit
from workbench.analyzers.syntax.depth import is_deep
from workbench.analyzers.syntax.lexer import SpanIndex, opaque_spans
from workbench.analyzers.syntax.pieces import Piece
from workbench.analyzers.syntax.source import apply_edits

IMPORT = "from sky.utils import common_utils\n"
CALL = "common_utils.format_float(1)"


@pytest.mark.parametrize("operator", ["and", "+", "<"])
def test_analyses_long_chains(
    operator: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    chain = f" {operator} 1" * 900
    (tmp_path / "deep.py").write_text(f"{IMPORT}x = {CALL}{chain}\n")
    found = audit([tmp_path], RULES)
    assert found.errors == ()
    assert [shown(reference) for reference in found.references] == ["2:5 call rewrite format_float"]
    new = apply_edits(found.files[0].original, found.files[0].edits).decode()
    assert new == f"import accelerated\nx = accelerated.format_float(1){chain}\n"


@pytest.mark.parametrize(
    ("code", "deep"),
    [
        ("x = 1\n" * 1_000, False),
        ("x = [\n" + "    1,\n" * 1_000 + "]\n", False),
        ("x = '+ + +' \\\n + 1\n" * 300, False),
        ("x = 1" + " \\\n + 1" * 500 + "\n", True),
        ("x = (1" + "\n + 1" * 500 + ")\n", True),
        ("x = 'a'" + " 'a'" * 500 + "\n", True),
        ("x = {" + "'a': 'b',\n" * 900 + "}\n", False),
        ("x = " + "[" * 13 + "]" * 13 + "\n", True),
        ("if x:\n  y\n" + "elif x:\n  y\n" * 500, True),
    ],
)
def test_is_deep(code: str, deep: bool) -> None:
    index = SpanIndex(code, opaque_spans(code))
    assert is_deep(code, index, Piece(0, len(code))) is deep
