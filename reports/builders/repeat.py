"""What to type to measure again what a report shows."""

from __future__ import annotations

import shlex
from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workbench.results.model import Results

PLANS = ("fast", "rigorous")
"""Ways of measuring that are asked for by an option of their name."""


def commands(results: Results, catalog: Collection[str]) -> tuple[str, ...]:
    """Return the commands that make such results, and a page of them.

    Utilities are named unless they are those of the whole ``catalog``.
    """
    words = ["workbench", "bench", *_what(results, catalog), *_how(results), "-o", "results.json"]
    return (
        " ".join(map(_quoted, words)),
        "workbench report results.json --format html -o report.html",
    )


def _what(results: Results, catalog: Collection[str]) -> Iterator[str]:
    facts = results.environment
    first, second = str(facts.get("first_side", "")), str(facts.get("second_side", ""))
    if ":" in first and ":" in second:
        yield from ("--compare", first, second)
        arguments = next((m.workload for m in results.measurements), "()")[1:-1]
        for option, value in (("--args", arguments), ("--setup", facts.get("setup", ""))):
            if value:
                yield from (option, str(value))
        return
    seen = {m.utility for m in results.measurements}
    seen |= {failure.subject.partition("/")[0] for failure in results.failures} & {*catalog}
    if seen != {*catalog}:
        # A name that is none is nothing that was asked for, and could be taken for an option.
        yield from sorted(name for name in seen if name.isidentifier())
    if first == "upstream":
        yield from ("--baseline", first)


def _how(results: Results) -> Iterator[str]:
    facts = results.environment
    for side in sorted({side for m in results.measurements for side in m.beside}):
        yield from ("--beside", side)
    plan, seed = facts.get("plan"), facts.get("seed")
    if plan in PLANS:
        yield f"--{plan}"
    if isinstance(seed, int):
        yield from ("--seed", str(seed))
    if results.curves:
        yield "--curves"
    if results.instructions:
        yield "--instructions"


def _quoted(word: str) -> str:
    """Quote for a shell; what cannot be shown is written as bash and zsh read it."""
    if word.isprintable():
        return shlex.quote(word)
    return f"$'{''.join(map(_escaped, word))}'"


def _escaped(character: str) -> str:
    if character in "\\'":
        return f"\\{character}"
    if character.isprintable():
        return character
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x80 else f"\\U{code:08x}"
