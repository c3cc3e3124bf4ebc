"""The proof rejects everything that an edit should not do."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.analyzers.sky_rules import RULES
from workbench.analyzers.audit import audit
from workbench.analyzers.model import Edit, FileAnalysis, FileError, Settings, Verdict
from workbench.analyzers.rewriting.intention import Intention
from workbench.analyzers.rewriting.proof import failure
from workbench.analyzers.syntax.source import Source

BEFORE = b"""\
from sky.utils import common_utils, other


def g(x):
    return common_utils.format_float(x, y=1), other.k


z = [1]
"""
INTENTION = Intention(
    Counter({("common_utils.format_float", "accelerated.format_float"): 1}),
    Counter({"from sky.utils import common_utils": 1}),
    Counter({"import accelerated": 1}),
)
RIGHT = (
    (
        b"from sky.utils import common_utils, other",
        b"import accelerated\nfrom sky.utils import other",
    ),
    (b"common_utils.format_float", b"accelerated.format_float"),
)


def edits(before: bytes, *changes: tuple[bytes, bytes]) -> FileAnalysis:
    found = []
    for old, new in changes:
        assert before.count(old) == 1
        start = before.index(old)
        found.append(Edit(start, start + len(old), new))
    ordered = tuple(sorted(found, key=lambda edit: edit.start))
    return FileAnalysis("a.py", Path("a.py"), before, (), ordered)


def test_the_right_edits() -> None:
    assert failure(edits(BEFORE, *RIGHT), INTENTION) is None


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ((RIGHT[0],), "`common_utils` would be undefined in the edited file"),
        ((RIGHT[1],), "`accelerated` would be undefined in the edited file"),
        ((*RIGHT, (b"y=1", b"y=2")), "near line 5 would change more"),
        ((*RIGHT, (b"(x, ", b"(x + 1, ")), "would change more"),
        ((*RIGHT, (b"z = [1]", b"z = [1, 2]")), "near line 8 would change more"),
        ((*RIGHT, (b"z = [1]\n", b"")), "near line 8 would change more"),
        ((*RIGHT, (b"z = [1]", b"z = (1]")), "would not be valid Python"),
        ((*RIGHT, (b"other.k", b"other.m")), "not make exactly"),
        ((*RIGHT, (b"[1]\n", b"[1]\nimport os\n")), "not make exactly"),
        (((b"common_utils, ", b""), RIGHT[1]), "`accelerated` would be undefined"),
        (
            ((b"common_utils, other", b"accelerated, other"), RIGHT[1]),
            "not make exactly",
        ),
        (
            (RIGHT[0], (b"common_utils.format_float", b"accelerated.hash_file")),
            "not make exactly",
        ),
        ((*RIGHT, (b".k\n\n\nz", b".k\n\nz")), "cross a statement boundary"),
    ],
)
def test_wrong_edits(changes: tuple[tuple[bytes, bytes], ...], message: str) -> None:
    reason = failure(edits(BEFORE, *changes), INTENTION)
    assert reason is not None
    assert message in reason


@pytest.mark.parametrize(
    ("before", "message"),
    [
        (b"x = common_utils.format_float\n", "`accelerated` would be undefined in the edited file"),
        (b"x = accelerated.y(common_utils.format_float)\n", None),
    ],
)
def test_only_a_name_that_was_undefined_before_may_stay_undefined(
    before: bytes, message: str | None
) -> None:
    change = (b"common_utils.format_float", b"accelerated.format_float")
    intention = Intention(Counter({(change[0].decode(), change[1].decode()): 1}))
    assert failure(edits(before, change), intention) == message


LATE = b"""\
from sky.utils import common_utils
x = common_utils.hash_file(1)
import accelerated
"""


def test_a_name_is_not_read_before_it_is_imported() -> None:
    new = Counter({("common_utils.hash_file", "accelerated.hash_file"): 1})
    old = Counter({"from sky.utils import common_utils": 1})
    use = (b"common_utils.hash_file", b"accelerated.hash_file")
    without = edits(LATE, (b"from sky.utils import common_utils\n", b""), use)
    message = "line 1 of the edited file would use `accelerated` before its import"
    assert failure(without, Intention(new, old)) == message
    beside = edits(LATE, (b"from sky.utils import common_utils", b"import accelerated"), use)
    assert failure(beside, Intention(new, old, Counter({"import accelerated": 1}))) is None


def test_syntax_that_this_python_does_not_know() -> None:
    newer = BEFORE + b"type A[*T] = t'{x}' + f'{d['k']}'\n"
    assert failure(edits(newer, *RIGHT), INTENTION) is None
    broken = edits(newer, *RIGHT, (b"[1]", b"[1"))
    assert failure(broken, INTENTION) == "the edited file would not be valid Python"


def test_a_file_without_proof_is_left_unchanged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.py").write_bytes(BEFORE)
    monkeypatch.setattr(Source, "to_edits", lambda *_: (Edit(0, 4, b"form"),))
    found = audit([tmp_path], RULES)
    message = "left unchanged: the edited file would not be valid Python"
    assert found.errors == (FileError("a.py", message),)
    (reference,) = found.references
    assert (reference.verdict, found.files[0].edits) == (Verdict.REVIEW, ())
    assert audit([tmp_path], RULES, settings=Settings(prove=False)).files[0].edits != ()
