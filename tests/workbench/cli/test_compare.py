from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import workbench
from tests.workbench.workbench_samples import make_measurement, make_results
from workbench import extras
from workbench.cli import main

Captured = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _faster(here: Path) -> None:
    """Results whose speedup is 6 where that of ``results.json`` is 3."""
    workbench.save_results(make_results(make_measurement(ratio=6.0)), here / "faster.json")


def line(capsys: Captured, workload: str = "1234567.89") -> list[str]:
    """Return the words of the line for a workload."""
    (found,) = [text for text in capsys.readouterr().out.splitlines() if workload in text]
    return found.split()


@pytest.mark.parametrize(
    ("old", "new", "change", "state"),
    [
        ("results.json", "results.json", 0, "same"),
        ("results.json", "faster.json", 100, "faster"),
        ("faster.json", "results.json", -50, "slower"),
    ],
)
def test_the_change_is_that_of_the_new_results(
    old: str, new: str, change: float, state: str, capsys: Captured
) -> None:
    assert main(["compare", old, new]) == 0
    *_, shown, last = line(capsys)
    assert float(shown.rstrip("%")) == pytest.approx(change, abs=2)
    assert last == state


def test_results_without_pairs_are_missing(here: Path, capsys: Captured) -> None:
    alone = replace(make_measurement(), native=(), speedup=None, equivalent=None)
    workbench.save_results(make_results(alone), here / "alone.json")
    assert main(["compare", "results.json", "alone.json"]) == 3
    assert "missing:" in line(capsys)


def test_workloads_of_either_side_are_listed(here: Path, capsys: Captured) -> None:
    other = make_measurement("hash_file", "9 KB")
    workbench.save_results(make_results(make_measurement(), other), here / "more.json")
    for files in (["results.json", "more.json"], ["more.json", "results.json"]):
        assert main(["compare", *files]) == 3
        assert "9 KB" in capsys.readouterr().out


def test_another_python_is_incomparable(here: Path, capsys: Captured) -> None:
    found = replace(make_results(make_measurement()), environment={"python_version": "3.12.1"})
    workbench.save_results(found, here / "other.json")
    assert main(["compare", "results.json", "other.json"]) == 3
    assert "incomparable:" in line(capsys)


def test_only_what_reads_results_is_needed(
    monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    missing = {"hypothesis"}
    monkeypatch.setattr(extras, "find_spec", lambda name: None if name in missing else name)
    assert main(["compare", "results.json", "results.json"]) == 0
    missing.add("pyperf")
    assert main(["compare", "results.json", "results.json"]) == 2
    assert "pyperf" in capsys.readouterr().err
