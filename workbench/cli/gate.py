"""``workbench gate``."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from workbench.cli import _shared
from workbench.cli._color import output_style

_FORMATS = ("text", "json", "junit", "markdown", "github")


@click.command("gate")
@click.argument("results", metavar="RESULTS", type=click.Path(path_type=Path))
@click.option(
    "--baseline", type=click.Path(path_type=Path), help="Earlier results to compare with."
)
@click.option(
    "--min-speedup", type=float, help="Minimum speedup.  [default: 1.0, with --baseline none]"
)
@click.option(
    "--max-regression",
    metavar="PERCENT",
    help="Maximum loss relative to the baseline.  [default: 10%, for instructions 2%]",
)
@click.option(
    "--metric",
    type=click.Choice(["time", "instructions"]),
    default="time",
    show_default=True,
    help="Judge times, or the counts of 'bench --instructions'.",
)
@click.option(
    "--undecided",
    type=click.Choice(["pass", "fail", "report"]),
    help="How to treat undecided workloads.  [default: report, with exit code 3]",
)
@click.option(
    "--measure",
    "budget",
    type=click.FloatRange(min=0),
    default=0.0,
    metavar="SECONDS",
    help="Measure undecided workloads for this long.  [default: 0]",
)
@click.option(
    "--config",
    type=click.Path(path_type=Path),
    help="TOML file with settings.  [default: pyproject.toml]",
)
@click.option(
    "--format",
    "format_",
    type=click.Choice(_FORMATS),
    default="text",
    show_default=True,
    help="Output format.",
)
def command(  # noqa: PLR0913, PLR0917
    results: Path,
    baseline: Path | None,
    min_speedup: float | None,
    max_regression: str | None,
    metric: str,
    undecided: str | None,
    budget: float,
    config: Path | None,
    format_: str,
) -> int:
    """Pass or fail results: one line for each utility that does not pass.

    A workload fails if its whole confidence interval is below the threshold by more than the
    noise of the run, passes if none of it is, and is undecided otherwise.

    With --baseline, speedups are compared rather than times, so the results may come from
    different machines of one kind. Thresholds for single utilities are set in
    [tool.workbench.gate.utilities.NAME] of pyproject.toml.

    Exits 1 if a utility fails, 3 if one is undecided, missing or cannot be compared.

    \b
    Examples:
      workbench gate results.json --min-speedup 2.0
      workbench gate results.json --baseline main.json --max-regression 10%
      workbench gate results.json --measure 60
    """
    from workbench.extras import BENCH, require
    from workbench.startup import restore_paths

    require(BENCH, () if budget else ("numpy", "pyperf"))
    if budget:
        restore_paths()
    from workbench import configuration
    from workbench.errors import WorkbenchError
    from workbench.gate import formats
    from workbench.gate.judge import judge_instructions
    from workbench.gate.policy import DEFAULT_MAX_REGRESSION
    from workbench.gate.remeasure import until_decided
    from workbench.results.instructions import MAX_REGRESSION
    from workbench.results.storage import load_results

    counted = metric == "instructions"
    if counted and budget:
        raise WorkbenchError("--measure needs --metric time")
    allowed = MAX_REGRESSION if counted else DEFAULT_MAX_REGRESSION
    options = {"min_speedup": min_speedup, "max_regression": max_regression}
    demanded = {name: value for name, value in options.items() if value is not None}
    policy = configuration.gate_policy(config, baseline is not None, allowed, demanded)
    if undecided is not None:
        policy = replace(policy, undecided=configuration.undecided(undecided))
    before = load_results(baseline) if baseline else None
    found = load_results(results)
    if counted:
        verdict = judge_instructions(found, policy, before)
    else:
        with _shared.progress("gate") as show:
            _, verdict = until_decided(found, policy, before, budget, show)
    if format_ == "text":
        _shared.show(formats.to_text(verdict, output_style()))
    else:
        _shared.show(formats.FORMATS[format_](verdict))
    return verdict.exit_code
