"""Decide whether output has colours."""

from __future__ import annotations

import os
import sys
from typing import TextIO

from workbench.formatting.terminal import Style


def output_style() -> Style:
    """Return the style of text for people on standard output."""
    return Style(wanted(sys.stdout))


def diff_style() -> Style:
    """Return the style of a diff; in a pipe it never has colours, because programs read it."""
    return Style(wanted(sys.stdout) and on_terminal(sys.stdout))


def wanted(stream: TextIO) -> bool:
    """Return whether a stream gets colours: by the environment, else if it is a terminal."""
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR") or os.environ.get("CLICOLOR_FORCE", "0") not in {"", "0"}:
        return True
    return on_terminal(stream) and os.environ.get("TERM") != "dumb"


def on_terminal(stream: TextIO) -> bool:
    """Return whether a stream is a terminal."""
    return stream.isatty()
