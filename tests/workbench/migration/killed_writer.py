"""Migrate or undo in a child process and kill it, once for each line of standard input.

A line is ``write`` or ``undo`` and the number of seconds after which to kill the process.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

from workbench.audits.run import audit
from workbench.migration.model import Mode, Request
from workbench.migration.run import migrate
from workbench.migration.undo import undo


def main() -> None:
    """Answer each line with the seconds it took, or with ``killed``."""
    found = audit([Path("src")])
    print("ready", flush=True)
    for line in sys.stdin:
        action, seconds = line.split()
        start = time.perf_counter()
        pid = os.fork()
        if not pid:
            migrate(found, Request(Mode.WRITE)) if action == "write" else undo()
            os._exit(0)
        if seconds != "inf":
            time.sleep(float(seconds))
            os.kill(pid, signal.SIGKILL)
        _, status = os.waitpid(pid, 0)
        killed = os.WIFSIGNALED(status)
        print("killed" if killed else time.perf_counter() - start, flush=True)


main()
