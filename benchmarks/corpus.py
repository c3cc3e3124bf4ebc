"""The analyzers on some 31,000 published files: no crash, ruff's references, rewriting that holds.

    python benchmarks/corpus.py [--files N] [--seed N]

1. Every file is audited for the catalog's functions; the places are compared with those that
   ruff's TID251 reports.
2. The same for twelve names that nearly everybody uses, on N files (default 2,000).
3. Those files are rewritten: each must parse as before, the others keep every byte, and a second
   run has nothing left to do.

Each difference is listed with its reason in build/benchmarks/corpus.txt. Exit code 1 when there is
one without a reason, a crash, or a file that rewriting broke.
"""

from __future__ import annotations

import argparse
import random
import shutil
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from code_bases import BUILD, CORPUS_WHEELS, UnavailableError, corpus
from corpus_checks import (
    Difference,
    broken,
    contents,
    differences,
    rewrite,
    ruff_places,
    survey,
)

from workbench.analyzers.execution.pool import BUG
from workbench.analyzers.rules import Rule
from workbench.audits.scope import AuditScope
from workbench.files import write_atomically

OUTPUT = BUILD / "benchmarks" / "corpus.txt"
REWRITTEN = BUILD / "corpus-rewritten"
COMMON = (
    "os.path.join os.path.exists json.loads json.dumps logging.getLogger re.compile copy.deepcopy "
    "time.time functools.partial itertools.chain collections.defaultdict datetime.timedelta"
)
COMMON_RULES = tuple(
    Rule(old, f"accelerated.{old.rpartition('.')[2]}", old) for old in COMMON.split()
)


@dataclass
class Report:
    """What came out, to be printed and stored."""

    lines: list[str] = field(default_factory=list)
    details: list[str] = field(default_factory=list)
    failures: int = 0

    def say(self, line: str) -> None:
        """Add a line to the summary and show it at once."""
        self.lines.append(line)
        print(line, flush=True)

    def fail(self, line: str) -> None:
        """Add something that must not be."""
        self.failures += 1
        self.details.append(f"FAILED {line}")


def main() -> int:
    """Run the three parts; 0 if all holds, 1 if not, 2 if the corpus cannot be had."""
    options = _options()
    try:
        base = corpus()
    except UnavailableError as error:
        print(f"corpus.py: {error}", file=sys.stderr)
        return 2
    report = Report()
    _compare("catalog's names, every file", _wheels(base), AuditScope().rules(), report)
    copy = _copy_some(base, options.files, options.seed)
    _compare(f"common names, {options.files:,} files", _wheels(copy), COMMON_RULES, report)
    _rewrite(_wheels(copy), report)
    report.say(f"{report.failures} things that must not be")
    OUTPUT.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(OUTPUT, "\n".join([*report.lines, "", *report.details]) + "\n")
    print("\n".join(line for line in report.details if line.startswith("FAILED")))
    print(f"every difference: {OUTPUT}")
    return 1 if report.failures else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--files", type=int, default=2000, help="files to rewrite (default 2000)")
    parser.add_argument("--seed", type=int, default=1, help="chooses the files (default 1)")
    return parser.parse_args()


def _wheels(base: Path) -> list[Path]:
    directories = (base / requirement.replace("==", "-") for requirement in CORPUS_WHEELS)
    return [directory for directory in directories if directory.is_dir()]


def _compare(title: str, code_bases: Sequence[Path], names: Sequence[Rule], report: Report) -> None:
    files = equal = 0
    reasons: Counter[str] = Counter()
    for code_base in code_bases:
        found, crashes = survey([code_base], names)
        files += found.files_scanned
        for crash in crashes:
            report.fail(f"{crash.path}: crash: {crash.message}")
        for error in (e for e in found.errors if e.message.startswith(BUG)):
            report.fail(f"{error.path}: {error.message}")
        report.details += [f"error {error.path}: {error.message}" for error in found.errors]
        reasons.update(f"error: {error.message}" for error in found.errors)
        same, different = differences(found, *ruff_places(code_base, names))
        equal += same
        for difference in different:
            _list(difference, report)
            reasons[f"only {difference.side}: {difference.reason}"] += 1
    report.say(f"{title}: {files:,} files audited, {equal:,} references as ruff has them")
    for reason, count in reasons.most_common():
        report.say(f"  {count:6,}  {reason}")


def _list(difference: Difference, report: Report) -> None:
    path, line, column, name = difference.place
    text = f"{path}:{line}:{column}: {name}: only {difference.side}: {difference.reason}"
    if difference.known:
        report.details.append(text)
    else:
        report.fail(text)


def _copy_some(base: Path, count: int, seed: int) -> Path:
    """Copy files that have one of the common names, with the packages that contain them."""
    names = [rule.old.rpartition(".")[2].encode() for rule in COMMON_RULES]
    holding = [path for path, data in contents(base) if any(name in data for name in names)]
    chosen = random.Random(seed).sample(holding, min(count, len(holding)))
    packages = {parent / "__init__.py" for path in chosen for parent in path.parents}
    shutil.rmtree(REWRITTEN, ignore_errors=True)
    for path in {*chosen, *(init for init in packages if base in init.parents and init.exists())}:
        target = REWRITTEN / path.relative_to(base)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    return REWRITTEN


def _rewrite(code_bases: Sequence[Path], report: Report) -> None:
    changed = files = left = 0
    for code_base in code_bases:
        before = dict(contents(code_base))
        found, _ = survey([code_base], COMMON_RULES)
        edited = {file.location for file in found.files if file.edits}
        for error in rewrite(found):
            report.fail(f"{error.path}: {error.message}")
        files += len(before)
        changed += len(edited)
        left += sum(error.message.startswith("left unchanged") for error in found.errors)
        for path, original in before.items():
            if path not in edited and path.read_bytes() != original:
                report.fail(f"{path}: changed without an edit")
            elif path in edited and (reason := broken(original, path)):
                report.fail(f"{path}: {reason}")
        again, crashes = survey([code_base], COMMON_RULES)
        for file in (file for file in again.files if file.edits):
            report.fail(f"{file.path}: a second run would change it again")
        for crash in crashes:
            report.fail(f"{crash.path}: crash after rewriting: {crash.message}")
    report.say(
        f"rewriting: {changed:,} of {files:,} files changed; "
        f"{left:,} left unchanged because their edits could not be proved safe"
    )


if __name__ == "__main__":
    sys.exit(main())
