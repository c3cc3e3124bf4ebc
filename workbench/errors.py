"""Errors that a user can mend: one line, an exit code, no traceback."""

from __future__ import annotations

DONE = 0
FINDINGS = 1
USAGE = 2
INCOMPLETE = 3


class WorkbenchError(Exception):
    """Says in one line what is wrong, where, and what to do; ends the command with exit code 2."""

    exit_code = USAGE
