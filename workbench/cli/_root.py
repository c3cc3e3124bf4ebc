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
    "migrate": "Rewrite those references, or show how.",
    "verify": "Check that native behaves as Python does.",
    "bench": "Time both sides of each utility in pairs.",
    "report": "Turn results into a document.",
    "compare": "Put two results side by side.",
    "gate": "Pass or fail results.",
    "history": "Keep results, and find when a speedup changed.",
    "doctor": "Check that the installation is whole.",
}


class _Commands(CommandGroup):
    """Imports a command's module only when that command runs."""

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
            click.echo("workbench, not installed")
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
    """Find the Python that can move to a native backend, move it, prove it was worth it.

    \b
    Exit codes:
      0  done
      1  findings, or a failed gate
      2  wrong usage or configuration
      3  something could not be analysed or measured; each such thing is named;
         output could not be written, or there was an internal error

    \b
    Examples:
      workbench audit src
      workbench migrate src --diff | git apply
      workbench bench --fast -o results.json
      workbench report results.json --format html -o report.html

    \b
    Shell completion (or zsh_source, fish_source):
      eval "$(_WORKBENCH_COMPLETE=bash_source workbench)"
    """


workbench.params.append(debug_option(hidden=False))


def run(arguments: list[str]) -> int:
    """Run a command line and return its exit code; raises WorkbenchError for wrong usage."""
    if instruction := os.environ.get(_completion.VARIABLE):
        return _completion.answer(workbench, instruction)
    # Not by click's own main, which has other exit codes and prints more than a line.
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
