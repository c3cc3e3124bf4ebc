"""Tests of the corpus checks on a few files."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import corpus_checks
import pytest
from corpus_checks import broken, differences, rewrite, ruff_places, survey

from workbench.analyzers.audit import audit
from workbench.analyzers.model import Audit
from workbench.analyzers.rules import Rule

RULES = (Rule("json.loads", "accelerated.loads", "json.loads"),)


@pytest.fixture
def base(tmp_path: Path) -> Path:
    files = {
        "plain.py": "import json\njson.loads('1')\n",
        "attribute.py": "from json import loads\nloads.__doc__\n",
        "bare.py": "from json import loads\nloads('1')\n",
        "review.py": "import json\nfrom unittest import mock\nmock.patch.object(json, 'loads')\n",
        "quoted.py": "import json\n\ndef f(x: 'json.loads'): ...\n",
        "bad.py": "import json\njson.loads(\n",
        "suppressed.py": "import json\njson.loads('1')  # noqa\n",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def reasons(found: Audit, base: Path) -> list[tuple[str, int, str, str, bool]]:
    _, different = differences(found, *ruff_places(base, RULES))
    return [
        (Path(d.place[0]).name, d.place[1], d.side, d.reason.partition(":")[0], d.known)
        for d in different
    ]


def test_each_difference_from_ruff_has_a_reason(base: Path) -> None:
    found, crashes = survey([base], RULES)
    assert crashes == []
    assert differences(found, *ruff_places(base, RULES))[0] == 4
    assert reasons(found, base) == [
        ("attribute.py", 2, "audit", "needs review", True),
        ("bare.py", 2, "audit", "a bare name; ruff reports its import", True),
        ("quoted.py", 3, "ruff", "the audit reports it as a string", True),
    ]


def test_a_missed_reference_is_not_a_known_difference(base: Path) -> None:
    empty = Audit(5, (), ())
    assert ("plain.py", 2, "ruff", "the audit does not find it", False) in reasons(empty, base)


def test_rewritten_files_are_valid_and_final(base: Path) -> None:
    (base / "review.py").unlink()  # its patch makes the calls in other files need review
    (base / "attribute.py").unlink()
    found, _ = survey([base], RULES)
    originals = {file.location: file.original for file in found.files if file.edits}
    assert rewrite(found) == []
    assert {path.name for path in originals} == {"plain.py", "bare.py", "suppressed.py"}
    assert [broken(original, path) for path, original in originals.items()] == ["", "", ""]
    again, _ = survey([base], RULES)
    assert [file for file in again.files if file.edits] == []


def test_a_broken_file_is_detected(tmp_path: Path) -> None:
    file = tmp_path / "x.py"
    file.write_text("f(", encoding="utf-8")
    assert broken(b"f()", file).startswith("no longer compiles: ")
    assert broken(b"f(", file).startswith("LibCST can no longer parse it: ")


def crashing_audit(paths: Sequence[Path], rules: Sequence[Rule]) -> Audit:
    """Audit, but exit on one file and raise on another."""
    files = [f for path in paths for f in ([path] if path.is_file() else path.glob("*.py"))]
    if any(file.name == "bad.py" for file in files):
        os._exit(1)
    if any(file.name == "quoted.py" for file in files):
        raise KeyError("quoted")
    return audit(paths, rules)


def test_files_that_crash_the_audit_are_named(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(corpus_checks, "audit", crashing_audit)
    found, crashes = survey([base], RULES)
    assert [(Path(crash.path).name, crash.message) for crash in crashes] == [
        ("bad.py", "the process died"),
        ("quoted.py", "KeyError: 'quoted'"),
    ]
    assert {Path(file.path).name for file in found.files} >= {"plain.py", "bare.py"}
