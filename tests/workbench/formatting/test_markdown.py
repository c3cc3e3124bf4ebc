from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from workbench.formatting import markdown
from workbench.formatting.terminal import visible

RENDER = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def test_code_spans_hold_any_text() -> None:
    assert markdown.code("a_b") == "`a_b`"
    assert markdown.code("a`b``c") == "```a`b``c```"
    assert markdown.code("`") == "`` ` ``"
    assert markdown.code("") == "`  `"
    assert markdown.code("a|b") == "`a\\|b`"


def test_prose_is_literal() -> None:
    text = markdown.prose("hash_file: <b>*x*</b> @user https://x.y _z_ a|b [l](u) #1 # GH-7")

    assert "hash_file: &lt;b&gt;\\*x\\*&lt;/b&gt;" in text
    assert not re.search(
        r"@user|://|(?<!\\)[*|\[]|#\d|GH-\d|(?<![\\\w])_", text.replace("&#8203;", " ")
    )


@given(st.text(st.characters(codec=None), max_size=60) | st.text("a_*` ", max_size=12))
@example("__a__")
def test_prose_in_a_table_shows_the_text_and_nothing_else(text: str) -> None:
    page = RENDER.render(f"| a | b |\n|---|---|\n| x{markdown.prose(text)}x | y |\n")
    cells = re.findall("<td>(.*?)</td>", page)
    assert len(cells) == 2
    plain = cells[0].replace("\u200b", "")
    for entity, character in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&amp;", "&")):
        plain = plain.replace(entity, character)
    assert plain == f"x{visible(text, 4096)}x"


@given(st.text(st.characters(codec=None), max_size=60))
def test_a_code_span_in_a_table_shows_the_text_and_nothing_else(text: str) -> None:
    page = RENDER.render(f"| a | b |\n|---|---|\n| {markdown.code(text)} | y |\n")
    assert len(re.findall("<td>", page)) == 2
    assert len(re.findall("<code>", page)) == 1


@pytest.mark.parametrize(
    "text", ["@org/team", "https://evil.example", "www.evil.example", "#12", "GH-12"]
)
def test_nothing_becomes_a_link_or_a_mention(text: str) -> None:
    assert text not in markdown.prose(f"see {text} now")
    assert "&#8203;" in markdown.prose(text)
