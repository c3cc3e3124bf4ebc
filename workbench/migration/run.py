"""Show, check, write or commit the edits of an audit."""

from __future__ import annotations

import dataclasses
import os
import shlex
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from workbench.analyzers.model import Audit, FileAnalysis, FileError, Reference, Verdict
from workbench.analyzers.rewriting.diff import unified_diff
from workbench.analyzers.rewriting.write import (
    FileChange,
    WritePlan,
    Written,
    carry_out,
    plan,
    without_links,
)
from workbench.errors import WorkbenchError
from workbench.files import check_output, write_atomically
from workbench.formatting.units import names
from workbench.migration import commit, journal, texts
from workbench.migration.git import repositories
from workbench.migration.model import Committed, Migration, Mode, Request


def migrate(found: Audit, request: Request | None = None) -> Migration:
    """Apply a request to the edits of an audit; only the modes WRITE and COMMIT change files.

    Everything needed to undo the run is on disk before the first file changes (see
    `workbench.migration.journal`). Raises WorkbenchError, with nothing changed, if the journal
    cannot be written or the commit cannot be prepared.
    """
    request = request or Request()
    if request.pull_request is not None:
        check_output(request.pull_request)
    result = Migration(
        request.mode,
        review=_with(found.references, Verdict.REVIEW),
        kept=_with(found.references, Verdict.KEEP),
        errors=found.errors,
        roots=found.roots,
    )
    if not request.writes:
        return _shown(result, found)
    planned = plan(found)
    result = dataclasses.replace(result, errors=found.errors + planned.errors)
    warnings = [f"{warning.path}: {warning.message}" for warning in planned.warnings]
    if not planned.changes:
        return dataclasses.replace(result, warnings=tuple(warnings))
    if request.mode is Mode.COMMIT:
        return _commit(dataclasses.replace(result, warnings=tuple(warnings)), planned, request)
    warnings = [*_dirty_trees(planned.changes), *warnings]
    with journal.writing() as directory:
        written = _write(directory, planned.changes)
    result = dataclasses.replace(result, warnings=tuple(warnings))
    return _done(result, planned.files, written.paths, written.errors)


def _shown(result: Migration, found: Audit) -> Migration:
    """Return what would change; unlike `plan`, does not read the files again."""
    reachable = without_links(found)
    diff = unified_diff(reachable) if result.mode is Mode.DIFF else b""
    paths = [file.path for file in reachable.files]
    result = dataclasses.replace(result, errors=reachable.errors, diff=diff)
    return _done(result, reachable.files, paths)


def _write(directory: Path, changes: Sequence[FileChange]) -> Written:
    run = journal.record(directory, changes)
    written = carry_out(changes)
    if not written.paths:
        journal.drop(run)
    return written


def _commit(result: Migration, planned: WritePlan, request: Request) -> Migration:
    target = commit.prepare(planned.changes, request.branch)
    with journal.writing() as directory:
        commit.start(target)
        try:
            written = _write(directory, planned.changes)
        except WorkbenchError:
            commit.abandon(target)
            raise
        result = _done(result, planned.files, written.paths, written.errors)
        if not written.paths:
            commit.abandon(target)
            return result
        changed = [c for c in planned.changes if c.file.path in set(written.paths)]
        state = directory.parent
        message = state / "commit_message.txt"
        write_atomically(message, texts.commit_message(result))
        pull_request = request.pull_request or state / "pull_request.md"
        write_atomically(pull_request, texts.pull_request(result, target.repository.root))
        done = commit.commit(target, changed, message)
    name = "" if done.status else target.repository.read("rev-parse", "--short", "HEAD").strip()
    back = f"git switch {target.before}"
    committed = Committed(name, target.branch, back, pull_request, done.output)
    result = dataclasses.replace(result, committed=committed)
    return result if name else _refused(result, message)


def _refused(result: Migration, message: Path) -> Migration:
    assert result.committed is not None
    file = shlex.quote(os.path.relpath(message))
    roots = shlex.join(map(os.path.relpath, result.roots))
    advice = (
        f"failed; the changed files are on branch {result.committed.branch}, not committed: fix "
        f"the reported problem, then run 'git commit -F {file} -- {roots}'"
    )
    error = FileError("git commit", advice)
    return dataclasses.replace(result, errors=(*result.errors, error))


def _done(
    result: Migration,
    files: Iterable[FileAnalysis],
    paths: Sequence[str],
    errors: tuple[FileError, ...] = (),
) -> Migration:
    changed = set(paths)
    references = (r for file in files if file.path in changed for r in file.references)
    return dataclasses.replace(
        result,
        paths=tuple(paths),
        rewritten=_with(references, Verdict.REWRITE),
        errors=result.errors + errors,
    )


def _with(references: Iterable[Reference], verdict: Verdict) -> tuple[Reference, ...]:
    return tuple(reference for reference in references if reference.verdict is verdict)


def _dirty_trees(changes: Sequence[FileChange]) -> Iterator[str]:
    for holder in repositories(change.location.parent for change in changes):
        changed = holder.uncommitted()
        if changed:
            yield (
                f"git work tree {holder.root} has uncommitted changes in {names(changed, 2)}; "
                "to keep the migration separate, undo it with 'workbench migrate --undo' and "
                "commit or stash them first"
            )
