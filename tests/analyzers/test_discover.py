from __future__ import annotations

import os
from pathlib import Path

import pytest

from analyzers.discover import PathError, discover
from analyzers.model import FileError


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    names = "b.py a.pyi c.txt .hidden/x.py __pycache__/x.py d/e.py d/script d/.z.py"
    for name in names.split():
        (tmp_path / "t" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "t" / name).touch()
    (tmp_path / "outside.py").touch()
    os.symlink(tmp_path / "outside.py", tmp_path / "t" / "link.py")
    os.symlink(tmp_path, tmp_path / "t" / "loop")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def shown(paths: list[Path]) -> list[str]:
    return [file.display for file in discover(paths)]


def test_searches_directories(tree: Path) -> None:
    assert shown([Path("t")]) == ["t/a.pyi", "t/b.py", "t/d/.z.py", "t/d/e.py"]


def test_takes_named_files_whatever_their_name(tree: Path) -> None:
    files = discover([Path("t/d/script"), Path("t"), Path("t/link.py"), Path("t/b.py")])
    assert [f.display for f in files if f.named] == ["t/b.py", "t/d/script", "t/link.py"]
    assert len(files) == 6


def test_shows_absolute_paths_outside_the_current_directory(
    tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tree / "t" / "d")
    assert shown([tree / "outside.py", tree / "t" / "d"]) == [
        ".z.py",
        str(tree / "outside.py"),
        "e.py",
    ]


def test_a_missing_path_is_named(tree: Path) -> None:
    with pytest.raises(PathError, match=r"^t/no/such: no such file or directory$"):
        discover([Path("t"), Path("t/no/such")])


def test_an_unreadable_directory_is_named(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scandir = os.scandir

    def refuse(directory: str) -> object:
        if directory.endswith("d"):
            raise PermissionError(13, "Permission denied")
        return scandir(directory)

    monkeypatch.setattr(os, "scandir", refuse)
    errors: list[FileError] = []
    assert [file.display for file in discover([Path("t")], errors.append)] == ["t/a.pyi", "t/b.py"]
    assert errors == [FileError("t/d", "cannot be read: Permission denied")]
