"""Audits for tests of the formats: a realistic one, and strategies for arbitrary ones."""

from __future__ import annotations

import string
from pathlib import Path

from hypothesis import strategies as st

from workbench.analyzers.audit import audit
from workbench.analyzers.model import (
    Audit,
    Edit,
    FileAnalysis,
    FileError,
    Notice,
    Reference,
    ReferenceKind,
    Verdict,
)
from workbench.analyzers.rules import Rule

HOSTILE = "\r\n::error::x##[error]y%0A`|</details>\\*@a_b\x1b[31m\x85\u2028\u202e\udcff, :"
RULES = (
    Rule("m.slow", "fast.slow", "slow"),
    Rule("m.other", "fast.other", "other"),
)


# Strategies are made once, which takes longer than to draw from them.
TEXTS = (
    st.text(string.ascii_lowercase + "_.", min_size=1, max_size=21)
    | st.text(st.characters(codec=None), max_size=30)
    | st.just(HOSTILE)
)
REASONS = st.just("") | TEXTS
LINES = st.text("ab é€\U0001d518\t\f\x0b\x85\u2028\r\n", max_size=60)
KINDS, VERDICTS = st.sampled_from(ReferenceKind), st.sampled_from(Verdict)
ROWS, COLUMNS = st.integers(1, 12), st.integers(1, 300)
# Lone surrogates as Python reads names that are not UTF-8; no name is empty or has a NUL.
NAMES = st.text(st.characters(codec="utf-8", exclude_characters="\0/"), min_size=1, max_size=12)
SOME_NAMES = NAMES.filter(lambda name: name not in {".", ".."}) | st.just(HOSTILE.replace("/", ""))
PATHS = st.lists(SOME_NAMES, min_size=1, max_size=3).map("/".join)
SOME_PATHS = st.lists(PATHS, max_size=3, unique=True)
ERRORS = st.lists(st.builds(FileError, PATHS, TEXTS), max_size=2)
CODECS = st.sampled_from(["utf-8", "utf-8-sig"])


@st.composite
def references(draw: st.DrawFn, path: str) -> Reference:
    return Reference(
        path,
        draw(ROWS),
        draw(COLUMNS),
        draw(TEXTS),
        draw(TEXTS),
        draw(KINDS),
        draw(VERDICTS),
        draw(REASONS),
    )


@st.composite
def files(draw: st.DrawFn, path: str) -> FileAnalysis:
    text = draw(LINES)
    original = text.encode(draw(CODECS))
    bounds = len(original) - len(text.encode())
    points = [bounds + len(text[:end].encode()) for end in range(len(text) + 1)]
    chosen = sorted(draw(st.lists(st.sampled_from(points), max_size=6)))
    edits = tuple(
        Edit(start, end, draw(LINES).encode())
        for start, end in zip(chosen[::2], chosen[1::2], strict=False)
    )
    found = draw(st.lists(references(path), min_size=1, max_size=4))
    notice = st.builds(Notice, st.just(path), ROWS, COLUMNS, TEXTS)
    notices = draw(st.lists(notice, max_size=2))
    return FileAnalysis(path, Path(path), original, tuple(found), edits, tuple(notices))


@st.composite
def audits(draw: st.DrawFn) -> Audit:
    named = draw(SOME_PATHS)
    errors = draw(ERRORS)
    found = tuple(draw(files(path)) for path in named)
    return Audit(draw(st.integers(len(found), 10**5)), found, tuple(errors))


def reference(
    path: str = "a/b.py",
    line: int = 3,
    column: int = 7,
    *,
    name: str = "m.slow",
    kind: ReferenceKind = ReferenceKind.CALL,
    verdict: Verdict = Verdict.REWRITE,
    reason: str = "",
) -> Reference:
    label = name.rpartition(".")[2]
    return Reference(path, line, column, name, label, kind, verdict, reason)


def analysis(
    *found: Reference, original: bytes = b"", notices: tuple[Notice, ...] = ()
) -> FileAnalysis:
    path = found[0].path if found else notices[0].path
    return FileAnalysis(path, Path(path), original, found, (), notices)


def every_kind() -> Audit:
    """Return an audit with one of each kind of finding."""
    first = analysis(
        reference(verdict=Verdict.REWRITE),
        reference(line=9, verdict=Verdict.REVIEW, reason="a test patches it"),
        reference(line=10, verdict=Verdict.KEEP, reason="called once"),
        reference(
            line=20, kind=ReferenceKind.COPY, verdict=Verdict.REVIEW, reason="has the same body"
        ),
        notices=(Notice("a/b.py", 12, 4, "this comment keeps nothing"),),
    )
    only_notice = analysis(notices=(Notice("a/c.py", 1, 1, "no such utility"),))
    return Audit(7, (first, only_notice), (FileError("a/broken.py", "line 3: invalid syntax"),))


def of_source(path: Path, source: str | bytes) -> Audit:
    """Write a file and audit it."""
    path.write_bytes(source if isinstance(source, bytes) else source.encode())
    return audit([path], RULES)
