from __future__ import annotations

from dataclasses import replace

import pytest

from tests.workbench.workbench_samples import make_measurement
from workbench.results.model import Control, Interval, Results
from workbench.results.stability import check

QUIET = Control("u", "w", "native", ((1.0,),), ((1.0,),), Interval(1.001, 1.0, 1.002))
NOISY = replace(QUIET, ratio=Interval(0.95, 0.94, 0.96))
STABLE = Results((replace(make_measurement(), stopped="target"),), {"cpu_count": 2}, (), (QUIET,))


def test_a_stable_run() -> None:
    assert check(STABLE) == ()
    facts: dict[str, str | int | float] = {
        "cpu_count": 2,
        "load_avg_1min": 0.9,
        "cpu_governor": "performance",
        "python_debug": 0,
    }
    assert check(replace(STABLE, environment=facts)) == ()


@pytest.mark.parametrize(
    ("facts", "problem", "command"),
    [
        ({"cpu_count": 2, "load_avg_1min": 1.1}, "the load was 1.1 on 2 CPUs", "uptime"),
        ({"cpu_governor": "powersave"}, "governor is 'powersave'", "pyperf system tune"),
        ({"python_debug": 1}, "debug build", "workbench doctor"),
    ],
)
def test_an_unstable_machine(
    facts: dict[str, str | int | float], problem: str, command: str
) -> None:
    (found,) = check(replace(STABLE, environment=facts))
    assert problem in found.problem
    assert command in found.command


def test_noise_and_missing_controls() -> None:
    (noisy,) = check(replace(STABLE, controls=(QUIET, NOISY)))
    assert noisy.problem == "identical code differed by 5.3%, more than 2%"
    (unknown,) = check(replace(STABLE, controls=()))
    assert "has no controls" in unknown.problem


@pytest.mark.parametrize("stopped", ["budget", "processes"])
def test_wide_intervals(stopped: str) -> None:
    measured = replace(make_measurement(), speedup=Interval(2.0, 1.5, 3.0), stopped=stopped)
    (found,) = check(replace(STABLE, measurements=(measured,)))
    assert found.problem.endswith("precision 2: the interval is 100.0% wide")
    assert found.command == "workbench bench format_float --rigorous"


def test_the_command_for_callables_names_them_and_their_arguments() -> None:
    wide = {"speedup": Interval(2.0, 1.5, 3.0), "stopped": "budget"}
    measured = make_measurement("math:fsum", "([1, x])", **wide)
    facts: dict[str, str | int | float] = {"first_side": "builtins:sum", "setup": "x = 1"}
    (found,) = check(replace(STABLE, measurements=(measured,), environment=facts))
    assert found.command == (
        "workbench bench --compare builtins:sum math:fsum --args '[1, x]' --setup 'x = 1' "
        "--rigorous"
    )


def test_a_run_against_the_originals_is_repeated_against_them() -> None:
    wide = replace(make_measurement(), stopped="budget")
    facts = {"first_side": "upstream", "second_side": "native"}
    (found,) = check(replace(STABLE, measurements=(wide,), environment=facts))
    assert found.command == "workbench bench format_float --baseline upstream --rigorous"
