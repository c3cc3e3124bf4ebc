from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

import workbench
from tests.workbench.workbench_samples import make_measurement, make_results
from workbench import extras
from workbench.cli import main
from workbench.cli.gate import _FORMATS
from workbench.gate.formats import FORMATS

Captured = pytest.CaptureFixture[str]


def judged(capsys: Captured, *arguments: str) -> Any:
    """Return the document of a verdict, which has the exit code of the command."""
    status = main(["gate", *arguments, "--format", "json"])
    document = json.loads(capsys.readouterr().out)
    assert document["exit_code"] == status
    return document


def answer(capsys: Captured, *arguments: str) -> str:
    (judgement,) = judged(capsys, *arguments)["judgements"]
    found: str = judgement["answer"]
    return found


@pytest.fixture
def wide(here: Path) -> str:
    """Results with a wide interval around 3."""
    workbench.save_results(make_results(make_measurement(noise=0.5)), here / "wide.json")
    return "wide.json"


def test_every_format_of_the_command_line_is_there() -> None:
    assert tuple(FORMATS) == _FORMATS


def test_gate_passes(here: Path, capsys: Captured) -> None:
    assert main(["gate", str(here / "results.json"), "--min-speedup", "2"]) == 0
    assert capsys.readouterr().out == "gate: 1 pass, 0 fail\n"
    same = [str(here / "results.json"), str(here / "results.json")]
    limits = ["--max-regression", "20%", "--undecided", "fail"]
    assert main(["gate", same[0], "--baseline", same[1], *limits]) == 0


def test_results_without_pairs_are_missing_not_passed(here: Path, capsys: Captured) -> None:
    alone = replace(make_measurement(), native=(), speedup=None, equivalent=None)
    workbench.save_results(make_results(alone), here / "alone.json")
    assert main(["gate", "alone.json"]) == 3
    problem, total = capsys.readouterr().out.splitlines()
    assert problem.split()[:2] == ["missing", "format_float:"]
    assert total == "gate: 0 pass, 1 missing, 0 fail"


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    ("threshold", "expected"), [("2", "pass"), ("2.95", "pass"), ("3.5", "fail"), ("100", "fail")]
)
def test_the_least_speedup_decides(threshold: str, expected: str, capsys: Captured) -> None:
    assert answer(capsys, "results.json", "--min-speedup", threshold) == expected


@pytest.mark.parametrize(("regression", "expected"), [("60%", "pass"), ("0.4", "fail")])
def test_a_baseline_allows_a_regression(
    regression: str, expected: str, here: Path, capsys: Captured
) -> None:
    workbench.save_results(make_results(make_measurement(ratio=6.0)), here / "before.json")
    options = ["--baseline", "before.json", "--max-regression", regression]
    assert answer(capsys, "results.json", *options) == expected


@pytest.mark.parametrize(
    ("option", "expected", "status"),
    [
        ([], "undecided", 3),
        (["pass"], "pass", 0),
        (["fail"], "fail", 1),
        (["report"], "undecided", 3),
    ],
)
def test_undecided_workloads_are_treated_as_asked(
    option: list[str], expected: str, status: int, wide: str, capsys: Captured
) -> None:
    options = ["--undecided", *option] if option else []
    found = judged(capsys, wide, "--min-speedup", "3", *options)
    assert [j["answer"] for j in found["judgements"]] == [expected]
    assert found["exit_code"] == status


def test_options_come_before_settings(here: Path, wide: str, capsys: Captured) -> None:
    settings = '[tool.workbench.gate]\nmin_speedup = 3.0\nundecided = "fail"\n'
    (here / "strict.toml").write_text(settings)
    strict = ["--config", "strict.toml"]
    assert answer(capsys, wide, *strict) == "fail"
    assert answer(capsys, wide, *strict, "--undecided", "pass") == "pass"
    assert answer(capsys, wide, *strict, "--min-speedup", "0.5") == "pass"
    (here / "strict.toml").rename(here / "pyproject.toml")
    assert answer(capsys, wide) == "fail"


@pytest.mark.usefixtures("here")
def test_formats_agree(capsys: Captured) -> None:
    shown = {}
    for name in FORMATS:
        assert main(["gate", "results.json", "--min-speedup", "9", "--format", name]) == 1
        shown[name] = capsys.readouterr().out
    assert all("1234567.89, precision 2" in text for text in shown.values())
    assert shown["text"].startswith("fail ")
    assert json.loads(shown["json"])["judgements"][0]["answer"] == "fail"
    assert ElementTree.fromstring(shown["junit"]).attrib["failures"] == "1"
    assert shown["github"].startswith("::error ")
    assert shown["markdown"].startswith("|")


def test_only_more_samples_need_the_whole_extra(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    monkeypatch.setattr(extras, "find_spec", lambda name: None if name == "hypothesis" else name)
    path = str(here / "results.json")
    assert main(["gate", path]) == 0
    assert main(["gate", path, "--measure", "1"]) == 2
    assert "hypothesis" in capsys.readouterr().err
