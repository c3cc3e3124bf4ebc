"""Internal errors are one line, and never have the exit code for findings."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import click
import pytest

from workbench.cli import main

ADVICE = "please report it (traceback with --debug)"


class PanicError(BaseException):
    """Like a panic in native code: not an Exception."""


class UnspeakableError(Exception):
    def __str__(self) -> str:
        raise ValueError("no text")


def _raise(error: BaseException) -> Callable[..., NoReturn]:
    def raise_it(*_: object, **__: object) -> NoReturn:
        raise error

    return raise_it


def _recurse(*arguments: Any) -> None:
    _recurse(*arguments)


@pytest.mark.parametrize(
    ("error", "named"),
    [
        (ValueError("it is\nbroken"), "ValueError: it is broken"),
        (KeyError("name"), "KeyError: 'name'"),
        (AssertionError(), "AssertionError"),
        (OSError(5, "Input/output error"), "OSError: [Errno 5] Input/output error"),
        (BrokenPipeError(32, "Broken pipe"), "BrokenPipeError: [Errno 32] Broken pipe"),
        (UnicodeDecodeError("utf-8", b"\xff", 0, 1, "bad"), "UnicodeDecodeError: 'utf-8' codec"),
        (SystemExit(1), "SystemExit: 1"),
        (PanicError("a thread panicked"), "PanicError: a thread panicked"),
        (UnspeakableError(), "UnspeakableError"),
        (ValueError("\x1b[2J"), r"ValueError: \x1b[2J"),
        (ValueError("x" * 10_000), "ValueError: xxx"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_an_uncaught_exception_is_one_line(
    error: BaseException,
    named: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("workbench.verify.verify", _raise(error))
    assert main(["verify"]) == 3
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith(f"workbench: internal error: {named}")
    assert captured.err.endswith(f"; {ADVICE}\n")
    assert captured.err.count("\n") == 1
    assert len(captured.err) < 700


def test_too_deep_a_recursion(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("workbench.verify.verify", _recurse)
    assert main(["verify"]) == 3
    error = capsys.readouterr().err
    assert error.startswith("workbench: internal error: RecursionError: maximum recursion depth")
    assert error.count("\n") == 1


def test_too_little_memory(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("workbench.verify.verify", _raise(MemoryError()))
    assert main(["verify"]) == 3
    assert capsys.readouterr().err == "workbench: error: out of memory\n"


def test_too_little_memory_in_a_real_process(tmp_path: Path) -> None:
    with (tmp_path / "large.json").open("wb") as file:
        file.truncate(2 << 30)
    command = f"ulimit -v 1000000; exec {sys.executable} -m workbench report large.json"
    done = subprocess.run(
        ["bash", "-c", command], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (3, "workbench: error: out of memory\n")


@pytest.mark.parametrize("way", ["before", "after", "last", "environment", "in a group"])
def test_the_traceback_can_be_seen(
    way: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("workbench.verify.verify", _raise(ValueError("broken")))
    monkeypatch.setattr("workbench.history.load", _raise(ValueError("broken")))
    if way == "environment":
        monkeypatch.setenv("WORKBENCH_DEBUG", "1")
    arguments = {
        "before": ["--debug", "verify"],
        "after": ["verify", "--debug", "hash_file"],
        "last": ["verify", "hash_file", "--debug"],
        "environment": ["verify"],
        "in a group": ["history", "show", "--debug"],
    }[way]
    assert main(arguments) == 3
    error = capsys.readouterr().err
    assert error.startswith("Traceback (most recent call last):\n")
    assert "in raise_it\n" in error
    last = "workbench: internal error: ValueError: broken; please report it"
    assert error.splitlines()[-1] == last


@pytest.mark.parametrize("value", ["", "0"])
def test_the_traceback_can_be_switched_off(
    value: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("WORKBENCH_DEBUG", value)
    monkeypatch.setattr("workbench.verify.verify", _raise(ValueError("broken")))
    assert main(["verify"]) == 3
    assert capsys.readouterr().err.count("\n") == 1


def test_an_error_of_the_user_has_no_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--debug", "utilities", "nothing"]) == 2
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize("error", [ValueError("broken"), KeyboardInterrupt(), MemoryError()])
@pytest.mark.parametrize("help_", [["--help"], ["audit", "--help"], ["history", "-h"]])
def test_help_that_cannot_be_rendered(
    help_: list[str],
    error: BaseException,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(click.Command, "format_help", _raise(error))
    assert main(help_) == (130 if isinstance(error, KeyboardInterrupt) else 3)
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize(
    ("line", "status", "said"),
    [
        ("raise ImportError('no such thing')", 3, "internal error: ImportError: no such thing"),
        ("def (:", 3, "internal error: SyntaxError: "),
        ("raise KeyboardInterrupt", 130, "error: interrupted"),
        ("raise SystemExit(1)", 3, "internal error: SystemExit: 1"),
        ("raise MemoryError", 3, "error: out of memory"),
    ],
)
@pytest.mark.parametrize("module", ["workbench/cli/_root.py", "workbench/cli/audit.py"])
def test_a_module_that_cannot_be_imported(
    module: str, line: str, status: int, said: str, tmp_path: Path
) -> None:
    """Replace a module that the command line imports by a broken one."""
    (tmp_path / "broken.py").write_text(line)
    code = (
        "import importlib.util, sys\n"
        "from importlib.machinery import PathFinder\n"
        "class Finder:\n"
        "    @staticmethod\n"
        "    def find_spec(name, path, target=None):\n"
        f"        if name == {module[:-3].replace('/', '.')!r}:\n"
        f"            return importlib.util.spec_from_file_location(name, {str(tmp_path)!r} + "
        "'/broken.py')\n"
        "sys.meta_path.insert(0, Finder)\n"
        "from workbench.cli import main\n"
        "sys.argv[1:] = ['audit', '.']\n"
        "sys.exit(main())\n"
    )
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == status
    assert done.stderr.startswith(f"workbench: {said}")
    assert done.stderr.count("\n") == 1


def test_interrupts_while_the_process_ends(tmp_path: Path) -> None:
    """A second interrupt after the first was reported ends the process at once."""
    code = (
        "import atexit, sys, time\n"
        "from workbench import cli, verify\n"
        "def interrupt(*_):\n"
        "    raise KeyboardInterrupt\n"
        "verify.verify = interrupt\n"
        "def wait():\n"
        "    print('waiting', flush=True)\n"
        "    time.sleep(300)\n"
        "atexit.register(wait)\n"
        "sys.argv[1:] = ['verify', 'hash_file']\n"
        "sys.exit(cli.main())\n"
    )
    command = [sys.executable, "-c", code]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True, cwd=tmp_path) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "waiting\n"
        process.send_signal(signal.SIGINT)
        _, error = process.communicate(timeout=60)
    assert process.returncode == -signal.SIGINT
    assert error == "workbench: error: interrupted\n"


def test_interrupts_stay_ignored_in_the_background() -> None:
    code = (
        "import signal, sys\n"
        "from workbench import cli\n"
        "signal.signal(signal.SIGINT, signal.SIG_IGN)\n"
        "sys.argv[1:] = ['utilities', 'nothing']\n"
        "status = cli.main()\n"
        "sys.exit(status if signal.getsignal(signal.SIGINT) is signal.SIG_IGN else 9)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert done.returncode == 2
