"""Read fixtures/cases: one file per case, see fixtures/README.md."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from workbench.analyzers.model import Reference

FIXTURES = Path(__file__).parents[2] / "fixtures"


@dataclass(frozen=True)
class Case:
    """A module before and after its migration, and the references that the audit finds."""

    name: str
    path: str
    needs: str
    """``any``, the lowest Python version that runs it, or ``none``."""
    before: str
    after: str
    references: tuple[str, ...]
    encoding: str = "utf-8"

    @property
    def runs(self) -> bool:
        """Whether this Python can execute the module."""
        if self.needs in {"any", "none"}:
            return self.needs == "any"
        major, minor = self.needs.split(".")
        return sys.version_info >= (int(major), int(minor))

    def lay_out(self, directory: Path) -> Path:
        """Write the module into its package below ``directory`` and return its path."""
        for package in ("sky", "sky/client", "sky/utils"):
            (directory / package).mkdir()
            (directory / package / "__init__.py").touch()
        module = directory / self.path
        module.parent.mkdir(exist_ok=True)
        module.write_text(self.before, encoding=self.encoding, newline="")
        return module


def _read(file: Path) -> Case:
    text = file.read_text(encoding="utf-8").replace("␄\n", "").replace("␍", "\r")
    head, _, rest = text.partition("=== before\n")
    before, _, rest = rest.partition("=== after\n")
    after, _, references = rest.partition("=== references\n")
    options = dict(line.split(": ", 1) for line in head.splitlines()[1:])
    return Case(
        file.stem,
        options.get("path", "sky/client/case.py"),
        options.get("needs", "any"),
        before,
        before if after == "(unchanged)\n" else after,
        tuple(references.splitlines()),
        options.get("encoding", "utf-8"),
    )


CASES = tuple(_read(file) for file in sorted((FIXTURES / "cases").glob("*.case")))


def shown(reference: Reference) -> str:
    """Format a reference as the case files do."""
    place = f"{reference.line}:{reference.column}"
    what = f"{reference.kind.value} {reference.verdict.value} {reference.label}"
    return f"{place} {what}" + (f" | {reference.reason}" if reference.reason else "")
