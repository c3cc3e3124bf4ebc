"""Whether output has colours: decided here alone."""

from __future__ import annotations

import os
import sys
from typing import TextIO

from workbench.formatting.terminal import Style


def output_style() -> Style:
    """Return the style of what is written to standard output for people."""
    return Style(wanted(sys.stdout))


def diff_style() -> Style:
    """Return the style of a diff, which programs read from a pipe, colours or not."""
    return Style(wanted(sys.stdout) and on_terminal(sys.stdout))


def wanted(stream: TextIO) -> bool:
    """Tell whether a stream gets colours: as the environment says, else if it is a terminal."""
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR") or os.environ.get("CLICOLOR_FORCE", "0") not in {"", "0"}:
        return True
    return on_terminal(stream) and os.environ.get("TERM") != "dumb"


def on_terminal(stream: TextIO) -> bool:
    """Tell whether a person sees what is written to a stream."""
    return stream.isatty()
