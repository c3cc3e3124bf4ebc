"""Texts about a migration."""

from __future__ import annotations

from pathlib import Path

import pytest

from workbench.cli import main

Captured = pytest.CaptureFixture[str]


def test_the_summary_shows_what_is_left_and_how_to_undo(here: Path, capsys: Captured) -> None:
    names = ("hash_file", "get_cpu_count")
    patches = "".join(f'patch("sky.utils.common_utils.{name}")\n' for name in names)
    (here / "src" / "plain.py").write_text(patches)
    assert main(["migrate", "src", "--write"]) == 0
    captured = capsys.readouterr()
    assert captured.out == "changed src/a.py\nchanged src/deep/b.py\n"
    lines = captured.err.splitlines()
    assert lines[:2] == [
        "2 files changed, 2 references rewritten",
        "2 references left for review:",
    ]
    assert lines[2].startswith("      2  ")
    assert lines[3:] == ["to undo: workbench migrate --undo"]
    assert main(["migrate", "src", "--write"]) == 0
    assert capsys.readouterr().err.startswith("nothing to change\n")
