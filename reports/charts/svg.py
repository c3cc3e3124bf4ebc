"""Convert matplotlib's SVG for inlining under a strict content security policy.

Inline ``style`` attributes would need 'unsafe-inline', so they become presentation attributes.
Placeholder colours become classes, so that the style sheet of the page sets the colours.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping

_HREF = "{http://www.w3.org/1999/xlink}href"
_DROPPED = {"metadata", "style"}
_UNUSED = {"font-family", "stroke-linejoin"}
_LETTER = {"fill": "f", "stroke": "s"}
_LONG_NUMBER = re.compile(r"-?\d+\.\d{3,}")
_FONT = re.compile(r"(?:(\d+) )?([\d.]+px)")
"""Weight and size in a declaration of a whole font."""
_REFERENCE = re.compile(r"url\(#([^)]+)\)")


def inline(svg: str, palette: Mapping[str, str], prefix: str, title: str, text: str) -> str:
    """Convert an SVG document into an ``<svg>`` element for a page.

    ``palette`` maps placeholder colours such as ``#000001`` to names: an element filled with one
    gets the class ``f-name``, one stroked with it ``s-name``. All ids start with ``prefix``.
    ``title`` and ``text`` are the text alternative.
    """
    root = ET.fromstring(svg)
    for element in root.iter():
        # HTML parsers expect inline SVG without namespace prefixes.
        element.tag = element.tag.rpartition("}")[2]
        element.tail = None
        _unstyle(element, palette)
    _drop(root)
    _rename_ids(root, prefix)
    for name in ("width", "height", "version"):
        root.attrib.pop(name, None)
    for position, (tag, content) in enumerate((("title", title), ("desc", text))):
        child = ET.Element(tag, {"id": f"{prefix}-{tag}"})
        child.text = content
        root.insert(position, child)
    root.set("role", "img")
    root.set("aria-labelledby", f"{prefix}-title {prefix}-desc")
    return ET.tostring(root, encoding="unicode")


def _drop(parent: ET.Element) -> None:
    """Remove metadata, style sheets and empty groups."""
    for child in list(parent):
        _drop(child)
        if child.tag in _DROPPED or (child.tag in {"g", "defs"} and not len(child)):
            parent.remove(child)
    if parent.tag in {"g", "defs", "svg", "clipPath"}:
        parent.text = None


def _unstyle(element: ET.Element, palette: Mapping[str, str]) -> None:
    classes = []
    for name, value in _declarations(element.attrib.pop("style", "")):
        if name in _LETTER and value in palette:
            classes.append(f"{_LETTER[name]}-{palette[value]}")
        elif name and name not in _UNUSED:
            element.set(name, value)
    if classes:
        element.set("class", " ".join(classes))
    if element.get("transform", "").startswith("rotate(-0 "):
        del element.attrib["transform"]
    for name in ("d", "x", "y"):
        if name in element.attrib:
            shorter = _LONG_NUMBER.sub(lambda m: f"{float(m[0]):.2f}", element.attrib[name])
            element.set(name, " ".join(shorter.split()))


def _declarations(style: str) -> Iterator[tuple[str, str]]:
    for declaration in style.split(";"):
        name, _, value = (part.strip() for part in declaration.partition(":"))
        font = _FONT.search(value) if name == "font" else None
        if font is None:
            yield name, value
            continue
        # Older versions of matplotlib write one declaration for the whole font.
        if font[1] is not None:
            yield "font-weight", font[1]
        yield "font-size", font[2]


def _rename_ids(root: ET.Element, prefix: str) -> None:
    """Prefix the ids that are referenced and remove the others."""
    used = set()
    for element in root.iter():
        if _HREF in element.attrib:
            target = element.attrib.pop(_HREF)[1:]
            used.add(target)
            element.set("href", f"#{prefix}-{target}")
        for name, value in element.attrib.items():
            for target in _REFERENCE.findall(value):
                used.add(target)
                element.set(name, f"url(#{prefix}-{target})")
    for element in root.iter():
        identifier = element.attrib.pop("id", None)
        if identifier in used:
            element.set("id", f"{prefix}-{identifier}")
