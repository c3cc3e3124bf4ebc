from __future__ import annotations

import logging
import os
import resource
import socket
import sys
import warnings
from contextlib import suppress
from pathlib import Path

import pytest

from workbench.catalog import _surroundings

NAME = "WORKBENCH_TEST_OF_SURROUNDINGS"


@pytest.mark.parametrize("before", [None, "before"])
@pytest.mark.parametrize("inside", [None, "inside", ""])
def test_variables_are_set_and_restored(
    before: str | None, inside: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    if before is not None:
        monkeypatch.setenv(NAME, before)
    surroundings = _surroundings.environment(**{NAME: inside})
    for _ in range(2):
        with suppress(ZeroDivisionError), surroundings():
            assert os.environ.get(NAME) == inside
            raise ZeroDivisionError
        assert os.environ.get(NAME) == before


def test_the_limit_of_open_files_is_set_and_restored() -> None:
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    disabled = logging.root.manager.disable
    for soft in (64, 10**9):
        with suppress(ZeroDivisionError), _surroundings.open_files_limit(soft)():
            expected = soft if before[1] == resource.RLIM_INFINITY else min(soft, before[1])
            assert resource.getrlimit(resource.RLIMIT_NOFILE) == (expected, before[1])
            assert not logging.getLogger("any").isEnabledFor(logging.WARNING)
            raise ZeroDivisionError
        assert resource.getrlimit(resource.RLIMIT_NOFILE) == before
        assert logging.root.manager.disable == disabled


def test_no_file_can_be_opened_with_a_limit_of_3() -> None:
    with _surroundings.open_files_limit(3)(), pytest.raises(OSError):
        open(__file__, encoding="utf-8").close()
    open(__file__, encoding="utf-8").close()


@pytest.mark.skipif(sys.platform != "linux", reason="needs a CPU affinity")
def test_the_affinity_is_narrowed_and_restored() -> None:
    before = os.sched_getaffinity(0)
    for cpus in (1, len(before) + 1):
        with suppress(ZeroDivisionError), _surroundings.affinity(cpus)():
            assert os.sched_getaffinity(0) == set(sorted(before)[:cpus])
            raise ZeroDivisionError
        assert os.sched_getaffinity(0) == before


def test_without_an_affinity_nothing_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "sched_setaffinity", raising=False)
    with _surroundings.affinity(1)():
        pass


def test_warnings_are_suppressed_only_inside() -> None:
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        with _surroundings.without_warnings():
            warnings.warn("inside", stacklevel=1)
        warnings.warn("outside", stacklevel=1)
    assert [str(warning.message) for warning in seen] == ["outside"]


def test_privileges_are_dropped_and_restored(tmp_path: Path) -> None:
    before = os.geteuid()
    secret = tmp_path / "secret"
    secret.write_text("x")
    secret.chmod(0)
    with _surroundings.as_nobody():
        assert os.geteuid() != 0
        with pytest.raises(PermissionError):
            secret.read_text()
    assert os.geteuid() == before


def test_a_fifo_that_nobody_reads_is_given_up(tmp_path: Path) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    with _surroundings.fed_by(fifo, b"content")():
        pass
    with _surroundings.fed_by(fifo, b"content")():
        assert fifo.read_bytes() == b"content"


def test_ports_are_taken_and_freed() -> None:
    with socket.socket() as used:
        used.bind(("", 0))
        port = used.getsockname()[1]
        # A port that is in use already stays in use.
        with _surroundings.taken_ports([port])():
            assert not is_free(port)
    with _surroundings.taken_ports([port])():
        assert not is_free(port)
    assert is_free(port)


def is_free(port: int) -> bool:
    with socket.socket() as candidate:
        try:
            candidate.bind(("", port))
        except OSError:
            return False
        return True
