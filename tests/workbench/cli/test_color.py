"""Colours are used on terminals only, unless the environment says otherwise."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.workbench.cli.terminal_sessions import colorless_environment, on_terminal
from tests.workbench.command_line import MIGRATABLE
from workbench.cli._color import wanted

ESCAPE = re.compile(r"\x1b\[[\d;]*m")
MIXED = f"""\
{MIGRATABLE}

def other(x):
    return common_utils.hash_file(x)  # workbench: keep[hash_file] slow disks


names = [getattr(common_utils, "get_cpu_count")]
"""


def plain(text: str) -> str:
    return ESCAPE.sub("", text)


def piped(*arguments: str, cwd: Path, **environment: str) -> str:
    command = [sys.executable, "-m", "workbench", *arguments]
    variables = colorless_environment(TERM="xterm", **environment)
    done = subprocess.run(
        command, cwd=cwd, env=variables, stdout=subprocess.PIPE, text=True, check=False
    )
    return done.stdout


@pytest.fixture
def mixed(here: Path) -> Path:
    (here / "code" / "uses.py").write_text(MIXED)
    return here


@pytest.mark.parametrize(
    ("arguments", "status", "colored"),
    [
        ("audit code", 1, ["\x1b[1mcode/uses.py\x1b[0m:5:12: \x1b[32mrewrite\x1b[0m call"]),
        (
            "audit code",
            1,
            ["\x1b[33mreview\x1b[0m", "\x1b[2mkeep\x1b[0m", "\x1b[32m       1\x1b[0m"],
        ),
        ("audit code --format concise", 1, ["\x1b[1mcode/uses.py\x1b[0m:5:12: \x1b[32mrewrite"]),
        ("audit broken.py", 3, ["\x1b[1mbroken.py\x1b[0m: \x1b[31m"]),
        ("gate results.json --min-speedup 2", 0, ["gate: \x1b[32m1 pass\x1b[0m, 0 fail\n"]),
        ("gate results.json --min-speedup 9", 1, ["\x1b[31mfail", "0 pass, \x1b[31m1 fail\x1b[0m"]),
        ("verify format_float --examples 1", 0, ["\x1b[32mok      \x1b[0m", "\x1b[32m1 of 1"]),
        ("migrate code", 0, ["\x1b[31m-    return common_utils.f", "\x1b[36m@@ -1,8 +1,9 @@\x1b"]),
    ],
)
def test_a_terminal_has_colors_and_a_pipe_has_none(
    arguments: str, status: int, colored: list[str], mixed: Path
) -> None:
    words = arguments.split()
    found, shown = on_terminal(*words, cwd=mixed)
    assert found == status
    assert all(part in shown for part in colored), shown
    without = piped(*words, cwd=mixed)
    assert "\x1b" not in without
    assert plain(shown).startswith(without)
    assert on_terminal(*words, cwd=mixed, NO_COLOR="1") == (status, plain(shown))


@pytest.mark.parametrize("variable", ["FORCE_COLOR", "CLICOLOR_FORCE"])
@pytest.mark.parametrize(
    "arguments", ["audit code", "gate results.json", "verify format_float --examples 1"]
)
def test_colors_in_a_pipe(arguments: str, variable: str, mixed: Path) -> None:
    words = arguments.split()
    shown = piped(*words, cwd=mixed, **{variable: "1"})
    assert ESCAPE.search(shown)
    assert plain(shown) == piped(*words, cwd=mixed)


@pytest.mark.parametrize(
    "arguments",
    [
        "migrate code",
        "audit code --format json",
        "audit code --format github",
        "gate results.json --format markdown",
        "report results.json",
        "utilities hash_file",
        "--help",
    ],
)
def test_what_programs_read_has_no_colors(arguments: str, mixed: Path) -> None:
    assert "\x1b" not in piped(*arguments.split(), cwd=mixed, FORCE_COLOR="1")


def test_files_have_no_colors(mixed: Path) -> None:
    status, shown = on_terminal("audit", "code", "-o", "audit.txt", cwd=mixed, FORCE_COLOR="1")
    assert (status, shown) == (1, "")
    assert (mixed / "audit.txt").read_text() == piped("audit", "code", cwd=mixed)


def test_a_diff_from_a_pipe_can_be_applied(mixed: Path) -> None:
    diff = piped("migrate", "code", cwd=mixed, FORCE_COLOR="1")
    subprocess.run(["git", "apply"], input=diff, text=True, cwd=mixed, check=True)
    assert "accelerated.format_float" in (mixed / "code" / "uses.py").read_text()


def test_control_characters_in_a_diff_are_escaped(here: Path) -> None:
    (here / "code" / "uses.py").write_bytes(
        b"from sky.utils.common_utils import hash_file\nhash_file('\x1b[2J\xc2\x9b2J', 'md5')\t#\n"
    )
    status, shown = on_terminal("migrate", "code", cwd=here)
    assert status == 0
    assert r" hash_file('\x1b[2J\x9b2J', 'md5')" in shown
    assert "\x1b[2J" not in shown
    assert "\x9b" not in shown


@pytest.mark.parametrize(
    ("environment", "terminal", "expected"),
    [
        ({}, True, True),
        ({}, False, False),
        ({"TERM": "dumb"}, True, False),
        ({"NO_COLOR": "1"}, True, False),
        ({"NO_COLOR": ""}, True, True),
        ({"FORCE_COLOR": "1"}, False, True),
        ({"FORCE_COLOR": ""}, False, False),
        ({"CLICOLOR_FORCE": "1"}, False, True),
        ({"CLICOLOR_FORCE": "0"}, False, False),
        ({"FORCE_COLOR": "1", "TERM": "dumb"}, False, True),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, True, False),
    ],
)
def test_precedence_of_the_environment(
    environment: dict[str, str], terminal: bool, expected: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR", "CLICOLOR_FORCE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: terminal)
    assert wanted(sys.stdout) == expected
