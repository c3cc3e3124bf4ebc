"""Results and audits for tests: a realistic run, and strategies for arbitrary ones."""

from __future__ import annotations

import math
import random
import string
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache

from hypothesis import strategies as st

from workbench.gate.judge import GateVerdict, Judgement
from workbench.gate.policy import Answer
from workbench.history import History, HistoryEntry, Run, Trend
from workbench.history import trends as trends_of
from workbench.profiles import Profile, ProfiledCalls
from workbench.profiles.model import ProfiledFunction as CodePlace
from workbench.reports.builders.audit import AuditSummary
from workbench.reports.builders.report import build_report
from workbench.reports.model.audit import FoundReference, Problem, Remark
from workbench.reports.model.report import Report
from workbench.results.model import Failure, Interval, Measurement, Results, SizeCurve, SizePoint

HOSTILE = (
    "</script></td><img src=x onerror=alert(1)>&amp;\"'`|*_\u202e\u2066\x07\ud800 $x^{2}$ {{ 7*7 }}"
)
TWELVE = (
    ("base36_encode", "8 hex digits", 10.0, 7.2e-7, 8.6),
    ("base36_encode", "32 hex digits", 10.0, 2.77e-6, 15.6),
    ("estimate_fd_for_directory", "1,000 entries", 2.7, 3.4e-4, 1.01),
    ("find_free_port", "first port is free", 2.0, 8.35e-6, 0.81),
    ("format_float", "precision 2", 4.0, 3.5e-7, 2.6),
    ("get_cpu_count", "no limit", 20.0, 3.96e-5, 16.0),
    ("get_max_workers_for_file_mounts", "no directories", 5.0, 1.13e-5, 5.1),
    ("get_mem_size_gb", "no limit", 10.0, 4.59e-5, 6.9),
    ("get_parallel_threads", "no cloud", 10.0, 6e-6, 9.0),
    ("hash_file", "sha256 of 9 KB", 7.0, 1.48e-5, 1.6),
    ("hash_file", "sha256 of 50 MB", 7.0, 2.906e-2, 1.0),
    ("is_process_alive", "own pid", 25.0, 3.1e-5, 44.0),
    ("read_last_n_lines", "last 10 lines", 5.0, 2.86e-5, 6.4),
    ("truncate_long_string", "words", 2.0, 4.57e-6, 15.0),
)


def measurement(
    utility: str = "f",
    workload: str = "w",
    *,
    announced: float = 3.0,
    seconds: float = 1e-6,
    speedup: tuple[float, float, float] | None = (2.0, 1.9, 2.1),
    native: bool = True,
    pairs: int = 8,
    processes: int = 2,
    equivalent: bool | None = True,
    primary: bool = True,
    seed: float = 0,
    limit: tuple[float, float, float] | None = None,
) -> Measurement:
    noise = random.Random(seed)
    python = tuple(
        tuple(seconds * math.exp(noise.gauss(0, 0.03)) for _ in range(pairs))
        for _ in range(processes)
    )
    factor = speedup[0] if speedup else 1.0
    fast = tuple(tuple(value / factor for value in process) for process in python)
    return Measurement(
        utility=utility,
        workload=workload,
        announced_speedup=announced,
        python=python,
        native=fast if native else (),
        speedup=Interval(*speedup) if speedup and native else None,
        equivalent=equivalent,
        equivalence_cases=1234 if equivalent is not None else 0,
        primary=primary,
        floor=tuple(tuple(v / limit[0] - 60e-9 for v in p) for p in python) if limit else (),
        floor_calls="socket, bind" if limit else "",
        limit=Interval(*limit) if limit else None,
        equivalence_examples=(f"{utility}('first')", f"{utility}('second')") if equivalent else (),
    )


def twelve(*, native: bool = True, rename: Callable[[str], str] = str) -> Results:
    """Return results of all twelve utilities; ``rename`` is applied to all texts."""
    seen: set[str] = set()
    measurements = []
    for utility, workload, announced, seconds, factor in TWELVE:
        measurements.append(
            measurement(
                rename(utility),
                rename(workload),
                announced=announced,
                seconds=seconds,
                speedup=(factor, factor * 0.98, factor * 1.02),
                native=native,
                equivalent=True if native else None,
                primary=utility not in seen,
                seed=seconds,
            )
        )
        seen.add(utility)
    environment: dict[str, str | int | float] = {
        rename("cpu_model_name"): rename("a processor"),
        rename("cpu_count"): 2,
        rename("load"): 0.25,
    }
    failures = (Failure(rename("size curves"), rename("not asked for")),)
    return Results(tuple(measurements), environment, failures)


def code_base(places: int = 12, rename: Callable[[str], str] = str) -> AuditSummary:
    """Return an audit in which every third reference needs review."""
    return AuditSummary(
        files_scanned=places * 10,
        places=tuple(
            FoundReference(
                path=rename(f"build/sky/p{i % 5}/m{i % 7}.py"),
                line=i * 37 + 1,
                column=i % 40 + 1,
                qualified_name=rename(f"sky.utils.common_utils.{TWELVE[i % 14][0]}"),
                utility=rename(TWELVE[i % 14][0]),
                kind="call" if i % 2 else "import",
                verdict="review" if i % 3 == 0 else "rewrite",
                reason=rename("bound by an import"),
            )
            for i in range(places)
        ),
        errors=(Problem(rename("build/sky/broken.py"), rename("syntax error at line 3")),),
        notices=(Remark(rename("build/sky/p0/m0.py"), 4, 9, rename("suppresses nothing")),),
    )


def large_code_base(files: int = 31_000, places: int = 20_000) -> AuditSummary:
    """Return an audit of many files and packages with few references each."""
    chosen = random.Random(0)
    return AuditSummary(
        files,
        tuple(
            FoundReference(
                path=f"src/p{file % 311}/q{file % 97}/module_{file}.py",
                line=i % 4000 + 1,
                column=i % 80 + 1,
                qualified_name=f"sky.utils.common_utils.{TWELVE[i % 14][0]}",
                utility=TWELVE[i % 14][0],
                kind="call" if i % 2 else "import",
                verdict="review" if i % 9 == 0 else "rewrite",
                reason="bound by an import",
            )
            for i in range(places)
            for file in [chosen.randrange(files)]
        ),
    )


# Strategies are made once, which takes longer than to draw from them.
plain = st.text(string.ascii_lowercase + "_", max_size=28).map("a{}z".format)
# Lone surrogates too: a path that is not UTF-8 has them.
anything = plain | st.text(st.characters(codec=None), max_size=40) | st.just(HOSTILE)


def names(simple: bool = False) -> st.SearchStrategy[str]:
    return plain if simple else anything


times = st.floats(1e-9, 900)
ratios = st.floats(0.01, 900)
three_ratios = st.tuples(ratios, ratios, ratios).map(sorted)
shapes = st.lists(st.integers(1, 6), min_size=1, max_size=3)
announced = st.floats(0.1, 900)
perhaps = st.booleans()
equivalents = st.none() | perhaps
counts = st.integers(0, 10_000)


@st.composite
def measurements(draw: st.DrawFn, names: st.SearchStrategy[str]) -> Measurement:
    shape = draw(shapes)
    python, fast, floor = (
        tuple(tuple(draw(times) for _ in range(size)) for size in shape) for _ in range(3)
    )
    has_native, has_floor = draw(perhaps), draw(perhaps)
    low, middle, high = draw(three_ratios)
    least, limit, most = draw(three_ratios)
    return Measurement(
        utility=draw(names),
        workload=draw(names),
        announced_speedup=draw(announced),
        python=python,
        native=fast if has_native else (),
        speedup=Interval(middle, low, high) if has_native and draw(perhaps) else None,
        equivalent=draw(equivalents),
        equivalence_cases=draw(counts),
        primary=draw(perhaps),
        floor=floor if has_floor else (),
        floor_calls=draw(names) if has_floor else "",
        limit=Interval(limit, least, most) if has_floor else None,
        equivalence_examples=tuple(draw(names) for _ in range(draw(counts) % 3)),
    )


def _run(
    drawn: list[Measurement], environment: dict[str, str | int | float], failures: list[Failure]
) -> Results:
    # A utility without a primary workload is a composite; do not make one by accident.
    first = {m.utility: m for m in reversed(drawn)}
    lacking = set(first) - {m.utility for m in drawn if m.primary}
    found = [
        replace(m, primary=m.primary or (m is first[m.utility] and m.utility in lacking))
        for m in drawn
    ]
    return Results(tuple(found), environment, tuple(failures))


@cache
def results(simple: bool = False) -> st.SearchStrategy[Results]:
    some = names(simple)
    values = some | st.integers(0, 10**9) | st.floats()
    return st.builds(
        _run,
        st.lists(measurements(some), max_size=6),
        st.dictionaries(some, values, max_size=4),
        st.lists(st.builds(Failure, some, some), max_size=3),
    )


@cache
def audits(simple: bool = False) -> st.SearchStrategy[AuditSummary]:
    some = names(simple)
    place = st.builds(
        FoundReference,
        path=st.lists(some, min_size=1, max_size=3).map("/".join),
        line=st.integers(1, 10**6),
        column=st.integers(1, 10**4),
        qualified_name=some,
        utility=some,
        kind=st.sampled_from(["call", "reference", "import", "string", "copy"]),
        verdict=st.sampled_from(["rewrite", "review", "keep"]),
        reason=some,
    )
    remark = st.builds(Remark, some, st.integers(1, 10**6), st.integers(1, 10**4), some)
    return st.builds(
        lambda scanned, *parts: AuditSummary(scanned + len(parts[0]), *map(tuple, parts)),
        st.integers(0, 10**5),
        st.lists(place, max_size=8),
        st.lists(st.builds(Problem, some, some), max_size=2),
        st.lists(remark, max_size=3),
    )


def profile(
    rename: Callable[[str], str] = str, *, counts_calls: bool = True, sites: int = 3
) -> Profile:
    """Return a profile with calls of two of the twelve utilities and of an unmeasured one."""
    uses = [
        ProfiledCalls(
            rename(utility),
            CodePlace(rename(f"/srv/app/p{i}.py"), i * 7 + 1, rename(f"caller_{i}")),
            (i + 1) * 1000 if counts_calls else None,
            0.5 / (i + 1),
        )
        for i in range(sites)
        for utility in ("format_float", "hash_file")
    ]
    uses.append(ProfiledCalls(rename("elsewhere"), None, 3 if counts_calls else None, 0.25))
    profiler = "cProfile" if counts_calls else "pyinstrument"
    return Profile(profiler, counts_calls, 12.5, tuple(uses))


def trends(rename: Callable[[str], str] = str, runs: int = 12) -> tuple[Trend, ...]:
    """Return trends of two utilities; the first has a step in the middle."""
    found = []
    for name, jump in (("format_float", 1.5), ("hash_file", 1.0)):
        history = History(
            tuple(
                Run(
                    digest=f"{number:064x}",
                    date=datetime(2025, 1, 2, tzinfo=UTC) + timedelta(days=number),
                    margin=0.01,
                    entries=(
                        _entry(
                            rename(name), rename("a workload"), jump if 2 * number > runs else 1.0
                        ),
                    ),
                    environment={"git_commit": rename(f"{number:040x}"), "git_dirty": 0},
                )
                for number in range(runs)
            )
        )
        found += trends_of(history)
    return tuple(found)


def _entry(utility: str, workload: str, factor: float) -> HistoryEntry:
    speedup = Interval(3.0 * factor, 2.95 * factor, 3.05 * factor)
    return HistoryEntry(utility, workload, speedup, 3e-6, 1e-6 / factor, 16, True, 9, True)


def gate(rename: Callable[[str], str] = str) -> GateVerdict:
    """Return a verdict with every answer."""
    return GateVerdict(
        tuple(
            Judgement(rename(f"u{n}"), rename("w"), answer, rename(f"because {n}"))
            for n, answer in enumerate([*reversed(Answer), Answer.PASS])
        )
    )


def poison(text: str) -> str:
    """Append markup, quotes and control characters to a name."""
    return text + HOSTILE


def flood(text: str) -> str:
    """Append a megabyte of markup and lone surrogates to a name."""
    return text + "\udcff<b>" * 250_000


def curves(rename: Callable[[str], str] = str) -> tuple[SizeCurve, ...]:
    """Return two curves: one breaks even at 100, the other has no native side."""
    crossing = ((10, 0.5), (100, 1.0), (1000, 4.0))

    def point(number: int, factor: float, native: bool) -> SizePoint:
        between = (factor, factor * 0.95, factor * 1.05)
        found = measurement("hash_file", f"{number}", speedup=between, native=native)
        return SizePoint(number, found)

    return tuple(
        SizeCurve(
            rename("hash_file"),
            rename(name),
            rename("bytes"),
            tuple(point(*pair, native) for pair in crossing),
        )
        for name, native in (("a file", True), ("another", False))
    )


def everything(rename: Callable[[str], str] = str, places: int = 30) -> Report:
    """Return a report with all sections."""
    path = f"{rename('sky/a')}.py".encode("utf-8", "backslashreplace").replace(b"\n", b"")
    source = rename("hash_file('x')").encode("utf-8", "backslashreplace").replace(b"\n", b"")
    diff = b"--- a/%s\n+++ b/%s\n@@ -1 +1 @@\n-%s # 1\n+%s # 2\n" % (path, path, source, source)
    together = replace(measurement(rename("together"), rename("all")), primary=False)
    run = twelve(rename=rename)
    measured = (*run.measurements, together)
    return build_report(
        replace(run, measurements=measured, curves=curves(rename)),
        code_base(places, rename),
        profile=profile(rename),
        migration=diff,
        trends=(trends(rename), rename("store.db")),
        gate=(gate(rename), rename("main.json")),
        purposes={rename(utility): rename("a purpose") for utility, *_ in TWELVE},
    )
