from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import audit_table
import peers
import processes
import psutil
import pytest
from audit_table import AGAIN, AST_GREP, AUDIT, MIGRATE, RG, RUFF, Line, Measured

from workbench.audits.scope import AuditScope

MEGABYTE = audit_table.MEBIBYTE


def measured(key: str, **seconds: float) -> Measured:
    names = {"audit": AUDIT, "again": AGAIN, "migrate": MIGRATE, "rg": RG, "ruff": RUFF}
    names["ast_grep"] = AST_GREP
    lines = [Line(names[n], "1 file", (s, s, 9 * s), 399 * MEGABYTE) for n, s in seconds.items()]
    return Measured(key, "base", 1234, tuple(lines))


def missed(one: Measured) -> list[str]:
    return [target.text for target in audit_table.targets([one]) if not target.reached]


def test_targets_of_the_small_code_base() -> None:
    assert missed(measured("a", audit=1, again=0.4, migrate=2, ast_grep=1)) == []
    assert missed(measured("a", audit=1, again=0.5, migrate=2.1, ast_grep=0.9)) == [
        "(a) audit, cold, against ast-grep",
        "(a) audit, warm",
        "(a) migrate --diff against audit",
    ]


def test_targets_of_the_corpus() -> None:
    assert missed(measured("b", audit=1, ruff=3.01, rg=0.25)) == []
    assert missed(measured("b", audit=1, ruff=2.9, rg=0.24)) == [
        "(b) audit, cold, against ruff",
        "(b) audit, cold, against rg",
    ]


def test_the_page_has_measurements_and_targets() -> None:
    one = measured("b", audit=1, ruff=2, rg=0.25)
    environment = {"cpu_count": 2, "platform": "Linux", "python_version": "3.11"}
    page = audit_table.markdown([one], environment, {"ruff": "0.17"}, rounds=3)
    assert "## (b) base: 1,234 Python files" in page
    assert "| ruff TID251 | 2.00 | 2.00 | 2.00 | 399 | 1 file |" in page
    assert "| (b) audit, cold, against ruff | 0.50 times | 0.33 times | missed |" in page
    assert "| (b) audit, memory of all processes | 399.00 MB | 400.00 MB | reached |" in page


def test_all_tools_have_rules_for_all_names(tmp_path: Path) -> None:
    names = {rule.old.rpartition(".")[2] for rule in AuditScope().rules()}
    tools = {peer.name: peer for peer in peers.peers(AuditScope().rules(), tmp_path)}
    written = {file.name: file.read_text(encoding="utf-8") for file in tmp_path.iterdir()}
    assert sorted(written) == ["ast-grep.yml", "ruff.toml", "semgrep.json"]
    for name in names:
        assert name in tools[RG].command
        assert all(name in text for text in written.values())
    assert len(json.loads(written["semgrep.json"])["rules"]) == len(AuditScope().rules())


def test_findings_in_outputs_are_counted(tmp_path: Path) -> None:
    tools = {peer.name: peer for peer in peers.peers(AuditScope().rules(), tmp_path)}
    assert tools[RG].count(b"a.py\nb.py\n") == "2 files"
    assert tools[MIGRATE].count(b"--- a/x\n+++ b/x\n-- \n--- a/y\n") == "2 files changed"
    assert tools[RUFF].count(b'[{"code": "TID251"}, {"code": null}]') == "1 references"
    assert tools[AUDIT].count(b'{"summary": {"references": 48}}') == "48 references"


def test_a_command_is_timed_and_its_output_returned(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "import time; time.sleep(0.05); print('done')"]
    start = time.perf_counter()
    run = processes.timed(command, tmp_path)
    assert 0.05 <= run.seconds <= time.perf_counter() - start
    assert run.output == b"done\n"


def test_a_failed_command_is_named(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "raise SystemExit('no luck')"]
    name = Path(sys.executable).name
    with pytest.raises(processes.CommandError, match=f"^{name} failed with exit code 1: no luck$"):
        processes.timed(command, tmp_path)
    assert processes.timed(command, tmp_path, accept=(0, 1)).output == b""


def test_memory_counts_all_processes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = tmp_path / "seen"
    held = processes._held

    def look(process: psutil.Process) -> int:
        found = held(process)
        if found > 60 * MEGABYTE:
            seen.touch()
        return found

    monkeypatch.setattr(processes, "_held", look)
    child = (
        "import os, time; kept = b'x' * (60 << 20)\n"
        f"while not os.path.exists({str(seen)!r}): time.sleep(0.01)"
    )
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"
    peak = processes.peak_memory([sys.executable, "-c", parent], tmp_path)
    assert 60 * MEGABYTE < peak < 150 * MEGABYTE
