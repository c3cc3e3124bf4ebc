"""Shell completion, requested as a shell does."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from workbench.catalog import utilities
from workbench.cli import main
from workbench.cli._completion import utility_names

SHELLS = ["bash", "zsh", "fish"]


def complete(line: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> str:
    """Return the completions of the last word, one `type,text` per line."""
    words = line.split(" ")
    monkeypatch.setenv("_WORKBENCH_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", line)
    monkeypatch.setenv("COMP_CWORD", str(len(words) - 1))
    assert main([]) == 0
    captured = capsys.readouterr()
    assert captured.err == ""
    return captured.out


@pytest.mark.parametrize("shell", SHELLS)
def test_a_script_for_each_shell(
    shell: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("_WORKBENCH_COMPLETE", f"{shell}_source")
    assert main([]) == 0
    script = capsys.readouterr().out
    assert f"_WORKBENCH_COMPLETE={shell}_complete" in script
    if program := shutil.which(shell):
        subprocess.run([program, "-n"], input=script, text=True, check=True)


@pytest.mark.parametrize("instruction", ["tcsh_source", "bash", "bash_", "_source", "x"])
def test_an_unknown_instruction_is_named(
    instruction: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("_WORKBENCH_COMPLETE", instruction)
    assert main(["utilities"]) == 2
    known = "bash_source, zsh_source, fish_source"
    expected = (
        f"workbench: error: _WORKBENCH_COMPLETE must be one of {known}, not '{instruction}'\n"
    )
    assert capsys.readouterr().err == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("workbench ver", ["verify"]),
        ("workbench h", ["history"]),
        ("workbench history ", ["add", "show", "plot"]),
        ("workbench --de", ["--debug"]),
        ("workbench verify f", ["find_free_port", "format_float"]),
        ("workbench verify format_float ha", ["hash_file"]),
        ("workbench bench has", ["hash_file"]),
        ("workbench bench compo", ["composite"]),
        ("workbench utilities hash", ["hash_file"]),
        ("workbench history show hash", ["hash_file"]),
        ("workbench history plot hash", ["hash_file"]),
        ("workbench audit src --select hash", ["hash_file"]),
        ("workbench audit --ignore format_float,ha", ["format_float,hash_file"]),
        ("workbench migrate --select hash", ["hash_file"]),
        ("workbench audit --form", ["--format"]),
        ("workbench audit --format js", ["json", "jsonl"]),
        ("workbench gate --metric i", ["instructions"]),
        ("workbench nothing x", []),
    ],
)
def test_words(
    line: str,
    expected: list[str],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shown = complete(line, capsys, monkeypatch).splitlines()
    assert [text.removeprefix("plain,") for text in shown if text] == expected


@pytest.mark.parametrize(
    "line",
    [
        "workbench audit sr",
        "workbench migrate sr",
        "workbench audit --files-from sr",
        "workbench audit -o sr",
        "workbench report sr",
        "workbench compare old.json sr",
        "workbench gate sr",
        "workbench history add sr",
    ],
)
def test_files_are_left_to_the_shell(
    line: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert complete(line, capsys, monkeypatch) == "file,sr\n"


def test_utilities_are_named_without_the_catalog() -> None:
    assert utility_names() == sorted(utility.name for utility in utilities())


@pytest.mark.parametrize("line", ["workbench ", "workbench bench ha", "workbench audit --select h"])
def test_completion_imports_nothing_that_takes_time(line: str) -> None:
    code = (
        "import sys; from workbench.cli import main; main([])\n"
        "heavy = {'workbench.analyzers.audit', 'hypothesis', 'libcst', 'numpy', 'pyperf', 'rich'}\n"
        "heavy |= {'workbench.catalog'}\n"
        "print('heavy:', sorted(heavy & sys.modules.keys()))"
    )
    wanted = {"_WORKBENCH_COMPLETE": "bash_complete", "COMP_WORDS": line}
    environment = {**os.environ, **wanted, "COMP_CWORD": str(line.count(" "))}
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.startswith("plain,")
    assert done.stdout.endswith("heavy: []\n")


def test_bash_completes_a_command_line(tmp_path: Path) -> None:
    program = tmp_path / "workbench"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m workbench "$@"\n')
    program.chmod(0o755)
    script = (
        'eval "$(_WORKBENCH_COMPLETE=bash_source workbench)"\n'
        "COMP_WORDS=(workbench verify form)\nCOMP_CWORD=2\n"
        "_workbench_completion workbench\n"
        'echo "${COMPREPLY[@]}"\n'
    )
    environment = {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"}
    command = ["bash", "-c", script]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("format_float\n", "")
