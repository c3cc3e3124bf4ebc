from __future__ import annotations

import inspect
import os
import subprocess
import sys
from pathlib import Path

import accelerated
import pytest

BLOCKED = "import sys; sys.modules['accelerated._native'] = None\n"


def run(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    removed = {"ACCELERATED_BACKEND", "SKYPILOT_USE_RUST"}
    inherited = {name: value for name, value in os.environ.items() if name not in removed}
    command = [sys.executable, "-c", code]
    env = inherited | environment
    return subprocess.run(command, env=env, capture_output=True, text=True, check=False)


SHOW = "import accelerated as a; i = a.backend_info(); print(a.backend(), '|', i['reason'])"


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, "native | "),
        ({"ACCELERATED_BACKEND": "auto"}, "native | "),
        ({"ACCELERATED_BACKEND": "native"}, "native | "),
        ({"ACCELERATED_BACKEND": "python"}, "python | ACCELERATED_BACKEND=python"),
        ({"SKYPILOT_USE_RUST": "0"}, "python | SKYPILOT_USE_RUST=0"),
        ({"SKYPILOT_USE_RUST": "1"}, "native | "),
        ({"SKYPILOT_USE_RUST": "0", "ACCELERATED_BACKEND": "native"}, "native | "),
    ],
)
def test_the_environment_selects_the_backend(environment: dict[str, str], expected: str) -> None:
    done = run(SHOW, **environment)
    assert done.stdout.rstrip("\n") == expected, done.stderr


def test_without_the_extension_python_is_used_and_the_reason_is_given() -> None:
    done = run(BLOCKED + SHOW + "; print(a.base36_encode('ff'), a.format_float(1.25))")
    assert done.stdout.startswith("python | the native extension is missing"), done.stderr
    assert "rustup" in done.stdout
    assert done.stdout.endswith("73 1.2\n")


def test_an_extension_of_another_version_is_not_used() -> None:
    stale = (
        "import sys, types\n"
        "stale = types.ModuleType('accelerated._native'); stale.VERSION = '0.0.9'\n"
        "sys.modules['accelerated._native'] = stale\n"
    )
    done = run(stale + SHOW)
    assert done.stdout.startswith("python | "), done.stderr
    assert "it was built for version 0.0.9" in done.stdout


def test_native_without_the_extension_says_how_to_build_it() -> None:
    done = run(BLOCKED + SHOW, ACCELERATED_BACKEND="native")
    assert done.returncode == 1
    assert "ImportError: the native extension of accelerated is missing" in done.stderr
    assert "pip install" in done.stderr


def test_an_unknown_backend_is_rejected() -> None:
    done = run(SHOW, ACCELERATED_BACKEND="rust")
    assert "ValueError: ACCELERATED_BACKEND is 'rust'" in done.stderr
    with pytest.raises(ValueError, match="unknown backend 'rust'"):
        accelerated.functions("rust")


def test_native_functions_are_exported_without_a_wrapper() -> None:
    code = (
        "import accelerated as a\n"
        "native = a.functions('native')\n"
        "print(len(native), all(getattr(a, name) is f for name, f in native.items()))"
    )
    assert run(code).stdout == "12 True\n"


@pytest.mark.parametrize("name", sorted(accelerated.functions("python")))
def test_signatures_are_the_same(name: str) -> None:
    def plain(backend: str) -> list[tuple[str, object]]:
        signature = inspect.signature(accelerated.functions(backend)[name])
        return [(p.name, p.default) for p in signature.parameters.values()]

    assert plain("native") == plain("python")


@pytest.mark.parametrize("name", sorted(accelerated.functions("python")))
def test_docstrings_are_the_same(name: str) -> None:
    native, python = (accelerated.functions(backend)[name] for backend in ("native", "python"))
    assert inspect.getdoc(native) == inspect.getdoc(python)


def test_the_version_is_the_same_everywhere() -> None:
    native = Path(accelerated.__file__).parents[1]
    for name in ("pyproject.toml", "Cargo.toml"):
        assert f'version = "{accelerated.__version__}"' in (native / name).read_text()
    assert accelerated.backend_info()["version"] == accelerated.__version__
