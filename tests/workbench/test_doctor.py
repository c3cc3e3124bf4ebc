from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from workbench import backends, doctor, extras
from workbench.catalog import select, utilities
from workbench.cli import texts
from workbench.doctor import Check, Diagnosis, Probe
from workbench.results.model import NATIVE, PYTHON


@pytest.fixture(autouse=True)
def _two_utilities(monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = select(["format_float", "is_process_alive"])
    monkeypatch.setattr(doctor, "utilities", lambda: chosen)


def test_a_complete_installation() -> None:
    steps: list[tuple[int, int, str]] = []
    found = doctor.examine(require_native=True, progress=lambda *step: steps.append(step))
    assert found.exit_code == 0
    assert all(check.ok is not False for check in found.checks)
    assert [probe.utility for probe in found.probes] == ["format_float", "is_process_alive"]
    for probe in found.probes:
        assert probe.cases > 20
        assert probe.python_seconds is not None
        assert 0 < probe.python_seconds < 0.1
    assert steps == [(0, 2, "format_float"), (1, 2, "is_process_alive")]
    text = texts.diagnosis(found)
    assert text.endswith("no problems\n")
    assert all(len(line) <= 80 for line in text.splitlines())


def _without_native(side: str) -> Mapping[str, Callable[..., Any]]:
    if side == NATIVE:
        raise backends.NativeMissingError("the native side is missing: not built")
    return backends_functions(side)


backends_functions = backends.functions


@pytest.mark.parametrize(("require", "exit_code"), [(False, 0), (True, 1)])
def test_without_native(monkeypatch: pytest.MonkeyPatch, require: bool, exit_code: int) -> None:
    import accelerated

    info = {"backend": "python", "version": "1", "target": "x", "reason": "not built"}
    monkeypatch.setattr(accelerated, "backend_info", lambda: info)
    monkeypatch.setattr(backends, "functions", _without_native)
    found = doctor.examine(require_native=require)
    assert found.exit_code == exit_code
    detail = "python: not built; native cannot be checked or timed"
    assert Check("accelerated", False if require else None, detail) in found.checks
    assert all(probe.native_seconds is None and not probe.problem for probe in found.probes)
    last = texts.diagnosis(found).splitlines()[-1]
    expected = "no problems; 2 optional parts missing, marked with --"
    assert last == ("1 problem, marked with !!" if require else expected)


def test_a_wrong_function_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    def functions(side: str) -> Mapping[str, Callable[..., Any]]:
        wrong = {"is_process_alive": lambda pid: 1} if side == NATIVE else {}
        return {**backends_functions("python"), **wrong}

    monkeypatch.setattr(backends, "functions", functions)
    found = doctor.examine()
    assert found.exit_code == 1
    assert [bool(probe.problem) for probe in found.probes] == [False, True]
    text = texts.diagnosis(found)
    assert "!!  is_process_alive" in text
    assert "1 problem, marked with !!" in text


@pytest.mark.parametrize("side", [PYTHON, NATIVE])
def test_a_missing_function_is_a_problem(monkeypatch: pytest.MonkeyPatch, side: str) -> None:
    def functions(wanted: str) -> Mapping[str, Callable[..., Any]]:
        return {} if wanted == side else backends_functions("python")

    monkeypatch.setattr(backends, "functions", functions)
    found = doctor.examine()
    assert all(probe.problem for probe in found.probes)


def test_missing_packages_and_tools_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "version", lambda _: None)
    monkeypatch.setattr("shutil.which", lambda _: None)
    found = doctor.examine()
    assert Check("libcst", False, "not installed") in found.checks
    cargo = Check("cargo", None, "not found; only needed to build the native side")
    assert cargo in found.checks
    assert found.exit_code == 1


def test_a_tool_that_does_not_run_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda _: "/no/such/tool")
    assert any("does not run" in check.detail for check in doctor.examine().checks)


def test_an_import_that_fails_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    import accelerated

    def broken() -> None:
        raise ValueError("ACCELERATED_BACKEND is 'rust'")

    monkeypatch.setattr(accelerated, "backend_info", broken)
    detail = "cannot be imported: ACCELERATED_BACKEND is 'rust'"
    assert Check("accelerated", False, detail) in doctor.examine().checks


def test_an_audit_and_a_migration_are_run(monkeypatch: pytest.MonkeyPatch) -> None:
    checks = {check.name: check for check in doctor.examine().checks}
    assert checks["audit"] == Check("audit", True, "1 of 1 reference found in a scratch file")
    assert checks["migrate"].ok
    monkeypatch.setattr(doctor, "audit", lambda *_: 1 / 0)
    broken = doctor.examine()
    assert Check("audit", False, "ZeroDivisionError: division by zero") in broken.checks
    assert broken.exit_code == 1


def test_a_missing_extra_is_listed_with_its_use(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extras, "find_spec", lambda name: None if name == "hypothesis" else name)
    checks = {check.name: check for check in doctor.examine().checks}
    assert checks["extra bench"].ok is None
    assert "needed for workbench verify, bench, compare and gate" in checks["extra bench"].detail
    assert checks["extra bench"].detail.endswith("pip install 'accel-workbench[bench]'")
    assert checks["extra report"].ok
    assert doctor.examine().probes == ()


def test_without_accelerated_nothing_is_probed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "find_spec", lambda _: None)
    found = doctor.examine()
    checks = {check.name: check for check in found.checks}
    assert checks["accelerated"].ok is None
    assert checks["native search"].ok is None
    assert found.probes == ()
    assert found.exit_code == 0
    assert doctor.examine(require_native=True).exit_code == 1


def test_long_details_are_wrapped() -> None:
    found = Diagnosis((Check("backend", None, "words " * 40),), (Probe("x", 1, None, None, ""),))
    lines = texts.diagnosis(found).splitlines()
    assert max(map(len, lines)) <= 80
    assert lines[0].startswith("--  backend")


def test_the_utilities_of_the_catalog_are_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    assert vars(doctor)["utilities"] is utilities
