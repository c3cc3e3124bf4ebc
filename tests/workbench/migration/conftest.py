"""A small code base in a temporary directory, without and with git."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.workbench.migration.migration_samples import USES, Git


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Change to a directory whose ``src`` has two files to migrate and one without references."""
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    place = tmp_path / "place"
    (place / "src" / "deep").mkdir(parents=True)
    (place / "src" / "a.py").write_text(USES)
    (place / "src" / "deep" / "b.py").write_text(USES)
    (place / "src" / "plain.py").write_text("x = 1\n")
    monkeypatch.chdir(place)
    return place


@pytest.fixture
def git(here: Path, monkeypatch: pytest.MonkeyPatch) -> Git:
    """Turn that directory into a git work tree with one commit; return a function that runs git."""
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", "A Developer")
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "developer@example.org")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")

    def run(*arguments: str) -> str:
        done = subprocess.run(
            ["git", *arguments], cwd=here, capture_output=True, text=True, check=True
        )
        return done.stdout

    run("init", "--quiet", "--initial-branch=main")
    run("add", ".")
    run("commit", "--quiet", "--message=Begin")
    return run
