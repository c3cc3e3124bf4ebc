from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from workbench.formatting import columns
from workbench.formatting.terminal import visible

printable = st.text(max_size=120).map(visible)


@given(printable, st.integers(1, 60))
def test_columns_have_their_width(text: str, width: int) -> None:
    for column in (columns.left(text, width), columns.right(text, width)):
        assert columns.cells(column) == width


@given(printable, st.integers(8, 80))
def test_wrapped_lines_fit_and_lose_nothing(text: str, width: int) -> None:
    lines = columns.wrap(text, "  ", width).split("\n")

    assert all(columns.cells(line) <= width for line in lines)
    assert all(line.startswith("  ") for line in lines[1:])
    assert "".join("".join(lines).split()) == "".join(text.split())


def test_wide_characters_take_two_columns() -> None:
    assert columns.cells("漢字e\u0301") == 5
    assert columns.fit("漢字漢字", 4) == "漢…"


def test_a_command_is_continued_between_its_words() -> None:
    command = columns.shell("workbench audit 'a b' " + "x" * 60, width=40)
    assert command.splitlines() == ["workbench audit 'a b' \\", "    " + "x" * 60]
