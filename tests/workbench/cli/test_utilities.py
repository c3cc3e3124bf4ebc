from __future__ import annotations

import pytest

from workbench.catalog import utilities
from workbench.cli import main

Captured = pytest.CaptureFixture[str]


def test_the_whole_catalog_is_listed(capsys: Captured) -> None:
    assert main(["utilities"]) == 0
    text = capsys.readouterr().out
    for utility in utilities():
        (entry,) = [e for e in text.split("\n\n") if e.startswith(f"{utility.name} ")]
        facts = [*utility.replaces, *(workload.name for workload in utility.workloads)]
        assert all(f" {fact}\n" in f"{entry}\n" for fact in facts)
        announced = entry.splitlines()[0].split()[-1]
        assert float(announced.rstrip("\u00d7")) == utility.announced_speedup
    assert text.count("\n\n") == len(utilities()) - 1 == 11
    assert all(len(line) <= 80 for line in text.splitlines())
    assert "\x1b" not in text


def test_named_utilities_are_listed_alone(capsys: Captured) -> None:
    assert main(["utilities", "hash_file", "format_float"]) == 0
    entries = capsys.readouterr().out.split("\n\n")
    assert sorted(entry.split()[0] for entry in entries) == ["format_float", "hash_file"]


def test_an_unknown_utility_lists_nothing(capsys: Captured) -> None:
    assert main(["utilities", "hash_file", "nothing"]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "'nothing'" in captured.err
