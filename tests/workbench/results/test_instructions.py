from __future__ import annotations

from dataclasses import replace

import pytest

from tests.workbench.workbench_samples import make_measurement, make_results
from workbench.errors import WorkbenchError
from workbench.gate.judge import GateVerdict, judge_instructions
from workbench.gate.policy import Answer, Policy, Thresholds
from workbench.results.instructions import as_speedups
from workbench.results.model import InstructionCount, Interval, Results

STRICT = Policy(Thresholds(min_speedup=None, max_regression=0.02))


def _count(
    python: float, native: float, utility: str = "format_float", workload: str = "w"
) -> InstructionCount:
    return InstructionCount(utility, workload, "callgrind", (python,) * 3, (native,) * 3)


def _counted(*counts: InstructionCount, **environment: str) -> Results:
    timed = [make_measurement(count.utility, count.workload) for count in counts]
    results = make_results(*timed)
    facts = {**results.environment, **environment}
    return replace(results, instructions=counts, environment=facts)


def test_the_ratio_spans_what_was_seen() -> None:
    count = InstructionCount("u", "w", "callgrind", (100.0, 110.0, 90.0), (10.0, 10.0, 11.0))
    assert count.ratio == Interval(10.0, 90 / 11, 11.0)


@pytest.mark.parametrize(
    ("native", "answer"),
    [
        (100.0, Answer.PASS),
        (101.9, Answer.PASS),
        (102.5, Answer.FAIL),
        (50.0, Answer.PASS),
    ],
)
def test_a_gate_on_instructions_is_tight(native: float, answer: Answer) -> None:
    before, after = _counted(_count(1000, 100)), _counted(_count(1000, native))
    (judgement,) = judge_instructions(after, STRICT, before).judgements
    assert judgement.answer is answer


def test_a_gate_on_instructions_needs_no_baseline() -> None:
    found = judge_instructions(_counted(_count(1000, 100), _count(100, 120, workload="slow")))
    assert [j.answer for j in found.judgements] == [Answer.PASS, Answer.FAIL]


def _only(verdict: GateVerdict) -> tuple[Answer, str]:
    (judgement,) = verdict.judgements
    return judgement.answer, judgement.reason


def test_other_counters_and_other_pythons_are_incomparable() -> None:
    before = _counted(_count(1000, 100), python_version="3.11.7")
    other = replace(before, instructions=(replace(_count(1000, 100), counter="perf"),))
    assert _only(judge_instructions(other, STRICT, before)) == (
        Answer.INCOMPARABLE,
        "instruction_counter callgrind vs. perf",
    )
    patched = replace(before, environment={"python_version": "3.11.8"})
    assert _only(judge_instructions(patched, STRICT, before)) == (
        Answer.INCOMPARABLE,
        "instruction_python 3.11.7 vs. 3.11.8",
    )


def test_uncounted_workloads_are_missing_unless_too_large() -> None:
    results = _counted(_count(1000, 100), _count(1000, 100, utility="hash_file"))
    large = make_measurement("format_float", "50 MB")
    results = replace(
        results,
        measurements=(*results.measurements, large),
        instructions=results.instructions[:1],
    )
    found = {j.utility: (j.answer, j.reason) for j in judge_instructions(results).judgements}
    assert [m.workload for m in as_speedups(results).measurements] == ["w", "w"]
    assert found["format_float"][0] is Answer.PASS
    assert found["hash_file"] == (Answer.MISSING, "its instructions were not counted")


def test_nothing_counted_is_an_error() -> None:
    with pytest.raises(WorkbenchError, match="have no instruction counts"):
        judge_instructions(make_results(make_measurement()))


def test_counts_are_exact_however_few_pairs_were_timed() -> None:
    results = _counted(_count(1000, 100))
    timed = make_measurement("u", "w", python=((3e-6,),), native=((1e-6,),))
    few = replace(results, measurements=(replace(timed, utility=results.measurements[0].utility),))
    assert [j.answer for j in judge_instructions(few).judgements] == [Answer.PASS]
    assert [j.answer for j in judge_instructions(few, STRICT, few).judgements] == [Answer.PASS]
