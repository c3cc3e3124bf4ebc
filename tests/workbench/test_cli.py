from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from workbench_samples import make_measurement, make_results

import workbench
from workbench import backends
from workbench.cli import main
from workbench.measure import plan
from workbench.measure.plan import Plan

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
TINY = Plan("fast", 2, 2, 4, 0.0002, 0.1, 0.0, 60.0, 3)
MIGRATABLE = """\
from sky.utils import common_utils


def show(x):
    return common_utils.format_float(x)
"""


def run(*arguments: str | Path, **options: Any) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "workbench", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, **options)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a directory with a results file, an audit, a code base and things that are broken."""
    monkeypatch.chdir(tmp_path)
    workbench.save_results(make_results(make_measurement()), tmp_path / "results.json")
    (tmp_path / "notes.txt").write_text("no results here")
    (tmp_path / "list.json").write_text("[]")
    (tmp_path / "code").mkdir()
    (tmp_path / "code" / "uses.py").write_text(MIGRATABLE)
    (tmp_path / "code" / "plain.py").write_text("x = 1\n")
    (tmp_path / "broken.py").write_text("from sky.utils.common_utils import hash_file\ndef (:\n")
    return tmp_path


def test_help_names_every_command_and_imports_nothing_heavy() -> None:
    code = (
        "import sys; from workbench.cli import main; main(['--help'])\n"
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


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([name, "--help"]) == 0
    text = capsys.readouterr().out
    assert f"workbench {name}" in text.split("Examples:")[1]
    assert all(len(line) <= 80 for line in text.splitlines())


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("workbench 0.")


BAD_INPUT = [
    # arguments, exit code, what the line says
    ("", 2, "Missing command"),
    ("bnech", 2, "No such command 'bnech'"),
    ("utilities hash_fil", 2, "did you mean 'hash_file'?"),
    ("audit", 2, "Missing argument"),
    ("audit no/such/path", 2, "no/such/path"),
    ("audit code --format yaml", 2, "'yaml' is not one of"),
    ("audit code -o missing/audit.json", 2, "directory missing does not exist"),
    ("audit code -o code", 2, "it is a directory"),
    ("audit code -o sarif:missing/a", 2, "directory missing does not exist"),
    ("audit code -o json:", 2, "names no file"),
    ("audit code -o a -o json:a", 2, "two outputs go to a"),
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
    ("bench -o results.json", 2, "--force overwrites it"),
    ("bench --time-limit 0", 2, "0"),
    ("report missing.json", 2, "cannot read missing.json: No such file"),
    ("report code", 2, "cannot read code: Is a directory"),
    ("report notes.txt", 2, "notes.txt is not a pyperf file"),
    ("report list.json", 2, "list.json is not a pyperf file"),
    ("report results.json --audit missing.json", 2, "cannot read missing.json"),
    ("report results.json --audit notes.txt", 2, "notes.txt is not JSON"),
    ("report results.json --audit list.json", 2, "list.json is not an audit"),
    ("report results.json --migration missing.diff", 2, "cannot read missing.diff"),
    ("report results.json --migration notes.txt", 2, "notes.txt is not a unified diff"),
    ("report results.json -o missing/report.html", 2, "directory missing does not exist"),
    ("report results.json --format docx", 2, "'docx' is not one of"),
    ("gate missing.json", 2, "cannot read missing.json"),
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
@pytest.mark.usefixtures("here")
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


def test_utilities_lists_the_catalog(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["utilities"]) == 0
    text = capsys.readouterr().out
    assert text.count("announced") == 12
    assert "  replaces  sky.utils.subprocess_utils.is_process_alive\n" in text
    assert "  replaces  nothing\n" in text
    assert "  workload  last 100,000 lines of a 50 MB log\n" in text
    assert all(len(line) <= 80 for line in text.splitlines())
    assert "\x1b" not in text


@pytest.mark.usefixtures("here")
def test_audit_in_text(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit", "code"]) == 1
    text = capsys.readouterr().out
    wanted = "code/uses.py:5:12: rewrite call sky.utils.common_utils.format_float"
    assert wanted in text
    assert "1 reference in 1 of 2 files" in text
    assert main(["audit", "code", "--exit-zero"]) == 0
    assert main(["audit", "code/plain.py"]) == 0
    assert "0 references in 0 of 1 file" in capsys.readouterr().out


def test_audit_in_json_goes_into_a_report(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit", "code", "--format", "json", "-o", "audit.json"]) == 1
    document = json.loads((here / "audit.json").read_text())
    assert document["schema_version"] == 1
    assert document["summary"] == {
        "files_scanned": 2,
        "files_with_references": 1,
        "references": 1,
        "by_utility": {"format_float": 1},
    }
    (reference,) = document["references"]
    assert {key: reference[key] for key in ("path", "line", "column", "utility", "kind")} == {
        "path": "code/uses.py",
        "line": 5,
        "column": 12,
        "utility": "format_float",
        "kind": "call",
    }
    assert document["errors"] == document["notices"] == []
    capsys.readouterr()
    assert main(["report", "results.json", "--audit", "audit.json", "--format", "json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["utilities"][0]["utility"] == "format_float"
    assert report["audit"]["references"] == 1


def test_audit_in_several_formats_at_once(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = ["-o", "sarif:a.sarif", "-o", "jsonl:a.jsonl", "-o", "markdown:a.md"]
    assert main(["audit", "code", "--format", "github", *files]) == 1
    shown = capsys.readouterr().out
    assert shown.startswith("::warning file=code/uses.py,line=5,col=12,title=format_float::")
    assert json.loads((here / "a.sarif").read_text())["version"] == "2.1.0"
    assert json.loads((here / "a.jsonl").read_text().splitlines()[0])["path"] == "code/uses.py"
    assert (here / "a.md").read_text().startswith("## Audit\n")
    assert main(["audit", "code", *files]) == 1
    assert capsys.readouterr().out == ""


def test_audit_shows_what_is_new(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit", "code", "-o", "json:audit.json", "--exit-zero"]) == 0
    baseline = ["audit", "code", "--baseline", "audit.json"]
    assert main(baseline) == 0
    shown = capsys.readouterr().out
    assert "uses.py" not in shown
    assert shown.endswith("only what is new: 1 finding of the baseline not shown\n")
    added = "\n\ndef more(x):\n    return common_utils.hash_file(x)\n"
    (here / "code" / "uses.py").write_text("\n" + MIGRATABLE + added)
    assert main(baseline) == 1
    shown = capsys.readouterr().out
    assert "code/uses.py:10:12: rewrite call sky.utils.common_utils.hash_file\n" in shown
    assert "format_float" not in shown
    assert main([*baseline, "--exit-zero"]) == 0


def test_a_syntax_error_is_named_and_the_rest_is_done(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["audit", ".", "--format", "json"]) == 3
    captured = capsys.readouterr()
    document = json.loads(captured.out)
    assert len(document["references"]) == 1
    assert [error["path"] for error in document["errors"]] == ["broken.py"]
    assert captured.err.startswith("workbench: error: broken.py: ")
    assert main(["migrate", ".", "--write"]) == 3
    assert "accelerated.format_float" in (here / "code" / "uses.py").read_text()


def test_migrate_shows_checks_and_writes(here: Path, capsysbinary: Any) -> None:
    assert main(["migrate", "code"]) == 0
    diff = capsysbinary.readouterr().out
    assert b"--- a/code/uses.py\n+++ b/code/uses.py\n" in diff
    assert (here / "code" / "uses.py").read_text() == MIGRATABLE
    assert main(["migrate", "code", "--check"]) == 1
    assert capsysbinary.readouterr().out == b"would change code/uses.py\n"
    assert main(["migrate", "code", "--write"]) == 0
    assert capsysbinary.readouterr().out == b"changed code/uses.py\n"
    changed = (here / "code" / "uses.py").read_bytes()
    assert b"accelerated.format_float(x)" in changed
    assert main(["migrate", "code", "--check"]) == 0
    (here / "code" / "uses.py").write_text(MIGRATABLE)
    subprocess.run(["git", "apply"], input=diff, cwd=here, check=True)
    assert (here / "code" / "uses.py").read_bytes() == changed


def test_verify_passes(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", "base36_encode", "--examples", "5"]) == 0
    assert "1 of 1 utilities: native behaves as python does" in capsys.readouterr().out


def test_verify_shows_differences(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    real = backends.functions

    def functions(side: str) -> dict[str, Callable[..., Any]]:
        wrong = {"base36_encode": lambda *_: "0"} if side == backends.NATIVE else {}
        return {**real("python"), **wrong}

    monkeypatch.setattr(backends, "functions", functions)
    assert main(["verify", "base36_encode", "format_float", "--examples", "5"]) == 1
    text = capsys.readouterr().out
    assert "base36_encode                     DIFFERS" in text
    assert "  base36_encode('10')\n    python returned 'g' (str)\n" in text
    assert "\n    native returned '0' (str)\n" in text
    assert "  and " in text


@pytest.mark.skipif(sys.platform != "linux", reason="the floor is made of Linux's system calls")
def test_bench_times_the_floor_and_what_else_is_asked_beside(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plan, "FAST", TINY)
    other = "accelerated:is_process_alive"
    arguments = ["bench", "is_process_alive", "--fast", "--beside", other, "-o", "new.json"]
    assert main(arguments) == 0
    captured = capsys.readouterr()
    shown = re.search(r"^  own pid .* ([\d.]+)$", captured.out, re.MULTILINE)
    assert shown is not None
    (measured,) = workbench.load_results(here / "new.json").measurements
    assert measured.floor_share == pytest.approx(float(shown[1]), abs=0.005)
    assert "share: of the floor" in captured.out
    assert len(captured.out.splitlines()[0]) <= 80
    assert measured.beside.keys() == {other}
    assert main(["bench", "--beside", "python"]) == 2
    assert "python is one of the two sides already" in capsys.readouterr().err


def test_bench_keeps_results_that_the_other_commands_take(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plan, "FAST", TINY)
    arguments = ["bench", "truncate_long_string", "--fast", "--seed", "3", "-o", "new.json"]
    assert main(arguments) == 0
    captured = capsys.readouterr()
    assert captured.err == ""
    assert "  shorter than the limit" in captured.out
    assert "95% interval" in captured.out
    results = workbench.load_results(here / "new.json")
    assert [m.samples for m in results.measurements] == [8, 8]
    assert {control.side for control in results.controls} == {"python", "native"}
    assert f"noise floor: {results.noise_floor:.1%} between identical code" in captured.out
    wide = "wider than wanted, the most processes were used: truncate_long_string: "
    assert f"{wide}shorter than the limit\n" in captured.out
    assert results.environment["seed"] == 3
    assert main(arguments) == 2
    capsys.readouterr()
    assert main([*arguments, "--force", "--check"]) == 1
    assert "  try: workbench bench truncate_long_string --rigorous\n" in capsys.readouterr().out
    assert main(["report", "new.json", "--format", "html", "-o", "report.html"]) == 0
    assert "truncate_long_string" in (here / "report.html").read_text(encoding="utf-8")
    capsys.readouterr()
    assert main(["gate", "new.json", "--min-speedup", "1000000"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("fail         truncate_long_string: ")
    assert lines[1:] == ["gate: 0 pass, 1 fail"]
    assert main(["gate", "new.json", "--baseline", "results.json", "--format", "json"]) == 3
    answers = [j["answer"] for j in json.loads(capsys.readouterr().out)["judgements"]]
    assert answers == ["missing", "pass", "pass"]
    assert main(["compare", "results.json", "new.json"]) == 3
    assert "missing: not in the new results" in capsys.readouterr().out


def test_bench_without_native_names_it(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plan, "FAST", TINY)
    monkeypatch.setattr(backends, "why_native_is_missing", lambda: "the native side is missing: x")
    assert main(["bench", "format_float", "--fast"]) == 3
    captured = capsys.readouterr()
    assert captured.err == "workbench: error: native: the native side is missing: x\n"
    assert captured.out.splitlines()[2].split()[:3] == ["1234567.89,", "precision", "2"]
    assert "x" not in captured.out.splitlines()[2]


def test_gate_passes(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["gate", str(here / "results.json"), "--min-speedup", "2"]) == 0
    assert capsys.readouterr().out == "gate: 1 pass, 0 fail\n"
    same = [str(here / "results.json"), str(here / "results.json")]
    limits = ["--max-regression", "20%", "--undecided", "fail"]
    assert main(["gate", same[0], "--baseline", same[1], *limits]) == 0
    assert main(["compare", *same]) == 0
    assert "+0.0%" in capsys.readouterr().out


def test_doctor_in_a_real_process() -> None:
    done = run("doctor", "--require-native")
    assert done.stdout.count("ok  ") >= 24
    assert "\x1b" not in done.stdout
    assert all(len(line) <= 80 for line in done.stdout.splitlines() if not line.startswith("    "))
    assert done.returncode == (1 if "!!" in done.stdout else 0)


def _interrupt(*_: object, **__: object) -> Any:
    raise KeyboardInterrupt


def test_an_interrupt_is_one_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workbench.verify.verify", _interrupt)
    assert main(["verify"]) == 130
    assert capsys.readouterr().err == "workbench: error: interrupted\n"


def test_an_interrupted_bench_ends_its_worker(tmp_path: Path) -> None:
    output = tmp_path / "results.json"
    command = [sys.executable, "-m", "workbench", "bench", "hash_file", "-o", str(output)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert _wait_for(output.exists, 60)
        process.send_signal(signal.SIGINT)
        _, error = process.communicate(timeout=30)
    assert process.returncode == 130
    assert error.splitlines() == [
        f"{output} has what was measured until now",
        "workbench: error: interrupted",
    ]
    assert workbench.load_results(output).measurements


def _wait_for(condition: Callable[[], bool], seconds: float) -> bool:
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def test_a_closed_pipe_is_no_traceback() -> None:
    command: Sequence[str] = [sys.executable, "-m", "workbench", "utilities"]
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(command, stdout=write, stderr=subprocess.PIPE, text=True, check=False)
    os.close(write)
    assert done.returncode == 141
    assert done.stderr == ""


def test_output_that_a_terminal_cannot_show_is_no_traceback() -> None:
    done = run("utilities", "hash_file", env={**os.environ, "PYTHONIOENCODING": "ascii"})
    assert done.returncode == 0
    assert "announced   7.00" in done.stdout


@pytest.mark.parametrize("no_color", [False, True])
def test_progress_shows_on_a_terminal_alone(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, no_color: bool
) -> None:
    if no_color:
        monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    assert main(["verify", "base36_encode", "--examples", "0"]) == 0
    captured = capsys.readouterr()
    assert "verify" in captured.err
    assert ("\x1b[3" in captured.err) == (not no_color)
    assert "\x1b" not in captured.out


def test_the_public_api_is_what_it_says() -> None:
    for name in workbench.__all__:
        assert callable(getattr(workbench, name))
        assert name in dir(workbench)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        workbench.nothing  # noqa: B018


def test_bench_times_any_two_callables(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plan, "FAST", TINY)
    arguments = ["--compare", "builtins:sorted", "heapq:nsmallest", "--args", "5, [3, 1, 2]"]
    assert main(["bench", "--fast", *arguments, "-o", "two.json"]) == 3
    captured = capsys.readouterr()
    assert captured.err.startswith("workbench: error: equivalence of heapq:nsmallest: ")
    assert "first" in captured.out.splitlines()[0]
    equal = ["--compare", "builtins:sorted", "heapq:merge", "--setup", "x = [3, 1]", "--args", "x"]
    assert main(["bench", "--fast", *equal, "-o", "three.json"]) == 3
    (measured,) = workbench.load_results(here / "three.json").measurements
    assert measured.utility == "heapq:merge"
    text = (here / "three.json").read_text()
    assert '"heapq:merge/(x) [builtins:sorted]"' in text
