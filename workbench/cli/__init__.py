"""The command line: parses, calls one function of the public API, prints."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence
from importlib import import_module

import click

from workbench.errors import DONE, USAGE, WorkbenchError

_INTERRUPTED = 130
_BROKEN_PIPE = 141

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


class _Commands(click.Group):
    """Imports a command's module only when that command runs."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        del ctx
        if cmd_name not in _COMMANDS:
            return None
        command = import_module(f"workbench.cli.{cmd_name}").command
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))


def _print_version(ctx: click.Context, parameter: click.Parameter, value: bool) -> None:
    del parameter
    if value and not ctx.resilient_parsing:
        from importlib.metadata import version

        click.echo(f"workbench {version('accel-workbench')}")
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
      3  something could not be analysed or measured; each such thing is named

    \b
    Examples:
      workbench audit src
      workbench migrate src --diff | git apply
      workbench bench --fast -o results.json
      workbench report results.json --format html -o report.html
    """


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code; errors are one line on standard error."""
    _let_every_character_print()
    try:
        return _run(list(sys.argv[1:] if arguments is None else arguments))
    except WorkbenchError as error:
        return _fail(str(error), error.exit_code)
    except click.ClickException as error:
        context = getattr(error, "ctx", None)
        advice = f" (see '{context.command_path} --help')" if context else ""
        return _fail(error.format_message() + advice, USAGE)
    except KeyboardInterrupt:
        return _fail("interrupted", _INTERRUPTED)
    except BrokenPipeError:
        # Nobody reads on; the interpreter must not try to flush again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _BROKEN_PIPE


def _run(arguments: list[str]) -> int:
    # Not by click's own main, which has other exit codes and prints more than a line.
    try:
        with workbench.make_context("workbench", arguments) as context:
            status = workbench.invoke(context)
    except click.exceptions.Exit as done:
        status = done.exit_code
    sys.stdout.flush()
    return status if isinstance(status, int) else DONE


def _fail(message: str, status: int) -> int:
    click.echo(f"workbench: error: {' '.join(message.split())}", err=True)
    return status


def _let_every_character_print() -> None:
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
