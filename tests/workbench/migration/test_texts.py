"""Texts about a migration."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from workbench.analyzers.model import FileError, Reference, ReferenceKind, Verdict
from workbench.cli import main
from workbench.migration import texts
from workbench.migration.model import Committed, Migration, Mode
from workbench.migration.undo import Undone

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


def reference(label: str, verdict: Verdict = Verdict.REWRITE, **others: Any) -> Reference:
    found = Reference("src/a.py", 3, 5, f"sky.{label}", label, ReferenceKind.CALL, verdict, "")
    return replace(found, **others)


MIGRATION = Migration(
    Mode.WRITE,
    paths=("src/a.py", "src/b.py"),
    rewritten=(reference("hash_file"), *[reference("format_float")] * 1_200),
)
REVIEW = tuple(
    reference("hash_file", Verdict.REVIEW, reason=f"reason {number}")
    for number, count in enumerate((1, 4, 3, 2, 2))
    for _ in range(count)
)


def test_the_summary_counts_and_says_how_to_undo() -> None:
    text = texts.summary(MIGRATION)
    assert "2 files" in text
    assert "1,201 references" in text
    assert "workbench migrate --undo" in text
    assert "undo" not in texts.summary(Migration(Mode.WRITE))


def test_the_summary_has_the_most_frequent_reasons() -> None:
    lines = texts.summary(replace(MIGRATION, review=REVIEW)).splitlines()
    assert [line.split() for line in lines[2:5]] == [
        ["4", "reason", "1"],
        ["3", "reason", "2"],
        ["2", "reason", "3"],
    ]
    assert lines[5].split()[0] == "3"
    nothing = texts.summary(Migration(Mode.WRITE, review=REVIEW))
    assert nothing.splitlines()[1:] == lines[1:6]


def test_the_summary_of_a_commit_has_the_way_back() -> None:
    made = Committed("abc1234", "faster", "git switch main", Path("pr.md"))
    done = texts.summary(replace(MIGRATION, committed=made))
    assert all(fact in done for fact in ("abc1234", "faster", "git switch main", "pr.md"))
    assert "migrate --undo" not in done
    refused = texts.summary(replace(MIGRATION, committed=replace(made, commit="")))
    assert "git switch main" in refused
    assert "migrate --undo" in refused
    assert "committed as" not in refused


def test_what_was_undone_is_counted() -> None:
    plain = texts.undone(Undone("2025-01-31T23:59:59+00:00", ("a.py",), 0, (), 0))
    assert "1 file" in plain
    assert "2025-01-31T23:59:59+00:00" in plain
    assert len(plain.splitlines()) == 1
    more = texts.undone(Undone("today", ("a.py",), 3, (), 12)).splitlines()
    assert [line.split()[0] for line in more] == ["1", "3", "12"]


def test_a_commit_message_is_a_short_subject_and_a_narrow_body() -> None:
    message = texts.commit_message(replace(MIGRATION, review=REVIEW, kept=(reference("x"),)))
    subject, blank, *body = message.splitlines()
    assert "1,201 references" in subject
    assert len(subject) <= 50
    assert blank == ""
    assert all(len(line) <= 72 for line in body)
    counts = [line.split() for line in body if line.startswith("  ")]
    assert counts[:2] == [["format_float", "1,200"], ["hash_file", "1"]]
    # Git would take such a line for a comment.
    assert not any(line.startswith("#") for line in body)
    assert sum(int(words[0]) for words in counts[2:]) == len(REVIEW)


def test_a_pull_request_has_a_row_for_each_utility(tmp_path: Path) -> None:
    done = replace(
        MIGRATION,
        review=REVIEW,
        kept=(reference("get_cpu_count", Verdict.KEEP, reason="slow here"),),
        errors=(FileError("broken.py", "line 1: bad"),),
        roots=(tmp_path / "src", tmp_path / "with space"),
    )
    text = texts.pull_request(done, tmp_path)
    assert [line for line in text.splitlines() if line.startswith("| `")] == [
        "| `format_float` | 1,200 | 0 | 0 |",
        "| `hash_file` | 1 | 12 | 0 |",
        "| `get_cpu_count` | 0 | 0 | 1 |",
    ]
    assert text.count("- `src/a.py:3:5` `sky.hash_file`: ") == 12
    assert "`sky.get_cpu_count`: slow here" in text
    assert "- `broken.py`: line 1: bad" in text
    assert "    workbench migrate src 'with space' --write\n" in text


def test_a_pull_request_with_nothing_left_has_no_empty_sections(tmp_path: Path) -> None:
    text = texts.pull_request(MIGRATION, tmp_path)
    headings = [line for line in text.splitlines() if line.startswith("## ")]
    assert all(lines.strip() for lines in re.split(r"^## .*$", text, flags=re.MULTILINE))
    full = texts.pull_request(
        replace(MIGRATION, kept=(reference("x"),), errors=(FileError("a", "b"),)), tmp_path
    )
    assert len([line for line in full.splitlines() if line.startswith("## ")]) == len(headings) + 2


def test_a_pull_request_lists_a_limited_number_of_places(tmp_path: Path) -> None:
    text = texts.pull_request(replace(MIGRATION, review=REVIEW * 20), tmp_path)
    assert text.count("\n- `src/a.py") == 200
    assert "- and 40 more\n" in text


def test_names_are_not_markup(tmp_path: Path) -> None:
    odd = {"path": "a`|\nb", "qualified_name": "x|\x1b[31m", "reason": "@org <img> \x1b[31m"}
    evil = reference("hash_file", Verdict.REVIEW, **odd)
    done = replace(MIGRATION, rewritten=(evil,), review=(evil,))
    for text in (
        texts.pull_request(done, tmp_path),
        texts.commit_message(done),
        texts.summary(done),
    ):
        assert "\x1b" not in text
    text = texts.pull_request(done, tmp_path)
    assert "<img>" not in text
    assert "@org" not in text
