from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.workbench.command_line import MIGRATABLE
from workbench import backends
from workbench.cli import main
from workbench.results.model import NATIVE


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
    assert shown.endswith("only new findings are shown; the baseline hides 1 finding\n")
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
    assert "1 of 1 utilities: native behaves like python" in capsys.readouterr().out


def test_verify_shows_differences(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    real = backends.functions

    def functions(side: str) -> dict[str, Callable[..., Any]]:
        wrong = {"base36_encode": lambda *_: "0"} if side == NATIVE else {}
        return {**real("python"), **wrong}

    monkeypatch.setattr(backends, "functions", functions)
    assert main(["verify", "base36_encode", "format_float", "--examples", "5"]) == 1
    text = capsys.readouterr().out
    assert "base36_encode                     DIFFERS" in text
    assert "  base36_encode('10')\n    python returned 'g' (str)\n" in text
    assert "\n    native returned '0' (str)\n" in text
    assert "  and " in text
