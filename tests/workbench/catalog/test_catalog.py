from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from accelerated import functions
from hypothesis import HealthCheck, Phase, given, settings

from workbench import catalog
from workbench.catalog import Call, Utility, select, utilities
from workbench.errors import WorkbenchError
from workbench.verify import exact

# The contract's table: announced speedup and workloads, the first one representing the utility.
CONTRACT = {
    "read_last_n_lines": (
        5.0,
        "last 10 lines of a 9 KB log",
        "last 1,000 lines of a 50 MB log",
        "last 100,000 lines of a 50 MB log",
    ),
    "hash_file": (7.0, "sha256 of 9 KB", "sha256 of 50 MB"),
    "find_free_port": (2.0, "first port is free"),
    "base36_encode": (10.0, "8 hex digits", "32 hex digits"),
    "format_float": (4.0, "1234567.89, precision 2"),
    "truncate_long_string": (2.0, "1,080 characters of words to 80", "shorter than the limit"),
    "get_cpu_count": (20.0, "this machine"),
    "get_mem_size_gb": (10.0, "this machine"),
    "get_parallel_threads": (10.0, "this machine"),
    "is_process_alive": (25.0, "own pid"),
    "get_max_workers_for_file_mounts": (5.0, "no directories", "one directory of 1,000 entries"),
    "estimate_fd_for_directory": (2.7, "1,000 entries"),
}
every_utility = pytest.mark.parametrize("utility", utilities(), ids=lambda u: u.name)


def test_catalog_is_the_contract() -> None:
    found = {
        u.name: (u.announced_speedup, *(workload.name for workload in u.workloads))
        for u in utilities()
    }
    assert found == CONTRACT
    mean = sum(u.announced_speedup for u in utilities()) / len(utilities())
    assert mean == pytest.approx(8.5, abs=0.1)


def test_catalog_is_ordered_by_name() -> None:
    names = [u.name for u in utilities()]
    assert names == sorted(set(names))


@every_utility
def test_replaced_functions_have_the_name_of_the_utility(utility: Utility) -> None:
    assert all(re.fullmatch(rf"sky\.utils\.\w+\.{utility.name}", old) for old in utility.replaces)
    assert bool(utility.replaces) == (utility.name != "estimate_fd_for_directory")


@every_utility
def test_every_workload_can_be_called_twice_in_one_directory(
    utility: Utility, tmp_path: Path
) -> None:
    function = functions("python")[utility.name]
    for workload in utility.workloads:
        first, second = workload.prepare(tmp_path), workload.prepare(tmp_path)
        assert first.args == second.args
        with first.surroundings():
            function(*first.args, **first.kwargs)


@every_utility
def test_corners_include_success_and_failure(utility: Utility, tmp_path: Path) -> None:
    function = functions("python")[utility.name]
    outcomes = {_succeeds(utility, function, call) for call in utility.corners(tmp_path)}
    assert outcomes == {True, False}


@every_utility
@pytest.mark.no_cover
def test_corners_leave_no_trace(utility: Utility, tmp_path: Path) -> None:
    import os
    import resource

    def surroundings() -> tuple[object, ...]:
        affinity = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else set()
        return dict(os.environ), affinity, resource.getrlimit(resource.RLIMIT_NOFILE)

    before = surroundings()
    for call in utility.corners(tmp_path):
        with call.surroundings():
            pass
    assert surroundings() == before


@every_utility
def test_strategy_gives_calls(utility: Utility, tmp_path: Path) -> None:
    calls: list[object] = []

    @settings(
        max_examples=10,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(utility.strategy(tmp_path))
    def collect(call: object) -> None:
        calls.append(call)

    collect()
    assert calls
    assert all(isinstance(call, Call) for call in calls)


def test_select_keeps_the_catalogs_order() -> None:
    chosen = select(["is_process_alive", "base36_encode", "is_process_alive"])
    assert [u.name for u in chosen] == ["base36_encode", "is_process_alive"]
    assert select([]) == utilities()


@pytest.mark.parametrize(
    ("name", "advice"),
    [("hash_fle", "did you mean 'hash_file'?"), ("zzz", "run 'workbench utilities' for a list")],
)
def test_select_reports_unknown_names(name: str, advice: str) -> None:
    with pytest.raises(WorkbenchError, match=re.escape(f"unknown utility '{name}': {advice}")):
        select(["hash_file", name])


def test_a_new_file_is_a_new_utility(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = Path(catalog.__path__[0], "format_float.py").read_text(encoding="utf-8")
    (tmp_path / "thirteenth.py").write_text(source.replace('"format_float"', '"thirteenth"'))
    monkeypatch.setattr(catalog, "__path__", [*catalog.__path__, str(tmp_path)])
    assert "thirteenth" in {u.name for u in utilities.__wrapped__()}


def test_contracts_depart_only_where_the_original_does_not_terminate() -> None:
    departs = {u.name: u.departs for u in utilities()}
    for text in ("-1", " -0xff ", "-f_f", "f" * 50_000):
        assert departs["base36_encode"](Call((text,)))
    for call in (
        Call(("1",)),
        Call(("-0",)),
        Call(("-",)),
        Call(("0" * 10**6,)),
        Call((None,)),
        Call(),
    ):
        assert not any(departs[name](call) for name in departs)


def _succeeds(utility: Utility, function: Callable[..., Any], call: Call) -> bool:
    with call.surroundings():
        try:
            result = function(*call.args, **call.kwargs)
        except Exception:
            return False
    # Observing a result must not change it.
    assert exact(utility.observe(result)) == exact(utility.observe(result))
    return True
