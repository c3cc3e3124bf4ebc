from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from workbench import atomic


@pytest.fixture
def umask() -> Iterator[int]:
    before = os.umask(0o027)
    yield 0o027
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_new_file_has_the_mode_that_the_umask_leaves(tmp_path: Path, umask: int) -> None:
    path = tmp_path / "file"
    atomic.replace(path, b"content")
    assert path.read_bytes() == b"content"
    assert mode(path) == 0o666 & ~umask
    # Reading the umask must not change it.
    assert os.umask(umask) == umask


@pytest.mark.usefixtures("umask")
def test_the_mode_is_that_of_the_old_file_unless_another_is_given(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"old")
    path.chmod(0o755)
    atomic.replace(path, b"new", like=path.stat())
    assert (path.read_bytes(), mode(path)) == (b"new", 0o755)
    atomic.replace(path, b"newer", like=path.stat(), mode=0o600)
    assert (path.read_bytes(), mode(path)) == (b"newer", 0o600)


def test_readers_of_the_old_file_keep_the_old_content(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"old")
    with path.open("rb") as reader:
        atomic.replace(path, b"new")
        assert reader.read() == b"old"
    assert os.listdir(tmp_path) == ["file"]


@pytest.mark.skipif(sys.platform != "linux", reason="extended attributes are copied on Linux")
def test_extended_attributes_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"old")
    try:
        os.setxattr(path, "user.note", b"kept")
    except OSError:
        pytest.skip("the file system has no extended attributes")
    atomic.replace(path, b"new", like=path.stat())
    assert os.getxattr(path, "user.note") == b"kept"
    atomic.replace(path, b"newer")
    assert os.listxattr(path) == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give files away")
def test_the_owner_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"old")
    os.chown(path, 65534, 65533)
    atomic.replace(path, b"new", like=path.stat())
    assert (path.stat().st_uid, path.stat().st_gid) == (65534, 65533)


def test_an_owner_that_may_not_be_set_is_not_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "fchown", refuse)
    path = tmp_path / "file"
    path.write_bytes(b"old")
    atomic.replace(path, b"new", like=path.stat())
    assert path.read_bytes() == b"new"


@pytest.mark.parametrize("failing", ["fsync", "fchmod", "replace"])
@pytest.mark.parametrize("error", [OSError, KeyboardInterrupt])
def test_a_failure_leaves_the_old_file_alone(
    failing: str, error: type[BaseException], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"old")

    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(os, failing, fail)
    with pytest.raises(error):
        atomic.replace(path, b"new")
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["file"]


def test_only_a_durable_file_is_synced_with_its_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[bool] = []
    monkeypatch.setattr(
        os, "fsync", lambda handle: synced.append(stat.S_ISDIR(os.fstat(handle).st_mode))
    )
    atomic.replace(tmp_path / "file", b"new", durable=False)
    assert synced == []
    atomic.replace(tmp_path / "file", b"new")
    assert synced == [False, True]


def test_an_unfinished_file_does_not_look_like_a_module(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    monkeypatch.setattr(os, "fsync", lambda _: seen.extend(os.listdir(tmp_path)))
    atomic.replace(tmp_path / ("n" * 250 + ".py"), b"new")
    unfinished = seen[0]
    assert unfinished.startswith(".n")
    assert unfinished.endswith(atomic.UNFINISHED)


def test_a_missing_directory_cannot_be_written_but_is_not_an_error_to_sync(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        atomic.replace(tmp_path / "no" / "file", b"new")
    atomic.sync_directory(tmp_path / "no")
    assert os.listdir(tmp_path) == []
