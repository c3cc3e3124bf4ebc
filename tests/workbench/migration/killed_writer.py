"""Migrate or undo in a child process and kill it, once for each line of standard input.

A line is ``write`` or ``undo`` and the number of the call, among all calls of C functions that the
process makes, before which to kill it; 0 for none.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from workbench.audits.run import audit
from workbench.migration.model import Mode, Request
from workbench.migration.run import migrate
from workbench.migration.undo import undo


class Calls:
    """Counts the calls of C functions: among them is everything that reaches a file."""

    def __init__(self, last: int) -> None:
        self.count = 0
        self._last = last

    def __call__(self, frame: object, event: str, argument: object) -> None:
        """Count, or end the process."""
        if event == "c_call":
            self.count += 1
            if self.count == self._last:
                os.kill(os.getpid(), signal.SIGKILL)


def main() -> None:
    """Answer each line with the number of calls, or with ``killed``."""
    found = audit([Path("src")])
    print("ready", flush=True)
    for line in sys.stdin:
        action, last = line.split()
        pid = os.fork()
        if not pid:
            calls = Calls(int(last))
            sys.setprofile(calls)
            migrate(found, Request(Mode.WRITE)) if action == "write" else undo()
            sys.setprofile(None)
            print(calls.count, flush=True)
            os._exit(0)
        _, status = os.waitpid(pid, 0)
        if os.WIFSIGNALED(status):
            print("killed", flush=True)


main()
