"""What the rest of a code base means for one file."""

from __future__ import annotations

from collections.abc import Iterable

from analyzers.resolve import Found
from analyzers.scopes import ScopeKind, lookup
from analyzers.task import Context


def mark_intercepted(references: Iterable[Found], context: Context) -> None:
    """Give a reason to each reference that a patch intercepts and would not any more."""
    for found in references:
        if found.reasons:
            continue
        place = context.patched.get(found.target) if _looks_up_late(found) else None
        place = place or _intercepted_module(found, context)
        if place is not None:
            found.reasons.append(f"replaced at run time in {place}, which would not notice")


def _looks_up_late(found: Found) -> bool:
    """Whether the function is looked up in its module whenever the code runs."""
    if found.depth:
        return True
    site = found.bindings[0].site if found.bindings else None
    return site is not None and site.scope.kind is not ScopeKind.MODULE


def _intercepted_module(found: Found, context: Context) -> str | None:
    if found.use is None or not found.depth:
        return None
    home = lookup(found.use.scope, found.use.name)
    in_module = home is not None and home.kind is ScopeKind.MODULE
    return context.intercepted.get(found.use.name) if in_module else None
