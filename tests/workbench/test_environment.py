from __future__ import annotations

import builtins
import subprocess
from pathlib import Path

import pytest

from workbench import backends, environment
from workbench.errors import WorkbenchError


def test_facts_are_single_lines_that_are_not_empty() -> None:
    facts = environment.collect()
    assert {
        *("platform", "kernel", "machine", "cpu_count", "cpu_affinity", "load_avg_1min"),
        *("mem_total", "mem_available", "python_version", "python_build", "openssl_version"),
        *("backend", "backend_version"),
        *("accelerated_version", "hypothesis_version", "numpy_version", "pyperf_version"),
    } <= facts.keys()
    for value in facts.values():
        assert isinstance(value, (str, int, float))
        assert value != ""
        assert "\n" not in str(value)


def test_the_state_of_the_code_is_known_in_a_repository(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert "git_commit" not in environment.collect()
    commit = "git -c user.name=a -c user.email=a@b commit -q --allow-empty -m first"
    (tmp_path / "file").write_text("")
    for command in ("git init -q", "git add file", commit):
        subprocess.run(command.split(), check=True)
    clean = environment.collect()
    assert clean["git_dirty"] == 0
    assert len(str(clean["git_commit"])) == 40
    (tmp_path / "file").write_text("changed")
    assert environment.collect()["git_dirty"] == 1


def test_machines_without_these_files_are_described(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(*_: object, **__: object) -> str:
        raise FileNotFoundError

    monkeypatch.setattr(Path, "read_text", missing)
    monkeypatch.setattr("platform.processor", lambda: "some processor")
    facts = environment.collect()
    assert facts["cpu_model_name"] == "some processor"
    assert "cpu_governor" not in facts


def test_versions() -> None:
    assert environment.version("pyperf")
    assert environment.version("no-such-distribution") is None


def test_a_backend_that_cannot_be_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def refuse(name: str, *others: object) -> object:
        if name == "accelerated":
            raise ImportError("broken")
        return real(name, *others)  # type: ignore[arg-type]

    monkeypatch.setattr(builtins, "__import__", refuse)
    assert "backend" not in environment.collect()
    with pytest.raises(WorkbenchError, match="cannot import 'accelerated': broken"):
        backends.functions("python")


def test_a_missing_native_side_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    import accelerated

    def functions(side: str) -> object:
        raise ImportError(f"{side} is not built")

    monkeypatch.setattr(accelerated, "functions", functions)
    assert backends.why_native_is_missing() == "the native side is missing: native is not built"
    monkeypatch.undo()
    assert backends.why_native_is_missing() is None
