"""Parse numbers out of rendered reports, independently of the code that writes them."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

import pytest

DASH = "\u2013"
SIZE = {"ns": 1e-9, "µs": 1e-6, "ms": 1e-3, "s": 1.0}
TIME = rf"({DASH}|[\d.,e+-]+ (?:ns|µs|ms|s))"
FACTOR = rf"({DASH}|[\d.,e+-]+)"
VOID = {"meta", "input", "br", "img", "link", "hr"}


def number(text: str) -> float | None:
    """Parse ``28.6 µs`` (to seconds), ``1,230x``, ``1.60`` or a dash."""
    if text == DASH:
        return None
    digits, _, unit = text.strip().rstrip("x\u00d7").replace(",", "").partition(" ")
    return float(digits) * SIZE[unit or "s"]


def matches(shown: str, value: float | None) -> bool:
    """Whether a rendered number equals a value within the rounding of its format."""
    found = number(shown)
    if found is None or value is None:
        return found is value
    if " " in shown:
        return found == pytest.approx(value, rel=0.0051)
    if value < 0.1:
        return found == pytest.approx(value, rel=0.051)
    return found == pytest.approx(value, rel=0.0051, abs=0.0051)


@dataclass
class Node:
    """An element with its children."""

    tag: str
    attributes: dict[str, str]
    children: list[Node | str] = field(default_factory=list)

    def all(self, *tags: str) -> list[Node]:
        found = []
        for child in self.children:
            if isinstance(child, Node):
                found += [child] if child.tag in tags else []
                found += child.all(*tags)
        return found

    def text(self, without: str = "") -> str:
        return "".join(
            child if isinstance(child, str) else child.text(without)
            for child in self.children
            if isinstance(child, str) or child.tag != without
        )


class Page(HTMLParser):
    """A parsed page; mismatched end tags are errors."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Node("", {})
        self.open = [self.root]
        self.skeleton: list[tuple[str, tuple[str, ...]]] = []
        self.feed(text)
        self.close()
        assert self.open == [self.root], f"not closed: {self.open[-1].tag}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, {name: value or "" for name, value in attrs})
        assert len(node.attributes) == len(attrs), f"an attribute twice in {tag}"
        self.skeleton.append((tag, tuple(sorted(node.attributes))))
        self.open[-1].children.append(node)
        if tag not in VOID:
            self.open.append(node)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop().tag == tag

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)

    def table(self, identifier: str) -> list[list[Node]]:
        """Return the cells of each body row of a table; empty if there is no such table."""
        for table in self.root.all("table"):
            if table.attributes.get("id") == identifier:
                (body,) = table.all("tbody")
                return [row.all("td", "th") for row in body.all("tr")]
        return []
