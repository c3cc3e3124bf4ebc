"""``workbench utilities``."""

from __future__ import annotations

import click


@click.command("utilities")
@click.argument("names", metavar="[UTILITY]...", nargs=-1)
def command(names: tuple[str, ...]) -> None:
    """List the catalog: utilities, what they replace, announced speedups, workloads.

    \b
    Examples:
      workbench utilities
      workbench utilities hash_file
    """
    from workbench.catalog import select
    from workbench.cli import texts

    click.echo(texts.catalog(select(names)), nl=False)
