from __future__ import annotations

import io
import sys

import pytest

from workbench.analyzers.model import Reference, ReferenceKind, Verdict
from workbench.cli import _color, _dialogue
from workbench.migration.interactive import Question, Reply

Captured = pytest.CaptureFixture[str]
HUNK = b"@@ -5 +5 @@\n-    return m.slow(x)\n+    return fast.slow(x)\n"


def question(
    path: str = "a/b.py",
    *,
    reason: str = "",
    hunks: tuple[bytes, ...] = (HUNK,),
    source: bytes = b"",
    left: int = 2,
    tied: int = 0,
) -> Question:
    kind, verdict = ReferenceKind.CALL, Verdict.REWRITE
    reference = Reference(path, 5, 12, "m.slow", "slow", kind, verdict, reason)
    return Question(reference, hunks, source, left, tied)


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Let nothing be typed, over a pipe."""
    monkeypatch.setattr(_color, "wanted", lambda _: False)
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    return monkeypatch


def answer(typed: pytest.MonkeyPatch, text: str, asked: Question | None = None) -> Reply:
    typed.setattr(sys, "stdin", io.StringIO(text))
    return _dialogue.ask(asked or question())


@pytest.mark.parametrize(
    ("text", "reply"),
    [
        ("y\n", Reply.YES),
        ("yes\n", Reply.YES),
        ("Y\n", Reply.YES),
        (" n \n", Reply.NO),
        ("No\n", Reply.NO),
        ("a\n", Reply.ALL),
        ("all\n", Reply.ALL),
        ("q\n", Reply.QUIT),
        ("quit", Reply.QUIT),
        ("", Reply.QUIT),
    ],
)
def test_letters_and_words_are_answers(text: str, reply: Reply, typed: pytest.MonkeyPatch) -> None:
    assert answer(typed, text) is reply


@pytest.mark.parametrize("text", ["?\ny\n", "maybe\ny\n", "\ny\n", "yn\ny\n"])
def test_anything_else_explains_the_answers_and_asks_again(
    text: str, typed: pytest.MonkeyPatch, capsys: Captured
) -> None:
    assert answer(typed, text) is Reply.YES
    shown = capsys.readouterr().out
    assert shown.count("[y,n,a,q,?]") == 2
    assert [line[0] for line in _dialogue._HELP.splitlines()] == ["y", "n", "a", "q"]
    assert shown.count(_dialogue._HELP) == 1


def test_help_is_not_repeated_at_the_end_of_input(
    typed: pytest.MonkeyPatch, capsys: Captured
) -> None:
    assert answer(typed, "what\n") is Reply.QUIT
    assert capsys.readouterr().out.count(_dialogue._HELP) == 1


def test_a_question_shows_its_place_and_its_change(
    typed: pytest.MonkeyPatch, capsys: Captured
) -> None:
    answer(typed, "y\n", question(reason="a note"))
    lines = capsys.readouterr().out.splitlines()
    assert lines[1:5] == [
        "a/b.py:5:12: call m.slow",
        "@@ -5 +5 @@",
        "-    return m.slow(x)",
        "+    return fast.slow(x)",
    ]
    assert "a note" in lines[5]


@pytest.mark.parametrize("left", [0, 1, 1234])
def test_a_question_says_how_many_follow(
    left: int, typed: pytest.MonkeyPatch, capsys: Captured
) -> None:
    answer(typed, "y\n", question(left=left))
    prompt = capsys.readouterr().out.splitlines()[-1]
    assert (f" {left:,} other" in prompt) == (left > 0)


def test_sites_that_were_decided_with_the_last_one_are_counted(
    typed: pytest.MonkeyPatch, capsys: Captured
) -> None:
    answer(typed, "y\n", question(tied=3))
    assert capsys.readouterr().out.startswith("3 ")
    answer(typed, "y\n")
    assert capsys.readouterr().out.startswith("\na/b.py:5:12: ")


def test_a_site_that_only_changes_its_import_shows_its_line(
    typed: pytest.MonkeyPatch, capsys: Captured
) -> None:
    answer(typed, "y\n", question(hunks=(), source=b"\tslow(x)"))
    assert capsys.readouterr().out.splitlines()[2].startswith("     slow(x) ")


def test_nothing_shown_commands_the_terminal(typed: pytest.MonkeyPatch, capsys: Captured) -> None:
    hunk = b"-\x1b[2J\xff\n+" + b"x" * 10_000 + b"\n"
    answer(typed, "y\n", question("a\n\x1b[2J.py", reason="\u202e", hunks=(hunk,)))
    shown = capsys.readouterr().out
    assert all(line.isprintable() for line in shown.split("\n"))
    assert r"a\n\x1b[2J.py:5:12" in shown
    assert max(map(len, shown.split("\n"))) < 300


def test_on_a_terminal_the_key_ends_the_line(typed: pytest.MonkeyPatch, capsys: Captured) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    for text, ending in (("y\n", ": "), ("", ": \n")):
        typed.setattr(sys, "stdin", Terminal(text))
        _dialogue.ask(question())
        assert capsys.readouterr().out.endswith(ending)
