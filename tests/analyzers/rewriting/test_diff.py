"""Byte edits, and the equivalent diff for git."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.analyzers.model import Audit, Edit, FileAnalysis
from workbench.analyzers.rewriting.diff import unified_diff
from workbench.analyzers.syntax.source import apply_edits

LINES = st.sampled_from([b"a\n", b"b\n", b"\n", b"c\r\n", b"d\re\n", b"\xff\x00\n", b"f f\n"])


@st.composite
def edited(draw: st.DrawFn) -> tuple[bytes, tuple[Edit, ...]]:
    content = b"".join(draw(st.lists(LINES, min_size=1, max_size=25))) + draw(
        st.sampled_from([b"", b"end"])
    )
    offsets = st.integers(0, len(content))
    cuts = sorted(draw(st.lists(offsets, unique=True, max_size=8)))
    edits = []
    for start, end in zip(cuts[::2], cuts[1::2], strict=False):
        replacement = b"".join(draw(st.lists(LINES | st.sampled_from([b"x", b""]), max_size=3)))
        edits.append(Edit(start, draw(st.sampled_from([start, end])), replacement))
    return content, tuple(edits)


def audit_of(location: Path, content: bytes, edits: tuple[Edit, ...]) -> Audit:
    file = FileAnalysis(location.name, location, content, (), edits)
    return Audit(1, (file,), (), (location.parent,))


@settings(
    max_examples=60,
    derandomize=True,
    deadline=None,
)
@given(edited())
def test_git_applies_any_edits(tmp_path: Path, change: tuple[bytes, tuple[Edit, ...]]) -> None:
    content, edits = change
    new = apply_edits(content, edits)
    file = tmp_path / "some file.py"
    file.write_bytes(content)
    diff = unified_diff(audit_of(file, content, edits))
    if new == content:
        assert b"@@" not in diff
        return
    command = ["git", "apply", "--whitespace=nowarn", "--unsafe-paths", "-"]
    run = subprocess.run(command, cwd=tmp_path, input=diff, capture_output=True, check=False)
    assert run.returncode == 0, (run.stderr, diff)
    assert file.read_bytes() == (new if new else b"")


def test_context_and_headers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    lines = [b"%d\n" % number for number in range(30)]
    content = b"".join(lines)
    at = content.index
    edits = (
        Edit(at(b"3\n"), at(b"3\n") + 1, b"three"),
        Edit(at(b"8\n"), at(b"8\n"), b"new\n"),
        Edit(at(b"25\n"), at(b"25\n") + 3, b""),
    )
    assert unified_diff(audit_of(tmp_path / "a.py", content, edits)).decode() == (
        "--- a/a.py\n+++ b/a.py\n@@ -1,11 +1,12 @@\n 0\n 1\n 2\n-3\n+three\n 4\n 5\n 6\n 7\n+new\n"
        " 8\n 9\n 10\n@@ -23,7 +24,6 @@\n 22\n 23\n 24\n-25\n 26\n 27\n 28\n"
    )


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("a b.py", b"--- a/a b.py\t\n+++ b/a b.py\t\n"),
        ("a\tb.py", b'--- "a/a\\011b.py"\n+++ "b/a\\011b.py"\n'),
        ('a"b.py', b'--- "a/a\\042b.py"\n+++ "b/a\\042b.py"\n'),
        ("ü.py", "--- a/ü.py\n+++ b/ü.py\n".encode()),
    ],
)
def test_file_names_are_quoted_as_git_expects(name: str, header: bytes, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(b"a\n")
    diff = unified_diff(audit_of(tmp_path / name, b"a\n", (Edit(0, 1, b"b"),)))
    assert diff.startswith(header)
    subprocess.run(["git", "apply", "-"], cwd=tmp_path, input=diff, check=True)
    assert (tmp_path / name).read_bytes() == b"b\n"


def test_paths_are_relative_to_the_audited_directory(tmp_path: Path) -> None:
    file = tmp_path / "root" / "deep" / "a.py"
    analysis = FileAnalysis(str(file), file, b"a\n", (), (Edit(0, 1, b"b"),))
    file.parent.mkdir(parents=True)
    diff = unified_diff(Audit(1, (analysis,), (), (tmp_path / "root",)))
    assert diff.startswith(b"--- a/deep/a.py\n")
    based = unified_diff(Audit(1, (analysis,), ()), base=tmp_path)
    assert based.startswith(b"--- a/root/deep/a.py\n")
