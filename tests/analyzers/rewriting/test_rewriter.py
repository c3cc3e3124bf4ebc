"""Tests for planned edits: the new text, and what they change for other files and the proof."""

from __future__ import annotations

from collections import Counter

import pytest

from workbench.analyzers.model import FileContext
from workbench.analyzers.names.resolve import ResolvedUse, Resolver
from workbench.analyzers.names.scan import Search, scan
from workbench.analyzers.rewriting.rewriter import Rewriter, Rewriting
from workbench.analyzers.rules import Rule, RuleIndex
from workbench.analyzers.syntax.source import Source, apply_edits

RULES = RuleIndex.of(
    (
        Rule("lib.core.work", "fast.work", "work"),
        Rule("lib.core.rest", "fast.tools.pause", "rest"),
    )
)


def rewritten(
    code: str, context: FileContext | None = None
) -> tuple[str, Rewriting, list[ResolvedUse]]:
    """Return the new text, the result, and the references in their order."""
    search = Search(RULES.heads, RULES.modules, RULES.new_roots)
    source = Source(code.encode())
    found = scan(source, search)
    references = Resolver(found, RULES).references()
    result = Rewriter(found, context or FileContext()).rewrite(references)
    new = apply_edits(source.data, result.edits).decode()
    return new, result, sorted(references, key=lambda reference: reference.token.start)


@pytest.mark.parametrize(
    ("code", "new"),
    [
        ("from lib import core\ncore.work(1)\n", "import fast\nfast.work(1)\n"),
        ("import lib.core\nlib.core.rest()\n", "import fast.tools\nfast.tools.pause()\n"),
        (
            "from lib import core\ncore.work(core.rest)\n",
            "import fast\nimport fast.tools\nfast.work(fast.tools.pause)\n",
        ),
        ("from lib import core\ncore.work(core.x)\n", "import fast\nfrom lib import core\n"),
        ("from lib import core\ncore.work()\ncore.x\n", "import fast\nfrom lib import core\nfast"),
        ("from lib.core import rest, x\nrest\n", "from fast.tools import pause as rest\n"),
        ("import fast\nfrom lib import core\ncore.work()\n", "import fast\nfast.work()\n"),
        ("from lib import core\ncore.work()\nimport fast\n", "import fast\nfast.work()\n"),
        ("x; from lib import core; core.work()\n", "x; import fast; fast.work()\n"),
        ("import fast\nx; from lib import core\ncore.work()\n", "import fast\nx; pass\nfast"),
        ("if x:\n  from lib import core; core.work()\n", "if x:\n  import fast; fast.work()\n"),
        (
            "def f():\r\n  from lib import core\r\n  core.work()\r\n",
            "def f():\r\n  import fast\r\n",
        ),
        ("from lib import core\nfast = 1\ncore.work()\n", "import fast as _fast\nfast = 1\n_fast."),
        ("from lib import core\nx = core . \\\n work\n", "import fast\nx = fast . \\\n work\n"),
    ],
)
def test_new_text(code: str, new: str) -> None:
    assert rewritten(code)[0].startswith(new)


def test_without_references_nothing_changes() -> None:
    code = "from lib import core\nprint(core)\n"
    assert rewritten(code) == (code, Rewriting(), [])


def test_references_with_reasons_are_left_alone() -> None:
    code = "from lib import core\ncore.work = core.rest\n"
    new, result, (assigned, read) = rewritten(code)
    assert new == ("import fast.tools\nfrom lib import core\ncore.work = fast.tools.pause\n")
    assert assigned.reasons
    assert not read.reasons
    assert (result.replaced, result.dropped) == ({"core"}, set())


@pytest.mark.parametrize(
    "code",
    [
        "import lib.core\n(lib).core.work()\n",
        "import lib.core\n(lib\n.core).work()\n",
        "import lib.core\nx = [lib\n.core.work]\n",
        "x = 1; from lib.core import (work,  # why\n)\nwork()\n",
    ],
)
def test_what_cannot_be_edited_gets_a_reason(code: str) -> None:
    new, result, references = rewritten(code)
    assert (new, result.edits) == (code, ())
    assert references[0].reasons


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("from lib import core\ncore.work()\nx = 'core'\n", "string"),
        ("from lib import core\ncore.work()\nx = 1  # type: core.X\n", "comment"),
        ("from lib import core  # for tests\ncore.work()\n", "comment"),
        ("class C:\n    from lib import core\n    core.work()\n", "class"),
    ],
)
def test_an_import_that_may_be_needed_is_kept(code: str, why: str) -> None:
    new, result, (found,) = rewritten(code)
    assert "from lib import core" in new
    assert "fast.work()" in new
    assert why in found.note
    assert not found.reasons
    assert result.dropped == set()


@pytest.mark.parametrize(
    ("context", "dropped"),
    [
        (FileContext(), {"core"}),
        (FileContext(is_package=True), set()),
        (FileContext(kept=frozenset(("core",))), set()),
        (FileContext(kept=frozenset(("other",))), {"core"}),
    ],
)
def test_names_that_other_files_reach_are_kept(context: FileContext, dropped: set[str]) -> None:
    code = "from lib import core\ncore.work()\n"
    new, result, (found,) = rewritten(code, context)
    assert result.dropped == dropped
    assert result.replaced == {"core"}
    assert ("lib" in new) is (not dropped) is bool(found.note)


def test_names_of_functions_do_not_concern_other_files() -> None:
    _, result, _ = rewritten("def f():\n  from lib import core\n  core.work()\n")
    assert (result.replaced, result.dropped) == (set(), set())


def test_the_intention_is_what_the_edits_do() -> None:
    code = "import lib.core, x\nfrom lib.core import rest as r\nlib.core.work(lib.core.work.y, r)\n"
    new, result, references = rewritten(code)
    # An attribute of a function is read: that reference stays, and with it the import.
    assert new == (
        "import fast\nimport lib.core, x\nfrom fast.tools import pause as r\n"
        "fast.work(lib.core.work.y, r)\n"
    )
    assert [bool(found.reasons) for found in references] == [False, False, True, False]
    assert result.intention.expressions == Counter({("lib.core.work", "fast.work"): 1})
    assert result.intention.removed == Counter({"from lib.core import rest as r": 1})
    assert result.intention.added == Counter(
        {"import fast": 1, "from fast.tools import pause as r": 1}
    )


def test_edits_are_sorted_and_do_not_overlap() -> None:
    code = (
        "from lib import core\nfrom lib.core import rest\n" + "é(core.work(rest), core.rest)\n" * 3
    )
    _, result, _ = rewritten(code)
    offsets = [offset for edit in result.edits for offset in (edit.start, edit.end)]
    assert offsets == sorted(offsets)
    data = code.encode()
    assert all(data[edit.start : edit.end] != edit.replacement for edit in result.edits)
