"""``workbench utilities``."""

from __future__ import annotations

import click

from workbench.cli import _shared


@click.command("utilities")
@_shared.names_argument
def command(names: tuple[str, ...]) -> None:
    """List the utilities: what they replace, announced speedups and workloads.

    \b
    Examples:
      workbench utilities
      workbench utilities hash_file
    """
    from workbench.catalog import select
    from workbench.cli import texts

    _shared.show(texts.catalog(select(names)))
