"""Files that cannot be analysed are reported, and the other files are still analysed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.analyzers.sky_rules import RULES
from workbench.analyzers.audit import audit
from workbench.analyzers.model import FileError, Verdict
from workbench.analyzers.rewriting.write import write

GOOD = b"from sky.utils import common_utils\nprint(common_utils.format_float(1))\n"

BROKEN = {
    "syntax": (GOOD + b"def f(:\n", "line 3: invalid syntax"),
    "bracket": (GOOD + b"x = (1,\n", "line 3: '(' was never closed"),
    "quote": (GOOD + b"x = '''1\n", "line 3: unterminated triple-quoted string literal"),
    "one_quote": (GOOD + b"x = 'format_float\n", "line 3: unterminated string literal"),
    "field": (GOOD + b"x = f'{format_float'\n", "line 3:"),
    "closing": (b"x = format_float)\n", "line 1: unmatched ')'"),
    "decode": (GOOD + b"# \xff\n", "cannot be decoded"),
    "cookie": (b"# coding: nonsense\n" + GOOD, "unknown encoding: nonsense"),
    "null": (GOOD + b"\0\n", "null bytes"),
    "print": (b"print format_float\n", "line 1: Missing parentheses in call to 'print'"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_reports_the_file_and_analyses_the_others(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    content, message = BROKEN[name]
    (tmp_path / "bad.py").write_bytes(content)
    (tmp_path / "good.py").write_bytes(GOOD)
    found = audit([tmp_path], RULES)
    assert [error.path for error in found.errors] == ["bad.py"]
    assert message in found.errors[0].message
    assert "\n" not in found.errors[0].message
    assert write(found).paths == ("good.py",)
    assert (tmp_path / "bad.py").read_bytes() == content


def test_an_unreadable_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    os.mkfifo(tmp_path / "pipe.py")
    (tmp_path / "gone.py").write_bytes(GOOD)
    (tmp_path / "good.py").write_bytes(GOOD)
    read = Path.read_bytes

    def refuse(path: Path) -> bytes:  # root can read every file
        if path.name == "gone.py":
            raise PermissionError(13, "Permission denied")
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", refuse)
    found = audit([tmp_path], RULES)
    assert found.errors == (FileError("gone.py", "cannot be read: Permission denied"),)
    assert [file.path for file in found.files] == ["good.py"]


def test_a_named_file_is_checked_even_without_references(tmp_path: Path) -> None:
    bad = tmp_path / "bad.txt"
    bad.write_text("def f(:\n")
    assert [error.message for error in audit([bad], RULES).errors] == ["line 1: invalid syntax"]
    assert audit([tmp_path], RULES).errors == ()


def test_valid_python_that_libcst_rejects(tmp_path: Path) -> None:
    code = "from sky.utils import common_utils\nclass A(m=common_utils.format_float, *()): pass\n"
    (tmp_path / "odd.py").write_text(code)
    found = audit([tmp_path], RULES)
    assert found.errors == ()
    assert [(r.line, r.verdict) for r in found.references] == [(2, Verdict.REWRITE)]


WIDE = str.maketrans({chr(code): chr(code + 0xFEE0) for code in range(ord("a"), ord("z") + 1)})
OTHER = "spelled with other characters that Python normalises to this name"


@pytest.mark.parametrize(
    ("code", "verdict", "reason"),
    [
        (f"common_utils.{'hash'.translate(WIDE)}_file(hash_file=1)", "review", OTHER),
        (f"{'common'.translate(WIDE)}_utils.hash_file(common_utils)", "review", OTHER),
        ("common_utils.\u00b5(common_utils.hash_file())", "rewrite", ""),
        ("common_utils.hash_file\u0301(common_utils.hash_file())", "rewrite", ""),
        (
            f"try: common_utils.hash_file()\nexcept E as {'common'.translate(WIDE)}_utils: 1",
            "review",
            "`common_utils` is also bound on line 3",
        ),
    ],
)
def test_a_name_in_another_spelling(code: str, verdict: str, reason: str, tmp_path: Path) -> None:
    """Python treats full-width letters in identifiers as the usual ones."""
    (tmp_path / "odd.py").write_text(f"from sky.utils import common_utils\n{code}\n", "utf-8")
    audited = audit([tmp_path], RULES)
    assert audited.errors == ()
    (found,) = audited.references
    assert (found.line, found.verdict.value) == (2, verdict)
    assert reason in found.reason
