"""A migration that is killed at any moment leaves whole files, and can be undone."""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.workbench.migration.migration_samples import MOVED, USES
from workbench.migration.undo import undo

FILES = 12
TRIALS = 15
Act = Callable[[str, float], str]


@pytest.fixture
def files(here: Path) -> list[Path]:
    paths = [here / "src" / f"m{number}.py" for number in range(FILES)]
    for path in paths:
        path.write_text(USES)
    return [*paths, here / "src" / "a.py", here / "src" / "deep" / "b.py"]


@pytest.fixture
def act(files: list[Path]) -> Iterator[Act]:
    """Return a function that runs an action in a process, kills it later and returns the answer."""
    command = [sys.executable, str(Path(__file__).parent / "killed_writer.py")]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, **pipes) as process:  # type: ignore[call-overload]
        assert process.stdout.readline() == "ready\n"

        def run(action: str, seconds: float) -> str:
            process.stdin.write(f"{action} {seconds}\n")
            process.stdin.flush()
            return str(process.stdout.readline().strip())

        yield run
        process.stdin.close()


def _moved(files: list[Path]) -> int:
    """Return how many files are migrated; each of the others must be the original."""
    contents = [path.read_text() for path in files]
    assert set(contents) <= {USES, MOVED}
    return contents.count(MOVED)


def _undo_if_begun() -> None:
    """Undo the last run, unless it was killed before it wrote a journal and changed anything."""
    if list(Path(".workbench/journal").glob("*.gz")):
        assert undo().errors == ()


def _leftovers(directory: Path) -> list[str]:
    return [path.name for path in directory.rglob(".*") if path.is_file()]


def test_a_killed_run_leaves_whole_files_and_can_be_undone(
    files: list[Path], act: Act, here: Path
) -> None:
    duration = float(act("write", float("inf")))
    assert _moved(files) == len(files)
    _undo_if_begun()
    moments = random.Random(4)
    counts = []
    for _ in range(TRIALS):
        act("write", moments.uniform(0, duration))
        counts.append(_moved(files))
        _undo_if_begun()
        assert _moved(files) == 0
        assert _leftovers(here / "src") == []
    assert any(0 < count < len(files) for count in counts)
    assert float(act("write", float("inf"))) > 0
    assert _moved(files) == len(files)


def test_a_killed_undo_can_be_resumed(files: list[Path], act: Act, here: Path) -> None:
    act("write", float("inf"))
    duration = float(act("undo", float("inf")))
    moments = random.Random(5)
    counts = []
    for _ in range(TRIALS):
        act("write", float("inf"))
        assert _moved(files) == len(files)
        act("undo", moments.uniform(0, duration))
        counts.append(_moved(files))
        _undo_if_begun()
        assert _moved(files) == 0
        assert _leftovers(here / "src") == []
    assert any(0 < count < len(files) for count in counts)
