from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.workbench.workbench_samples import make_measurement, make_results
from workbench import reports, save_results

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


def test_a_report_without_a_history_does_not_import_sqlalchemy(tmp_path: Path) -> None:
    save_results(make_results(make_measurement()), tmp_path / "results.json")
    code = (
        "import sys; from workbench.cli import main\n"
        "status = main(['report', 'results.json', '-o', 'report.txt'])\n"
        "sys.exit(status or 'sqlalchemy' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=True)
    assert (tmp_path / "report.txt").stat().st_size > 0
