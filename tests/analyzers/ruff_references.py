"""References found by ruff's banned-api rule (TID251), to compare with the audit's."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from workbench.analyzers.audit import audit
from workbench.analyzers.model import Reference, ReferenceKind
from workbench.analyzers.rules import Rule

Place = tuple[str, int, int, str]
"""Absolute path, line, column, qualified name."""


def banned(code_base: Path, rules: Iterable[Rule]) -> set[Place]:
    """Return every use of the old names that ruff reports."""
    lines = ["[lint.flake8-tidy-imports.banned-api]"]
    lines += [f'"{rule.old}".msg = "moved"' for rule in rules]
    with tempfile.TemporaryDirectory() as directory:
        config = Path(directory) / "ruff.toml"
        config.write_text("\n".join(lines), encoding="utf-8")
        options = ["--select=TID251", "--no-cache", "--output-format=json", "--exit-zero"]
        options += [f"--config={config}", "--config=exclude=[]", "--config=respect-gitignore=false"]
        command = [sys.executable, "-m", "ruff", "check", *options, str(code_base)]
        run = subprocess.run(command, capture_output=True, check=True)
    return {
        (
            os.path.realpath(finding["filename"]),
            finding["location"]["row"],
            finding["location"]["column"],
            finding["message"].split("`")[1],
        )
        for finding in json.loads(run.stdout)
        if finding["code"] == "TID251"
    }


def compare(code_base: Path, rules: Iterable[Rule]) -> tuple[set[Place], dict[Place, Reference]]:
    """Return what only ruff finds in a code base, and what only the audit finds, except strings."""
    rules = tuple(rules)
    ours: dict[Place, Reference] = {}
    for file in audit([code_base], rules).files:
        path = os.path.realpath(file.location)
        for reference in file.references:
            if reference.kind is not ReferenceKind.STRING:
                key = (path, reference.line, reference.column, reference.qualified_name)
                ours[key] = reference
    theirs = banned(code_base, rules)
    return theirs - ours.keys(), {key: ours[key] for key in ours.keys() - theirs}
