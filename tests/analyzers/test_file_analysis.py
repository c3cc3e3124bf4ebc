"""Every case file: its references, its migrated code, and its unchanged behaviour."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests.analyzers.case_files import CASES, Case, shown
from tests.analyzers.sky_rules import RULES
from workbench.analyzers.audit import audit
from workbench.analyzers.model import Verdict
from workbench.analyzers.rewriting.write import write

each_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)


def test_there_are_enough_cases() -> None:
    assert len(CASES) >= 80


@each_case
def test_finds_and_rewrites(case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    module = case.lay_out(tmp_path)
    found = audit([tmp_path], RULES)
    assert found.errors == ()
    assert tuple(shown(reference) for reference in found.references) == case.references
    assert write(found).errors == ()
    assert module.read_bytes() == case.after.encode(case.encoding)


@each_case
def test_second_run_changes_nothing(case: Case, tmp_path: Path) -> None:
    case.lay_out(tmp_path)
    write(audit([tmp_path], RULES))
    again = audit([tmp_path], RULES)
    assert all(file.edits == () for file in again.files)
    assert all(reference.verdict is not Verdict.REWRITE for reference in again.references)


@pytest.mark.parametrize("case", [case for case in CASES if case.runs], ids=lambda case: case.name)
def test_behaves_the_same(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    before = _execute(case.before, case.path, monkeypatch)
    assert before[1] is not None
    assert before == _execute(case.after, case.path, monkeypatch)


def _execute(code: str, path: str, monkeypatch: pytest.MonkeyPatch) -> tuple[list[str], object]:
    """Run a case with recording fakes; return the calls it makes and its ``result``."""
    calls: list[str] = []
    for module in _modules(calls):
        monkeypatch.setitem(sys.modules, module.__name__, module)
    package = ".".join(Path(path).parent.parts)
    namespace: dict[str, Any] = {"__name__": f"{package}.case", "__package__": package}
    exec(compile(code, path, "exec", dont_inherit=True), namespace)
    return calls, namespace.get("result")


def _modules(calls: list[str]) -> list[ModuleType]:
    modules = {
        name: ModuleType(name)
        for name in (
            "sky",
            "sky.client",
            "sky.utils",
            "sky.utils.common_utils",
            "sky.utils.subprocess_utils",
            "accelerated",
        )
    }
    for name, module in modules.items():
        module.__path__ = []
        parent, _, last = name.rpartition(".")
        if parent:
            setattr(modules[parent], last, module)
    for rule in RULES:
        for qualified in (rule.old, rule.new):
            home, _, name = qualified.rpartition(".")
            setattr(modules[home], name, _recorder(name, calls))
    for home in ("sky.utils.common_utils", "sky.utils.subprocess_utils"):
        modules[home].other = _recorder("other", calls)  # type: ignore[attr-defined]
    return list(modules.values())


def _recorder(name: str, calls: list[str]) -> Any:
    def function(*args: object, **kwargs: object) -> str:
        shown = [getattr(argument, "__name__", argument) for argument in args]
        calls.append(f"{name}{shown}{kwargs}")
        return f"{name}#{len(calls)}"

    function.__name__ = name
    return function
