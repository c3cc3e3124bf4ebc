"""``workbench compare``."""

from __future__ import annotations

from pathlib import Path

import click

from workbench.cli import _shared


@click.command("compare")
@click.argument("old", metavar="OLD", type=click.Path(path_type=Path))
@click.argument("new", metavar="NEW", type=click.Path(path_type=Path))
def command(old: Path, new: Path) -> int:
    """Compare two results files: is native faster, slower or the same as before?

    Speedups are compared rather than times, so the files may come from different machines of one
    kind.

    Exits 3 if a workload is missing or cannot be compared.

    \b
    Examples:
      workbench compare main.json branch.json
    """
    from workbench.extras import BENCH, require

    require(BENCH, ("numpy", "pyperf"))
    from workbench.cli import texts
    from workbench.results.comparison import compare, exit_code, noise
    from workbench.results.storage import load_results

    before, after = load_results(old), load_results(new)
    found = compare(before, after)
    _shared.show(texts.comparisons(found, noise(before, after)))
    return exit_code(found)
