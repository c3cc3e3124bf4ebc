from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.workbench.measure.measuring import TINY
from workbench.catalog import select
from workbench.errors import WorkbenchError
from workbench.measure import harness
from workbench.measure.pairing import Expression, Pairing
from workbench.results import storage
from workbench.results.model import UPSTREAM, Failure


def test_sides_beside_the_two_are_timed_with_them(tmp_path: Path) -> None:
    other = "accelerated:is_process_alive"
    pairing = Pairing(beside=(other,))
    assert Pairing.from_json(json.loads(json.dumps(pairing.to_json()))) == pairing
    results = harness.measure(select(["is_process_alive"]), TINY, pairing=pairing)
    (measured,) = results.measurements
    assert measured.beside.keys() == {other}
    assert [len(process) for process in measured.beside[other]] == [3, 3]
    assert all(len(run.loops) == 3 + bool(measured.floor) for run in measured.runs)
    storage.save(results, tmp_path / "results.json")
    assert storage.load_results(tmp_path / "results.json") == results


def test_any_two_callables_are_timed() -> None:
    expression = Expression("values, reverse=True", setup="values = [3, 1, 2] * 100")
    pairing = Pairing("builtins:sorted", "builtins:sorted", expression)
    assert Pairing.from_json(json.loads(json.dumps(pairing.to_json()))) == pairing
    results = harness.measure((), TINY, pairing=pairing)
    (measured,) = results.measurements
    assert (measured.utility, measured.workload) == ("builtins:sorted", "(values, reverse=True)")
    assert (measured.equivalent, measured.equivalence_cases) == (True, 1)
    assert measured.samples == 6
    assert results.environment["first_side"] == "builtins:sorted"


def test_a_callable_is_compared_with_itself_and_kept(tmp_path: Path) -> None:
    pairing = Pairing("builtins:len", "builtins:len", Expression("'abc'"))
    results = harness.measure((), TINY, pairing=pairing)
    storage.save(results, tmp_path / "results.json")
    assert storage.load_results(tmp_path / "results.json") == results


def test_a_side_is_not_beside_itself() -> None:
    with pytest.raises(WorkbenchError, match="native is already one of the two sides"):
        Pairing(beside=("python:f", "native"))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Pairing("nativ"), "'nativ' is not a side: use python, native, upstream or "),
        (lambda: Pairing(beside=("other",)), "'other' is not a side"),
        (
            lambda: Pairing("python", "native", Expression()),
            "'python' is not a side: use package.module:name",
        ),
    ],
)
def test_sides_that_do_not_exist(make: Callable[[], Pairing], message: str) -> None:
    with pytest.raises(WorkbenchError, match=re.escape(message)):
        make()


def test_callables_that_differ_are_a_failure() -> None:
    pairing = Pairing("builtins:min", "builtins:max", Expression("[1, 2]"))
    (failure,) = harness.measure((), TINY, pairing=pairing).failures
    assert failure.subject == "equivalence of builtins:max"


@pytest.mark.parametrize(
    ("pairing", "message"),
    [
        (Pairing("no_such:f", "builtins:max", Expression()), "cannot import no_such.f"),
        (
            Pairing("builtins:min", "builtins:no.such", Expression()),
            "cannot import builtins.no.such",
        ),
        (Pairing("builtins:min", "math:pi", Expression("[1]")), "math.pi is not callable"),
        (Pairing("builtins:min", "builtins:max", Expression("1 +")), "cannot evaluate --setup"),
        (Pairing("builtins:min", "builtins:max", Expression("x")), "name 'x' is not defined"),
        (Pairing("builtins:min", "builtins:max", Expression("", "1 / 0")), "ZeroDivisionError"),
    ],
)
def test_invalid_callables_and_expressions(pairing: Pairing, message: str) -> None:
    with pytest.raises(WorkbenchError, match=re.escape(message)):
        harness.measure((), TINY, pairing=pairing)


def test_originals_are_timed_where_they_can_be_imported(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    package = tmp_path / "sky" / "utils"
    package.mkdir(parents=True)
    source = "from accelerated._python import format_float, get_cpu_count\n"
    (package / "common_utils.py").write_text(source)
    monkeypatch.syspath_prepend(str(tmp_path))
    chosen = select(["format_float", "estimate_fd_for_directory"])
    results = harness.measure(chosen, TINY, pairing=Pairing(UPSTREAM))
    assert [(m.utility, m.equivalent) for m in results.measurements] == [("format_float", True)]
    assert results.failures == (
        Failure("estimate_fd_for_directory", "no upstream function to compare with"),
    )
