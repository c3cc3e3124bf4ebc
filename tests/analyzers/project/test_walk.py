"""Tests for the search in Python; `tests/native` compares it with the native one and with git."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from workbench.analyzers.project.discover import PathError
from workbench.analyzers.project.walk import walk


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("a.py", "b.pyi", "c.txt", ".d.py", "d/e.py", ".f/g.py", "__pycache__/h.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / "link.py").symlink_to("a.py")
    (tmp_path / "loop").symlink_to(".")
    (tmp_path / "directory.py").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def found(*roots: str, excludes: tuple[str, ...] = (), follow: bool = False) -> list[str]:
    locations = [os.path.abspath(root) for root in roots]

    def fail(location: str, reason: str) -> None:
        pytest.fail(f"{location}: {reason}")

    return [os.path.relpath(path) for path in walk(locations, excludes, follow, fail)]


def test_finds_python_files_but_nothing_hidden_or_linked(tree: Path) -> None:
    assert sorted(found(".")) == [".d.py", "a.py", "b.pyi", "d/e.py"]


def test_roots_may_be_hidden_linked_or_any_file(tree: Path) -> None:
    assert found(".f", "__pycache__") == [".f/g.py", "__pycache__/h.py"]
    assert found("c.txt", "link.py") == ["c.txt", "link.py"]
    assert found("loop/d") == ["loop/d/e.py"]


def test_each_file_comes_once(tree: Path) -> None:
    assert found("d/e.py", "d", "d") == ["d/e.py"]
    assert sorted(found("d", ".")) == sorted(found("."))


def test_a_root_is_not_excluded(tree: Path) -> None:
    (tree / ".git").mkdir()
    (tree / ".gitignore").write_text("d\na.py\n")
    assert sorted(found(".", excludes=("*.pyi",), follow=True)) == [".d.py"]
    assert found("d", "a.py", follow=True) == ["d/e.py", "a.py"]
    assert found("d/e.py", excludes=("e.py",)) == ["d/e.py"]
    assert found("d", excludes=("e.py",)) == []


def test_a_directory_that_cannot_be_read_is_reported(
    tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scandir = os.scandir

    def refuse(directory: str) -> object:
        if directory.endswith("/d"):
            raise PermissionError(13, "Permission denied")
        return scandir(directory)

    monkeypatch.setattr(os, "scandir", refuse)  # root can read every directory
    failed: list[tuple[str, str]] = []
    locations = list(walk([str(tree)], (), False, lambda *error: failed.append(error)))
    assert failed == [(str(tree / "d"), "Permission denied")]
    assert str(tree / "a.py") in locations


def test_an_invalid_exclude_is_an_error(tree: Path) -> None:
    with pytest.raises(PathError):
        found(".", excludes=("[z-a]",))
