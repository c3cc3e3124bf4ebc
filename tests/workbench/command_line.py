from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

from workbench.measure.plan import Plan

# No time is so short that a busy machine could exceed it.
TINY_FAST = Plan("fast", 2, 2, 4, 0.0002, 300.0, 0.0, 600.0, 3, 300.0)
MIGRATABLE = """\
from sky.utils import common_utils


def show(x):
    return common_utils.format_float(x)
"""


def run(*arguments: str | Path, **options: Any) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "workbench", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, **options)
