from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import reports

ROOM = Path(reports.__file__).parent
RESULT_TYPES = {
    *("workbench.results", "workbench.gate", "workbench.history.trends", "workbench.curves"),
    *("workbench.profiles.model", "analyzers.model"),
}
ALLOWED = {"reports", "jinja2", "markupsafe", "matplotlib", "pygments", *RESULT_TYPES}


def test_heavy_libraries_wait_until_they_are_needed() -> None:
    code = "import sys, reports.build, reports.render; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    loaded = set(done.stdout.split())
    assert "reports.render" in loaded
    heavy = {"jinja2", "matplotlib", "numpy", "pandas", "libcst", "workbench", "analyzers"}
    assert not loaded & heavy


@pytest.mark.parametrize("path", sorted(ROOM.rglob("*.py")), ids=lambda path: path.stem)
def test_reports_know_the_result_types_alone(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        for name in names:
            top = name.partition(".")[0]
            assert top in sys.stdlib_module_names or {top, name} & ALLOWED, name


def test_every_template_is_used() -> None:
    sources = [p.read_text(encoding="utf-8") for p in (*ROOM.glob("*.py"), *ROOM.glob("*/*.j2"))]

    for template in (ROOM / "templates").iterdir():
        assert any(template.name in source for source in sources), template.name
