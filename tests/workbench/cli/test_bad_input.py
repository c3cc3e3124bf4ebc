from __future__ import annotations

import gzip
import json
import subprocess
import sys
from pathlib import Path

import pyperf  # type: ignore[import-untyped]
import pytest

from tests.workbench.command_line import run
from workbench.cli import main


@pytest.fixture
def broken_results(here: Path) -> None:
    """Results files that are truncated, empty, from another program or without samples."""
    good = (here / "results.json").read_text()
    (here / "truncated.json").write_text(good[: len(good) // 2])
    (here / "nothing.json").write_text("")
    (here / "empty.json").write_text('{"version": "1.0", "benchmarks": []}')
    run = pyperf.Run([1.0], metadata={"name": "x"}, collect_metadata=False)
    pyperf.Benchmark([run]).dump(str(here / "foreign.json"))
    document = json.loads(good)
    for benchmark in document["benchmarks"]:
        for found in benchmark["runs"]:
            found["values"] = []
    (here / "no-values.json").write_text(json.dumps(document))


@pytest.fixture
def odd_files(here: Path) -> None:
    """Files as an attacker or a broken disk would produce them."""
    deep = "[" * 100_000 + "]" * 100_000
    (here / "deep.json").write_text(deep)
    (here / "deep.toml").write_text(f"deep = {deep}")
    (here / "deep.json.gz").write_bytes(gzip.compress(deep.encode()))
    packed = gzip.compress((here / "results.json").read_bytes())
    (here / "cut.json.gz").write_bytes(packed[:-20])
    (here / "damaged.json.gz").write_bytes(packed[:50] + b"\xff" * 50 + packed[100:])
    infinite = '{"schema_version": 1, "summary": {"files_scanned": 1e999}}'
    (here / "infinite.json").write_text(infinite)
    (here / "loop").symlink_to("loop")


BAD_INPUT = [
    # arguments, exit code, part of the error line
    ("", 2, "Missing command"),
    ("bnech", 2, "No such command 'bnech'. Did you mean 'bench'? (see 'workbench --help')"),
    ("adit code", 2, "No such command 'adit'. Did you mean 'audit'?"),
    ("history ad", 2, "Did you mean 'add'? (see 'workbench history --help')"),
    ("nothing", 2, "No such command 'nothing'. (see"),
    ("--versoin", 2, "--version"),
    ("audit code --fromat json", 2, "--format"),
    ("utilities hash_fil", 2, "did you mean 'hash_file'?"),
    ("audit", 2, "Missing argument"),
    ("audit no/such/path", 2, "no/such/path"),
    ("audit code --format yaml", 2, "'yaml' is not one of"),
    ("audit code -o missing/audit.json", 2, "directory missing does not exist"),
    ("audit code -o code", 2, "it is a directory"),
    ("audit code -o sarif:missing/a", 2, "directory missing does not exist"),
    ("audit code -o json:", 2, "has no file name"),
    ("audit code -o a -o json:a", 2, "two outputs are written to a"),
    (f"audit {'x' * 300}", 2, "File name too long"),
    ("audit loop", 2, "loop: Too many levels of symbolic links"),
    ("audit code/uses.py/more", 2, "no such file or directory"),
    (f"audit code -o {'x' * 300}", 2, "File name too long"),
    ("audit code -o loop", 2, "cannot write loop: Too many levels of symbolic links"),
    ("audit code --baseline loop", 2, "cannot read loop: Too many levels of symbolic links"),
    ("audit code --baseline deep.json", 2, "deep.json is not JSON: it is nested too deeply"),
    ("audit code --config deep.toml", 2, "deep.toml is not TOML: it is nested too deeply"),
    ("audit code --baseline missing.json", 2, "cannot read missing.json"),
    ("audit code --baseline notes.txt", 2, "notes.txt is not JSON"),
    ("audit code --baseline list.json", 2, "list.json is not an audit"),
    ("migrate no/such/path", 2, "no/such/path"),
    ("migrate code --wirte", 2, "No such option"),
    ("audit broken.py", 3, "broken.py"),
    ("verify nothing", 2, "unknown utility 'nothing'"),
    ("verify --examples -1", 2, "-1 is not in the range"),
    ("bench hash_fil", 2, "did you mean 'hash_file'?"),
    ("bench -o missing/results.json", 2, "directory missing does not exist"),
    ("bench -o results.json", 2, "use --force to overwrite it"),
    ("bench --time-limit 0", 2, "0"),
    ("bench --compare python native", 2, "'python' is not a side"),
    ("bench --beside other", 2, "'other' is not a side"),
    ("bench --compare builtins:len", 2, "requires 2 arguments"),
    ("bench --fast --compare no_such:f builtins:len", 2, "cannot import no_such.f"),
    ("bench --fast --compare builtins:len builtins:len --args x", 2, "'x' is not defined"),
    ("report missing.json", 2, "cannot read missing.json: No such file"),
    ("report code", 2, "cannot read code: Is a directory"),
    ("report notes.txt", 2, "notes.txt is not a pyperf file"),
    ("report list.json", 2, "list.json is not a pyperf file"),
    ("report deep.json", 2, "deep.json is not a pyperf file: it is nested too deeply"),
    ("report deep.json.gz", 2, "deep.json.gz is not a pyperf file: it is nested too deeply"),
    ("report cut.json.gz", 2, "its compression is damaged"),
    ("report damaged.json.gz", 2, "its compression is damaged"),
    ("report results.json --audit deep.json", 2, "deep.json is not JSON: it is nested too deeply"),
    ("report results.json --audit infinite.json", 2, "infinite.json is not an audit"),
    ("report results.json --profile deep.json", 2, "it is nested too deeply"),
    ("report results.json --migration deep.json", 2, "deep.json is not a unified diff"),
    ("report results.json --audit missing.json", 2, "cannot read missing.json"),
    ("report results.json --audit notes.txt", 2, "notes.txt is not JSON"),
    ("report results.json --audit list.json", 2, "list.json is not an audit"),
    ("report results.json --migration missing.diff", 2, "cannot read missing.diff"),
    ("report results.json --migration notes.txt", 2, "notes.txt is not a unified diff"),
    ("report results.json -o missing/report.html", 2, "directory missing does not exist"),
    ("report results.json --format docx", 2, "'docx' is not one of"),
    ("report results.json --format text --format csv", 2, "several formats need a directory"),
    ("report results.json --format text --format csv -o notes.txt", 2, "it is a file"),
    ("report results.json --format text --format csv -o a/b", 2, "cannot create a/b"),
    ("report results.json --profile missing.prof", 2, "cannot read missing.prof"),
    ("report results.json --profile notes.txt", 2, "notes.txt is not a cProfile, pyinstrument"),
    ("report results.json --baseline notes.txt", 2, "notes.txt is not a pyperf file"),
    ("report results.json --history missing.db", 3, "missing.db has no history"),
    ("report results.json --history notes.txt", 2, "notes.txt"),
    ("gate missing.json", 2, "cannot read missing.json"),
    ("gate truncated.json", 2, "truncated.json is not a pyperf file"),
    ("gate foreign.json", 2, "foreign.json was not written by 'workbench bench'"),
    ("gate no-values.json", 2, "no-values.json is not a pyperf file"),
    ("gate results.json --baseline empty.json", 2, "empty.json is not a pyperf file"),
    ("gate results.json --baseline nothing.json", 2, "nothing.json is not a pyperf file"),
    ("gate results.json --metric instructions", 2, "have no instruction counts"),
    ("gate results.json --metric instructions --measure 5", 2, "--measure needs --metric time"),
    ("gate results.json --min-speedup inf", 2, "must be positive"),
    ("gate results.json --measure -1", 2, "-1.0 is not in the range"),
    ("history add results.json --store postgresql://127.0.0.1:1/x", 2, "postgresql://127.0.0.1"),
    ("history show --store postgresql://127.0.0.1:1/x", 2, "postgresql://127.0.0.1"),
    ("gate results.json --min-speedup fast", 2, "'fast' is not a valid float"),
    ("gate results.json --baseline notes.txt", 2, "notes.txt is not a pyperf file"),
    ("gate results.json --baseline results.json --max-regression x", 2, "'x' is not a fraction"),
    ("gate results.json --max-regression -5%", 2, "below 100%, not -5%"),
    ("gate results.json --config missing.toml", 2, "cannot read missing.toml"),
    ("gate results.json --config list.json", 2, "list.json is not TOML"),
    ("compare results.json", 2, "Missing argument"),
    ("compare results.json notes.txt", 2, "notes.txt is not a pyperf file"),
    ("gate results.json --min-speedup -2", 2, "must be positive, not -2"),
]


@pytest.mark.parametrize(("arguments", "exit_code", "said"), BAD_INPUT, ids=lambda v: str(v)[:40])
@pytest.mark.usefixtures("broken_results", "odd_files")
def test_bad_input_is_one_clear_line(
    arguments: str, exit_code: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments.split()) == exit_code
    error = capsys.readouterr().err
    assert error.startswith("workbench: error: ")
    assert error.count("\n") == 1
    assert said in error


@pytest.mark.usefixtures("here")
def test_bad_input_in_a_real_process() -> None:
    done = run("report", "notes.txt")
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith("workbench: error: notes.txt is not a pyperf file: ")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("command", "file"),
    [
        ("gate {}", "results.json"),
        ("report {}", "results.json"),
        ("audit code --exit-zero --files-from {}", "list"),
        ("audit code --exit-zero --config {}", "/dev/null"),
        ("gate -", "results.json"),
    ],
)
def test_pipes_are_read_like_files(command: str, file: str, here: Path) -> None:
    (here / "list").write_text("code/plain.py\n")
    pipe = command.format(f"<(cat {file})")
    script = f"{sys.executable} -m workbench {pipe} < {file}"
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout
