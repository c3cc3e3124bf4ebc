from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from importlib.metadata import PackageNotFoundError

import click
import pytest

from workbench.cli import main
from workbench.cli._root import run, workbench
from workbench.errors import WorkbenchError

COMMANDS = [
    "utilities",
    "audit",
    "migrate",
    "verify",
    "bench",
    "report",
    "compare",
    "gate",
    "history",
    "doctor",
]
IN_HISTORY = ["add", "show", "plot"]


def test_help_names_every_command_and_imports_nothing_heavy() -> None:
    code = (
        "import sys; from workbench.cli import main; main(['--help'])\n"
        "heavy = {'hypothesis', 'libcst', 'matplotlib', 'numpy', 'pandas', 'pyperf', 'rich'}\n"
        "print('heavy:', sorted(heavy & sys.modules.keys()))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert all(f"  {name} " in done.stdout for name in COMMANDS)
    assert done.stdout.endswith("heavy: []\n")


@pytest.mark.parametrize("name", ["", *COMMANDS, *(f"history {name}" for name in IN_HISTORY)])
def test_every_command_explains_itself(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*name.split(), "--help"]) == 0
    text = capsys.readouterr().out
    assert f"workbench {name}" in text.split("Examples:")[1]
    assert all(len(line) <= 80 for line in text.splitlines())
    assert main([*name.split(), "-h"]) == 0
    assert capsys.readouterr().out == text
    assert ("--debug" in text) == (name == "")


def test_the_list_of_commands_is_complete(capsys: pytest.CaptureFixture[str]) -> None:
    for group, names in (([], COMMANDS), (["history"], IN_HISTORY)):
        assert main([*group, "--help"]) == 0
        listed = capsys.readouterr().out.split("Commands:\n")[1]
        assert [line.split()[0] for line in listed.splitlines() if line[2:3] != " "] == names


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("workbench 0.")


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_is_in_the_module_of_its_name(name: str) -> None:
    context = click.Context(workbench)
    command = workbench.get_command(context, name)

    assert command is import_module(f"workbench.cli.{name}").command
    assert command.name == name


def test_the_version_without_an_installation(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(name: str) -> str:
        raise PackageNotFoundError(name)

    monkeypatch.setattr("importlib.metadata.version", missing)
    assert main(["--version"]) == 0
    shown = capsys.readouterr()
    assert shown.out.startswith("workbench")
    assert shown.out.count("\n") == 1
    assert shown.err == ""


def test_a_command_returns_its_exit_code() -> None:
    assert run(["utilities", "hash_file"]) == 0
    assert run(["--help"]) == 0
    assert run(["--version", "nothing"]) == 0


@pytest.mark.parametrize(
    ("arguments", "where"),
    [
        ([], "workbench"),
        (["nothing"], "workbench"),
        (["audit", "--nothing"], "workbench audit"),
        (["history", "nothing"], "workbench history"),
        (["history", "plot"], "workbench history plot"),
    ],
)
def test_wrong_usage_says_where_help_is(arguments: list[str], where: str) -> None:
    with pytest.raises(WorkbenchError, match=f"'{where} --help'") as raised:
        run(arguments)
    assert raised.value.exit_code == 2


@pytest.fixture
def returned(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[object]]:
    """Values that a command returns, one after the other."""
    values: list[object] = []
    command = click.Command("utilities", callback=lambda: values.pop(0))
    monkeypatch.setattr("workbench.cli.utilities.command", command)
    yield values
    assert not values


def test_a_command_without_an_exit_code_is_done(returned: list[object]) -> None:
    returned += [None, 0, 1, 3]
    assert [run(["utilities"]) for _ in range(4)] == [0, 0, 1, 3]
