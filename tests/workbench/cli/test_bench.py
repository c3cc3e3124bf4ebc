from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pytest

import workbench
from tests.workbench.command_line import TINY_FAST
from workbench import backends
from workbench.cli import main
from workbench.measure import plan


@pytest.mark.skipif(sys.platform != "linux", reason="the floor is made of Linux's system calls")
def test_bench_times_the_floor_and_what_else_is_asked_beside(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plan, "FAST", TINY_FAST)
    other = "accelerated:is_process_alive"
    arguments = ["bench", "is_process_alive", "--fast", "--beside", other, "-o", "new.json"]
    assert main(arguments) == 0
    captured = capsys.readouterr()
    shown = re.search(r"^  own pid .* ([\d.]+)$", captured.out, re.MULTILINE)
    assert shown is not None
    (measured,) = workbench.load_results(here / "new.json").measurements
    assert measured.floor_share == pytest.approx(float(shown[1]), abs=0.005)
    assert "share: part of the native time in the floor" in captured.out
    assert len(captured.out.splitlines()[0]) <= 80
    assert measured.beside.keys() == {other}
    assert main(["bench", "--beside", "python"]) == 2
    assert "python is already one of the two sides" in capsys.readouterr().err


def test_bench_keeps_results_that_the_other_commands_take(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plan, "FAST", TINY_FAST)
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
    wide = "wider interval than requested, the process limit was reached: truncate_long_string: "
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
    monkeypatch.setattr(plan, "FAST", TINY_FAST)
    monkeypatch.setattr(backends, "why_native_is_missing", lambda: "the native side is missing: x")
    assert main(["bench", "format_float", "--fast"]) == 3
    captured = capsys.readouterr()
    assert captured.err == "workbench: error: native: the native side is missing: x\n"
    assert captured.out.splitlines()[2].split()[:3] == ["1234567.89,", "precision", "2"]
    assert "x" not in captured.out.splitlines()[2]


def test_bench_times_any_two_callables(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plan, "FAST", TINY_FAST)
    arguments = ["--compare", "builtins:sorted", "heapq:nsmallest", "--args", "5, [3, 1, 2]"]
    assert main(["bench", "--fast", *arguments, "-o", "two.json"]) == 3
    captured = capsys.readouterr()
    assert captured.err.startswith("workbench: error: equivalence of heapq:nsmallest: ")
    assert captured.out == ""
    equal = ["--compare", "builtins:sorted", "heapq:merge", "--setup", "x = [3, 1]", "--args", "x"]
    assert main(["bench", "--fast", *equal, "-o", "three.json"]) == 3
    assert "first" in capsys.readouterr().out.splitlines()[0]
    (measured,) = workbench.load_results(here / "three.json").measurements
    assert measured.utility == "heapq:merge"
    text = (here / "three.json").read_text()
    assert '"heapq:merge/(x) [builtins:sorted]"' in text
