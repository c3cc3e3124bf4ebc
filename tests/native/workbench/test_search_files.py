"""Compare the native search, the Python walk and the files that git does not ignore."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench._native import search_files
from workbench.analyzers.project.discover import SUFFIXES as ALL_SUFFIXES
from workbench.analyzers.project.walk import walk

SUFFIXES = list(ALL_SUFFIXES)
HIDDEN = (".git", ".d", "__pycache__")
DIRECTORIES = ("a", "b", "a.py", *HIDDEN)
FILES = ("a", "b", "x.py", "y.pyi", ".z.py", ".py", "é.py", os.fsdecode(b"\xff.py"), "x.txt")
CONTENTS = (b"", b"one", b"...two...", b"on e", b"ONE", b"\xff\x00two", b"." * 300_000 + b"one")

paths = st.builds(
    lambda directories, name: "/".join((*directories, name)),
    st.lists(st.sampled_from(DIRECTORIES), max_size=3),
    st.sampled_from(FILES),
)
trees = st.dictionaries(paths, st.sampled_from(CONTENTS), max_size=12)
links = st.lists(st.tuples(paths, st.sampled_from((".", "..", "a", "x.py", "no"))), max_size=2)


@contextmanager
def laid_out(files: dict[str, bytes]) -> Iterator[Path]:
    """Create a directory with these files, skipping paths that conflict with earlier ones."""
    with tempfile.TemporaryDirectory() as directory:
        root = Path(directory).resolve() / "root"
        root.mkdir()
        for name, content in files.items():
            path = root / name
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
            except (FileExistsError, NotADirectoryError, IsADirectoryError):
                continue
        yield root


def link(root: Path, name: str, target: str) -> None:
    try:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).symlink_to(target)
    except (FileExistsError, NotADirectoryError, OSError):
        return


Search = Callable[[Sequence[str], Sequence[str], bool], list[str]]
"""Find the files below roots, except excluded files and, optionally, files that git ignores."""


def natively(roots: Sequence[str], excludes: Sequence[str], follow_ignore: bool) -> list[str]:
    joined, hits, errors = search_files(list(roots), [], list(excludes), SUFFIXES, follow_ignore)
    assert not hits
    assert not errors
    return split(joined)


def by_python(roots: Sequence[str], excludes: Sequence[str], follow_ignore: bool) -> list[str]:
    failed: list[object] = []
    found = list(walk(roots, excludes, follow_ignore, lambda *error: failed.append(error)))
    assert not failed
    return sorted(found, key=os.fsencode)


def split(joined: bytes) -> list[str]:
    return os.fsdecode(joined).split("\0") if joined else []


each_search = pytest.mark.parametrize("search", [natively, by_python])


@settings(max_examples=150, deadline=None, derandomize=True)
@given(trees, links, st.sets(st.sampled_from(("one", "two", "")), max_size=3))
def test_finds_the_same_files_as_the_python_walk(
    files: dict[str, bytes], links: list[tuple[str, str]], words: set[str]
) -> None:
    with laid_out(files) as root:
        for name, target in links:
            link(root, name, target)
        roots = [str(root), *(str(root / d) for d in DIRECTORIES if (root / d).is_dir())]
        needles = [word.encode() for word in sorted(words)]
        joined, hits, errors = search_files(roots, needles, [], SUFFIXES, False)
        locations = by_python(roots, [], False)
        assert split(joined) == locations
        assert errors == []
        held = {locations[at]: numbers for at, numbers in hits}
        for location in locations:
            data = Path(location).read_bytes()
            numbers = [number for number, needle in enumerate(needles) if needle in data]
            assert held.get(location, []) == numbers


# Git ignores a line of only these characters; the native walk applies "!" to every path.
patterns = st.lists(
    st.one_of(
        st.sampled_from(("*.py", "!x.py", "a/", "/a", "a/**", "**/b", "!a/b/", "*", "!*/", "# a")),
        st.text("ab*?[]!/\\x.yp -", min_size=1, max_size=8).filter(lambda line: line.strip(" !/")),
    ),
    max_size=4,
)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(
    files=trees,
    top=patterns,
    inner=patterns,
    directory=st.sampled_from(("", "a", "a/b", "b")),
)
def test_ignores_what_git_ignores(
    files: dict[str, bytes], top: list[str], inner: list[str], directory: str
) -> None:
    ignored = {
        ".gitignore": "\n".join(top),
        os.path.join(directory, ".gitignore"): "\n".join(inner),
    }
    files = {n: c for n, c in files.items() if ".git/" not in n and os.fsencode(n).isascii()}
    with laid_out({**{n: text.encode() for n, text in ignored.items()}, **files}) as root:
        make_repository(root)
        expected = untracked(root)
        for search in (natively, by_python):
            found = search([str(root)], [], True)
            assert {os.path.relpath(path, root) for path in found} == expected


def make_repository(root: Path) -> None:
    """Create the minimum that git accepts as a repository, without running git."""
    for name in ("objects", "refs"):
        (root / ".git" / name).mkdir(parents=True)
    (root / ".git" / "HEAD").write_text("ref: refs/heads/main\n")


def untracked(root: Path) -> set[str]:
    """Return the Python files that git does not ignore, except those in hidden directories."""
    command = ["git", "-C", str(root), "ls-files", "-oz", "--exclude-per-directory=.gitignore"]
    names = subprocess.run(command, capture_output=True, check=True).stdout.split(b"\0")
    shown = (os.fsdecode(name) for name in names)
    return {
        name
        for name in shown
        if name.endswith(tuple(SUFFIXES)) and not set(HIDDEN) & set(name.split("/")[:-1])
    }


@each_search
@settings(max_examples=60, deadline=None, derandomize=True)
@given(files=trees, excludes=patterns)
def test_excludes_have_the_syntax_of_gitignore(
    search: Search, files: dict[str, bytes], excludes: list[str]
) -> None:
    files = {name: content for name, content in files.items() if ".git/" not in name}
    with laid_out({**files, ".gitignore": "\n".join(excludes).encode()}) as root:
        (root / ".git").mkdir(exist_ok=True)
        before = Path.cwd()
        os.chdir(root)
        try:
            excluded = search([str(root)], excludes, False)
        except ValueError:  # git ignores invalid patterns
            return
        finally:
            os.chdir(before)
        assert excluded == search([str(root)], [], True)


@each_search
def test_rejects_a_bad_exclude(search: Search, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r'^exclude "\[z-a\]": '):
        search([str(tmp_path)], ["[z-a]"], False)


def test_reports_a_missing_root(tmp_path: Path) -> None:
    missing = str(tmp_path / "missing")
    found = search_files([missing], [b""], [], SUFFIXES, True)
    assert found == (b"", [], [(missing, "No such file or directory")])


@pytest.fixture
def endless(tmp_path: Path) -> str:
    """Create a sparse file of 4 TB, which takes minutes to search."""
    file = tmp_path / "endless.py"
    with file.open("wb") as stream:
        stream.truncate(1 << 42)
    return str(file)


def test_can_be_interrupted(endless: str) -> None:
    start = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        search_beside(threading.Timer(0.2, signal.raise_signal, [signal.SIGINT]), endless)
    assert time.monotonic() - start < 60


def search_beside(thread: threading.Thread, file: str) -> None:
    """Start the thread here, where an early interrupt is expected as well."""
    thread.start()
    search_files([file], [b"one"], [], SUFFIXES, False)


def test_other_threads_keep_running(endless: str) -> None:
    turns: list[int] = []

    def count() -> None:
        for turn in range(10):
            time.sleep(0.001)
            turns.append(turn)
        # If the search held the GIL, this thread would not run and the search would take minutes.
        signal.raise_signal(signal.SIGINT)

    thread = threading.Thread(target=count)
    start = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        search_beside(thread, endless)
    assert time.monotonic() - start < 60
    assert len(turns) == 10
    thread.join()


def test_a_large_file_is_searched_to_its_end(tmp_path: Path) -> None:
    file = tmp_path / "long.py"
    with file.open("wb") as stream:
        stream.seek(1 << 25)
        stream.write(b"one")
    found = search_files([str(tmp_path)], [b"one", b"two"], [], SUFFIXES, False)
    assert found == (os.fsencode(file), [(0, [0])], [])
