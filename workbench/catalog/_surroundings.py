"""Context managers for calls: variables, limits, privileges, other users of files and ports."""

from __future__ import annotations

import logging
import os
import resource
import socket
import threading
import warnings
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from workbench.catalog.model import Surroundings

_NOBODY = 65534


def environment(**variables: str | None) -> Surroundings:
    """Return surroundings with these environment variables; None removes a variable."""

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
    """Return surroundings with this soft limit of open files, capped at the hard limit."""

    @contextmanager
    def inside() -> Iterator[None]:
        before = resource.getrlimit(resource.RLIMIT_NOFILE)
        hard = before[1]
        wanted = soft if hard == resource.RLIM_INFINITY else min(soft, hard)
        # Functions warn about a low limit once per process, which is noise in a check.
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
    """Return surroundings that restrict the process to the first ``cpus`` of its CPUs."""

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


@contextmanager
def without_warnings() -> Iterator[None]:
    """Suppress warnings about odd arguments."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@contextmanager
def as_nobody() -> Iterator[None]:
    """Drop root privileges, so that some files cannot be read; no effect for other users."""
    user = os.geteuid()
    if user == 0:
        # The user may not exist in a user namespace.
        with suppress(OSError):
            os.seteuid(_NOBODY)
    try:
        yield
    finally:
        os.seteuid(user)


def fed_by(fifo: Path, content: bytes) -> Surroundings:
    """Return surroundings in which a thread writes a short content to a FIFO and closes it."""

    def feed() -> None:
        with suppress(BrokenPipeError), fifo.open("wb", buffering=0) as pipe:
            pipe.write(content)

    @contextmanager
    def inside() -> Iterator[None]:
        writer = threading.Thread(target=feed)
        writer.start()
        try:
            yield
        finally:
            # Without a reader the writer would block forever.
            reader = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)
            writer.join()
            os.close(reader)

    return inside


def taken_ports(ports: Iterable[int]) -> Surroundings:
    """Return surroundings in which sockets listen on those of these ports that are free."""

    @contextmanager
    def inside() -> Iterator[None]:
        with ExitStack() as stack:
            for port in ports:
                taken = stack.enter_context(socket.socket())
                with suppress(OSError):
                    taken.bind(("", port))
                    taken.listen()
            yield

    return inside


def _set_variables(variables: dict[str, str | None]) -> None:
    for name, value in variables.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value
