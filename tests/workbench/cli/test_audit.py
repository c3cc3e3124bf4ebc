from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.workbench.command_line import MIGRATABLE
from workbench.cli import main


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


@pytest.mark.usefixtures("here")
def test_a_syntax_error_is_named_and_the_rest_is_done(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit", ".", "--format", "json"]) == 3
    captured = capsys.readouterr()
    document = json.loads(captured.out)
    assert len(document["references"]) == 1
    assert [error["path"] for error in document["errors"]] == ["broken.py"]
    assert captured.err.startswith("workbench: error: broken.py: ")
