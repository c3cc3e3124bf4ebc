"""A module to migrate, and its migrated form."""

from __future__ import annotations

from collections.abc import Callable

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
