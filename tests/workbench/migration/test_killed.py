"""A migration that is killed at any moment leaves whole files, and can be undone."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.workbench.migration.migration_samples import MOVED, USES
from workbench.migration.undo import undo

FILES = 12
TRIALS = 15
Act = Callable[[str, int], str]


@pytest.fixture
def files(here: Path) -> list[Path]:
    paths = [here / "src" / f"m{number}.py" for number in range(FILES)]
    for path in paths:
        path.write_text(USES)
    return [*paths, here / "src" / "a.py", here / "src" / "deep" / "b.py"]


@pytest.fixture
def act(files: list[Path]) -> Iterator[Act]:
    """Return a function that runs an action in a process and kills it before one of its calls."""
    command = [sys.executable, str(Path(__file__).parent / "killed_writer.py")]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, **pipes) as process:  # type: ignore[call-overload]
        assert process.stdout.readline() == "ready\n"

        def run(action: str, last: int) -> str:
            process.stdin.write(f"{action} {last}\n")
            process.stdin.flush()
            return str(process.stdout.readline().strip())

        yield run
        process.stdin.close()


def _moved(files: list[Path]) -> int:
    """Return how many files are migrated; each of the others must be the original."""
    contents = [path.read_text() for path in files]
    assert set(contents) <= {USES, MOVED}
    return contents.count(MOVED)


def _moments(calls: int) -> range:
    """Spread the trials over all calls, the last ones left out, which may be fewer another time."""
    return range(1, calls * 9 // 10, calls // TRIALS)


def _undo_if_begun() -> None:
    """Undo the last run, unless it was killed before it wrote a journal and changed anything."""
    if list(Path(".workbench/journal").glob("*.gz")):
        assert undo().errors == ()


def _leftovers(directory: Path) -> list[str]:
    return [path.name for path in directory.rglob(".*") if path.is_file()]


def test_a_killed_run_leaves_whole_files_and_can_be_undone(
    files: list[Path], act: Act, here: Path
) -> None:
    calls = int(act("write", 0))
    assert _moved(files) == len(files)
    _undo_if_begun()
    counts = []
    for moment in _moments(calls):
        assert act("write", moment) == "killed"
        counts.append(_moved(files))
        _undo_if_begun()
        assert _moved(files) == 0
        assert _leftovers(here / "src") == []
    assert any(0 < count < len(files) for count in counts)
    assert int(act("write", 0)) > 0
    assert _moved(files) == len(files)


def test_a_killed_undo_can_be_resumed(files: list[Path], act: Act, here: Path) -> None:
    act("write", 0)
    calls = int(act("undo", 0))
    counts = []
    for moment in _moments(calls):
        act("write", 0)
        assert _moved(files) == len(files)
        assert act("undo", moment) == "killed"
        counts.append(_moved(files))
        _undo_if_begun()
        assert _moved(files) == 0
        assert _leftovers(here / "src") == []
    assert any(0 < count < len(files) for count in counts)
