from __future__ import annotations

from dataclasses import replace

import pytest

from tests.reports.report_samples import code_base, gate, measurement, profile, twelve
from workbench.reports.builders.audit import AuditSummary
from workbench.reports.builders.report import build_report
from workbench.reports.model.report import Claim, Report, UtilityResult
from workbench.reports.model.sections import (
    CurveResult,
    GateSection,
    SavingsSection,
    SiteSaving,
)
from workbench.reports.sentences import (
    claim_sentence,
    crossing_sentence,
    gate_answers,
    savings_basis,
    site,
    verdict_sentence,
)
from workbench.results.model import Failure, Measurement, Results


def one(*found: Measurement) -> Report:
    return build_report(Results(found))


def row(**facts: object) -> UtilityResult:
    found = measurement("f", announced=7.0, limit=(3.0, 2.9, 3.1))
    return replace(one(found).utilities[0], **facts)  # type: ignore[arg-type]


def savings(**facts: object) -> SavingsSection:
    found = build_report(twelve(), profile=profile()).savings
    assert found is not None
    return replace(found, **facts)  # type: ignore[arg-type]


def curve(low: float | None, middle: float | None, high: float | None) -> CurveResult:
    return CurveResult("f", "a list", "items", (), "native loses below", middle, low, high)


def test_verdict_of_the_twelve() -> None:
    assert build_report(twelve(), code_base(12)).verdict == (
        "10 of 12 utilities are faster with native code; the geometric mean speedup is "
        "5.41\u00d7 (95% CI 5.38\u20135.44\u00d7); estimate_fd_for_directory is equally fast; "
        "find_free_port is slower; some measurements are missing (size curves); "
        "the audited code has 12 references to these utilities in 12 files, "
        "of which 7 would become faster and 4 need review."
    )


@pytest.mark.parametrize(
    ("report", "expected"),
    [
        (build_report(Results(())), "Nothing was measured."),
        (
            build_report(Results(()), AuditSummary(1, ())),
            "Nothing was measured; "
            "the audited code (1 file) has no references to replaceable functions.",
        ),
        (
            one(measurement("wrong", equivalent=False)),
            "0 of 1 utility are faster with native code; "
            "wrong gives different results from Python and must not be used.",
        ),
        (one(measurement(speedup=None)), "The speedup of 1 utility could not be estimated."),
        (
            one(measurement("a"), measurement("b", native=False)),
            "1 of 2 utilities is faster with native code; the geometric mean speedup of the "
            "1 measured utility is 2.00\u00d7 (95% CI 1.90\u20132.10\u00d7); b was not measured.",
        ),
    ],
)
def test_verdict_of_incomplete_runs(report: Report, expected: str) -> None:
    assert report.verdict == expected


def test_the_reason_for_a_missing_native_side_is_in_the_verdict() -> None:
    failure = Failure("native", "no extension module: build it with cargo")
    report = build_report(Results((measurement(native=False),), {}, (failure,)))

    assert report.verdict == (
        "Native code was not measured (no extension module: build it with cargo), so there are no "
        "speedups; the times are those of 1 utility in Python."
    )
    assert [problem.subject for problem in report.failures] == ["native"]


def test_failures_of_a_run_with_speedups_are_in_the_verdict() -> None:
    failures = tuple(Failure(f"u{i}/w", "took too long") for i in range(4))
    report = build_report(Results((measurement(),), {}, failures))

    assert report.verdict.endswith("; some measurements are missing (u0/w, u1/w and 2 more).")


def test_references_to_unmeasured_utilities_are_to_replaceable_functions() -> None:
    places = code_base()
    assert "references to these utilities" in build_report(twelve(), places).verdict
    part = replace(twelve(), measurements=twelve().measurements[:1])
    assert "references to replaceable functions" in build_report(part, places).verdict


def test_many_names_are_abbreviated_in_the_verdict() -> None:
    slow = [measurement(f"f{i}", speedup=(0.5, 0.4, 0.6)) for i in range(9)]

    assert "f0, f1, f2, f3 and 5 more are slower" in one(*slow).verdict


@pytest.mark.parametrize(
    ("seconds", "share", "expected"),
    [
        (3.0, 0.25, ("save", "3.00 s of the profiled 12.0 s (25%)")),
        (3.0, None, ("save", "3.00 s of the profiled 12.0 s.")),
        (-0.5, None, ("add", "500 ms to the profiled 12.0 s.")),
        (None, None, ("no saving",)),
    ],
)
def test_a_verdict_ends_with_the_saving(
    seconds: float | None, share: float | None, expected: tuple[str, ...]
) -> None:
    found = savings(seconds=seconds, share=share, profile_seconds=12.0)
    report = build_report(twelve())
    sentence = verdict_sentence(report.utilities, report.summary, (), None, found)

    last = sentence.rpartition("; ")[2]
    assert all(part in last for part in expected)


def test_a_verdict_is_one_sentence() -> None:
    report = build_report(twelve(), code_base(12), profile=profile())
    assert report.verdict.endswith(".")
    assert ". " not in report.verdict
    assert "\n" not in report.verdict


@pytest.mark.parametrize("claim", [*Claim, None])
def test_a_claim_names_both_speedups_with_their_sign(claim: Claim | None) -> None:
    found = row(announced_verdict=claim)

    for sign in ("x", "\u00d7"):
        sentence = claim_sentence(found, sign)
        assert sentence.startswith(f"announced 7.00{sign}")
        assert f"measured 2.00{sign}" in sentence
    assert claim_sentence(found) == claim_sentence(found, "\u00d7")
    assert len({claim_sentence(row(announced_verdict=other)) for other in (*Claim, None)}) == 5


def test_an_impossible_claim_gives_the_limit_and_what_it_is_made_of() -> None:
    impossible = claim_sentence(row(announced_verdict=Claim.IMPOSSIBLE))
    assert "(socket, bind)" in impossible
    assert "3.00\u00d7" in impossible
    bare = claim_sentence(row(announced_verdict=Claim.IMPOSSIBLE, floor_calls=None))
    assert bare == impossible.replace(" (socket, bind)", "")
    assert "3.00" not in claim_sentence(row(announced_verdict=Claim.NOT_REACHED))


def test_the_basis_of_savings_depends_on_the_profiler() -> None:
    counting = savings_basis(savings(counts_calls=True))
    sampling = savings_basis(savings(counts_calls=False))
    assert "number of calls" in counting
    assert "1 / speedup" in sampling


@pytest.mark.parametrize(
    ("path", "line", "function", "expected"),
    [
        ("a.py", 7, "caller", "a.py:7 caller"),
        ("a.py", None, "caller", "a.py caller"),
        ("a.py", 0, "<module>", "a.py:0 <module>"),
        ("", None, "", "unknown caller"),
    ],
)
def test_a_site_is_named(path: str, line: int | None, function: str, expected: str) -> None:
    assert site(SiteSaving("f", path, line, function, 1, 0.5, None)) == expected


def test_a_crossing_gives_its_size_and_interval() -> None:
    assert "native loses below 120 items" in crossing_sentence(curve(80.0, 120.4, 250.0))
    assert "80 to 250" in crossing_sentence(curve(80.0, 120.4, 250.0))
    assert "CI" not in crossing_sentence(curve(120.3, 120.4, 120.4))
    none = crossing_sentence(curve(None, None, None))
    assert "native loses below" in none
    assert "items" not in none


def test_answers_of_the_gate_are_counted() -> None:
    section = build_report(twelve(), gate=(gate(), None)).gate
    assert section is not None
    assert gate_answers(section).startswith("6 judgements (1 fail, ")
    assert gate_answers(section).endswith(" and 2 pass)")
    assert (
        gate_answers(GateSection(True, None, {"fail": 0, "pass": 1}, ())) == "1 judgement (1 pass)"
    )
    assert gate_answers(GateSection(True, None, {}, ())) == "0 judgements"
