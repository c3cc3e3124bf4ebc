"""Tests for `.gitignore` rules and excludes without the native search."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from workbench.analyzers.project.discover import PathError
from workbench.analyzers.project.gitignore import Ignored


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name in ("a.py", "build/b.py", "build/sub/c.py", "src/d.py", "src/build"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    return tmp_path


def ignored(check: Ignored, tree: Path) -> set[str]:
    """Return what is skipped below a tree; directories are not searched if they are."""
    skipped = set()
    for directory, directories, files in os.walk(tree):
        for name in [*directories, *files]:
            path = os.path.join(directory, name)
            if check(path, name in directories):
                skipped.add(os.path.relpath(path, tree))
        directories[:] = [
            name
            for name in directories
            if os.path.relpath(os.path.join(directory, name), tree) not in skipped
        ]
    return skipped


@pytest.mark.parametrize(
    ("excludes", "skipped"),
    [
        ([], set()),
        (["build"], {"build", "src/build"}),
        (["build/"], {"build"}),
        (["/src/*.py"], {"src/d.py"}),
        (["*.py", "!d.py"], {"a.py", "build/b.py", "build/sub/c.py"}),
        (["**/sub"], {"build/sub"}),
        (["# build", ""], set()),
    ],
)
def test_excludes_are_relative_to_the_current_directory(
    excludes: list[str], skipped: set[str], tree: Path
) -> None:
    assert ignored(Ignored(tree, excludes, False), tree) == skipped
    assert ignored(Ignored(tree / "other", excludes, False), tree) == set()


def test_patterns_of_inner_files_take_precedence(tree: Path) -> None:
    (tree / ".git").mkdir()
    (tree / ".gitignore").write_text("*.py\n/build/sub\n")
    (tree / "src" / ".gitignore").write_text("!d.py\nbuild\n")
    skipped = {"a.py", "build/b.py", "build/sub", "src/build"}
    assert ignored(Ignored(tree, (), True), tree) == skipped
    assert ignored(Ignored(tree, (), False), tree) == set()
    assert ignored(Ignored(tree, ["d.py"], True), tree) == {*skipped, "src/d.py"}


def test_files_outside_a_work_tree_have_no_effect(tree: Path) -> None:
    (tree / ".gitignore").write_text("*.py\n")
    assert ignored(Ignored(tree, (), True), tree) == set()


def test_a_nested_work_tree_has_its_own_rules(tree: Path) -> None:
    (tree / ".git").mkdir()
    (tree / ".gitignore").write_text("*.py\n")
    (tree / "build" / ".git").write_text("gitdir: elsewhere\n")
    (tree / "build" / ".gitignore").write_text("sub\n")
    assert ignored(Ignored(tree, (), True), tree) == {"a.py", "src/d.py", "build/sub"}


def test_a_root_is_searched_even_if_it_is_ignored(tree: Path) -> None:
    (tree / ".git").mkdir()
    (tree / ".gitignore").write_text("build\nsub\nc.py\n")
    (tree / "build" / ".gitignore").write_text("b.py\n")
    check = Ignored(tree, (), True)
    root = tree / "build" / "sub"
    assert check(str(root), True)
    check.enter(str(root))
    assert ignored(check, root) == set()
    check.enter(str(tree))
    assert ignored(check, tree) == {"build", "src/build"}


def test_git_skips_patterns_that_it_does_not_understand(tree: Path) -> None:
    (tree / ".git").mkdir()
    (tree / ".gitignore").write_bytes(b"[z-a]\n!\n\xff.py\na.py\n")
    assert ignored(Ignored(tree, (), True), tree) == {"a.py"}
    assert Ignored(tree, (), True)(os.fsdecode(os.fsencode(tree) + b"/\xff.py"), False)


@pytest.mark.parametrize("pattern", ["[z-a]", "!"])
def test_an_invalid_exclude_is_an_error(pattern: str, tree: Path) -> None:
    with pytest.raises(PathError, match="exclude") as caught:
        Ignored(tree, ["a.py", pattern], False)
    assert f'"{pattern}"' in str(caught.value)
