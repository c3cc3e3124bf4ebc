from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import accelerated
import pytest

from workbench import backends
from workbench.backends import NativeMissingError
from workbench.catalog import Utility, select, utilities
from workbench.errors import WorkbenchError


@pytest.fixture
def utility() -> Utility:
    (found,) = select(["format_float"])
    return found


@pytest.mark.parametrize("side", ["python", "native"])
def test_each_side_has_a_function_for_each_utility(side: str) -> None:
    functions = backends.functions(side)
    assert functions.keys() == {utility.name for utility in utilities()}
    for utility in utilities():
        assert backends.function(utility, side) is functions[utility.name]


def test_the_sides_differ() -> None:
    python, native = (backends.functions(side) for side in ("python", "native"))
    assert all(python[name] is not native[name] for name in python)
    assert backends.why_native_is_missing() is None


def test_a_missing_native_side_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(side: str) -> None:
        raise ImportError(f"{side} was not built")

    monkeypatch.setattr(accelerated, "functions", missing)
    with pytest.raises(NativeMissingError, match="native was not built") as caught:
        backends.functions("native")
    assert caught.value.exit_code == 3
    assert backends.why_native_is_missing() == str(caught.value)


def test_without_the_package_the_error_says_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "accelerated", None)
    with pytest.raises(WorkbenchError) as caught:
        backends.functions("python")
    assert backends.INSTALL in str(caught.value)
    # The reason is not that the native side is missing.
    with pytest.raises(WorkbenchError):
        backends.why_native_is_missing()


@pytest.mark.parametrize(
    "code",
    [
        "import no_such_module",
        "raise ImportError('no_such_module')",
        "raise ValueError('no_such_module')",
    ],
)
def test_a_package_that_cannot_be_imported_is_not_missing(
    code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "accelerated.py").write_text(code)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "accelerated")
    with pytest.raises(WorkbenchError, match="no_such_module") as caught:
        backends.functions("python")
    assert backends.INSTALL not in str(caught.value)
    assert caught.value.exit_code == 2


def test_upstream_is_the_function_that_a_utility_replaces(
    utility: Utility, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = ModuleType("replaced_by_a_test")
    module.shown = str  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, module.__name__, module)
    replacing = replace(utility, replaces=("replaced_by_a_test.shown", "other.name"))
    assert backends.function(replacing, "upstream") is str
    with pytest.raises(WorkbenchError, match="format_float"):
        backends.function(replace(utility, replaces=()), "upstream")


def test_a_composite_is_built_from_one_side(utility: Utility) -> None:
    pair = replace(utility, combine=lambda offered: lambda: offered["format_float"])
    for side in ("python", "native"):
        assert backends.function(pair, side)() is backends.functions(side)["format_float"]


def test_any_callable_can_be_named(utility: Utility) -> None:
    assert backends.function(utility, "os.path:join") is __import__("os").path.join
    assert backends.function(utility, "pathlib:Path.exists") is Path.exists
    assert backends.imported("builtins", "str.upper") is str.upper


@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("no_such_module", "name"),
        ("math", "no_such_name"),
        ("math", "pi"),
        ("math", "sqrt.no_such_name"),
        ("", "name"),
        ("math", ""),
    ],
)
def test_what_is_not_a_callable_is_one_line(module: str, name: str) -> None:
    with pytest.raises(WorkbenchError, match=f"{module}.{name}") as caught:
        backends.imported(module, name)
    assert "\n" not in str(caught.value)
