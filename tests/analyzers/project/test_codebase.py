"""Tests for finding files, with the native search and the Python search."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from workbench.analyzers.model import FileError
from workbench.analyzers.project import codebase
from workbench.analyzers.project.codebase import CodeBase
from workbench.analyzers.project.discover import PathError, Selection


@pytest.fixture(params=["native", "python"], autouse=True)
def _search(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "python":
        monkeypatch.setattr(codebase, "search_files", None)


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    names = "b.py a.pyi c.txt .hidden/x.py __pycache__/x.py d/e.py d/script d/.z.py"
    for name in names.split():
        (tmp_path / "t" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "t" / name).write_text("word")
    (tmp_path / "outside.py").write_text("word")
    os.symlink(tmp_path / "outside.py", tmp_path / "t" / "link.py")
    os.symlink(tmp_path, tmp_path / "t" / "loop")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def shown(*paths: str | Path, **options: object) -> list[str]:
    errors: list[FileError] = []
    selection = Selection(tuple(map(Path, paths)), **options)  # type: ignore[arg-type]
    found = CodeBase(selection, errors.append).holding(["word"])
    assert errors == []
    return [file.display for file in found]


def test_searches_directories(tree: Path) -> None:
    assert shown("t") == ["t/a.pyi", "t/b.py", "t/d/.z.py", "t/d/e.py"]


def test_accepts_named_files_with_any_name(tree: Path) -> None:
    paths = tuple(map(Path, ("t/d/script", "t", "t/link.py", "t/b.py")))
    code_base = CodeBase(Selection(paths), pytest.fail)
    assert len(code_base.holding(["word"])) == code_base.count == 6
    named = sorted(file.display for file in code_base.named)
    assert named == ["t/b.py", "t/d/script", "t/link.py"]


def test_accepts_listed_files_that_may_be_invalid(tree: Path) -> None:
    selection = Selection((), (Path("t/d/script"), Path("outside.py")))
    code_base = CodeBase(selection, pytest.fail)
    assert [f.display for f in code_base.holding(["word"])] == ["outside.py", "t/d/script"]
    assert code_base.named == []


def test_finds_only_files_with_the_words(tree: Path) -> None:
    (tree / "t" / "b.py").write_text("other")
    code_base = CodeBase(Selection((Path("t"),)), pytest.fail)
    assert [f.display for f in code_base.holding(["other"])] == ["t/b.py"]
    assert [f.display for f in code_base.holding(["other", "word"])][:2] == ["t/a.pyi", "t/b.py"]
    assert code_base.holding([]) == []
    assert [Path(location).name for location in code_base.locations] == [
        "a.pyi",
        "b.py",
        ".z.py",
        "e.py",
    ]


def test_standard_input_is_a_named_file(tree: Path) -> None:
    selection = Selection((Path("t"),), stdin=b"a word", stdin_name="t/d/new.py")
    code_base = CodeBase(selection, pytest.fail)
    assert [f.display for f in code_base.holding(["word"])][-1] == "t/d/new.py"
    assert code_base.count == 5
    (file,) = code_base.named
    assert code_base.content(file) == b"a word"


def test_skips_excluded_files_unless_they_are_named(tree: Path) -> None:
    assert shown("t", excludes=("d/", "*.pyi")) == ["t/b.py"]
    assert shown("t", "t/d/e.py", excludes=("d/", "*.pyi")) == ["t/b.py", "t/d/e.py"]


def test_rejects_invalid_exclude(tree: Path) -> None:
    with pytest.raises(PathError, match=r'^exclude "\[z-a\]": [^\n]*\Z'):
        shown("t", excludes=("[z-a]",))


def test_follows_gitignore(tree: Path) -> None:
    (tree / ".git").mkdir()
    (tree / ".gitignore").write_text("/t/d/\n!e.py\n")
    (tree / "t" / ".gitignore").write_text("*.pyi\n")
    assert shown("t") == ["t/b.py"]
    assert shown("t/d") == ["t/d/.z.py", "t/d/e.py"]
    assert len(shown("t", follow_ignore=False)) == 4


def test_shows_absolute_paths_outside_the_current_directory(
    tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tree / "t" / "d")
    assert shown(tree / "outside.py", tree / "t" / "d") == [
        ".z.py",
        str(tree / "outside.py"),
        "e.py",
    ]


def test_reports_missing_path(tree: Path) -> None:
    with pytest.raises(PathError, match=r"^t/no/such: no such file or directory$"):
        shown("t", "t/no/such")


def test_reports_unreadable_file_once(tree: Path) -> None:
    errors: list[FileError] = []
    (tree / "t" / "gone.py").symlink_to("nowhere")
    code_base = CodeBase(Selection((Path("t"), Path("/proc/self/mem"))), errors.append)
    code_base.holding(["word"])
    code_base.holding(["other"])
    assert [error.path for error in errors] == ["/proc/self/mem"]
    assert errors[0].message.startswith("cannot be read: ")


def test_reports_unreadable_directory(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scandir = os.scandir

    def refuse(directory: str) -> object:
        if directory.endswith("d"):
            raise PermissionError(13, "Permission denied")
        return scandir(directory)

    monkeypatch.setattr(codebase, "search_files", None)  # root can read every directory
    monkeypatch.setattr(os, "scandir", refuse)
    errors: list[FileError] = []
    code_base = CodeBase(Selection((Path("t"),)), errors.append)
    assert [file.display for file in code_base.holding(["word"])] == ["t/a.pyi", "t/b.py"]
    assert errors == [FileError("t/d", "cannot be read: Permission denied")]


def test_rejects_pipe_without_opening_it(tree: Path) -> None:
    os.mkfifo("pipe.py")
    with pytest.raises(PathError, match=r"pipe.py: not a file or directory; use - for"):
        CodeBase(Selection((Path("pipe.py"),)), pytest.fail)
