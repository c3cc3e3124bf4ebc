"""``workbench verify``."""

from __future__ import annotations

import click

from workbench.cli import _shared
from workbench.cli._color import output_style


@click.command("verify")
@_shared.names_argument
@click.option(
    "--examples",
    type=click.IntRange(min=0),
    default=100,
    show_default=True,
    help="Random inputs per utility, in addition to those of the catalog.",
)
@click.option("--seed", type=int, default=0, show_default=True, help="Seed for the random inputs.")
@click.option(
    "--against",
    type=click.Choice(["python", "upstream"]),
    default="python",
    show_default=True,
    help="Reference implementation: the Python one, or the published functions that the "
    "utilities replace, if their package is installed.",
)
@click.option(
    "--side",
    type=click.Choice(["native", "python"]),
    default="native",
    show_default=True,
    help="Implementation to check.",
)
def command(names: tuple[str, ...], examples: int, seed: int, against: str, side: str) -> int:
    """Check that native behaves like Python.

    Both are called with the inputs of the catalog and random inputs; results, types and exceptions
    must be equal.

    Exits 1 if they differ, 3 if there is no native implementation.

    \b
    Examples:
      workbench verify
      workbench verify format_float --examples 10000 --seed 7
      workbench verify --against upstream --side python
    """
    from workbench.extras import BENCH, require
    from workbench.startup import restore_paths

    require(BENCH)
    restore_paths()
    from workbench.catalog import select
    from workbench.cli import texts
    from workbench.errors import DONE, FINDINGS
    from workbench.verify import verify

    selected = select(names)
    with _shared.progress("verify") as show:
        checks = verify(selected, examples, seed, show, (against, side))
    _shared.show(texts.equivalences(checks, output_style()))
    return DONE if all(check.equivalent for check in checks) else FINDINGS
