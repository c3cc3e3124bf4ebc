from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from workbench.formatting import terminal


@given(st.text(st.characters(codec=None), max_size=400))
def test_visible_text_has_nothing_hidden(text: str) -> None:
    shown = terminal.visible(text)

    assert shown.isprintable()
    assert shown.encode().decode() == shown
    assert not {unicodedata.bidirectional(c) for c in shown} & {"RLO", "LRO", "RLI", "LRI", "FSI"}
    if text.isprintable() and len(text) <= terminal.LONGEST_NAME:
        assert shown == text


def test_long_text_is_cut() -> None:
    assert terminal.visible("x" * 1_000_000) == "x" * 299 + "…"


@given(st.text(st.characters(codec=None), max_size=400))
def test_visible_text_is_unchanged(text: str) -> None:
    assert terminal.visible(terminal.visible(text)) == terminal.visible(text)


def test_a_path_is_longer_than_a_name() -> None:
    path = "d/" * 2000
    assert terminal.visible_path(path) == path
