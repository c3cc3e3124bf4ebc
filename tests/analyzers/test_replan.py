"""Declined references stay, with everything that they need, and the proof passes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.analyzers.sky_rules import RULES
from workbench.analyzers.file_analysis import analyze
from workbench.analyzers.model import FileContext, PythonFile, Verdict
from workbench.analyzers.rules import RuleIndex
from workbench.analyzers.syntax.source import apply_edits
from workbench.analyzers.task import Outcome, Task

MODULE = "from sky.utils import common_utils\n"
FUNCTION = "from sky.utils.common_utils import format_float, get_cpu_count\n"


def _analyzed(code: str, *declined: tuple[int, int]) -> Outcome:
    file = PythonFile(Path("case.py"), "case.py")
    context = FileContext(declined=frozenset(declined))
    return analyze(Task(file, code.encode(), ("case",), RuleIndex.of(RULES), context))


def _after(code: str, *declined: tuple[int, int]) -> tuple[str, list[tuple[int, int, str]]]:
    """Return the code after its migration, and the places that are kept."""
    outcome = _analyzed(code, *declined)
    assert (outcome.error, outcome.unproved) == ("", "")
    analysis = outcome.analysis
    assert analysis is not None
    kept = [r for r in analysis.references if r.verdict is Verdict.KEEP]
    after = apply_edits(analysis.original, analysis.edits).decode()
    return after, [(r.line, r.column, r.reason) for r in kept]


def test_a_declined_use_keeps_its_import() -> None:
    code = MODULE + "common_utils.format_float(1)\ncommon_utils.get_cpu_count()\n"
    after, kept = _after(code, (2, 1))
    assert kept == [(2, 1, "declined")]
    assert after == (
        "import accelerated\nfrom sky.utils import common_utils\n"
        "common_utils.format_float(1)\naccelerated.get_cpu_count()\n"
    )


def test_everything_declined_changes_nothing() -> None:
    code = MODULE + "common_utils.format_float(1)\ncommon_utils.get_cpu_count()\n"
    after, kept = _after(code, (2, 1), (3, 1))
    assert after == code
    assert [place for *place, _ in kept] == [[2, 1], [3, 1]]


def test_a_declined_import_keeps_the_uses() -> None:
    code = FUNCTION + "format_float(get_cpu_count())\n"
    after, kept = _after(code, (1, 36))
    assert kept == [(1, 36, "declined"), (2, 1, "declined")]
    assert after == (
        "from accelerated import get_cpu_count\nfrom sky.utils.common_utils import format_float\n"
        "format_float(get_cpu_count())\n"
    )


def test_a_declined_use_of_an_imported_name_keeps_the_import() -> None:
    # Otherwise the declined call would still use the new function.
    code = FUNCTION + "format_float(1)\nformat_float(2)\n"
    outcome = _analyzed(code, (2, 1))
    assert outcome.analysis is not None
    found = [(r.line, r.column, r.verdict.value, r.reason) for r in outcome.analysis.references]
    assert found == [
        (1, 36, "review", "its use on line 2 is kept"),
        (1, 50, "rewrite", ""),
        (2, 1, "keep", "declined"),
        (3, 1, "review", "its use on line 2 is kept"),
    ]
    assert _after(code, (2, 1))[0] == (
        "from accelerated import get_cpu_count\nfrom sky.utils.common_utils import format_float\n"
        "format_float(1)\nformat_float(2)\n"
    )


def test_a_declined_place_without_a_reference_has_no_effect() -> None:
    code = MODULE + "common_utils.format_float(1)\n"
    assert _after(code, (1, 1), (2, 14)) == _after(code)


@pytest.mark.parametrize("place", [(2, 1), (3, 7)])
def test_a_declined_string_is_kept(place: tuple[int, int]) -> None:
    code = MODULE + "common_utils.format_float(1)\npatch('sky.utils.common_utils.format_float')\n"
    outcome = _analyzed(code, place)
    assert outcome.analysis is not None
    kept = {(r.line, r.column) for r in outcome.analysis.references if r.verdict is Verdict.KEEP}
    assert kept == {place}
