"""``workbench gate``."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("gate")
@click.argument("results", metavar="RESULTS", type=click.Path(path_type=Path))
@click.option(
    "--min-speedup",
    type=float,
    default=1.0,
    show_default=True,
    help="The least speedup that every workload must have.",
)
def command(results: Path, min_speedup: float) -> int:
    """Pass or fail results: one line for each utility that does not pass.

    Exits 1 when a utility fails, 3 when one is undecided or was not measured.

    \b
    Examples:
      workbench gate results.json
      workbench gate results.json --min-speedup 2.0
    """
    from workbench import terminal
    from workbench.gate import judge
    from workbench.storage import load_results

    judged = judge(load_results(results), min_speedup)
    click.echo(terminal.verdict(judged), nl=False)
    return judged.exit_code
