"""``workbench verify``."""

from __future__ import annotations

import click

from workbench.cli import _shared


@click.command("verify")
@click.argument("names", metavar="[UTILITY]...", nargs=-1)
@click.option(
    "--examples",
    type=click.IntRange(min=0),
    default=100,
    show_default=True,
    help="Random inputs for each utility, beside the catalog's own.",
)
@click.option("--seed", type=int, default=0, show_default=True, help="Which random inputs.")
def command(names: tuple[str, ...], examples: int, seed: int) -> int:
    """Compare native with Python on the catalog's inputs: results, types, exceptions.

    Exits 1 when they differ, 3 when there is no native side.

    \b
    Examples:
      workbench verify
      workbench verify format_float --examples 10000 --seed 7
    """
    from workbench import terminal
    from workbench.catalog import select
    from workbench.errors import DONE, FINDINGS
    from workbench.verify import verify

    selected = select(names)
    with _shared.progress("verify") as show:
        checks = verify(selected, examples, seed, show)
    click.echo(terminal.equivalences(checks), nl=False)
    return DONE if all(check.equivalent for check in checks) else FINDINGS
