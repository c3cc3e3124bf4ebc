"""Commands that reproduce the results and the report."""

from __future__ import annotations

import shlex
from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workbench.results.model import Results

PLANS = ("fast", "rigorous")
"""Measurement plans that have a command-line option of their name."""


def commands(results: Results, catalog: Collection[str]) -> tuple[str, ...]:
    """Return the commands that reproduce the results and their HTML report.

    Utilities are named unless the results cover the whole ``catalog``.
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
        # Other names cannot come from a command line and might be parsed as options.
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
    """Quote a word for a shell; use the ``$'...'`` of bash and zsh for unprintable characters."""
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
