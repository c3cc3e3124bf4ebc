"""Tests for the paths that a user names."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from workbench.analyzers.project.discover import PathError, Selection, display


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / "a.py").touch()
    (tmp_path / "script").touch()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def roots(*paths: str, listed: tuple[str, ...] = ()) -> dict[str, bool]:
    selection = Selection(tuple(map(Path, paths)), tuple(map(Path, listed)))
    return {os.path.relpath(root): named for root, named in selection.roots().items()}


def test_only_files_that_the_user_gave_are_named(here: Path) -> None:
    assert roots("d", "script") == {"d": False, "script": True}
    assert roots("d", listed=("script", "d/a.py")) == {
        "d": False,
        "script": False,
        "d/a.py": False,
    }
    assert all(os.path.isabs(root) for root in Selection((Path("d"),)).roots())


def test_a_path_given_twice_is_one_root(here: Path) -> None:
    assert roots("d/../script", "./d", "d", listed=("script",)) == {"script": True, "d": False}
    assert roots("script", listed=("script",)) == {"script": True}
    assert roots() == {}


def test_symbolic_links_are_not_resolved(here: Path) -> None:
    (here / "link").symlink_to("d")
    (here / "file").symlink_to("script")
    assert roots("link", "file") == {"link": False, "file": True}


def test_other_paths_are_refused(here: Path) -> None:
    (here / "broken").symlink_to("nowhere")
    os.mkfifo(here / "pipe")
    for path in ("no/such", "broken", "pipe"):
        for selection in (Selection((Path(path),)), Selection((), (Path(path),))):
            with pytest.raises(PathError, match=f"^{path}: [^\n]*\\Z"):
                selection.roots()


@pytest.mark.parametrize(
    ("location", "base", "shown"),
    [
        ("/a/b/c.py", "/a/b", "c.py"),
        ("/a/b/d/c.py", "/a/b", "d/c.py"),
        ("/a/bc/d.py", "/a/b", "/a/bc/d.py"),
        ("/a/c.py", "/a/b", "/a/c.py"),
        ("/c.py", "/", "c.py"),
    ],
)
def test_locations_are_shown_relative_to_the_directory_around_them(
    location: str, base: str, shown: str
) -> None:
    assert display(location, Path(base)) == shown
