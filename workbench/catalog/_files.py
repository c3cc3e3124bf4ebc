"""Create files and directories as arguments for the calls of catalog entries."""

from __future__ import annotations

import hashlib
import os
import stat
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from workbench.catalog._surroundings import as_nobody, fed_by, open_files_limit, without_warnings
from workbench.catalog._values import Text, words, wrong_types
from workbench.catalog.model import Call

_LOG_WORDS = words("INFO worker started job finished in ms retrying node ok")


class _Path(os.PathLike[Any]):
    """A path-like object whose ``__fspath__`` returns any object."""

    def __init__(self, path: object) -> None:
        self._path = path

    def __fspath__(self) -> Any:
        return self._path


def provide(path: Path, write: Callable[[Path], None]) -> Path:
    """Return ``path``, creating it atomically with ``write`` if it does not exist."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent)
        os.close(handle)
        temporary = Path(name)
        try:
            write(temporary)
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)
    return path


def provide_bytes(directory: Path, content: bytes) -> Path:
    """Return a file with this content, named by its hash."""
    name = hashlib.blake2b(content, digest_size=12).hexdigest()
    return provide(directory / name, lambda path: _write_bytes(path, content))


def provide_entries(directory: Path, names: Iterable[str]) -> Path:
    """Return ``directory`` with an empty file of each name."""
    directory.mkdir(parents=True, exist_ok=True)
    for name in set(names).difference(os.listdir(directory)):
        (directory / name).touch()
    return directory


def provide_folder(directory: Path, entries: int) -> str:
    """Return a directory with this number of empty files."""
    names = (f"{i:04}" for i in range(entries))
    return str(provide_entries(directory / f"entries-{entries}", names))


def provide_link(directory: Path, name: str, target: str) -> Path:
    """Return a symbolic link to ``target``, which need not exist."""
    link = directory / name
    if not link.is_symlink():
        link.symlink_to(target)
    return link


def provide_log(directory: Path, size: int) -> Path:
    """Return a log file of ``size`` bytes with lines of 60 to 150 characters."""

    def write(path: Path) -> None:
        lines = [
            f"2025-01-01 00:{i // 60 % 60:02}:{i % 60:02}.{i % 1000:03} "
            + " ".join(_LOG_WORDS[(i * 7 + k * 3) % len(_LOG_WORDS)] for k in range(8 + i % 13))
            + "\n"
            for i in range(3600)
        ]
        block = "".join(lines).encode()
        with path.open("wb") as file:
            whole, rest = divmod(size, len(block))
            for _ in range(whole):
                file.write(block)
            file.write(block[-rest:] if rest else b"")

    return provide(directory / f"log-{size}.txt", write)


def path_calls(directory: Path, content: bytes, *rest: Any) -> Iterator[Call]:
    """Yield calls with every kind of path, followed by ``rest``; files have this content."""
    plain = provide_bytes(directory, content)
    for path in (*_readable(directory, plain, content), *_refused(directory, plain)):
        yield Call((path, *rest))
    for path in (*wrong_types(), 10**6, -1, 2**70, 1.5, memoryview(os.fsencode(plain))):
        yield Call((path, *rest), surroundings=without_warnings)
    fifo = _fifo(directory)
    for fed in (b"", content):
        note = f"{len(fed)} bytes written into the FIFO"
        yield Call((str(fifo), *rest), surroundings=fed_by(fifo, fed), note=note)
    for path in (plain, directory, Path("/"), Path("/etc/shadow"), Path("/root")):
        yield Call((str(path), *rest), surroundings=as_nobody, note="no privileges")
    for path in (plain, directory):
        no_more = open_files_limit(3)
        yield Call((str(path), *rest), surroundings=no_more, note="no free file descriptor")


def silent_fifo(directory: Path) -> str:
    """Return a FIFO without a writer, for calls that must not open it."""
    return str(_fifo(directory))


def _readable(directory: Path, plain: Path, content: bytes) -> tuple[Any, ...]:
    odd_name = directory / "näme with spaces 日本\n"
    odd_name.write_bytes(content)
    undecodable = os.fsencode(directory) + b"/\xff\xfe"
    with open(undecodable, "wb") as file:
        file.write(content)
    link = provide_link(directory, "link", plain.name)
    exact = (str(plain), str(link), str(odd_name), os.fsdecode(undecodable), os.path.relpath(plain))
    other = (plain, odd_name, os.fsencode(plain), undecodable, Text(plain))
    return (*exact, *other, _Path(str(plain)), _Path(undecodable))


def _refused(directory: Path, plain: Path) -> tuple[Any, ...]:
    loop, broken = (
        provide_link(directory, name, target) for name, target in (("loop", "loop"), ("gone", "no"))
    )
    missing = (
        "",
        "no/such/file",
        str(broken),
        f"{plain}/",
        f"{plain}/below",
        f"{directory}/\ud800",
    )
    impossible = ("x" * 256, "x/" * 2500, "/" * 5000, "a\0b", b"a\0b", str(loop), Text(loop))
    folders = (directory, str(directory), os.fsencode(directory), f"{directory}/", ".", "/")
    # These exist but cannot be read.
    unreadable = ("/dev/null", "/proc/self/mem", "/proc/self/clear_refs", _socket(directory))
    indirect = (_Path(None), _Path(5), _Path("a\0b"), _Path(bytearray(b".")))
    return (*missing, *impossible, *folders, *unreadable, _forbidden(directory), *indirect)


def _forbidden(directory: Path) -> str:
    file = provide(directory / "forbidden", lambda path: _write_bytes(path, b"secret"))
    file.chmod(0)
    return str(file)


def _socket(directory: Path) -> str:
    path = directory / "socket"
    if not path.exists():
        # Not bound, since socket addresses limit the length of the path.
        with suppress(OSError):
            os.mknod(path, stat.S_IFSOCK | 0o600)
    return str(path)


def _fifo(directory: Path) -> Path:
    path = directory / "fifo"
    if not path.exists():
        os.mkfifo(path)
    return path


def _write_bytes(path: Path, content: bytes) -> None:
    path.write_bytes(content)
