from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import workbench
from tests.workbench.command_line import MIGRATABLE, run
from workbench.cli import _shared, main

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
        "import sys; from workbench.cli import _shared, main; main(['--help'])\n"
        "heavy = {'hypothesis', 'libcst', 'matplotlib', 'numpy', 'pandas', 'pyperf', 'rich'}\n"
        "print('heavy:', sorted(heavy & sys.modules.keys()))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert all(f"  {name} " in done.stdout for name in COMMANDS)
    assert done.stdout.endswith("heavy: []\n")


def test_code_in_the_current_directory_is_never_imported(tmp_path: Path) -> None:
    for name in ("click", "libcst", "hypothesis", "sitecustomize"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('audited code was run')\n")
    (tmp_path / "uses.py").write_text(MIGRATABLE)
    command = [sys.executable, "-m", "workbench", "audit", "."]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "audited code was run" not in done.stderr + done.stdout
    assert "uses.py:" in done.stdout


@pytest.mark.parametrize("name", ["", *COMMANDS, *(f"history {name}" for name in IN_HISTORY)])
def test_every_command_has_help_with_examples(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
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


def test_utilities_lists_the_catalog(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["utilities"]) == 0
    text = capsys.readouterr().out
    assert text.count("announced") == 12
    assert "  replaces  sky.utils.subprocess_utils.is_process_alive\n" in text
    assert "  replaces  nothing\n" in text
    assert "  workload  last 100,000 lines of a 50 MB log\n" in text
    assert all(len(line) <= 80 for line in text.splitlines())
    assert "\x1b" not in text


def test_doctor_in_a_real_process() -> None:
    done = run("doctor", "--require-native")
    assert done.stdout.count("ok  ") >= 24
    assert "\x1b" not in done.stdout
    assert all(len(line) <= 80 for line in done.stdout.splitlines() if not line.startswith("    "))
    assert done.returncode == (1 if "!!" in done.stdout else 0)


def test_output_that_a_terminal_cannot_show_causes_no_traceback() -> None:
    done = run("utilities", "hash_file", env={**os.environ, "PYTHONIOENCODING": "ascii"})
    assert done.returncode == 0
    assert "announced   7.00" in done.stdout


@pytest.mark.parametrize("patience", [0, 600])
def test_progress_shows_on_a_terminal_when_work_takes_long(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, patience: int
) -> None:
    monkeypatch.setattr(_shared, "_PATIENCE", patience)
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    assert main(["verify", "base36_encode", "--examples", "0"]) == 0
    captured = capsys.readouterr()
    assert ("verify base36_encode" in captured.err) == (patience == 0)
    assert captured.err.endswith("\x1b[1A\x1b[2K") == (patience == 0)
    assert "\x1b" not in captured.out


def test_the_public_api_is_importable() -> None:
    for name in workbench.__all__:
        assert callable(getattr(workbench, name))
        assert name in dir(workbench)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        workbench.nothing  # noqa: B018
