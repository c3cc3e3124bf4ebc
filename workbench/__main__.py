"""The entry point of the command line, also of ``python -m workbench``."""

from __future__ import annotations

import sys

from workbench.startup import set_paths_aside


def main() -> int:
    """Run the command line with ``sys.argv`` and return its exit code."""
    set_paths_aside()
    from workbench.cli import main as run

    return run()


if __name__ == "__main__":
    sys.exit(main())
