"""The scope of an audit: its files, utilities and options."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.analyzers.model import Settings
from workbench.analyzers.project.discover import Selection
from workbench.analyzers.rules import Copy, Rule
from workbench.errors import WorkbenchError

if TYPE_CHECKING:
    from workbench.catalog import Body, Utility
    from workbench.configuration import AuditSettings


@dataclass(frozen=True)
class AuditScope:
    """What to audit; the settings in ``pyproject.toml`` are added when it is used."""

    selection: Selection = field(default_factory=Selection)
    """Files to audit; patterns are relative to the current directory."""
    select: tuple[str, ...] = ()
    """Utilities to look for; empty for all of the catalog."""
    ignore: tuple[str, ...] = ()
    """Utilities not to look for."""
    settings: Settings = field(default_factory=Settings)
    config: Path | None = None
    """TOML file to use instead of ``pyproject.toml`` in the current directory."""

    def full_selection(self) -> Selection:
        """Return the files to audit, with the configured excludes."""
        excludes = (*self._configured.exclude, *self.selection.excludes)
        return replace(self.selection, excludes=excludes)

    def full_settings(self, *, fresh: bool = False) -> Settings:
        """Return the options for the analyzers; with ``fresh``, without a cache."""
        from workbench.catalog import utilities

        others = {u.name for u in utilities() if u.replaces and u not in self._wanted}
        cache = None if fresh else self.settings.cache
        return replace(self.settings, cache=cache, others=frozenset(others))

    def rules(self) -> tuple[Rule, ...]:
        """Return what the selected utilities replace, as rules for the analyzers.

        Raises WorkbenchError for a name that is not in the catalog, and if no utility is left.
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
            raise WorkbenchError("no utilities to look for: every selected utility is ignored")
        return tuple(left)


def _copy(body: Body) -> Copy:
    return Copy(body.fingerprint, body.needles, body.published)


def paths_in(content: bytes) -> tuple[Path, ...]:
    """Parse a list of paths: one per line, or NUL-terminated as from ``git ls-files -z``."""
    separator = b"\0" if b"\0" in content else b"\n"
    names = (name.removesuffix(b"\r") for name in content.split(separator))
    return tuple(Path(os.fsdecode(name)) for name in names if name)
