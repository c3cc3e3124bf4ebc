"""The command ``workbench`` and the list of its commands."""

from __future__ import annotations

import os
from importlib import import_module

import click

from workbench.cli import _completion
from workbench.cli._group import CommandGroup, debug_option
from workbench.errors import DONE, WorkbenchError

_COMMANDS = {
    "utilities": "List the functions that can be replaced.",
    "audit": "Find every reference to a replaceable function.",
    "migrate": "Rewrite those references, or show the diff.",
    "verify": "Check that native behaves like Python.",
    "bench": "Time Python and native in pairs.",
    "report": "Write a report about results.",
    "compare": "Compare two results files.",
    "gate": "Pass or fail results, for CI.",
    "history": "Store results and find when a speedup changed.",
    "doctor": "Check the installation.",
}


class _Commands(CommandGroup):
    """The commands; the module of a command is imported when it runs."""

    def summaries(self) -> dict[str, str]:
        return _COMMANDS

    def load(self, name: str) -> click.Command:
        command = import_module(f"workbench.cli.{name}").command
        assert isinstance(command, click.Command)
        return command


def _print_version(ctx: click.Context, parameter: click.Parameter, value: bool) -> None:
    del parameter
    if value and not ctx.resilient_parsing:
        from importlib.metadata import PackageNotFoundError, version

        try:
            click.echo(f"workbench {version('accel-workbench')}")
        except PackageNotFoundError:
            click.echo("workbench (not installed)")
        ctx.exit()


@click.group(
    cls=_Commands, no_args_is_help=False, context_settings={"help_option_names": ["-h", "--help"]}
)
@click.option(
    "--version",
    is_flag=True,
    expose_value=False,
    is_eager=True,
    callback=_print_version,
    help="Show the version and exit.",
)
def workbench() -> None:
    """Move hot Python functions to a native implementation.

    Find the references to them, rewrite those that are safe, check that native behaves like
    Python, and measure both.

    Settings live in `pyproject.toml`; command-line options take precedence.

    \b
    Exit codes:
      0  success
      1  findings, or a failed gate
      2  wrong usage or configuration
      3  something could not be analysed, measured or written (it is named),
         or an internal error

    \b
    Examples:
      workbench audit src
      workbench migrate src --diff | git apply
      workbench bench --fast -o results.json
      workbench report results.json --format html -o report.html

    \b
    Shell completion (bash; also zsh_source and fish_source):
      eval "$(_WORKBENCH_COMPLETE=bash_source workbench)"
    """


workbench.params.append(debug_option(hidden=False))


def run(arguments: list[str]) -> int:
    """Run a command line and return its exit code; raises WorkbenchError for wrong usage."""
    if instruction := os.environ.get(_completion.VARIABLE):
        return _completion.answer(workbench, instruction)
    # click's own main has other exit codes and prints more than one line.
    try:
        with workbench.make_context("workbench", arguments) as context:
            status = workbench.invoke(context)
    except click.exceptions.Exit as done:
        status = done.exit_code
    except click.ClickException as error:
        where: click.Context | None = getattr(error, "ctx", None)
        advice = f" (see '{where.command_path} --help')" if where else ""
        raise WorkbenchError(error.format_message() + advice) from error
    return status if isinstance(status, int) else DONE
