"""Tests for references: which names refer to functions of the rules, and how certainly."""

from __future__ import annotations

import pytest

from workbench.analyzers.model import ReferenceKind
from workbench.analyzers.names.bindings import How
from workbench.analyzers.names.resolve import ResolvedUse, Resolver
from workbench.analyzers.names.scan import Scan, Search, scan
from workbench.analyzers.rules import Rule, RuleIndex
from workbench.analyzers.syntax.source import Source

RULES = RuleIndex.of(
    (Rule("lib.core.work", "fast.work", "work"), Rule("lib.core.rest", "fast.rest", "rest"))
)


def scanned(code: str) -> Scan:
    return scan(Source(code.encode()), Search(RULES.heads, RULES.modules, package=("lib",)))


def references(code: str) -> list[ResolvedUse]:
    found = Resolver(scanned(code), RULES).references()
    return sorted(found, key=lambda reference: reference.token.start)


def shown(found: ResolvedUse) -> str:
    """Show a reference: its label and kind, with a question mark if it has reasons."""
    return f"{found.rule.label} {found.kind.value}" + "?" * bool(found.reasons)


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("import lib.core\nlib.core.work(lib.core.rest)", ["work call", "rest reference"]),
        ("from lib import core as c\n(c.work)\nc.other()", ["work reference"]),
        ("from .core import work as w\nw(1)", ["work import", "work call"]),
        ("from lib.core import *\nwork(1)", ["work call?"]),
        ("from lib import *\ncore.rest", ["rest reference?"]),
        ("from lib.core import *\nfrom x import work\nwork(1)", []),
        ("work(1)\nlib.core.work", []),
        ("from other import core\ncore.work()", []),
        # Other bindings of the name.
        ("from lib import core\ncore.work()\ncore = None", ["work call?"]),
        ("from lib import core\ndel core\ncore.work()", ["work call?"]),
        ("from lib.core import work\nwork = 1\nwork()", ["work import?", "work call?"]),
        ("if x: from lib import core\nelse: from lib import core\ncore.work()", ["work call"]),
        ("from lib import core\ndef f(core): core.work()", []),
        ("from lib import core\nc = core\nc.work()", ["work call?"]),
        ("from lib import core\nc = core.work\nc()", ["work reference"]),
        ("c = import_module('lib.core')\nc.work()", ["work call?"]),
        ("import_module('lib.core').work", ["work reference?"]),
        ("def f():\n global core\n from lib import core\nf(); core.work()", ["work call?"]),
        # What is done with the function.
        ("from lib import core\ncore.work = 1", ["work reference?"]),
        ("from lib import core\ndel core.work", ["work reference?"]),
        ("from lib import core\ncore.work.cache_clear()", ["work reference?"]),
        ("from lib import core\ngetattr(core, 'work')", ["work string?"]),
        ("from lib import core\nx: 'core.work'", ["work string?"]),
        ("from lib import core\nf'{core.work=}'", ["work reference?"]),
        ("from lib import core\nf'{core.work}'", ["work reference"]),
        # Attributes of objects.
        (
            "from lib import core\nclass C:\n def f(self): self.c = core\n"
            " def g(self): self.c.work()",
            ["work call?"],
        ),
        (
            "from lib import core\nclass C:\n def f(self): self.c = core\n"
            "class D:\n def g(self): self.c.work()",
            [],
        ),
        ("from lib import core\nclass C:\n c = core\n def g(self): self.c.work()", ["work call?"]),
        ("from lib import core\nclass C:\n c = core\nclass D:\n def g(self): self.c.work()", []),
        # A class reads from the module what it binds later.
        ("from lib import core\nclass C:\n core.work()\n core = 1", ["work call?"]),
        ("import core\nclass C:\n from lib import core\n core.work()", ["work call"]),
        ("import core\nclass C:\n core.work()\n from lib import core", ["work call?"]),
    ],
)
def test_references(code: str, found: list[str]) -> None:
    assert [shown(reference) for reference in references(code + "\n")] == found


def test_references_have_their_bindings() -> None:
    code = "if x: import lib.core\nelse: import lib.core as lib\nlib.core.work()\nlib.core()\n"
    (found,) = references(code)
    assert [binding.origin for binding in found.bindings] == ["lib"]
    assert len(found.reasons) == 1
    assert found.use is not None
    assert (found.depth, found.token is found.use.root) == (2, True)


def test_each_doubt_is_stated_once() -> None:
    code = (
        "from lib import core\nif x: core = 1; core = 1\nif y: core = 2\ncore.work.a = core.work\n"
    )
    first, second = references(code)
    assert len(first.reasons) == len(set(first.reasons)) == 3
    assert len(second.reasons) == 2
    assert {line for line in "23" for reason in second.reasons if f"line {line}" in reason} == {
        "2",
        "3",
    }


@pytest.mark.parametrize(
    ("code", "patches"),
    [
        ("core.work = 1", True),
        ("del core.work", True),
        ("x.setattr(core, 'work', 1)", True),
        ("getattr(core, 'work')", False),
        ("core.work()", False),
    ],
)
def test_replacing_a_function_patches_it(code: str, patches: bool) -> None:
    (found,) = references(f"from lib import core\n{code}\n")
    assert found.patches is patches
    assert found.target == "lib.core.work"


def test_a_module_with_its_own_variable_is_the_target() -> None:
    rule = RULES.by_name["lib.core.work"]
    rules = RULES.also({"app.work": rule}, {"app.work"})
    result = scan(Source(b"import app\napp.work()\n"), Search(rules.heads, rules.modules))
    (found,) = Resolver(result, rules).references()
    assert (found.rule, found.target) == (rule, "app.work")


def test_names_that_may_be_reexports_are_noted() -> None:
    code = "import app\nfrom app.x import rest\nfrom y import *\napp.a.work.b()\nwork()\napp.c\n"
    found = Resolver(scanned(code), RULES)
    assert found.references() == []
    # The star import may also bind `app`.
    assert found.unknown == {"app.a.work", "app.x.rest", "y.app.a.work", "y.work"}


@pytest.mark.parametrize(
    ("code", "module"),
    [
        ("from lib import core", "lib.core"),
        ("import lib.core as core", "lib.core"),
        ("import lib.core", None),
        ("from lib import core\nfrom lib import core", "lib.core"),
        ("from lib import core\ncore = x.work", None),
        ("from other import core", None),
    ],
)
def test_names_of_modules(code: str, module: str | None) -> None:
    result = scanned(f"{code}\ncore.work()\n")
    found = Resolver(result, RULES)
    assert found.is_module(result.names.module, "core") == module
    assert found.is_module(result.names.module, "nothing") is None


def test_lazy_imports_are_uncertain() -> None:
    code = "lazy from lib import core\nlazy from lib.core import rest\ncore.work(rest)\n"
    found = references(code)
    assert [shown(one) for one in found] == ["rest import?", "work call?", "rest reference?"]
    assert {binding.how for one in found for binding in one.bindings} == {How.IMPORT}
    assert found[0].kind is ReferenceKind.IMPORT
