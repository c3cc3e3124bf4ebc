"""Tests for finding copies of functions."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

from workbench.analyzers.audit import audit
from workbench.analyzers.copies.fingerprint import fingerprint
from workbench.analyzers.model import Audit, ReferenceKind, Verdict
from workbench.analyzers.rules import Copy, Rule

ORIGINAL = '''\
def weigh(load, factor=2):
    """Weigh a load."""
    scaled = load.kilos * factor
    if scaled > 100:
        return heavy(scaled, "too much to carry")
    return scaled
'''
COPIED = """\
def anything(a: "Load", b: int = 3) -> int:
    # As it was done elsewhere.
    c = (a.kilos
         * b)
    if c > 100: return heavy(c, 'too much ' 'to carry')
    return c
"""
FUNCTION = ast.parse(ORIGINAL).body[0]
assert isinstance(FUNCTION, ast.FunctionDef)
COPY = Copy(fingerprint(FUNCTION), ("kilos", "heavy"), "loads 1.0")
RULES = [Rule("pkg.loads.weigh", "quick.weigh", "weigh", (COPY,))]
REASON = "copies the body of pkg.loads.weigh from loads 1.0"


def audited(tmp_path: Path, code: str, name: str = "case.py") -> Audit:
    (tmp_path / name).write_bytes(code.encode())
    return audit([tmp_path], RULES)


def places(found: Audit) -> list[tuple[int, int]]:
    copies = [r for r in found.references if r.kind is ReferenceKind.COPY]
    assert all((r.verdict, r.reason) == (Verdict.REVIEW, REASON) for r in copies)
    assert not any(file.edits for file in found.files)
    return [(r.line, r.column) for r in copies]


def indented(code: str, by: str) -> str:
    return "".join(by + line for line in code.splitlines(keepends=True))


@pytest.mark.parametrize("code", [ORIGINAL, COPIED], ids=["same", "renamed"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_finds_functions_and_methods(code: str, newline: str, tmp_path: Path) -> None:
    inner = indented(code, "    ").lstrip()
    text = (
        f"import x\n\n{code}\nclass C:\n    @property\n    async {inner}\n"
        f"def outer():\n    'é'\n    def \\\n     {inner[4:]}"
    )
    expected = []
    for number, line in enumerate(text.splitlines(), 1):
        for name in ("weigh(", "anything("):
            if name in line and "return" not in line:
                expected.append((number, line.index(name) + 1))
    assert len(expected) == 3
    found = audited(tmp_path, text.replace("\n", newline))
    assert places(found) == expected


@pytest.mark.parametrize("code", [ORIGINAL, COPIED], ids=["same", "renamed"])
def test_finds_members_of_large_classes(code: str, tmp_path: Path) -> None:
    head = f"class C(B):\n    x = '{'x' * 5000}'\n\n    def other(self): pass\n\n"
    text = head + indented(code, "    ")
    assert places(audited(tmp_path, text)) == [(6, 9)]


def test_original_is_not_a_copy(tmp_path: Path) -> None:
    package = tmp_path / "pkg"
    package.mkdir()
    (package / "__init__.py").touch()
    assert places(audited(package, ORIGINAL, "loads.py")) == []
    nested = "class C:\n" + indented(ORIGINAL, "    ")
    assert places(audited(package, nested, "loads.py")) == [(2, 9)]
    assert places(audited(package, COPIED, "loads.py")) == [(1, 5)]


def test_method_can_be_the_original(tmp_path: Path) -> None:
    large = f"class Load:\n    x = '{'x' * 5000}'\n\n{indented(ORIGINAL, '    ')}"
    (tmp_path / "case.py").write_text(large)
    for old, count in (("case.Load.weigh", 0), ("case.Other.weigh", 1)):
        rules = [Rule(old, "quick.weigh", "weigh", (COPY,))]
        assert (
            len([r for r in audit([tmp_path], rules).references if r.kind is ReferenceKind.COPY])
            == count
        )


@pytest.mark.parametrize(
    "change",
    [("> 100", ">= 100"), ("100", "101"), ("kilos *", "kilos +"), ("heavy(", "heavy_(")],
)
def test_different_body_is_not_a_copy(change: tuple[str, str], tmp_path: Path) -> None:
    assert places(audited(tmp_path, ORIGINAL.replace(*change))) == []


def test_skips_code_without_all_needles(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workbench.analyzers.copies.find._parsed", None)
    assert places(audited(tmp_path, ORIGINAL.replace("heavy", "light"))) == []
    assert places(audited(tmp_path, "x.kilos\n" + "heavy()\n")) == []


def test_skips_code_that_cannot_be_parsed(tmp_path: Path) -> None:
    broken = "def f(x):\n    return (x.kilos, heavy\n    )) +\n"
    found = audited(tmp_path, f"{broken}\n{COPIED}")
    assert (places(found), found.errors) == ([], ())


def test_finds_a_copy_after_an_invalid_statement(tmp_path: Path) -> None:
    broken = "def f(x):\n    return x.kilos, heavy, x x\n\n"
    assert places(audited(tmp_path, f"{broken}{ORIGINAL}")) == [(4, 5)]


def test_reports_copies_and_references_in_one_file(tmp_path: Path) -> None:
    found = audited(tmp_path, f"from pkg import loads\n{COPIED}\nloads.weigh(1)\n")
    assert [(r.line, r.kind, r.verdict) for r in found.references] == [
        (2, ReferenceKind.COPY, Verdict.REVIEW),
        (9, ReferenceKind.CALL, Verdict.REWRITE),
    ]


def test_suppression_applies_to_a_copy(tmp_path: Path) -> None:
    found = audited(tmp_path, f"# workbench: keep[weigh] vendored on purpose\n{COPIED}")
    assert [(r.verdict, r.reason) for r in found.references] == [
        (Verdict.KEEP, "vendored on purpose")
    ]
    assert found.notices == ()


@pytest.mark.skipif(sys.version_info < (3, 12), reason="type parameters are new in Python 3.12")
def test_ignores_type_parameters(tmp_path: Path) -> None:
    assert places(audited(tmp_path, COPIED.replace("(a:", "[T](a:"))) == [(1, 5)]
