"""Calls after forks, from threads, with closed descriptors and in sub-interpreters."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from types import SimpleNamespace

from tests.accelerated.platforms import on_linux


def test_works_after_a_fork(side: SimpleNamespace) -> None:
    before = (side.get_cpu_count(), side.get_mem_size_gb(), side.get_parallel_threads())
    pid = os.fork()
    if pid == 0:
        after = (side.get_cpu_count(), side.get_mem_size_gb(), side.get_parallel_threads())
        os._exit(0 if after == before else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0


@on_linux
def test_descriptors_may_be_closed_and_reused() -> None:
    code = """
import os, sys, tempfile
import accelerated
side = accelerated.functions("native")
def look():
    return side["get_cpu_count"](), side["get_mem_size_gb"](), side["get_parallel_threads"]()
before = look()
taken = tempfile.TemporaryFile()
taken.write(b"0-4095\\n"); taken.flush()
source = os.dup2(taken.fileno(), 3000)
os.closerange(3, 3000)
for number in range(3, 64):
    os.dup2(source, number)
assert look() == before, (look(), before)
for number in range(3, 64):
    os.dup2(source, number)
assert look() == before
assert os.pread(40, 100, 0) == b"0-4095\\n"
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_threads_may_call_concurrently(side: SimpleNamespace) -> None:
    expected = (side.get_cpu_count(), side.get_mem_size_gb(), side.get_parallel_threads())
    wrong: list[object] = []

    def look() -> None:
        for _ in range(300):
            seen = (side.get_cpu_count(), side.get_mem_size_gb(), side.get_parallel_threads())
            if seen != expected:
                wrong.append(seen)

    threads = [threading.Thread(target=look) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_other_threads_run_while_a_fifo_blocks(side: SimpleNamespace, tmp_path: object) -> None:
    path = f"{tmp_path}/fifo"
    os.mkfifo(path)
    blocked = threading.Thread(target=lambda: side.hash_file(path, "md5"))
    blocked.start()
    # If the blocked call held the GIL, this thread could not continue.
    for _ in range(100):
        time.sleep(0.001)
    assert blocked.is_alive()
    os.close(os.open(path, os.O_WRONLY))
    blocked.join()


def test_a_sub_interpreter_gets_a_working_backend() -> None:
    code = """
import os, sys
try:
    import _interpreters as interpreters
except ImportError:
    import _xxsubinterpreters as interpreters
inside = "import accelerated; assert accelerated.base36_encode('ff') == '73'"
assert interpreters.run_string(interpreters.create(), inside) is None
import accelerated
assert interpreters.run_string(interpreters.create(), inside) is None
assert accelerated.base36_encode('ff') == '73'
if sys.version_info[:2] == (3, 12):
    os._exit(0)  # hashlib of 3.12 may crash at exit after an import in a sub-interpreter
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
