"""Tests for the names of new modules: readers find them, and they hide nothing."""

from __future__ import annotations

import pytest

from workbench.analyzers.names.bindings import Scope
from workbench.analyzers.names.scan import Scan, Search, scan
from workbench.analyzers.names.scopes import ScopeKind
from workbench.analyzers.rewriting.naming import Name, Namer, between
from workbench.analyzers.syntax.source import Source

OWN = Name("fast.tools", "import fast.tools")


def scanned(code: str) -> Scan:
    search = Search(frozenset(("work",)), frozenset(("lib.core",)), frozenset(("fast",)))
    return scan(Source(code.encode()), search)


def alias(name: str) -> Name:
    return Name(name, f"import fast.tools as {name}")


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("", OWN),
        ("import fast\n", OWN),
        ("import fast.other\n", OWN),
        ("fast = 1\n", alias("_tools")),
        ("import other as fast\n", alias("_tools")),
        ("def f(): fast = 1\n", alias("_tools")),
        ("fast = 1\n_tools = 1\n", alias("_tools_1")),
        ("fast = 1\n# _tools, _tools_1\n", alias("_tools_2")),
        ("fast = 1\n_tools_1 = my_tools\n", alias("_tools")),
    ],
)
def test_its_own_name_or_an_unused_one(code: str, name: Name) -> None:
    result = scanned(f"{code}core.work()\n")
    home = result.names.module
    assert Namer(result).name("fast.tools", home, {home}) == name


def test_the_same_module_gets_the_same_name() -> None:
    result = scanned("fast = 1\ncore.work()\n")
    namer, home = Namer(result), result.names.module
    names = {namer.name("fast.tools", home, {home}) for _ in range(2)}
    assert names == {alias("_tools")}


def test_modules_with_the_same_last_part_get_different_aliases() -> None:
    result = scanned("fast = other = 1\ncore.work()\n")
    namer, home = Namer(result), result.names.module
    assert namer.name("fast.tools", home, {home}).expression == "_tools"
    assert namer.name("fast.more.tools", home, {home}).expression == "_tools_1"


def test_modules_of_one_package_share_its_name() -> None:
    result = scanned("core.work()\n")
    namer, home = Namer(result), result.names.module
    for module in ("fast.tools", "fast.more", "fast"):
        assert namer.name(module, home, {home}) == Name(module, f"import {module}")


def test_an_import_in_a_function_must_not_hide_one_outside() -> None:
    result = scanned("def f():\n  import lib.core as core\n  core.work()\n  g\n")
    home = result.names.module
    (function,) = home.children
    namer = Namer(result)
    assert namer.name("fast.tools", home, {home, function}) == OWN
    # In the function, `fast` would be another variable, which is not bound yet.
    assert namer.name("fast.more", function, {function}).expression == "_more"


def test_a_name_that_a_reader_declares_or_binds_is_not_free() -> None:
    result = scanned("def f():\n  global fast\n  import fast\n  core.work()\n")
    home = result.names.module
    (function,) = home.children
    namer = Namer(result)
    assert namer.name("fast.tools", function, {function}) == alias("_tools")
    assert Namer(result).name("fast.tools", home, {function}) == alias("_tools")
    assert Namer(result).name("fast.tools", home, {home}) == OWN


def test_scopes_between_a_reader_and_the_home() -> None:
    module: Scope = Scope(ScopeKind.MODULE)
    outer = module.open(ScopeKind.FUNCTION)
    class_ = outer.open(ScopeKind.CLASS)
    method = class_.open(ScopeKind.FUNCTION)
    assert list(between(method, module)) == [method, outer]
    assert list(between(class_, module)) == [class_, outer]
    assert list(between(method, outer)) == [method]
    assert list(between(module, module)) == []
