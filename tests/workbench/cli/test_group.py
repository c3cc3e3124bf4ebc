from __future__ import annotations

from collections.abc import Callable

import click
import pytest

from workbench.cli._group import CommandGroup, debug_option


class _Lazy(CommandGroup):
    """A group of which only ``audit`` can be loaded."""

    def summaries(self) -> dict[str, str]:
        return {"verify": "Check.", "audit": "Find.", "bench": "Time."}

    def load(self, name: str) -> click.Command:
        assert name == "audit", f"{name} was loaded"
        return click.Command("audit", callback=lambda: 7)


@pytest.fixture
def context() -> click.Context:
    return click.Context(_Lazy("some"))


def test_commands_keep_their_order_and_are_not_loaded(context: click.Context) -> None:
    assert isinstance(context.command, CommandGroup)
    assert context.command.list_commands(context) == ["verify", "audit", "bench"]
    listed = context.get_help().split("Commands:\n")[1]
    assert [line.split() for line in listed.splitlines()] == [
        ["verify", "Check."],
        ["audit", "Find."],
        ["bench", "Time."],
    ]


def test_completion_loads_no_command(context: click.Context) -> None:
    assert isinstance(context.command, CommandGroup)
    found = context.command.shell_complete(context, "")
    assert [(item.value, item.help) for item in found[:3]] == [
        ("verify", "Check."),
        ("audit", "Find."),
        ("bench", "Time."),
    ]
    assert [item.value for item in context.command.shell_complete(context, "a")] == ["audit"]
    options = [item.value for item in context.command.shell_complete(context, "--")]
    assert options == ["--help"]


def test_an_unknown_name_is_not_loaded(context: click.Context) -> None:
    assert isinstance(context.command, CommandGroup)
    assert context.command.get_command(context, "nothing") is None


@pytest.mark.parametrize("arguments", [["audit"], ["audit", "--debug"]])
def test_every_command_takes_the_debug_option(arguments: list[str]) -> None:
    group = _Lazy("some")
    assert group.main(arguments, standalone_mode=False) == 7


def test_the_debug_option_is_added_once_and_hidden() -> None:
    @click.command()
    def command() -> None:
        """Do it."""

    group = CommandGroup("some", commands={"it": command})
    context = click.Context(group)
    for _ in range(2):
        assert group.get_command(context, "it") is command
    assert [parameter.name for parameter in command.params] == ["debug"]
    assert "--debug" not in command.get_help(click.Context(command))


@pytest.mark.parametrize("hidden", [False, True])
def test_the_debug_option_of_a_group_can_be_shown(hidden: bool) -> None:
    command = click.Command("it", params=[debug_option(hidden=hidden)], callback=lambda: 7)

    assert ("--debug" in command.get_help(click.Context(command))) == (not hidden)
    assert command.main(["--debug"], standalone_mode=False) == 7


@pytest.mark.parametrize(
    ("name", "meant"), [("adit", "audit"), ("verfy", "verify"), ("bnech", "bench"), ("zzz", None)]
)
def test_a_mistyped_name_gets_a_suggestion(
    name: str, meant: str | None, context: click.Context
) -> None:
    assert isinstance(context.command, CommandGroup)
    with pytest.raises(click.UsageError) as raised:
        context.command.resolve_command(context, [name])
    message = raised.value.message
    assert f"'{name}'" in message
    others = {"verify", "audit", "bench"} - {meant}
    assert meant is None or f"'{meant}'" in message
    assert not any(f"'{other}'" in message for other in others)


def test_a_right_name_and_completion_get_no_suggestion(context: click.Context) -> None:
    assert isinstance(context.command, CommandGroup)
    resolve: Callable[..., tuple[str | None, click.Command | None, list[str]]]
    resolve = context.command.resolve_command
    name, command, rest = resolve(context, ["audit", "bench"])
    assert (name, rest) == ("audit", ["bench"])
    assert command is not None
    context.resilient_parsing = True
    assert resolve(context, ["adit"])[1] is None
