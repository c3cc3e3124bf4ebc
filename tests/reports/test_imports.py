from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from workbench import reports

PACKAGE = Path(reports.__file__).parent


def test_heavy_libraries_are_imported_lazily() -> None:
    modules = "workbench.reports.builders.report, workbench.reports.render"
    code = f"import sys, {modules}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    loaded = set(done.stdout.split())
    assert "workbench.reports.render" in loaded
    heavy = {"jinja2", "matplotlib", "numpy", "pandas", "libcst", "sqlalchemy"}
    assert not loaded & heavy


def test_every_template_is_used() -> None:
    sources = [
        p.read_text(encoding="utf-8") for p in (*PACKAGE.glob("*.py"), *PACKAGE.glob("*/*.j2"))
    ]

    for template in (PACKAGE / "templates").iterdir():
        assert any(template.name in source for source in sources), template.name
