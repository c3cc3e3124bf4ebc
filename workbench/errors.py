"""Errors that a user can fix: one line and an exit code, no traceback."""

from __future__ import annotations

DONE = 0
FINDINGS = 1
USAGE = 2
INCOMPLETE = 3


class WorkbenchError(Exception):
    """An error that ends the command with exit code 2.

    The message is one line: what is wrong, where, and what to do.
    """

    exit_code = USAGE
