"""Files are replaced whole or not at all."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from analyzers.model import Audit, Edit, FileAnalysis, FileError
from analyzers.write import write

OLD = b"old\n"


def audit_of(*locations: Path) -> Audit:
    files = (FileAnalysis(p.name, p, OLD, (), (Edit(0, 3, b"new"),)) for p in locations)
    return Audit(len(locations), tuple(files), ())


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "a.py"
    path.write_bytes(OLD)
    return path


@pytest.mark.parametrize("mode", [0o644, 0o600, 0o755, 0o444])
def test_keeps_the_mode(file: Path, mode: int) -> None:
    file.chmod(mode)
    assert write(audit_of(file)).paths == ("a.py",)
    assert file.read_bytes() == b"new\n"
    assert stat.S_IMODE(file.stat().st_mode) == mode
    assert os.listdir(file.parent) == ["a.py"]


def test_a_changed_file_is_left_alone(file: Path, tmp_path: Path) -> None:
    other = tmp_path / "b.py"
    other.write_bytes(OLD)
    file.write_bytes(b"edited meanwhile\n")
    result = write(audit_of(file, other))
    assert result.paths == ("b.py",)
    assert result.errors == (FileError("a.py", "changed since it was read; left alone"),)
    assert file.read_bytes() == b"edited meanwhile\n"


def test_a_vanished_file_is_named(file: Path) -> None:
    file.unlink()
    (error,) = write(audit_of(file)).errors
    assert error == FileError("a.py", "cannot be written: No such file or directory")


def test_follows_a_symbolic_link(file: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.py"
    link.symlink_to(file)
    assert write(audit_of(link)).paths == ("link.py",)
    assert link.is_symlink()
    assert file.read_bytes() == b"new\n"


@pytest.mark.parametrize("step", ["fsync", "replace", "fchmod"])
def test_a_failure_leaves_the_old_file(
    file: Path, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, step, fail)
    (error,) = write(audit_of(file)).errors
    assert error.message == "cannot be written: No space left on device"
    assert file.read_bytes() == OLD
    assert os.listdir(file.parent) == ["a.py"]


def test_an_owner_that_cannot_be_set_is_no_failure(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "fchown", refuse)
    assert write(audit_of(file)).errors == ()
    assert file.read_bytes() == b"new\n"


def test_a_file_without_edits_is_not_touched(file: Path) -> None:
    before = file.stat()
    analysis = FileAnalysis("a.py", file, OLD, (), ())
    assert write(Audit(1, (analysis,), ())).paths == ()
    assert file.stat() == before
