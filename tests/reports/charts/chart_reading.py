"""Read what a chart shows, independently of the code that draws it."""

from __future__ import annotations

import xml.etree.ElementTree as ET


def marks(svg: str, part: str) -> list[tuple[float, float]]:
    """Return positions of markers whose class contains ``part``, by row and column."""
    found = [
        (float(element.attrib["y"]), float(element.attrib["x"]))
        for element in ET.fromstring(svg).iter("use")
        if part in element.attrib["class"]
    ]
    return [(x, y) for y, x in sorted(found)]


def texts(svg: str) -> list[str]:
    """Return the texts of a chart as drawn, without its text alternative."""
    return [element.text or "" for element in ET.fromstring(svg).iter("text")]


def described(svg: str) -> tuple[str, str]:
    """Return the title and the words of a chart's text alternative."""
    title, words = (ET.fromstring(svg).findtext(tag) or "" for tag in ("title", "desc"))
    return title, words
