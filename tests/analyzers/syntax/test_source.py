"""Tests for decoded files: offsets, lines and columns, and edits of the bytes."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.analyzers.model import Edit
from workbench.analyzers.syntax.source import Region, Source, SourceError, apply_edits

TEXTS = st.text(st.sampled_from("aä🐍\n\r\x0c ()'"), max_size=40)


@settings(derandomize=True, deadline=None)
@given(TEXTS, st.data(), st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))
def test_changes_become_edits(text: str, data: st.DataObject, encoding: str) -> None:
    if encoding == "utf-16":
        encoding, text = "latin-1", "# coding: latin-1\n" + text.replace("🐍", "ö")
    source = Source(text.encode(encoding))
    assert source.text == text
    start, end = sorted(
        (data.draw(st.integers(0, len(text))), data.draw(st.integers(0, len(text))))
    )
    changes = [(end, end, "ä"), (start, end, "neu")] if start < end else [(start, end, "ä")]
    edits = source.to_edits(changes)
    assert apply_edits(source.data, edits).decode(encoding) == (
        text[:start] + ("neu" if start < end else "") + "ä" + text[end:]
    )


def test_positions_count_code_points_and_pythons_newlines() -> None:
    text = "ä = 1\r\nb\x0c\x0b\u2028c\rd\n"
    source = Source(text.encode())
    assert [source.position(text.index(c)) for c in "äbcd"] == [(1, 1), (2, 1), (2, 5), (3, 1)]
    assert source.line_start(text.index("c")) == text.index("b")
    assert source.line_end(text.index("b")) == text.index("\rd")
    assert [source.newline(text.index(c)) for c in "äbd"] == ["\r\n", "\r", "\n"]
    assert (source.newline(len(text)), Source(b"x").newline(0)) == ("\r\n", "\n")


def test_an_encoding_that_does_not_round_trip() -> None:
    source = Source(b"# coding: utf-7\nx = '+AOQ-'\n")
    assert source.to_edits([]) == ()
    with pytest.raises(SourceError, match="utf-7"):
        Source(b"# coding: utf-7\nx = '+AGE-'\n").to_edits([(0, 0, "x")])


@pytest.mark.parametrize(
    ("data", "encoding", "text"),
    [
        ("é".encode(), "utf-8", "é"),
        (codecs.BOM_UTF8 + "é".encode(), "utf-8", "é"),
        (codecs.BOM_UTF8 + b"# coding: utf-8\n", "utf-8", "# coding: utf-8\n"),
        (b"#!/bin/python\n# vim: set fileencoding=cp1252 :\n\x80", "cp1252", "€"),
        (b"# coding: latin-1\n\xe9\r\n", "iso-8859-1", "é\r\n"),
    ],
)
def test_decodes_as_python_does(data: bytes, encoding: str, text: str) -> None:
    source = Source(data)
    assert source.encoding == encoding
    assert source.text.endswith(text)
    assert source.bom + source.text.encode(encoding) == data


@pytest.mark.parametrize(
    ("data", "fact"),
    [
        (b"x = '\xff'\n", "encoding"),
        (b"x = 1\n\ny = '\xff'\n", "decode"),
        (b"# coding: no-such\n", "no-such"),
        (codecs.BOM_UTF8 + b"# coding: latin-1\n", "utf-8"),
        (b"# coding: rot13\n", "rot13"),
        (b"x = 1\0\n", "null byte"),
    ],
)
def test_says_in_one_line_why_a_file_cannot_be_decoded(data: bytes, fact: str) -> None:
    with pytest.raises(SourceError, match=fact) as caught:
        Source(data)
    assert "\n" not in str(caught.value)


def test_regions_are_where_the_edits_are() -> None:
    source = Source(codecs.BOM_UTF8 + "é = ü\r\nb = 🐍 + c\n".encode())
    changes = [(source.text.index("c"), source.text.index("c") + 1, "ä"), (4, 5, "x\ny")]
    changes += [(len(source.text), len(source.text), "z\n")]
    regions = list(source.regions(source.to_edits(changes)))
    assert regions == [
        Region((1, 5), (1, 6), "x\ny"),
        Region((2, 9), (2, 10), "ä"),
        Region((3, 1), (3, 1), "z\n"),
    ]


def test_edits_may_touch_each_other() -> None:
    edits = (Edit(0, 0, b"new "), Edit(0, 1, b"A"), Edit(1, 2, b""), Edit(3, 3, b"!"))
    assert apply_edits(b"abc", edits) == b"new Ac!"
    assert apply_edits(b"abc", ()) == b"abc"
