from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.reports.charts.svg import inline

SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">{}</svg>'


def drawn(inner: str) -> list[ET.Element]:
    """Return what is drawn by an element after its conversion."""
    return list(ET.fromstring(inline(SVG.format(inner), {"#000001": "ink"}, "p", "t", "w")))[2:]


def test_inline_svg_has_no_style_and_prefixed_ids() -> None:
    source = """<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"
      width="9pt" viewBox="0 0 9 9"><metadata>m</metadata><defs><style>*{}</style></defs>
      <path id="a" style="fill: #000001; stroke: #000002" d="M 1.23456 2"/><g id="b"/>
      <g clip-path="url(#c)"><use xlink:href="#a" x="1"/></g><clipPath id="c"/>
      <text style="font: 13px 'DejaVu Sans'; fill: red" transform="rotate(-0 1 2)">t &lt;</text>
      </svg>"""
    svg = inline(source, {"#000001": "ink", "#000002": "grid"}, "p", "A title", "<words>")
    root = ET.fromstring(svg)

    assert "style" not in svg
    assert "metadata" not in svg
    assert root.attrib["aria-labelledby"] == "p-title p-desc"
    assert [child.tag for child in root] == ["title", "desc", "path", "g", "clipPath", "text"]
    path, group, clip, text = list(root)[2:]
    assert path.attrib == {"class": "f-ink s-grid", "d": "M 1.23 2", "id": "p-a"}
    assert group.attrib["clip-path"] == "url(#p-c)"
    assert group[0].attrib["href"] == "#p-a"
    assert clip.attrib["id"] == "p-c"
    assert text.attrib == {"font-size": "13px", "fill": "red"}
    assert text.text == "t <"
    assert "width" not in root.attrib


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"])))
def test_any_title_and_words_are_escaped(text: str) -> None:
    root = ET.fromstring(inline(SVG.format(""), {}, "p", text, text[::-1]))

    assert [child.text or "" for child in root] == [text, text[::-1]]
    assert root.attrib["role"] == "img"


@pytest.mark.parametrize(
    ("style", "attributes"),
    [
        ("fill:#000001", {"class": "f-ink"}),
        ("stroke: #000001", {"class": "s-ink"}),
        ("fill: none; stroke: #000001", {"fill": "none", "class": "s-ink"}),
        ("fill: #000002", {"fill": "#000002"}),
        ("stroke-linejoin: miter; stroke-width: 1.2", {"stroke-width": "1.2"}),
        ("font-family: serif; font: 12.5px serif", {"font-size": "12.5px"}),
        ("font: 700 13px 'DejaVu Sans', 3px", {"font-weight": "700", "font-size": "13px"}),
        ("font: italic 13px serif", {"font-size": "13px"}),
        ("font-weight: 700; font-size: 13px", {"font-weight": "700", "font-size": "13px"}),
        ("", {}),
    ],
)
def test_declarations_become_attributes_and_classes(style: str, attributes: dict[str, str]) -> None:
    (path,) = drawn(f'<path style="{style}"/>')
    assert path.attrib == attributes


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("M 1.23456 -7.0009 L 12 3.25", "M 1.23 -7.00 L 12 3.25"),
        ("M 1\n  2\nz", "M 1 2 z"),
    ],
)
def test_coordinates_are_shortened(path: str, expected: str) -> None:
    (found,) = drawn(f'<path d="{path}"/>')
    assert found.attrib["d"] == expected


def test_only_a_rotation_by_nothing_is_dropped() -> None:
    flat, turned = drawn('<text transform="rotate(-0 1 2)"/><text transform="rotate(-90 1 2)"/>')

    assert "transform" not in flat.attrib
    assert turned.attrib["transform"] == "rotate(-90 1 2)"


def test_empty_groups_go_with_the_groups_around_them() -> None:
    (kept,) = drawn("<g><g><metadata>m</metadata></g><defs/></g><g> <path/> </g>")

    assert [child.tag for child in kept] == ["path"]
    assert kept.text is None
