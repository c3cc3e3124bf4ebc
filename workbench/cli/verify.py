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
    help="Random inputs for each utility, beside the catalog's own.",
)
@click.option("--seed", type=int, default=0, show_default=True, help="Which random inputs.")
@click.option(
    "--against",
    type=click.Choice(["python", "upstream"]),
    default="python",
    show_default=True,
    help="What native is held to: the Python implementation, or the functions "
    "that the utilities replace, where their package is installed.",
)
@click.option(
    "--side",
    type=click.Choice(["native", "python"]),
    default="native",
    show_default=True,
    help="Which implementation is held to it.",
)
def command(names: tuple[str, ...], examples: int, seed: int, against: str, side: str) -> int:
    """Compare native with Python on the catalog's inputs: results, types, exceptions.

    Exits 1 when they differ, 3 when there is no native side.

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
