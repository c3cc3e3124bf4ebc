"""A module to migrate, its migrated form, and helpers to migrate it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from workbench.audits.run import audit
from workbench.migration.model import Migration, Mode, Request
from workbench.migration.run import migrate

Git = Callable[..., str]
"""Runs git with some arguments and returns its output."""
USES = """\
from sky.utils import common_utils


def show(x):
    return common_utils.format_float(x)
"""
MOVED = """\
import accelerated


def show(x):
    return accelerated.format_float(x)
"""


def write(*paths: str) -> Migration:
    """Migrate the files below the paths, by default ``src``."""
    return migrate(audit(paths or ["src"]), Request(Mode.WRITE))


def journals(directory: Path) -> list[str]:
    """Return the names of the recorded runs."""
    return sorted(path.name for path in (directory / ".workbench" / "journal").iterdir())
