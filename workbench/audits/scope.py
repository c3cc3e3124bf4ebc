"""What an audit covers: which files, which utilities, and how it may go about it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.analyzers.rules import Copy, Rule
from workbench.errors import WorkbenchError

if TYPE_CHECKING:
    from workbench.analyzers.audit import Settings
    from workbench.analyzers.project.discover import Selection
    from workbench.catalog import Body, Utility
    from workbench.configuration import AuditSettings

STDIN = "-"


@dataclass(frozen=True)
class AuditScope:
    """What to audit; the settings in ``pyproject.toml`` are added where it is used."""

    paths: tuple[Path, ...] = ()
    listed: tuple[Path, ...] = ()
    """Files from a list."""
    stdin: bytes | None = None
    """Code that is audited besides."""
    stdin_name: str = STDIN
    select: tuple[str, ...] = ()
    """Utilities to look for; all of the catalog when there are none."""
    ignore: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    """Lines of a ``.gitignore`` in the current directory."""
    follow_gitignore: bool = True
    include_generated: bool = False
    """Rewrite files that are made from others; without, they are only reported."""
    include_vendored: bool = False
    cache: Path | None = None
    config: Path | None = None
    """A TOML file instead of ``pyproject.toml`` in the current directory."""

    def selection(self) -> Selection:
        """The files, with the configured excludes."""
        from workbench.analyzers.project.discover import Selection

        return Selection(
            self.paths,
            self.listed,
            (*self._configured.exclude, *self.exclude),
            self.follow_gitignore,
            self.stdin,
            self.stdin_name,
        )

    def settings(self, *, fresh: bool = False) -> Settings:
        """How the analyzers are to work; ``fresh`` without a cache."""
        from workbench.analyzers.audit import Settings
        from workbench.catalog import utilities

        others = {u.name for u in utilities() if u.replaces and u not in self._wanted}
        return Settings(
            cache=None if fresh else self.cache,
            others=frozenset(others),
            include_generated=self.include_generated,
            include_vendored=self.include_vendored,
        )

    def rules(self) -> tuple[Rule, ...]:
        """What the wanted utilities replace, as rules for the analyzers.

        Raises WorkbenchError for a name that is not in the catalog, and when none is left.
        """
        return tuple(
            Rule(old, f"accelerated.{utility.name}", utility.name, copies)
            for utility in self._wanted
            for copies in [tuple(map(_copy, utility.bodies))]
            for old in utility.replaces
        )

    @cached_property
    def _configured(self) -> AuditSettings:
        from workbench.configuration import audit_settings

        return audit_settings(self.config)

    @cached_property
    def _wanted(self) -> tuple[Utility, ...]:
        from workbench.catalog import select

        ignore = self.ignore or self._configured.ignore
        ignored = select(ignore) if ignore else ()
        left = [u for u in select(self.select or self._configured.select) if u not in ignored]
        if not left:
            raise WorkbenchError("nothing to look for: every selected utility is ignored")
        return tuple(left)


def _copy(body: Body) -> Copy:
    return Copy(body.fingerprint, body.needles, body.published)


def paths_in(content: bytes) -> tuple[Path, ...]:
    """The paths in a list: one a line, or with a NUL after each as ``git ls-files -z`` has them."""
    separator = b"\0" if b"\0" in content else b"\n"
    names = (name.removesuffix(b"\r") for name in content.split(separator))
    return tuple(Path(os.fsdecode(name)) for name in names if name)
