from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.formatting import github

COMMAND = re.compile(r"::(error|warning|notice)( [^:]*)?::(.*)")
texts = st.text(st.characters(codec=None), max_size=80)


@given(texts, texts)
def test_a_command_is_one_line_whose_parts_read_back(message: str, title: str) -> None:
    line = github.command("error", message, title=title, line=3)
    found = COMMAND.fullmatch(line)
    assert found is not None
    properties = dict(part.split("=", 1) for part in found[2].strip().split(","))
    assert properties["line"] == "3"
    if title.isprintable() and title:
        for code, character in (("%3A", ":"), ("%2C", ","), ("%25", "%")):
            properties["title"] = properties["title"].replace(code, character)
        assert properties["title"] == title


def test_empty_properties_are_left_out() -> None:
    assert github.command("notice", "text", title="") == "::notice::text"


@given(texts)
def test_a_log_line_is_never_a_command(text: str) -> None:
    line = github.log_line(text)
    assert line.isprintable()
    assert "##[" not in line
    assert not line.strip().startswith("::")


@pytest.mark.parametrize("text", ["##[error]x", "::error::x", "  ::set-output name=a::b"])
def test_commands_in_names_are_escaped(text: str) -> None:
    assert github.log_line(text) != text


def test_a_path_with_a_line_break_still_names_its_file() -> None:
    assert "file=a%0Ab.py" in github.command("error", "x", file="a\nb.py")
