"""Make matplotlib's SVG fit for inlining under a strict policy.

Inline ``style`` attributes would need 'unsafe-inline': they become presentation attributes, and the
placeholder colours of a palette become classes, so that the page's style sheet decides on them.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Mapping

_SVG = "http://www.w3.org/2000/svg"
_HREF = "{http://www.w3.org/1999/xlink}href"
_DROPPED = {f"{{{_SVG}}}metadata", f"{{{_SVG}}}style"}
_LETTER = {"fill": "f", "stroke": "s"}
_KEPT_NUMBERS = re.compile(r"-?\d+\.\d{3,}")


def inline(svg: str, palette: Mapping[str, str], prefix: str, title: str, text: str) -> str:
    """Rework a whole SVG document into an ``<svg>`` element for a page.

    ``palette`` maps a placeholder colour such as ``#000001`` to a name: a fill of it gets the class
    ``f-name``, a stroke ``s-name``. All ids start with ``prefix``; ``title`` and ``text`` are the
    text alternative.
    """
    ET.register_namespace("", _SVG)
    root = ET.fromstring(svg)
    _drop(root)
    for element in root.iter():
        _unstyle(element, palette)
    _rename_ids(root, prefix)
    for name in ("width", "height", "version"):
        root.attrib.pop(name, None)
    for position, (tag, content) in enumerate((("title", title), ("desc", text))):
        element = ET.Element(f"{{{_SVG}}}{tag}", {"id": f"{prefix}-{tag}"})
        element.text = content
        root.insert(position, element)
    root.set("role", "img")
    root.set("aria-labelledby", f"{prefix}-title {prefix}-desc")
    return ET.tostring(root, encoding="unicode")


def _drop(parent: ET.Element) -> None:
    for child in list(parent):
        if child.tag in _DROPPED:
            parent.remove(child)
        else:
            _drop(child)
            child.tail = None


def _unstyle(element: ET.Element, palette: Mapping[str, str]) -> None:
    classes = []
    for declaration in element.attrib.pop("style", "").split(";"):
        name, _, value = (part.strip() for part in declaration.partition(":"))
        if name == "font":
            name, value = "font-size", value.split()[0]
        if name in _LETTER and value in palette:
            classes.append(f"{_LETTER[name]}-{palette[value]}")
        elif name:
            element.set(name, value)
    if classes:
        element.set("class", " ".join(classes))
    for name in ("d", "x", "y", "transform"):
        if name in element.attrib:
            shorter = _KEPT_NUMBERS.sub(lambda m: f"{float(m[0]):.2f}", element.attrib[name])
            element.set(name, " ".join(shorter.split()))


def _rename_ids(root: ET.Element, prefix: str) -> None:
    """Prefix the ids that something refers to, and drop the others."""
    used = set()
    for element in root.iter():
        if _HREF in element.attrib:
            element.set("href", element.attrib.pop(_HREF))
        for name, value in element.attrib.items():
            for target in re.findall(r"^#(\S+)$|url\(#([^)]+)\)", value):
                used.add("".join(target))
                element.set(name, value.replace("#", f"#{prefix}-", 1))
    for element in root.iter():
        identifier = element.attrib.pop("id", None)
        if identifier in used:
            element.set("id", f"{prefix}-{identifier}")
