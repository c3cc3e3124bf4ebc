"""``workbench bench``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from workbench.cli import _shared

if TYPE_CHECKING:
    from workbench.results.model import Results


@click.command("bench")
@_shared.names_argument
@click.option("--fast", "plan", flag_value="fast", help="Quick look: intervals of 15%, 1 minute.")
@click.option(
    "--rigorous",
    "plan",
    flag_value="rigorous",
    help="For publication: intervals of 2%, 20 minutes.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="Save the results in this file; pyperf can read it.  [default: not saved]",
)
@click.option("--force", is_flag=True, help="Overwrite an existing results file.")
@click.option("--seed", type=int, help="Seed for the order of measurements.  [default: random]")
@click.option(
    "--time-limit",
    type=click.FloatRange(min=0, min_open=True),
    help="Seconds to wait for a workload that does not respond.  [default: 60]",
)
@click.option(
    "--baseline",
    type=click.Choice(["python", "upstream"]),
    default="python",
    show_default=True,
    help="Reference implementation: the Python one, or the published functions that the "
    "utilities replace, if their package is installed.",
)
@click.option(
    "--beside",
    multiple=True,
    metavar="SIDE",
    help="Also time this in the same pairs: python, upstream or MODULE:FUNCTION; can be repeated.",
)
@click.option("--compare", nargs=2, metavar="M:F M:F", help="Time two other functions.")
@click.option(
    "--args",
    "arguments",
    default="",
    help="Arguments for the functions of --compare.  [default: none]",
)
@click.option("--setup", default="", help="Statements to run before --args.  [default: none]")
@click.option("--curves", is_flag=True, help="Also time several input sizes.")
@click.option("--instructions", is_flag=True, help="Also count instructions, with valgrind.")
@click.option("--check", is_flag=True, help="Exit 1 if the run was unstable.")
def command(  # noqa: PLR0913, PLR0917
    names: tuple[str, ...],
    plan: str | None,
    output: Path | None,
    force: bool,
    seed: int | None,
    time_limit: float | None,
    baseline: str,
    beside: tuple[str, ...],
    compare: tuple[str, str] | None,
    arguments: str,
    setup: str,
    curves: bool,
    instructions: bool,
    check: bool,
) -> int:
    """Time the Python and the native implementation of each utility in pairs.

    By default, intervals are 5% wide and a run takes at most 4 minutes. The name "composite"
    selects a workload that uses several utilities together.

    Exits 3 if something could not be measured (it is named, and the rest is measured), or if there
    is no native implementation (then only Python is timed, without speedups).

    \b
    Examples:
      workbench bench --fast
      workbench bench hash_file --curves -o results.json
      workbench bench composite
      workbench bench --compare json:dumps marshal:dumps --args '[1, 2]'
    """
    from workbench.extras import BENCH, require
    from workbench.startup import restore_paths

    require(BENCH)
    restore_paths()
    from workbench.catalog import select
    from workbench.cli import texts
    from workbench.errors import DONE, FINDINGS, INCOMPLETE
    from workbench.files import check_output
    from workbench.measure.harness import measure
    from workbench.measure.pairing import Expression, Pairing
    from workbench.measure.plan import named
    from workbench.results import stability
    from workbench.results.storage import save

    selected = select(names)
    pairing = Pairing(baseline, beside=beside)
    if compare:
        pairing = Pairing(*compare, Expression(arguments, setup), beside)
    if output:
        check_output(output, overwrite=force)
    kept: list[Path] = []

    def keep(so_far: Results) -> None:
        if output:
            save(so_far, output)
            kept[:] = [output]

    try:
        with _shared.progress("bench") as show:
            wanted = named(plan, time_limit, seed, curves=curves, instructions=instructions)
            results = measure(selected, wanted, show, keep, pairing)
    except KeyboardInterrupt:
        for path in kept:
            click.echo(f"{path} contains the results so far", err=True)
        raise
    _shared.show(texts.measurements(results))
    unstable = stability.check(results) if check else ()
    _shared.show(texts.instabilities(unstable))
    _shared.name_errors((failure.subject, failure.reason) for failure in results.failures)
    if results.failures:
        return INCOMPLETE
    return FINDINGS if unstable else DONE
