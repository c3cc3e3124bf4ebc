"""The corpus checks on a few files: what they must notice, they notice."""

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
        "hushed.py": "import json\njson.loads('1')  # noqa\n",
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


def test_each_difference_from_ruff_has_its_reason(base: Path) -> None:
    found, crashes = survey([base], RULES)
    assert crashes == []
    assert differences(found, *ruff_places(base, RULES))[0] == 4
    assert reasons(found, base) == [
        ("attribute.py", 2, "audit", "to be reviewed", True),
        ("bare.py", 2, "audit", "a bare name, whose import ruff reports", True),
        ("quoted.py", 3, "ruff", "the audit reports it as a string", True),
    ]


def test_what_is_overlooked_is_no_known_difference(base: Path) -> None:
    blind = Audit(5, (), ())
    assert ("plain.py", 2, "ruff", "the audit does not find it", False) in reasons(blind, base)


def test_rewriting_holds(base: Path) -> None:
    (base / "review.py").unlink()  # its patch leaves the calls elsewhere for review
    (base / "attribute.py").unlink()
    found, _ = survey([base], RULES)
    originals = {file.location: file.original for file in found.files if file.edits}
    assert rewrite(found) == []
    assert {path.name for path in originals} == {"plain.py", "bare.py", "hushed.py"}
    assert [broken(original, path) for path, original in originals.items()] == ["", "", ""]
    again, _ = survey([base], RULES)
    assert [file for file in again.files if file.edits] == []


def test_a_broken_file_is_noticed(tmp_path: Path) -> None:
    file = tmp_path / "x.py"
    file.write_text("f(", encoding="utf-8")
    assert broken(b"f()", file).startswith("does not compile any more: ")
    assert broken(b"f(", file).startswith("LibCST cannot parse it any more: ")


def dying_audit(paths: Sequence[Path], rules: Sequence[Rule]) -> Audit:
    """An audit that some files take down, each in its own way."""
    files = [f for path in paths for f in ([path] if path.is_file() else path.glob("*.py"))]
    if any(file.name == "bad.py" for file in files):
        os._exit(1)
    if any(file.name == "quoted.py" for file in files):
        raise KeyError("quoted")
    return audit(paths, rules)


def test_files_that_crash_the_audit_are_named(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(corpus_checks, "audit", dying_audit)
    found, crashes = survey([base], RULES)
    assert [(Path(crash.path).name, crash.message) for crash in crashes] == [
        ("bad.py", "the process died"),
        ("quoted.py", "KeyError: 'quoted'"),
    ]
    assert {Path(file.path).name for file in found.files} >= {"plain.py", "bare.py"}
