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
@click.option("--fast", "plan", flag_value="fast", help="A first look: 15% intervals, 1 minute.")
@click.option("--rigorous", "plan", flag_value="rigorous", help="For publication: 2% intervals.")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="Keep the results in this file, which pyperf can read.",
)
@click.option("--force", is_flag=True, help="Overwrite an existing results file.")
@click.option("--seed", type=int, help="Order of measurements; random unless given.")
@click.option(
    "--time-limit",
    type=click.FloatRange(min=0, min_open=True),
    help="Seconds after which a workload that does not answer is given up.",
)
@click.option(
    "--baseline",
    type=click.Choice(["python", "upstream"]),
    default="python",
    show_default=True,
    help="Time native against the Python implementation, or against the "
    "functions that the utilities replace, where their package is installed.",
)
@click.option(
    "--beside",
    multiple=True,
    metavar="SIDE",
    help="Time this too, in the same pairs: python, upstream or M:F; may be repeated.",
)
@click.option("--compare", nargs=2, metavar="M:F M:F", help="Time two callables instead.")
@click.option("--args", "arguments", default="", help="What to call those two with.")
@click.option("--setup", default="", help="Statements that --args needs.")
@click.option("--curves", is_flag=True, help="Time utilities over sizes of their input, too.")
@click.option(
    "--instructions", is_flag=True, help="Count the instructions of a call too, with valgrind."
)
@click.option("--check", is_flag=True, help="Exit 1 when something made the run unstable.")
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
    """Time the Python and the native side of each utility in pairs.

    Exits 3 when something could not be measured (it is named, the rest is done), and when there
    is no native side: then Python alone is timed and no speedup is shown. The name "composite"
    stands for several utilities at work together.

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
            click.echo(f"{path} has what was measured until now", err=True)
        raise
    _shared.show(texts.measurements(results))
    unstable = stability.check(results) if check else ()
    _shared.show(texts.instabilities(unstable))
    _shared.name_errors((failure.subject, failure.reason) for failure in results.failures)
    if results.failures:
        return INCOMPLETE
    return FINDINGS if unstable else DONE
