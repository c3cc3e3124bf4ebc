from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.workbench.command_line import MIGRATABLE, run


def test_code_in_the_current_directory_is_never_imported(tmp_path: Path) -> None:
    for name in ("click", "libcst", "hypothesis", "sitecustomize"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('audited code was run')\n")
    (tmp_path / "uses.py").write_text(MIGRATABLE)
    command = [sys.executable, "-m", "workbench", "audit", "."]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "audited code was run" not in done.stderr + done.stdout
    assert "uses.py:" in done.stdout


def test_output_that_a_terminal_cannot_show_is_no_traceback() -> None:
    done = run("utilities", "hash_file", env={**os.environ, "PYTHONIOENCODING": "ascii"})
    assert done.returncode == 0
    assert "announced   7.00" in done.stdout
