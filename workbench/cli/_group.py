"""Groups of commands: a mistyped name gets a suggestion, and every command takes ``--debug``."""

from __future__ import annotations

from difflib import get_close_matches

import click
from click.shell_completion import CompletionItem


def debug_option(*, hidden: bool) -> click.Option:
    """Return the option ``--debug``; `workbench.cli` reads it, so parsing it does nothing."""
    return click.Option(
        ["--debug"],
        is_flag=True,
        expose_value=False,
        hidden=hidden,
        help="Show the traceback of an internal error; WORKBENCH_DEBUG=1 does the same.",
    )


class CommandGroup(click.Group):
    """A group that knows the names and summaries of its commands before it loads them."""

    def summaries(self) -> dict[str, str]:
        """Return the summary of each command by its name."""
        return {name: command.get_short_help_str() for name, command in self.commands.items()}

    def load(self, name: str) -> click.Command:
        """Return a command by its name, which must be known."""
        return self.commands[name]

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands in the order of `summaries`."""
        del ctx
        return list(self.summaries())

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load a command and add ``--debug`` to it."""
        del ctx
        if cmd_name not in self.summaries():
            return None
        command = self.load(cmd_name)
        if all(parameter.name != "debug" for parameter in command.params):
            command.params.append(debug_option(hidden=True))
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; suggest a similar name if it does not exist."""
        known = self.list_commands(ctx)
        close = get_close_matches(args[0], known, n=1)
        if close and args[0] not in known and not ctx.resilient_parsing:
            ctx.fail(f"No such command '{args[0]}'. Did you mean '{close[0]}'?")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands without loading them."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl(list(self.summaries().items()))

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Complete names of commands and options without loading the commands."""
        named = [
            CompletionItem(name, help=summary)
            for name, summary in self.summaries().items()
            if name.startswith(incomplete)
        ]
        # click.Group would load every command for its summary.
        return named + click.Command.shell_complete(self, ctx, incomplete)
