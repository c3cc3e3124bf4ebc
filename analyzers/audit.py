"""Audit a code base: find every reference to the functions of some rules."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from analyzers.candidates import read_candidates
from analyzers.discover import PythonFile, discover
from analyzers.model import Audit, FileAnalysis, FileError, Rule, Verdict
from analyzers.rules import RuleIndex

if TYPE_CHECKING:
    from analyzers.analyze import Outcome
    from analyzers.context import Context

Progress = Callable[[int, int], None]
"""Called with the number of files done and the number of all files."""


def audit(
    paths: Sequence[Path],
    rules: Sequence[Rule],
    progress: Progress | None = None,
    *,
    prove: bool = True,
) -> Audit:
    """Find every reference under ``paths`` to a name that a rule replaces, and plan the edits.

    Nothing is imported or executed. With ``prove``, a file whose edits are not proved harmless (see
    `analyzers.proof`) gets none and is reported; without, edits must not be written. What cannot be
    analysed is in the result's ``errors``. Raises `analyzers.discover.PathError` for a path that
    does not exist.
    """
    errors: list[FileError] = []
    auditor = _Auditor(discover(paths, errors.append), RuleIndex.of(rules), errors, prove)
    auditor.find(progress)
    auditor.follow_reexports()
    auditor.heed_other_files()
    return auditor.result(paths)


class _Auditor:
    """The outcomes of the files of one code base, refined by what files mean to each other."""

    def __init__(
        self,
        files: Sequence[PythonFile],
        rules: RuleIndex,
        errors: list[FileError],
        prove: bool,
    ) -> None:
        self._files = files
        self._prove = prove
        self._rules = rules
        self._outcomes: dict[PythonFile, Outcome] = {}
        self._errors = errors

    def find(self, progress: Progress | None) -> None:
        """Analyse each file that has one of the names."""
        done = 0

        def step() -> None:
            nonlocal done
            done += 1
            if progress is not None:
                progress(done, len(self._files))

        candidates = read_candidates(self._files, self._rules.heads, self._errors.append, step)
        for file, data in candidates:
            self._analyze(file, data)

    def follow_reexports(self) -> None:
        """Analyse again what uses a function under a name that another module gave to it."""
        from analyzers.reexports import Modules, aliases  # imports libcst, which is slow

        modules: Modules | None = None
        seen: frozenset[str] = frozenset()
        while True:
            unknown = self._unknown() - seen
            modules = modules or (Modules(self._files) if unknown else None)
            known = modules.reexported(unknown, self._rules) if modules is not None else {}
            renamed = aliases((o.exports for o in self._outcomes.values()), self._rules)
            seen |= unknown
            if not known and not renamed:
                return
            before = self._rules.heads
            own = {*modules.owned(known), *renamed} if modules is not None else set(renamed)
            self._rules = self._rules.also({**known, **renamed}, own)
            affected = {f for f, o in self._outcomes.items() if not o.unknown.isdisjoint(known)}
            heads = self._rules.heads - before
            named = read_candidates(self._files if heads else (), heads, self._ignore, _no_step)
            affected.update(file for file, _ in named)
            for file in affected:
                self._again(file)

    def heed_other_files(self) -> None:
        """Analyse again what other files reach into, and what is replaced at run time."""
        from analyzers.context import Context  # imports libcst, which is slow
        from analyzers.reach import Reached, reached

        patched = {old: at for o in self._outcomes.values() for old, at in o.patched.items()}
        names = {file: o.replaced for file, o in self._outcomes.items() if o.replaced}
        reaching = reached(names, self._files) if len(self._files) > 1 else {}
        for file, outcome in list(self._outcomes.items()):
            reach = reaching.get(file, Reached())
            kept = outcome.dropped & reach.kept
            if outcome.analysis is not None and (kept or reach.intercepted or patched):
                self._again(file, Context(_is_package(file), kept, reach.intercepted, patched))

    def result(self, paths: Sequence[Path]) -> Audit:
        """What was found, in the order of the paths; files without a proof lose their edits."""
        analyses: list[FileAnalysis] = []
        errors = list(self._errors)
        for file, outcome in sorted(self._outcomes.items(), key=lambda pair: pair[0].display):
            if outcome.error:
                errors.append(FileError(file.display, outcome.error))
            if outcome.unproved:
                errors.append(FileError(file.display, f"left alone: {outcome.unproved}"))
            if outcome.analysis is not None:
                unproved = outcome.unproved and outcome.analysis.edits
                analyses.append(_unedited(outcome.analysis) if unproved else outcome.analysis)
        errors.sort(key=lambda error: error.path)
        roots = tuple(Path(path).absolute() for path in paths)
        return Audit(len(self._files), tuple(analyses), tuple(errors), roots)

    def _analyze(self, file: PythonFile, data: bytes, context: Context | None = None) -> None:
        from analyzers.analyze import Outcome, Task, analyze  # imports libcst, which is slow
        from analyzers.context import Context
        from analyzers.isolation import IsolationError, analyze_apart

        task = Task(file, data, self._rules, context or Context(_is_package(file)), self._prove)
        outcome = analyze(task)
        if outcome.too_deep:
            try:
                outcome = analyze_apart(replace(task, apart=True))
            except IsolationError as error:
                outcome = Outcome(error=str(error))
        self._outcomes[file] = outcome

    def _again(self, file: PythonFile, context: Context | None = None) -> None:
        outcome = self._outcomes.get(file)
        analysis = outcome.analysis if outcome is not None else None
        try:
            data = analysis.original if analysis is not None else file.location.read_bytes()
        except OSError as error:
            self._errors.append(FileError(file.display, f"cannot be read: {error.strerror}"))
        else:
            self._analyze(file, data, context)

    def _unknown(self) -> frozenset[str]:
        return frozenset(name for o in self._outcomes.values() for name in o.unknown)

    def _ignore(self, error: FileError) -> None:
        """The first pass has reported the file."""


def _unedited(analysis: FileAnalysis) -> FileAnalysis:
    """The analysis without its edits: what they would have rewritten is to be reviewed."""
    references = tuple(
        replace(r, verdict=Verdict.REVIEW, reason="the edits of its file are not proved harmless")
        if r.verdict is Verdict.REWRITE
        else r
        for r in analysis.references
    )
    return replace(analysis, references=references, edits=())


def _is_package(file: PythonFile) -> bool:
    return file.location.stem == "__init__"


def _no_step() -> None:
    """Files that are read again do not count as progress."""
