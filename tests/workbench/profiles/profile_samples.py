"""Profiled programs: trees of calls, and the profiles of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from workbench.profiles.model import ProfiledFunction

UTILS = "/site-packages/sky/utils/common_utils.py"
FUNCTIONS = (
    ProfiledFunction(UTILS, 10, "format_float"),
    ProfiledFunction(UTILS, 20, "hash_file"),
    ProfiledFunction("/site-packages/sky/core.py", 1, "<module>"),
    ProfiledFunction("/site-packages/sky/core.py", 30, "show"),
    ProfiledFunction("/other/common_utils.py", 5, "format_float"),
    ProfiledFunction(UTILS, 40, "unrelated"),
)
REPLACED = {FUNCTIONS[0]: "format_float", FUNCTIONS[1]: "hash_file"}


@dataclass(frozen=True)
class Node:
    """A function, its own time in milliseconds, and the functions it called."""

    place: ProfiledFunction
    own: int
    children: tuple[Node, ...] = ()

    @property
    def total(self) -> int:
        return self.own + sum(child.total for child in self.children)


def trees() -> st.SearchStrategy[Node]:
    places, own = st.sampled_from(FUNCTIONS), st.integers(0, 50)
    leaves = st.builds(Node, places, own)
    return st.recursive(
        leaves,
        lambda inner: st.builds(Node, places, own, st.lists(inner, max_size=3).map(tuple)),
        max_leaves=12,
    )


def expected(tree: Node) -> dict[tuple[str, ProfiledFunction | None], int]:
    """Return the milliseconds in the outermost replaced function, by utility and caller."""
    found: dict[tuple[str, ProfiledFunction | None], int] = defaultdict(int)

    def visit(node: Node, caller: ProfiledFunction | None) -> None:
        if node.place in REPLACED:
            if node.total:
                found[REPLACED[node.place], caller] += node.total
            return
        for child in node.children:
            visit(child, node.place)

    visit(tree, None)
    return dict(found)


def pyinstrument_tree(tree: Node) -> dict[str, Any]:
    def frame(node: Node) -> dict[str, Any]:
        own = {
            "function": "[self]",
            "file_path": "",
            "line_no": 0,
            "time": node.own / 1000,
            "children": [],
        }
        return {
            "function": node.place.function,
            "file_path": node.place.path,
            "line_no": node.place.line,
            "time": node.total / 1000,
            "children": [*map(frame, node.children), own],
        }

    return {"root_frame": frame(tree)}


def stacks(
    tree: Node, above: tuple[ProfiledFunction, ...] = ()
) -> Iterator[tuple[tuple[ProfiledFunction, ...], int]]:
    stack = (*above, tree.place)
    yield stack, tree.own
    for child in tree.children:
        yield from stacks(child, stack)


def pyinstrument_session(tree: Node) -> dict[str, Any]:
    records = [
        [[f"{p.function}\0{p.path}\0{p.line}\x01l99" for p in stack], own / 1000]
        for stack, own in stacks(tree)
    ]
    return {"frame_records": records}


def speedscope_sampled(tree: Node) -> dict[str, Any]:
    found = list(stacks(tree))
    profile = {
        "type": "sampled",
        "unit": "seconds",
        "samples": [[FUNCTIONS.index(place) for place in stack] for stack, _ in found],
        "weights": [own / 1000 for _, own in found],
    }
    return _speedscope(profile)


def speedscope_evented(tree: Node) -> dict[str, Any]:
    events: list[dict[str, Any]] = []

    def visit(node: Node, now: int) -> int:
        number = FUNCTIONS.index(node.place)
        events.append({"type": "O", "at": now, "frame": number})
        now += node.own
        for child in node.children:
            now = visit(child, now)
        events.append({"type": "C", "at": now, "frame": number})
        return now

    end = visit(tree, 7)
    profile = {
        "type": "evented",
        "unit": "milliseconds",
        "startValue": 7,
        "endValue": end,
        "events": events,
    }
    return _speedscope(profile)


def _speedscope(profile: dict[str, Any]) -> dict[str, Any]:
    frames = [{"name": p.function, "file": p.path, "line": p.line} for p in FUNCTIONS]
    return {"shared": {"frames": frames}, "profiles": [profile]}
