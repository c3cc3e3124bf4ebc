"""Outcomes kept between runs: the same result, whatever the directory holds."""

from __future__ import annotations

import os
import pickle
import shutil
from pathlib import Path

import pytest

from tests.analyzers.case_files import CASES, FIXTURES
from tests.analyzers.sky_rules import RULES
from workbench.analyzers.audit import audit
from workbench.analyzers.execution import pool
from workbench.analyzers.execution.cache import Cache
from workbench.analyzers.model import Audit, Settings
from workbench.analyzers.rules import Rule
from workbench.analyzers.task import Outcome

CODE = "from sky.utils import common_utils\nx = common_utils.format_float(1)\n"


@pytest.fixture
def directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "code").mkdir()
    monkeypatch.chdir(tmp_path / "code")
    return tmp_path / "code"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(cache=tmp_path / "cache")


def no_work(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> object:
        raise AssertionError("worked out again")

    monkeypatch.setattr("workbench.analyzers.audit.analyze_all", refuse)
    monkeypatch.setattr("workbench.analyzers.project.reexports._origins", refuse)


def entries(settings: Settings) -> list[Path]:
    assert settings.cache is not None
    return [path for path in settings.cache.iterdir() if len(path.name) == 64]


def test_the_same_audit_without_any_work(
    directory: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(FIXTURES / "codebase", directory, dirs_exist_ok=True)
    first = audit([directory], RULES, settings=settings)
    no_work(monkeypatch)
    assert audit([directory], RULES, settings=settings) == first
    assert audit([directory], RULES, settings=settings).references


def test_every_case_comes_back(
    directory: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    for case in CASES:
        (directory / case.name).mkdir()
        case.lay_out(directory / case.name)
    first = audit([directory], RULES, settings=settings)
    no_work(monkeypatch)
    assert audit([directory], RULES, settings=settings) == first


@pytest.mark.parametrize("change", ["content", "rules", "name", "package", "proof"])
def test_another_question_is_asked_again(change: str, directory: Path, settings: Settings) -> None:
    module = directory / "m.py"
    module.write_text(CODE)

    def ask(rules: tuple[Rule, ...] = RULES, settings: Settings = settings) -> Audit:
        return audit([directory], rules, settings=settings)

    ask()
    before = len(entries(settings))
    if change == "content":
        module.write_text(CODE + CODE)
        assert len(ask().references) == 2
    elif change == "rules":
        assert ask(tuple(Rule(r.old, f"other.{r.label}", r.label) for r in RULES)).references
    elif change == "name":
        module.rename(directory / "n.py")
        assert ask().references[0].path == "n.py"
    elif change == "package":
        (directory / "__init__.py").touch()
        ask()
    else:
        ask(settings=Settings(prove=False, cache=settings.cache))
    assert len(entries(settings)) > before


def test_errors_are_not_kept(directory: Path, settings: Settings) -> None:
    (directory / "bad.py").write_text(CODE + "def f(:\n")
    assert audit([directory], RULES, settings=settings).errors
    assert settings.cache is not None
    assert not settings.cache.exists()


class _Hostile:
    def __reduce__(self) -> object:
        return os.mkdir, ("hostile",)


ODD = pickle.dumps(Outcome(analysis=frozenset()))


@pytest.mark.parametrize("damage", [b"", b"\x80", ODD, None])
def test_a_damaged_or_hostile_entry_is_not_there(
    damage: bytes | None, directory: Path, settings: Settings
) -> None:
    (directory / "m.py").write_text(CODE)
    first = audit([directory], RULES, settings=settings)
    for entry in entries(settings):
        entry.write_bytes(pickle.dumps(_Hostile()) if damage is None else damage)
    assert audit([directory], RULES, settings=settings) == first
    assert not (directory / "hostile").exists()


def test_a_directory_that_cannot_be_written(directory: Path) -> None:
    (directory / "m.py").write_text(CODE)
    (directory / "taken").touch()
    found = audit([directory], RULES, settings=Settings(cache=directory / "taken"))
    assert len(found.references) == 1


def test_the_directory_tells_git_and_backups_to_pass_over_it(
    directory: Path, settings: Settings
) -> None:
    (directory / "m.py").write_text(CODE)
    audit([directory], RULES, settings=settings)
    assert settings.cache is not None
    assert (settings.cache / ".gitignore").read_text() == "*\n"
    assert (settings.cache / "CACHEDIR.TAG").read_text().startswith("Signature: 8a477f59")


def test_the_oldest_half_goes_when_there_are_very_many(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workbench.analyzers.execution.cache._MOST_ENTRIES", 4)
    cache = Cache(tmp_path / "c")
    for number in range(6):
        cache.keep_names((str(number),), b"", frozenset({"x"}))
    old = sorted(p for p in (tmp_path / "c").iterdir() if len(p.name) == 64)[:3]
    for path in old:
        os.utime(path, (1, 1))
    cache.prune()
    assert len([p for p in (tmp_path / "c").iterdir() if len(p.name) == 64]) == 3
    assert not any(path.exists() for path in old)


def test_nothing_is_kept_without_a_directory(tmp_path: Path) -> None:
    cache = Cache(None)
    cache.keep_names(("x",), b"", frozenset())
    assert cache.names(("x",), b"") is None


def test_is_used_by_processes_alike(
    directory: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool, "_WORTH_A_PROCESS", 1)
    for number in range(4):
        (directory / f"m{number}.py").write_text(CODE)
    first = audit([directory], RULES, settings=settings)
    no_work(monkeypatch)
    assert audit([directory], RULES, settings=settings) == first
