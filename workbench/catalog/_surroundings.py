"""Files, variables and limits that catalog entries call functions with."""

from __future__ import annotations

import hashlib
import logging
import os
import resource
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from workbench.catalog.model import Surroundings


def provide(path: Path, write: Callable[[Path], None]) -> Path:
    """Return ``path``, written by ``write`` first if it is not there; never seen half written."""
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
    """Return a file with this content, named after it."""
    name = hashlib.blake2b(content, digest_size=12).hexdigest()
    return provide(directory / name, lambda path: _write_bytes(path, content))


def provide_entries(directory: Path, names: Iterable[str]) -> Path:
    """Return ``directory``, holding an empty file of each name."""
    directory.mkdir(parents=True, exist_ok=True)
    for name in names:
        (directory / name).touch()
    return directory


def provide_log(directory: Path, size: int) -> Path:
    """Return a log file of about ``size`` bytes, lines of 60 to 150 characters."""

    def write(path: Path) -> None:
        words = (
            "INFO",
            "worker",
            "started",
            "job",
            "finished",
            "in",
            "ms",
            "retrying",
            "node",
            "ok",
        )
        lines = [
            f"2025-01-01 00:{i // 60 % 60:02}:{i % 60:02}.{i % 1000:03} "
            + " ".join(words[(i * 7 + k * 3) % len(words)] for k in range(8 + i % 13))
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


def environment(**variables: str | None) -> Surroundings:
    """Make surroundings with these environment variables; None removes one."""

    @contextmanager
    def inside() -> Iterator[None]:
        before = {name: os.environ.get(name) for name in variables}
        _set_variables(variables)
        try:
            yield
        finally:
            _set_variables(before)

    return inside


def open_files_limit(soft: int) -> Surroundings:
    """Make surroundings with this soft limit of open files (at most the hard one)."""

    @contextmanager
    def inside() -> Iterator[None]:
        before = resource.getrlimit(resource.RLIMIT_NOFILE)
        hard = before[1]
        wanted = soft if hard == resource.RLIM_INFINITY else min(soft, hard)
        # A low limit is warned about once for each process; that is no news in a check.
        silenced = logging.root.manager.disable
        logging.disable(logging.CRITICAL)
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        try:
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, before)
            logging.disable(silenced)

    return inside


def affinity(cpus: int) -> Surroundings:
    """Make surroundings in which the process may run on the first ``cpus`` of its CPUs only."""

    @contextmanager
    def inside() -> Iterator[None]:
        if not hasattr(os, "sched_setaffinity"):
            yield
            return
        before = os.sched_getaffinity(0)
        os.sched_setaffinity(0, sorted(before)[:cpus])
        try:
            yield
        finally:
            os.sched_setaffinity(0, before)

    return inside


def _set_variables(variables: dict[str, str | None]) -> None:
    for name, value in variables.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value


def _write_bytes(path: Path, content: bytes) -> None:
    path.write_bytes(content)
