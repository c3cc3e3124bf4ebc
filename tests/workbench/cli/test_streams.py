"""Standard streams that are closed, full, broken or in the wrong mode, in real processes."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.workbench.command_line import MIGRATABLE

WORKBENCH = f"{sys.executable} -m workbench"
FINDINGS = "1 reference in 1 of 1 file"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "uses.py").write_text(MIGRATABLE)
    return tmp_path


@pytest.fixture
def broken_pipe() -> Iterator[int]:
    """The write end of a pipe without a reader."""
    read, write = os.pipe()
    os.close(read)
    yield write
    os.close(write)


def shell(command: str) -> subprocess.CompletedProcess[str]:
    """Run a shell command in which ``workbench`` is the workbench under test."""
    script = f'workbench() {{ {WORKBENCH} "$@"; }}\n{command}'
    return subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=False)


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    ("redirection", "reason"),
    [(">&-", "Bad file descriptor"), ("> /dev/full", "No space left on device")],
)
@pytest.mark.parametrize(
    "command",
    [
        "audit src",
        "audit src --format json",
        "migrate src",
        "migrate src --write",
        "utilities",
        "--help",
        "audit --help",
        "--version",
    ],
)
def test_full_standard_output(command: str, redirection: str, reason: str) -> None:
    done = shell(f"workbench {command} {redirection}")
    first, *rest = done.stderr.splitlines()
    assert first == f"workbench: error: cannot write standard output: {reason}"
    assert rest == []
    assert done.returncode == 3


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("redirection", [">&-", "> /dev/full"])
def test_closed_standard_output_of_a_command_without_output(redirection: str) -> None:
    done = shell(f"workbench audit src -o audit.txt {redirection}")
    assert (done.returncode, done.stderr) == (1, "")
    assert FINDINGS in Path("audit.txt").read_text()


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("redirection", ["2>&-", "2> /dev/full"])
def test_full_standard_error(redirection: str) -> None:
    done = shell(f"workbench audit src missing {redirection}")
    assert (done.returncode, done.stdout, done.stderr) == (2, "", "")
    done = shell(f"workbench audit src {redirection}")
    assert done.returncode == 1
    assert FINDINGS in done.stdout
    assert done.stderr == ""


@pytest.mark.usefixtures("here")
def test_no_stream_at_all() -> None:
    assert shell("workbench audit src <&- >&- 2>&-").returncode == 3
    assert shell("workbench audit src -o audit.txt <&- >&- 2>&-").returncode == 1
    assert FINDINGS in Path("audit.txt").read_text()
    assert shell("workbench audit missing <&- >&- 2>&-").returncode == 2
    assert shell("workbench migrate src --write <&- 2>&-").returncode == 0
    assert "accelerated.format_float" in Path("src/uses.py").read_text()


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    "command", ["audit -", "audit --files-from -", "migrate src --interactive", "migrate -"]
)
def test_standard_input_that_cannot_be_read(command: str) -> None:
    done = shell(f"workbench {command} <&-")
    assert done.returncode == 2
    assert done.stderr == "workbench: error: cannot read standard input: Bad file descriptor\n"
    assert Path("src/uses.py").read_text() == MIGRATABLE


@pytest.mark.usefixtures("here")
def test_closed_standard_input_of_a_command_that_reads_none() -> None:
    done = shell("workbench audit src <&-")
    assert (done.returncode, done.stderr) == (1, "")
    assert FINDINGS in done.stdout


@pytest.mark.usefixtures("here")
def test_an_answer_that_is_not_text() -> None:
    done = shell(
        r"printf '\xff\n' | PYTHONIOENCODING=utf-8:strict workbench migrate src --interactive"
    )
    assert done.returncode == 2
    assert done.stderr.startswith("workbench: error: cannot read standard input: 'utf-8' codec")
    assert done.stderr.count("\n") == 1
    assert Path("src/uses.py").read_text() == MIGRATABLE


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("command", ["audit src", "migrate src", "--help", "utilities"])
def test_standard_output_without_a_reader(command: str, broken_pipe: int) -> None:
    arguments = [sys.executable, "-m", "workbench", *command.split()]
    done = subprocess.run(arguments, stdout=broken_pipe, stderr=subprocess.PIPE, check=False)
    assert (done.returncode, done.stderr) == (141, b"")


@pytest.mark.usefixtures("here")
def test_standard_error_without_a_reader(broken_pipe: int) -> None:
    arguments = [sys.executable, "-m", "workbench", "migrate", "src", "--write"]
    done = subprocess.run(arguments, stdout=subprocess.PIPE, stderr=broken_pipe, check=False)
    assert (done.returncode, done.stdout) == (0, b"changed src/uses.py\n")


def test_no_file_takes_the_number_of_a_closed_stream(here: Path) -> None:
    """Otherwise the first error message of a library would overwrite a database on descriptor 2."""
    command = "workbench audit src --format json -o audit.json <&- >&- 2>&-"
    assert shell(command).returncode == 1
    assert (here / "audit.json").read_text().startswith("{")
    code = (
        "import os, sys\n"
        "from workbench.cli import main\n"
        "main(['--version'])\n"
        "sys.exit(os.open('other', os.O_WRONLY | os.O_CREAT))\n"
    )
    for closed in ("<&-", "2>&-", "<&- 2>&-", "<&- >&- 2>&-"):
        script = ["bash", "-c", f'exec "$@" {closed}', "-", sys.executable, "-c", code]
        assert subprocess.run(script, check=False, stdout=subprocess.PIPE).returncode >= 3, closed


@pytest.mark.usefixtures("here")
def test_a_non_blocking_pipe_gets_all_output() -> None:
    Path("src/uses.py").write_text(MIGRATABLE + "    common_utils.hash_file(x)\n" * 3000)
    command = [sys.executable, "-m", "workbench", "audit", "src", "--no-cache"]
    whole = subprocess.run(command, capture_output=True, check=False).stdout
    assert len(whole) > 150_000  # more than the capacity of a pipe
    read, write = os.pipe()
    os.set_blocking(write, False)
    with subprocess.Popen(command, stdout=write, stderr=subprocess.PIPE) as process:
        os.close(write)
        with open(read, "rb") as pipe:
            shown = pipe.read()
        assert process.stderr is not None
        assert process.stderr.read() == b""
        assert process.wait(60) == 1
    assert shown == whole


def test_a_current_directory_that_is_gone(tmp_path: Path) -> None:
    done = shell(f"mkdir {tmp_path}/gone; cd {tmp_path}/gone; rmdir $PWD; workbench audit .")
    reason = "cannot use the current directory: No such file or directory"
    assert (done.returncode, done.stderr) == (2, f"workbench: error: {reason}\n")
