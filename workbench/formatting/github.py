"""Format workflow commands of GitHub Actions, and log lines that are not commands.

GitHub shows ten annotations of each level per step; the log has all of them.
"""

from __future__ import annotations

from workbench.formatting.terminal import visible

LONGEST_TEXT = 2000
_CARRIED = "\r\n"
"""Control characters that a property of a workflow command can contain."""


def command(level: str, message: str, **properties: str | int) -> str:
    """Return a command such as ``::error file=a.py,line=1::message``, without empty properties.

    ``level`` is ``error``, ``warning`` or ``notice``.
    """
    given = ((name, value) for name, value in properties.items() if value != "")
    where = ",".join(f"{name}={_property(str(value))}" for name, value in given)
    return f"::{level}{' ' if where else ''}{where}::{_data(message)}"


def log_line(text: str) -> str:
    """Return a line that the runner does not take for a command.

    A command starts with ``::`` at the beginning of a line, or with ``##[`` anywhere.
    """
    shown = visible(text, LONGEST_TEXT).replace("##[", "# #[")
    return shown.replace("::", ": :", 1) if shown.lstrip().startswith("::") else shown


def _data(text: str) -> str:
    return visible(text, LONGEST_TEXT).replace("%", "%25")


def _property(text: str) -> str:
    # Keep these characters: with a changed path, the annotation would have no file.
    shown = "".join(c if c in _CARRIED else visible(c) for c in text)
    for character in "%\r\n:,":
        shown = shown.replace(character, f"%{ord(character):02X}")
    return shown
