from __future__ import annotations

import logging
import os
import resource
import subprocess
import sys
import threading
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest
from accelerated._python import processes

from tests.accelerated.platforms import on_linux


def test_a_child_is_alive_until_it_is_waited_for(side: SimpleNamespace) -> None:
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    assert side.is_process_alive(child.pid) is True
    child.kill()
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    assert side.is_process_alive(child.pid) is True  # a zombie until it is waited for
    child.communicate()
    assert side.is_process_alive(child.pid) is False


@on_linux
@pytest.mark.parametrize(
    ("pid", "alive"), [(None, True), (True, False), (1, True), (0, False), (2**22 + 1, False)]
)
def test_special_pids(side: SimpleNamespace, pid: int, alive: bool) -> None:
    assert side.is_process_alive(pid) is alive


@pytest.mark.parametrize("pid", [2**31 - 1, 2**31, 2**63, 2**64, 10**30])
def test_pids_above_the_range_are_not_alive(side: SimpleNamespace, pid: int) -> None:
    assert side.is_process_alive(pid) is False


@pytest.mark.parametrize(
    ("pid", "error"), [(-1, ValueError), (-(2**70), ValueError), (1.0, TypeError), ("1", TypeError)]
)
def test_invalid_pids_are_rejected(
    side: SimpleNamespace, pid: object, error: type[Exception]
) -> None:
    with pytest.raises(error):
        side.is_process_alive(pid)


@on_linux
@pytest.mark.parametrize("pid", [1.0, float("nan"), Fraction(1)])
def test_a_non_integer_pid_is_rejected_even_if_psutil_accepts_it(
    side: SimpleNamespace, monkeypatch: pytest.MonkeyPatch, pid: object
) -> None:
    monkeypatch.setattr(psutil, "Process", lambda _: SimpleNamespace(is_running=lambda: True))
    with pytest.raises(TypeError):
        side.is_process_alive(pid)


def test_a_thread_id_gives_the_answer_of_psutil(side: SimpleNamespace) -> None:
    done = threading.Event()
    thread = threading.Thread(target=done.wait)
    thread.start()
    try:
        assert side.is_process_alive(thread.native_id) is processes.is_process_alive(
            thread.native_id or 0
        )
    finally:
        done.set()
        thread.join()


def test_workers_depend_on_the_limit_of_open_files(side: SimpleNamespace, tmp_path: Path) -> None:
    for name in range(40):
        (tmp_path / str(name)).touch()
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    mounts = {"a": str(tmp_path), "b": str(tmp_path / "1"), "c": "s3://bucket", "d": ""}
    threads = side.get_parallel_threads("kubernetes")
    try:
        for limit in (1024, 1300, 2000, 4000):
            resource.setrlimit(resource.RLIMIT_NOFILE, (limit, hard))
            expected = min(max((limit - 100) // 200, 1), threads)
            assert side.get_max_workers_for_file_mounts(mounts, "kubernetes") == expected
            expected = min((limit - 100) // 5, threads)
            assert side.get_max_workers_for_file_mounts({}, cloud_str="kubernetes") == expected
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_a_low_limit_warns_once(
    side: SimpleNamespace, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(processes, "_warned_of_low_limit", False)
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (512, hard))
    try:
        with caplog.at_level(logging.WARNING, logger="accelerated"):
            for _ in range(2):
                assert side.get_max_workers_for_file_mounts({}) == side.get_parallel_threads()
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert [record.args for record in caplog.records] == [(512,)]


@pytest.mark.parametrize(
    ("mounts", "error"), [(None, AttributeError), ({"a": None}, TypeError), ([], AttributeError)]
)
def test_mounts_of_other_types_are_rejected(
    side: SimpleNamespace, mounts: object, error: type[Exception]
) -> None:
    with pytest.raises(error):
        side.get_max_workers_for_file_mounts(mounts)
