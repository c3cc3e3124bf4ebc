"""Tests for the parser of newer syntax: whole modules, compared with `ast.parse`."""

from __future__ import annotations

import random
import sysconfig
from pathlib import Path

import pytest

from tests.analyzers.case_files import CASES
from tests.analyzers.syntax.newer.trees import expected, names, shape
from workbench.analyzers.syntax.newer import parse

LIBRARY = sorted(Path(sysconfig.get_path("stdlib")).glob("*.py"))
SMALL = [path for path in LIBRARY if path.stat().st_size < 20_000]
SAMPLE = random.Random(5).sample(SMALL, 12)


def test_cases() -> None:
    for case in CASES:
        if case.runs or case.needs == "none":
            assert shape(parse(case.before)) == expected(case.before), case.name
        else:
            assert names(case.before), case.name


@pytest.mark.parametrize("path", SAMPLE, ids=lambda path: path.name)
def test_library_modules(path: Path) -> None:
    code = path.read_text(encoding="utf-8")
    assert shape(parse(code)) == expected(code)


@pytest.mark.parametrize(
    "code", ["x =", "if", "'a' b'c'", "t'a' t'b'", r"'\x'", pytest.param("9" * 5000, id="long")]
)
def test_rejects_invalid_code(code: str) -> None:
    with pytest.raises(SyntaxError):
        parse(code)
