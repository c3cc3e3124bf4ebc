"""Tools that `benchmarks/audit.py` compares, with rules for the same names."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from audit_table import AGAIN, AST_GREP, AUDIT, MIGRATE, RG, RUFF, SEMGREP
from code_bases import BUILD, UnavailableError

from workbench.analyzers.rules import Rule

TOOLS = BUILD / "audit-tools"
PACKAGES = ("ruff", "ast-grep-cli", "semgrep", "ripgrep")
_BIN = TOOLS / "bin"
_WORKBENCH = str(Path(sys.executable).with_name("workbench"))

Count = Callable[[bytes], str]
"""Extracts the number of findings from the output of a tool."""


@dataclass(frozen=True)
class Peer:
    """A tool: its command, to which the code base is appended, and the parser of its output."""

    name: str
    command: tuple[str, ...]
    count: Count
    accept: tuple[int, ...] = (0,)
    warm: bool = False
    """Whether it may use the cache of its previous run."""
    code_bases: str = "ab"


def install() -> None:
    """Install the tools in a separate virtual environment, unless they are there."""
    if all((_BIN / name).exists() for name in ("ruff", "ast-grep", "semgrep", "rg")):
        return
    print(f"installing {', '.join(PACKAGES)} into {TOOLS}", file=sys.stderr, flush=True)
    subprocess.run([sys.executable, "-m", "venv", str(TOOLS)], check=True)
    pip = [str(_BIN / "python"), "-m", "pip", "install", "--quiet", *PACKAGES]
    done = subprocess.run(pip, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        reason = (done.stderr.strip().splitlines() or ["pip failed"])[-1]
        raise UnavailableError(f"{', '.join(PACKAGES)} cannot be installed: {reason}")


def versions() -> dict[str, str]:
    """Return the versions of the tools."""
    listed = [str(_BIN / "python"), "-m", "pip", "list", "--format=json"]
    packages = json.loads(subprocess.run(listed, capture_output=True, check=True).stdout)
    return {p["name"]: p["version"] for p in packages if p["name"] in PACKAGES}


def peers(rules: Sequence[Rule], directory: Path) -> list[Peer]:
    """Write configurations to ``directory`` and return the tools."""
    audit = (_WORKBENCH, "audit", "--exit-zero", "--format", "json")
    diff = (_WORKBENCH, "migrate", "--diff")
    incomplete = (0, 3)  # some files of the corpus are intentionally invalid
    return [
        Peer(AUDIT, audit, _workbench_references, incomplete),
        Peer(AGAIN, audit, _workbench_references, incomplete, warm=True),
        Peer(MIGRATE, diff, _files_in_diff, incomplete, code_bases="a"),
        Peer(RG, _rg(rules), _lines, (0, 1)),
        Peer(RUFF, _ruff(rules, directory), _ruff_findings),
        Peer(AST_GREP, _ast_grep(rules, directory), _lines_as_matches, (0, 1)),
        Peer(SEMGREP, _semgrep(rules, directory), _semgrep_results),
    ]


def _rg(rules: Sequence[Rule]) -> tuple[str, ...]:
    names = (argument for rule in rules for argument in ("-e", _last(rule)))
    return (str(_BIN / "rg"), "-l", "-F", "-t", "py", *names)


def _ruff(rules: Sequence[Rule], directory: Path) -> tuple[str, ...]:
    config = directory / "ruff.toml"
    lines = ["exclude = []", "respect-gitignore = false", "[lint.flake8-tidy-imports.banned-api]"]
    lines += [f'"{rule.old}".msg = "use {rule.new}"' for rule in rules]
    config.write_text("\n".join(lines), encoding="utf-8")
    options = ("--select=TID251", "--no-cache", "--exit-zero", "--output-format=json")
    return (str(_BIN / "ruff"), "check", *options, f"--config={config}")


def _ast_grep(rules: Sequence[Rule], directory: Path) -> tuple[str, ...]:
    """Match usual spellings and imports, because ast-grep does not resolve names."""
    documents = []
    for number, rule in enumerate(rules):
        module, _, name = rule.old.rpartition(".")
        imported = {"kind": "dotted_name", "regex": f"^{name}$", "inside": _FROM_IMPORT}
        patterns = [{"pattern": f"{owner}.{name}"} for owner in (module, module.split(".")[-1])]
        document = {
            "id": f"r{number}",
            "language": "python",
            "rule": {"any": [*patterns, imported]},
        }
        documents.append(json.dumps(document))  # JSON is YAML
    config = directory / "ast-grep.yml"
    config.write_text("\n---\n".join(documents), encoding="utf-8")
    return (str(_BIN / "ast-grep"), "scan", "--json=stream", "--rule", str(config))


_FROM_IMPORT = {"kind": "import_from_statement", "stopBy": "end"}


def _semgrep(rules: Sequence[Rule], directory: Path) -> tuple[str, ...]:
    config = directory / "semgrep.json"
    document = {
        "rules": [
            {
                "id": f"r{number}",
                "languages": ["python"],
                "severity": "INFO",
                "message": rule.label,
                "pattern": rule.old,
            }
            for number, rule in enumerate(rules)
        ]
    }
    config.write_text(json.dumps(document), encoding="utf-8")
    offline = ("--metrics=off", "--disable-version-check")
    everything = ("--no-git-ignore", "--x-ignore-semgrepignore-files", "--max-target-bytes=0")
    return (str(_BIN / "semgrep"), "scan", *offline, *everything, "--json", "--config", str(config))


def _workbench_references(output: bytes) -> str:
    return f"{json.loads(output)['summary']['references']} references"


def _files_in_diff(output: bytes) -> str:
    return f"{sum(line.startswith(b'--- ') for line in output.splitlines())} files changed"


def _ruff_findings(output: bytes) -> str:
    return f"{sum(finding['code'] == 'TID251' for finding in json.loads(output))} references"


def _semgrep_results(output: bytes) -> str:
    return f"{len(json.loads(output)['results'])} references"


def _lines(output: bytes) -> str:
    return f"{len(output.splitlines())} files"


def _lines_as_matches(output: bytes) -> str:
    return f"{len(output.splitlines())} matches"


def _last(rule: Rule) -> str:
    return rule.old.rpartition(".")[2]
