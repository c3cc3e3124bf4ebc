"""Audit a code base: find every reference to the functions of some rules."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from workbench.analyzers.execution.cache import Cache
from workbench.analyzers.execution.pool import analyze_all, rarely_collecting
from workbench.analyzers.model import (
    Audit,
    FileAnalysis,
    FileContext,
    FileError,
    PythonFile,
    Settings,
)
from workbench.analyzers.project.codebase import CodeBase
from workbench.analyzers.project.discover import Selection
from workbench.analyzers.project.modules import module_parts
from workbench.analyzers.project.provenance import is_vendored
from workbench.analyzers.project.reach import Reached, reached
from workbench.analyzers.project.reexports import Modules, aliases
from workbench.analyzers.replan import unedited
from workbench.analyzers.rules import Rule, RuleIndex
from workbench.analyzers.task import Outcome, Task

Progress = Callable[[int, int], None]
"""Called with the number of files analysed and the number of files to analyse."""


def audit(
    paths: Sequence[Path] | Selection,
    rules: Sequence[Rule],
    progress: Progress | None = None,
    settings: Settings | None = None,
) -> Audit:
    """Find every reference to a name that a rule replaces, and plan the edits.

    Nothing is imported or executed. Files that cannot be analysed are in the result's ``errors``.
    So are files whose edits cannot be proved safe (see `rewriting.proof`); they get no edits.
    Raises `PathError` for a path that does not exist.
    """
    selection = paths if isinstance(paths, Selection) else Selection(tuple(paths))
    settings = settings or Settings()
    with rarely_collecting():
        auditor = _Auditor(selection, RuleIndex.of(rules, settings.others), settings, progress)
        auditor.find()
        auditor.follow_reexports()
        auditor.reanalyze_affected()
        return auditor.result()


class _Auditor:
    """Analysis of the files of one code base and of how they affect each other."""

    def __init__(
        self,
        selection: Selection,
        rules: RuleIndex,
        settings: Settings,
        progress: Progress | None,
    ) -> None:
        self._errors: list[FileError] = []
        self._code_base = CodeBase(selection, self._errors.append)
        self._selection = selection
        self._rules = rules
        self._settings = settings
        self._cache = Cache(settings.cache)
        self._progress = progress
        self._done = self._planned = 0
        self._outcomes: dict[PythonFile, Outcome] = {}
        self._contents: dict[PythonFile, bytes] = {}
        self._contexts: dict[PythonFile, FileContext] = {}

    def find(self) -> None:
        """Analyse each file that contains one of the names."""
        # Search for all strings at once, so that each file is read only once.
        self._code_base.holding(self._rules.needles | self._rules.tails)
        files = {*self._code_base.holding(self._rules.needles), *self._code_base.named}
        self._analyze(dict.fromkeys(files))

    def follow_reexports(self) -> None:
        """Analyse again the files that use a function under a re-exported name."""
        modules: Modules | None = None
        seen: frozenset[str] = frozenset()
        while True:
            unknown = self._unknown() - seen
            if unknown and modules is None:
                modules = Modules(self._code_base.locations, self._cache)
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
            affected.update(self._code_base.holding(heads) if heads else ())
            self._analyze(dict.fromkeys(affected))

    def reanalyze_affected(self) -> None:
        """Analyse again the files whose names other files use, or replace at run time."""
        patched = {old: at for o in self._outcomes.values() for old, at in o.patched.items()}
        names = {file: o.replaced for file, o in self._outcomes.items() if o.replaced}
        reaching = reached(names, self._code_base) if self._code_base.count > 1 else {}
        again: dict[PythonFile, FileContext | None] = {}
        for file, outcome in self._outcomes.items():
            reach = reaching.get(file, Reached())
            kept = outcome.dropped & reach.kept
            if outcome.analysis is not None and (kept or reach.intercepted or patched):
                again[file] = FileContext(_is_package(file), kept, reach.intercepted, patched)
        self._analyze(again)

    def result(self) -> Audit:
        """Return the audit, sorted by path; files without a proof lose their edits."""
        analyses: list[FileAnalysis] = []
        errors = list(self._errors)
        for file, outcome in sorted(self._outcomes.items(), key=lambda pair: pair[0].display):
            if outcome.error:
                errors.append(FileError(file.display, outcome.error))
            if outcome.unproved:
                errors.append(FileError(file.display, f"left unchanged: {outcome.unproved}"))
            if outcome.analysis is not None:
                analysis = replace(outcome.analysis, context=self._contexts[file])
                unproved = outcome.unproved and analysis.edits
                analyses.append(unedited(analysis) if unproved else analysis)
        errors.sort(key=lambda error: error.path)
        self._cache.prune()
        roots = (*self._selection.paths, *self._selection.listed)
        absolute = tuple(Path(path).absolute() for path in roots)
        return Audit(self._code_base.count, tuple(analyses), tuple(errors), absolute, self._rules)

    def _analyze(self, files: Mapping[PythonFile, FileContext | None]) -> None:
        """Analyse files, each in its context, unless the cache has the outcome."""
        tasks = [task for task in map(self._task, files.items()) if task is not None]
        missing = []
        for task in tasks:
            known = self._cache.outcome(task)
            if known is None:
                missing.append(task)
            else:
                self._outcomes[task.file] = known
        self._planned += len(missing)
        for task, outcome in zip(missing, self._work(missing), strict=True):
            self._cache.keep(task, outcome)
            self._outcomes[task.file] = outcome

    def _work(self, tasks: Sequence[Task]) -> Iterable[Outcome]:
        return analyze_all(tasks, self._step, self._settings.jobs) if tasks else ()

    def _task(self, pair: tuple[PythonFile, FileContext | None]) -> Task | None:
        file, context = pair
        if file not in self._contents:
            content = self._code_base.content(file)
            if content is None:
                return None
            self._contents[file] = content
        settings = self._settings
        vendored = is_vendored(file.location, self._code_base.root_of(file.location))
        context = replace(
            context or FileContext(_is_package(file)),
            vendored=vendored and not settings.include_vendored,
            include_generated=settings.include_generated,
        )
        self._contexts[file] = context
        module = module_parts(file.location)
        data = self._contents[file]
        return Task(file, data, module, self._rules, context, settings.prove)

    def _step(self) -> None:
        self._done += 1
        if self._progress is not None:
            self._progress(self._done, self._planned)

    def _unknown(self) -> frozenset[str]:
        return frozenset(name for o in self._outcomes.values() for name in o.unknown)


def _is_package(file: PythonFile) -> bool:
    return file.location.stem == "__init__"
