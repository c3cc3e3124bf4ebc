"""Run a command on a terminal and return its output."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

_PROGRESS = re.compile(r"\r?\x1b\[\?25l.*?\x1b\[\?25h\r\n\x1b\[1A\x1b\[2K", re.DOTALL)


def on_terminal(*arguments: str, cwd: Path, **environment: str) -> tuple[int, str]:
    """Run the workbench on a terminal; return its exit code and its output without progress.

    Of the variables that decide about colours only those in ``environment`` are set.
    """
    status, shown = whole_session(*arguments, cwd=cwd, **environment)
    return status, _PROGRESS.sub("", shown).replace("\r\n", "\n")


def whole_session(*arguments: str, cwd: Path, **environment: str) -> tuple[int, str]:
    """Run the workbench as `on_terminal` does, and return all bytes that the terminal got."""
    master, slave = pty.openpty()
    command = [sys.executable, "-m", "workbench", *arguments]
    variables = colorless_environment(TERM="xterm", **environment)
    try:
        with subprocess.Popen(
            command, stdin=slave, stdout=slave, stderr=slave, env=variables, cwd=cwd
        ) as process:
            os.close(slave)
            shown = b""
            with suppress(OSError):  # Linux reports the end of a terminal as an error
                while chunk := os.read(master, 65_536):
                    shown += chunk
        return process.returncode, shown.decode()
    finally:
        os.close(master)


def colorless_environment(**environment: str) -> dict[str, str]:
    """Return the environment with these variables, without others that affect colours."""
    deciding = {"NO_COLOR", "FORCE_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "TERM"}
    kept = {name: value for name, value in os.environ.items() if name not in deciding}
    return {**kept, **environment}
