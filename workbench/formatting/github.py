"""Workflow commands of GitHub Actions, and log lines that cannot be taken for one.

GitHub shows ten annotations of each level for a step; the log has all of them.
"""

from __future__ import annotations

from workbench.formatting.terminal import visible

LONGEST_TEXT = 2000
_CARRIED = "\r\n"
"""The control characters that a workflow command can carry in a property."""


def command(level: str, message: str, **properties: str | int) -> str:
    """Write a command such as ``::error file=a.py,line=1::message``; empty properties are left out.

    ``level`` is ``error``, ``warning`` or ``notice``.
    """
    given = ((name, value) for name, value in properties.items() if value != "")
    where = ",".join(f"{name}={_property(str(value))}" for name, value in given)
    return f"::{level}{' ' if where else ''}{where}::{_data(message)}"


def log_line(text: str) -> str:
    """Write a line that is not a command.

    The runner takes ``::`` at the beginning of a line, and ``##[`` anywhere, for one.
    """
    shown = visible(text, LONGEST_TEXT).replace("##[", "# #[")
    return shown.replace("::", ": :", 1) if shown.lstrip().startswith("::") else shown


def _data(text: str) -> str:
    return visible(text, LONGEST_TEXT).replace("%", "%25")


def _property(text: str) -> str:
    # A changed path would annotate no file, so what can be carried stays.
    shown = "".join(c if c in _CARRIED else visible(c) for c in text)
    for character in "%\r\n:,":
        shown = shown.replace(character, f"%{ord(character):02X}")
    return shown
