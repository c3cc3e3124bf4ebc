"""Texts about a migration: terminal summary, commit message and pull request."""

from __future__ import annotations

import os
import shlex
import textwrap
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.formatting import markdown
from workbench.formatting.terminal import Style, visible
from workbench.formatting.units import counted
from workbench.migration.model import Migration

if TYPE_CHECKING:
    from workbench.analyzers.model import Reference
    from workbench.migration.undo import Undone

_MOST_REASONS = 3
_MOST_PLACES = 200
_LINE = 72
_LONGEST_COMMAND = 5_000
_PROOF = (
    "Each changed file was parsed again after its edits: its syntax tree equals the original with "
    "exactly the intended names and imports replaced. No other byte of a file has changed."
)


def summary(done: Migration) -> str:
    """Write what changed, what is left and how to undo it, for a terminal."""
    if not done.paths:
        return _text(["nothing to change", *_reasons(done.review, _MOST_REASONS)])
    files, references = counted(len(done.paths), "file"), len(done.rewritten)
    lines = [f"{files} changed, {counted(references, 'reference')} rewritten"]
    lines += _reasons(done.review, _MOST_REASONS)
    made = done.committed
    if made is not None and made.commit:
        lines.append(f"committed as {made.commit} on branch {made.branch}; nothing was pushed")
        lines.append(f"pull request text: {_shown(made.pull_request)}")
    if made is not None:
        lines.append(f"to go back: {made.back}")
    if made is None or not made.commit:
        lines.append("to undo: workbench migrate --undo")
    return _text(lines)


def diff_to_read(diff: bytes, style: Style) -> str:
    """Write a diff for a terminal, to be read and not applied: every character shows."""
    lines = diff.decode("utf-8", "replace").split("\n")
    return "\n".join(style.diff_line(_with_tabs(line)) for line in lines)


def _with_tabs(line: str) -> str:
    return "\t".join(visible(part, len(part)) for part in line.split("\t"))


def undone(result: Undone) -> str:
    """Write what an undo restored, for a terminal."""
    restored = counted(len(result.restored), "file")
    lines = [f"{restored} restored; undid the run of {visible(result.created)}"]
    if result.already:
        lines.append(f"{counted(result.already, 'file')} already in the original state")
    if result.earlier:
        lines.append(f"{counted(result.earlier, 'earlier run')} can be undone in the same way")
    return _text(lines)


def commit_message(done: Migration) -> str:
    """Write the counts of moved references, how the edits were proved, and what is left."""
    lines = [_title(done), "", *_wrapped(_scope(done)), ""]
    width = max(len(r.label) for r in done.rewritten)
    lines += [f"  {label:<{width}}  {n:>5,}" for label, n in _counts(done.rewritten).items()]
    lines += ["", *_wrapped(_PROOF), "", *(_reasons(done.review) or ["Nothing left for review"])]
    if done.kept:
        lines += ["", f"Kept by choice: {counted(len(done.kept), 'reference')}"]
    return _text(lines)


def pull_request(done: Migration, root: Path) -> str:
    """Write a pull request text in Markdown for the repository at ``root``."""
    moved, left, kept = map(_counts, (done.rewritten, done.review, done.kept))
    lines = [f"# {_title(done).replace('accelerated', '`accelerated`')}", "", _scope(done), ""]
    lines += ["| utility | rewritten | left for review | kept |", "|---|--:|--:|--:|"]
    for label in sorted({*moved, *left, *kept}, key=lambda name: (-moved[name], name)):
        row = f"{moved[label]:,} | {left[label]:,} | {kept[label]:,}"
        lines.append(f"| {markdown.code(label)} | {row} |")
    lines += ["", "## How the edits were proved", "", _PROOF]
    lines += ["", "## Left for review", "", *_places(done.review, "Nothing.")]
    if done.kept:
        lines += ["", "## Kept by choice", "", *_places(done.kept, "")]
    if done.errors:
        lines += ["", "## Files with errors", ""]
        lines += [f"- {markdown.code(e.path)}: {markdown.prose(e.message)}" for e in done.errors]
    paths = visible(shlex.join(_relative(path, root) for path in done.roots), _LONGEST_COMMAND)
    lines += [
        "",
        "## To reproduce",
        "",
        "From the previous commit, in the top directory of the repository:",
        "",
    ]
    commands = (f"audit {paths}", f"migrate {paths} --write", "verify", "bench --fast")
    lines += [f"    workbench {command}" for command in commands]
    return _text(lines)


def _title(done: Migration) -> str:
    return f"Move {counted(len(done.rewritten), 'reference')} to accelerated"


def _scope(done: Migration) -> str:
    functions = counted(len(_counts(done.rewritten)), "function now comes", "functions now come")
    return (
        f"{functions} from the package accelerated, in {counted(len(done.paths), 'file')}. "
        "`workbench verify` checks its native functions against the Python ones."
    )


def _counts(references: Iterable[Reference]) -> Counter[str]:
    counts = Counter(reference.label for reference in references)
    return Counter(dict(sorted(counts.items(), key=lambda item: (-item[1], item[0]))))


def _reasons(review: Sequence[Reference], most: int | None = None) -> list[str]:
    if not review:
        return []
    counts = Counter(reference.reason for reference in review)
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    lines = [f"{counted(len(review), 'reference')} left for review:"]
    lines += [f"  {n:>5,}  {visible(reason)}" for reason, n in ordered[:most]]
    rest = sum(n for _, n in ordered[most:]) if most is not None else 0
    return [*lines, f"  {rest:>5,}  for other reasons"] if rest else lines


def _places(references: Sequence[Reference], otherwise: str) -> list[str]:
    lines = [
        f"- {markdown.code(f'{r.path}:{r.line}:{r.column}')} "
        f"{markdown.code(r.qualified_name)}: {markdown.prose(r.reason)}"
        for r in references[:_MOST_PLACES]
    ]
    rest = len(references) - _MOST_PLACES
    return [*lines, f"- and {rest:,} more"] if rest > 0 else lines or [otherwise]


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(text, _LINE)


def _relative(path: Path, root: Path) -> str:
    return os.path.relpath(os.path.realpath(path), root)


def _shown(path: Path) -> str:
    shown = os.path.relpath(path)
    return str(path) if shown.startswith("..") else shown


def _text(lines: Iterable[str]) -> str:
    return "".join(f"{line}\n" for line in lines)
