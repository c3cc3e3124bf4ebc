"""Ask for each reference whether to rewrite it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from workbench.analyzers.model import Audit, FileAnalysis, Reference, Verdict
from workbench.analyzers.replan import Place, decline_all, replan
from workbench.analyzers.rewriting.diff import ChangedLines, pieces


class Reply(Enum):
    """Answer for one site, or for all sites from there on."""

    YES = "y"
    NO = "n"
    ALL = "a"
    QUIT = "q"


@dataclass(frozen=True)
class Question:
    """A site to decide on."""

    reference: Reference
    hunks: tuple[bytes, ...]
    """Changes at the site; the first question of a file also has those that are at no site."""
    source: bytes
    """Source line, for a site where only the import changes."""
    left: int
    """Number of sites after this one."""
    tied: int = 0
    """Number of other sites that the previous answer decided because they share an import."""


def select(found: Audit, ask: Callable[[Question], Reply]) -> Audit:
    """Return the audit with edits only for the references that the answers accept.

    Files with declined references are planned and proved again, so that their imports fit.
    """
    selection = _Questions(found, ask)
    return dataclasses.replace(found, files=tuple(map(selection.decide, found.files)))


class _Questions:
    def __init__(self, found: Audit, ask: Callable[[Question], Reply]) -> None:
        self._found = found
        self._ask = ask
        self._left = sum(len(_sites(file)) for file in found.files)
        self._last: Reply | None = None
        self._tied = 0

    def decide(self, file: FileAnalysis) -> FileAnalysis:
        """Ask about one file, until the user accepts or declines everything that is left."""
        accepted: set[Place] = set()
        declined: set[Place] = set()
        later = self._left - len(_sites(file))
        while self._last not in (Reply.ALL, Reply.QUIT):
            open_sites = [s for s in _sites(file) if _place(s) not in accepted]
            if not open_sites:
                break
            site = open_sites[0]
            first = not accepted and not declined
            self._last = self._ask(self._question(file, site, first, later + len(open_sites) - 1))
            self._tied = 0
            if self._last is Reply.YES:
                accepted.add(_place(site))
            elif self._last is Reply.NO:
                declined.add(_place(site))
                file = self._without(file, declined)
        self._left = later
        if self._last is not Reply.QUIT:
            return file
        if not accepted:
            return decline_all(file)
        rest = {_place(site) for site in _sites(file)} - accepted
        return replan(file, self._found, frozenset(declined | rest))

    def _without(self, file: FileAnalysis, declined: set[Place]) -> FileAnalysis:
        planned = replan(file, self._found, frozenset(declined))
        self._tied = len(_sites(file)) - 1 - len(_sites(planned))
        return planned

    def _question(self, file: FileAnalysis, site: Reference, first: bool, left: int) -> Question:
        lines = {reference.line for reference in _sites(file)}
        changes = pieces(file)
        elsewhere = [p for p in changes if first and not any(map(p.touches, lines))]
        there = [p for p in changes if p.touches(site.line)]
        source = b"" if there else file.original.splitlines()[site.line - 1]
        return Question(site, _hunks([*elsewhere, *there]), source, left, self._tied)


def _sites(file: FileAnalysis) -> list[Reference]:
    """Return the references that would be rewritten, one for each position."""
    found = (r for r in file.references if r.verdict is Verdict.REWRITE)
    return list({_place(r): r for r in found}.values())


def _place(reference: Reference) -> Place:
    return reference.line, reference.column


def _hunks(found: list[ChangedLines]) -> tuple[bytes, ...]:
    return tuple(piece.hunk for piece in found)
