"""Modules next to the audited code are never run, whatever their names."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from workbench import startup

ROOT = Path(__file__).parents[2]
TRAP = "import pathlib\npathlib.Path(__file__).with_suffix('.ran').touch()\n"
USE = "from sky.utils import common_utils\nprint(common_utils.format_float(1.5))\n"
NAMES = ("json", "re2", "hyperscan", "click", "pathspec", "yaml_ft", "numpy", "decimal")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with packages named like those of the workbench and its dependencies."""
    for package in ("reports", "analyzers", "rich"):
        (tmp_path / package).mkdir()
        (tmp_path / package / "__init__.py").write_text(TRAP)
    for name in NAMES:
        (tmp_path / f"{name}.py").write_text(TRAP)
    (tmp_path / "uses.py").write_text(USE)
    return tmp_path


def run(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": "."}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=project,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


SCRIPT = f"""
import sys
sys.path.append({str(ROOT)!r})
from workbench.__main__ import main
sys.exit(main())
"""


@pytest.mark.parametrize(
    ("command", "code"), [("audit .", 1), ("migrate . --check", 1), ("migrate . --write", 0)]
)
def test_audit_and_migrate_run_nothing_of_the_project(
    project: Path, command: str, code: int
) -> None:
    done = run(project, "-c", SCRIPT, *command.split(), "--no-cache")
    assert done.returncode == code, done.stderr
    assert list(project.rglob("*.ran")) == []


def test_verify_uses_the_standard_library_whatever_the_project_has(project: Path) -> None:
    (project / "numpy.py").unlink()
    (project / "click.py").unlink()
    done = run(project, "-c", SCRIPT, "verify", "format_float", "--examples", "1")
    assert done.returncode == 0, done.stderr
    assert not {path.stem for path in project.rglob("*.ran")} & sys.stdlib_module_names


def test_a_benchmark_still_finds_the_functions_of_the_project(project: Path) -> None:
    for name in NAMES:
        (project / f"{name}.py").unlink()
    (project / "mine.py").write_text("def slow(n):\n    return sum(range(n))\n\nfast = slow\n")
    (project / "json.py").write_text(TRAP)
    command = ("bench", "--fast", "--compare", "mine:slow", "mine:fast", "--args", "100")
    done = run(project, "-c", SCRIPT, *command)
    assert done.returncode == 0, done.stderr
    assert list(project.rglob("json.ran")) == []


def test_paths_are_restored_after_the_standard_library(monkeypatch: pytest.MonkeyPatch) -> None:
    own = str(Path(startup.__file__).parents[1])
    monkeypatch.setattr(sys, "path", [os.getcwd(), "/a/lib", "/a/site-packages", own])
    monkeypatch.setenv("PYTHONPATH", "/some/project")
    monkeypatch.chdir("/")
    monkeypatch.setattr(sys, "path", ["", "/some/project", "/a/lib", "/a/site-packages", own])
    startup.set_paths_aside()
    assert sys.path == ["/a/lib", "/a/site-packages", own]
    startup.restore_paths()
    assert sys.path == ["/a/lib", "/", "/some/project", "/a/site-packages", own]
    assert startup._set_aside == []


def test_the_workbench_remains_importable(monkeypatch: pytest.MonkeyPatch) -> None:
    own = str(Path(startup.__file__).parents[1])
    monkeypatch.setenv("PYTHONPATH", own)
    monkeypatch.setattr(sys, "path", [own, "/a/lib"])
    startup.set_paths_aside()
    assert sys.path == [own, "/a/lib"]
