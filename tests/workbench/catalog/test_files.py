from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from workbench.catalog import _files
from workbench.catalog._values import wrong_types


def test_a_file_is_written_once_and_whole(tmp_path: Path) -> None:
    path = tmp_path / "below" / "file"
    written: list[Path] = []

    def write(target: Path) -> None:
        written.append(target)
        assert target.parent == path.parent
        assert not path.exists()
        target.write_bytes(b"content")

    for _ in range(2):
        assert _files.provide(path, write).read_bytes() == b"content"
    assert len(written) == 1
    assert os.listdir(path.parent) == ["file"]


def test_a_failed_write_leaves_nothing(tmp_path: Path) -> None:
    def write(target: Path) -> None:
        target.write_bytes(b"half")
        raise OSError("no space")

    with pytest.raises(OSError, match="no space"):
        _files.provide(tmp_path / "file", write)
    assert os.listdir(tmp_path) == []


def test_files_with_equal_contents_are_the_same(tmp_path: Path) -> None:
    one, other = (_files.provide_bytes(tmp_path, content) for content in (b"a", b"b"))
    assert one != other
    assert _files.provide_bytes(tmp_path, b"a") == one
    assert (one.read_bytes(), other.read_bytes()) == (b"a", b"b")


@pytest.mark.parametrize("size", [0, 1, 100, 9 * 1024, 10**6])
def test_a_log_has_its_size_and_lines_of_usual_length(size: int, tmp_path: Path) -> None:
    content = _files.provide_log(tmp_path, size).read_bytes()
    assert len(content) == size
    # The first and the last line may be incomplete, and one line where the text repeats.
    whole = content.split(b"\n")[1:-1]
    assert all(len(line) <= 150 for line in whole)
    assert sum(len(line) < 60 for line in whole) <= 1
    assert len(whole) >= size // 150 - 1


@pytest.mark.parametrize("entries", [0, 3, 1_000])
def test_a_folder_has_as_many_files(entries: int, tmp_path: Path) -> None:
    folder = _files.provide_folder(tmp_path, entries)
    assert _files.provide_folder(tmp_path, entries) == folder
    assert len(os.listdir(folder)) == entries


def test_missing_entries_are_added_and_links_kept(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"kept")
    _files.provide_entries(tmp_path, ("a", "b"))
    assert (tmp_path / "a").read_bytes() == b"kept"
    for _ in range(2):
        assert os.readlink(_files.provide_link(tmp_path, "link", "nowhere")) == "nowhere"
    assert sorted(os.listdir(tmp_path)) == ["a", "b", "link"]


def test_a_silent_fifo_is_a_fifo(tmp_path: Path) -> None:
    for _ in range(2):
        assert stat.S_ISFIFO(os.stat(_files.silent_fifo(tmp_path)).st_mode)


def test_path_calls_have_every_kind_of_path(tmp_path: Path) -> None:
    calls = list(_files.path_calls(tmp_path, b"content", 7, "x"))
    assert all(call.args[1:] == (7, "x") for call in calls)
    paths = [call.args[0] for call in calls]
    readable = [path for path in paths if kind_of(path) == "file"]
    own = [
        path
        for path in readable
        if str(tmp_path) in os.fsdecode(path) and "forbidden" not in os.fsdecode(path)
    ]
    assert {Path(os.fsdecode(path)).read_bytes() for path in own} == {b"content"}
    assert {type(path) for path in own} >= {str, bytes, type(tmp_path)}
    assert {kind_of(path) for path in paths} >= {"file", "directory", "missing", "fifo", "socket"}
    assert {type(path) for path in paths} >= {type(value) for value in wrong_types()}
    notes = {call.note for call in calls}
    assert notes >= {"no privileges", "no free file descriptor", "7 bytes written into the FIFO"}


def kind_of(path: object) -> str:
    """Return what a path is; empty if it is not a path."""
    if not isinstance(path, str | bytes | os.PathLike):
        return ""
    try:
        mode = os.stat(path).st_mode
    except (OSError, ValueError, TypeError):
        return "missing"
    kinds = {"fifo": stat.S_ISFIFO, "directory": stat.S_ISDIR, "socket": stat.S_ISSOCK}
    return next((name for name, matches in kinds.items() if matches(mode)), "file")


@pytest.mark.parametrize("content", [b"", b"content"])
def test_a_fifo_is_fed_during_its_call(content: bytes, tmp_path: Path) -> None:
    note = f"{len(content)} bytes written into the FIFO"
    calls = [c for c in _files.path_calls(tmp_path, b"content") if c.note == note]
    assert calls
    for call in calls:
        for _ in range(2):
            with call.surroundings():
                assert Path(call.args[0]).read_bytes() == content
