from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from workbench.errors import WorkbenchError
from workbench.files import check_output, read_json, write_atomically


def test_content_is_replaced_and_the_mode_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "file"
    write_atomically(path, "first µ\n")
    assert path.read_text(encoding="utf-8") == "first µ\n"
    path.chmod(0o640)
    write_atomically(path, b"second\xff")
    assert path.read_bytes() == b"second\xff"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert [entry.name for entry in tmp_path.iterdir()] == ["file"]


def test_a_new_file_has_the_usual_mode(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        write_atomically(tmp_path / "file", "")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "file").stat().st_mode) == 0o640


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("target")
    write_atomically(tmp_path / "link", "content")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "target").read_text() == "content"


def test_a_pipe_or_a_device_is_not_replaced(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    reader = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    write_atomically(tmp_path / "pipe", "content")
    assert os.read(reader, 100) == b"content"
    os.close(reader)
    assert stat.S_ISFIFO((tmp_path / "pipe").stat().st_mode)


def test_a_failed_write_leaves_the_old_content(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "file"
    path.write_text("old")

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(WorkbenchError, match="No space left on device"):
        write_atomically(path, "new")
    assert path.read_text() == "old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["file"]


def test_outputs_are_checked_before_the_work(tmp_path: Path) -> None:
    (tmp_path / "there").write_text("")
    check_output(tmp_path / "new")
    check_output(tmp_path / "there")
    for path, overwrite, message in (
        (tmp_path / "missing" / "file", True, "missing does not exist; create it first"),
        (tmp_path, True, "it is a directory"),
        (tmp_path / "there", False, "use --force to overwrite it"),
    ):
        with pytest.raises(WorkbenchError, match=message):
            check_output(path, overwrite=overwrite)
    with pytest.raises(WorkbenchError, match="cannot write"):
        write_atomically(tmp_path / "missing" / "file", "")


def test_names_as_long_as_the_system_allows(tmp_path: Path) -> None:
    for name in ("x" * 255, "\u00e9" * 127):
        write_atomically(tmp_path / name, "content")
        assert (tmp_path / name).read_text() == "content"
    with pytest.raises(WorkbenchError, match="File name too long"):
        check_output(tmp_path / ("x" * 256))


def test_json_of_any_content(tmp_path: Path) -> None:
    path = tmp_path / "file.json"
    for content in (b"", b"\0", b"\xff", b"[" * 100_000, b"1" * 5000, b'{"a": 1'):
        path.write_bytes(content)
        with pytest.raises(WorkbenchError, match=r"file\.json is not JSON: ") as caught:
            read_json(path)
        assert "\n" not in str(caught.value)
    path.write_text('\ufeff{"a": [1]}', encoding="utf-8")
    assert read_json(path) == {"a": [1]}


def test_a_directory_that_is_not_writable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(WorkbenchError, match="is not writable"):
        check_output(tmp_path / "file")
