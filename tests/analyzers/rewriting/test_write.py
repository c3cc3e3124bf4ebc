"""Files are replaced whole or not at all."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import pytest

from workbench.analyzers.model import Audit, Edit, FileAnalysis, FileError
from workbench.analyzers.project.walk import walk
from workbench.analyzers.rewriting.write import plan, remove_leftovers, without_links, write

OLD = b"old\n"


def audit_of(*locations: Path, roots: tuple[Path, ...] = ()) -> Audit:
    files = (FileAnalysis(p.name, p, OLD, (), (Edit(0, 3, b"new"),)) for p in locations)
    return Audit(len(locations), tuple(files), (), roots)


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
    assert result.errors == (FileError("a.py", "skipped: changed since it was read"),)
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


def test_no_link_leads_out_of_the_given_paths(file: Path, tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()
    (root / "link.py").symlink_to(file)
    (root / "directory").symlink_to(tmp_path)
    for link in (root / "link.py", root / "directory" / "a.py"):
        audit = audit_of(link, roots=(root,))
        (error,) = write(audit).errors
        assert error == FileError(
            link.name, f"skipped: a symbolic link leads to {file}, outside the given paths"
        )
        assert without_links(audit).errors == (error,)
        assert file.read_bytes() == OLD
    # Naming the link is not naming the file: a shell does that with *.py.
    assert write(audit_of(root / "link.py", roots=(root / "link.py",))).paths == ()
    assert file.read_bytes() == OLD


def test_a_link_inside_the_given_paths_is_followed_once(file: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.py"
    link.symlink_to(file)
    result = write(audit_of(link, file, roots=(tmp_path,)))
    assert result.paths == ("a.py",)
    assert result.errors == ()
    assert link.is_symlink()
    assert file.read_bytes() == b"new\n"


def test_a_given_directory_may_be_a_link(file: Path, tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.symlink_to(tmp_path, target_is_directory=True)
    assert write(audit_of(root / "a.py", roots=(root,))).paths == ("a.py",)
    assert file.read_bytes() == b"new\n"


def test_a_file_with_several_names_is_mentioned(file: Path, tmp_path: Path) -> None:
    os.link(file, tmp_path / "other.txt")
    planned = plan(audit_of(file))
    message = "shares its content with 1 other name (hard links) and becomes a file of its own"
    assert planned.warnings == (FileError("a.py", message),)
    assert write(audit_of(file)).paths == ("a.py",)
    assert (tmp_path / "other.txt").read_bytes() == OLD


def test_what_a_killed_run_left_is_removed(file: Path) -> None:
    # As after SIGKILL: the unfinished file is there and nobody removes it.
    pid = os.fork()
    if not pid:
        os.replace = lambda *_: os._exit(0)  # type: ignore[assignment]
        write(audit_of(file))
    os.waitpid(pid, 0)
    (leftover,) = (path for path in file.parent.iterdir() if path != file)
    assert leftover.read_bytes() == b"new\n"
    assert not discovered(leftover.parent) & {leftover.name}
    other = file.parent / ".a.py.notes"
    other.touch()
    assert write(audit_of(file)).paths == ("a.py",)
    assert sorted(os.listdir(file.parent)) == [".a.py.notes", "a.py"]
    remove_leftovers([file])
    assert other.exists()


def discovered(directory: Path) -> set[str]:
    found = walk([str(directory)], (), False, lambda *_: None)
    return {Path(location).name for location in found}


def test_a_very_long_name(tmp_path: Path) -> None:
    path = tmp_path / ("é" * 126 + ".py")
    path.write_bytes(OLD)
    assert write(audit_of(path)).errors == ()
    assert path.read_bytes() == b"new\n"


@pytest.mark.skipif(sys.platform != "linux", reason="extended attributes")
def test_keeps_extended_attributes(file: Path) -> None:
    try:
        os.setxattr(file, "user.note", b"kept")
    except OSError:
        pytest.skip("this file system has none")
    assert write(audit_of(file)).paths == ("a.py",)
    assert os.getxattr(file, "user.note") == b"kept"
