"""Interactive selection: over a pipe, on a terminal, and with any sequence of answers."""

from __future__ import annotations

import itertools
import os
import pty
import re
import select
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.workbench.migration.migration_samples import MOVED, USES
from workbench.analyzers.model import Audit, Verdict
from workbench.audits.run import audit
from workbench.migration import interactive
from workbench.migration.interactive import Question, Reply
from workbench.migration.model import Mode, Request
from workbench.migration.run import migrate

SEVERAL = """\
from sky.utils import common_utils
from sky.utils.common_utils import hash_file

common_utils.format_float(1)
common_utils.get_cpu_count()
hash_file("x", "md5")
"""
COMMAND = [sys.executable, "-m", "workbench", "migrate", "src", "--interactive"]


def _selected(answers: Iterable[Reply]) -> tuple[Audit, list[Question]]:
    given = iter(answers)
    questions: list[Question] = []

    def ask(question: Question) -> Reply:
        questions.append(question)
        return next(given)

    return interactive.select(audit(["src"]), ask), questions


def _over_a_pipe(answers: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(COMMAND, input=answers, capture_output=True, text=True, check=False)


@pytest.fixture
def several(here: Path) -> Path:
    for name in ("a.py", "deep/b.py"):
        (here / "src" / name).unlink()
    path = here / "src" / "several.py"
    path.write_text(SEVERAL)
    return path


YES, NO, ALL, QUIT = Reply


@pytest.mark.parametrize(
    ("answers", "moved"),
    [
        ([YES, YES], {"a.py", "b.py"}),
        ([NO, YES], {"b.py"}),
        ([YES, NO], {"a.py"}),
        ([NO, NO], set()),
        ([ALL], {"a.py", "b.py"}),
        ([NO, ALL], {"b.py"}),
        ([QUIT], set()),
        ([YES, QUIT], {"a.py"}),
    ],
)
def test_each_answer_does_what_it_says(here: Path, answers: list[Reply], moved: set[str]) -> None:
    found, questions = _selected(answers)
    assert len(questions) == len(answers)
    assert [q.left for q in questions] == [1, 0][: len(answers)]
    done = migrate(found, Request(Mode.WRITE, interactive=True))
    assert {Path(path).name for path in done.paths} == moved
    assert done.errors == ()
    contents = {p.name: p.read_text() for p in (here / "src").rglob("[ab].py")}
    assert contents == {name: MOVED if name in moved else USES for name in ("a.py", "b.py")}
    assert len(done.kept) == 2 - len(moved)


@pytest.mark.parametrize("answers", [*itertools.product((YES, NO), repeat=4)])
@pytest.mark.usefixtures("here")
def test_any_subset_of_a_file_is_planned_and_proved(
    several: Path, answers: tuple[Reply, ...]
) -> None:
    found, questions = _selected(answers)
    (file,) = found.files
    asked = {(q.reference.line, q.reference.column): a for q, a in zip(questions, answers)}  # noqa: B905
    for reference in file.references:
        answer = asked.get((reference.line, reference.column))
        if reference.verdict is Verdict.REWRITE:
            assert answer is YES
        if answer is NO:
            assert reference.verdict is Verdict.KEEP
    migrate(found, Request(Mode.WRITE))
    text = several.read_text()
    for number, name in ((1, "format_float(1)"), (2, "get_cpu_count()")):
        holder = "accelerated" if answers[number] is YES else "common_utils"
        assert f"{holder}.{name}\n" in text
    assert ("from sky.utils import common_utils" in text) == (NO in answers[1:3])
    assert ("from accelerated import hash_file" in text) == (
        answers[0] is YES and NO not in answers[3 : len(questions)]
    )
    compile(text, "several.py", "exec")


def test_a_declined_import_decides_its_uses(several: Path) -> None:
    _, questions = _selected([NO, YES, YES])
    assert [q.reference.line for q in questions] == [2, 4, 5]
    assert [q.tied for q in questions] == [0, 1, 0]
    assert several.read_text() == SEVERAL


def test_a_declined_use_keeps_its_import(several: Path) -> None:
    found, questions = _selected([YES, YES, YES, NO])
    assert [q.reference.line for q in questions] == [2, 4, 5, 6]
    assert questions[3].source == b'hash_file("x", "md5")'
    rewritten = [r.line for r in found.references if r.verdict is Verdict.REWRITE]
    assert rewritten == [4, 5]
    assert several.read_text() == SEVERAL


@pytest.mark.usefixtures("several")
def test_shows_changes_at_each_site_and_other_changes_once() -> None:
    _, questions = _selected([YES, YES, YES, YES])
    elsewhere, there = questions[0].hunks
    assert b"\n-from sky.utils import common_utils\n+import accelerated\n" in elsewhere
    assert b"\n+from accelerated import hash_file\n" in there
    assert b"-common_utils.format_float(1)\n" in questions[1].hunks[0]
    assert len(questions[1].hunks) == 1


def test_over_a_pipe(here: Path) -> None:
    done = _over_a_pipe("maybe\nn\nyes\n")
    assert done.returncode == 0
    assert "\x1b" not in done.stdout + done.stderr
    assert "\nsrc/a.py:5:12: call sky.utils.common_utils.format_float\n" in done.stdout
    assert "\n-    return common_utils.format_float(x)\n" in done.stdout
    assert "\n+    return accelerated.format_float(x)\n" in done.stdout
    quit_ = "q  leave this one and all that follow unchanged, then write the accepted ones"
    assert f"\n{quit_}\n" in done.stdout
    assert done.stdout.endswith("changed src/deep/b.py\n")
    assert (here / "src" / "a.py").read_text() == USES
    assert (here / "src" / "deep" / "b.py").read_text() == MOVED


def test_the_end_of_input_keeps_what_was_accepted(here: Path) -> None:
    done = _over_a_pipe("y\n")
    assert done.returncode == 0
    assert "1 file changed, 1 reference rewritten\n" in done.stderr
    assert (here / "src" / "a.py").read_text() == MOVED
    assert (here / "src" / "deep" / "b.py").read_text() == USES


@pytest.mark.parametrize("no_color", ["", "1"])
def test_on_a_terminal(here: Path, no_color: str) -> None:
    (here / "src" / "a.py").write_text(USES + "# \x1b[2J clears the screen\n")
    master, slave = pty.openpty()
    environment = {**os.environ, "TERM": "xterm", "NO_COLOR": no_color}
    with subprocess.Popen(COMMAND, stdin=slave, stdout=slave, stderr=slave, env=environment) as run:
        os.close(slave)
        first = _read_until(master, b"1 other left: ")
        os.write(master, b"y\n")
        second = _read_until(master, b"the last: ")
        os.write(master, b"q\n")
        rest = _read_until(master, b"--undo\r\n")
        assert run.wait(200) == 0
    os.close(master)
    assert (re.search(rb"\x1b\[31m-    return common_utils", first) is None) == bool(no_color)
    assert (re.search(rb"\x1b\[32m\+    return accelerated", first) is None) == bool(no_color)
    assert b"\x1b[2J" not in first + second
    assert b"deep/b.py:5:12" in second
    assert b"changed src/a.py\r\n" in rest
    assert (here / "src" / "deep" / "b.py").read_text() == USES


def _read_until(descriptor: int, ending: bytes) -> bytes:
    seen = b""
    end = time.monotonic() + 200
    while ending not in seen:
        assert time.monotonic() < end, seen
        if select.select([descriptor], [], [], 1)[0]:
            seen += os.read(descriptor, 4096)
    return seen


def test_an_interrupt_changes_nothing(here: Path) -> None:
    with subprocess.Popen(
        COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as run:
        assert run.stdin is not None
        assert run.stdout is not None
        run.stdin.write(b"y\n")
        run.stdin.flush()
        _read_until(run.stdout.fileno(), b"the last: ")
        run.send_signal(2)
        assert run.wait(200) == 130
    assert (here / "src" / "a.py").read_text() == USES
    assert not (here / ".workbench").exists()
