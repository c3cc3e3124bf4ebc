from __future__ import annotations

import math
import sys
from pathlib import Path

import pytest

from workbench.measure import counting, perf
from workbench.measure.counting import count_instructions
from workbench.measure.pairing import Expression, Pairing
from workbench.measure.plan import Limits
from workbench.results.model import InstructionCount

# Replaces perf on machines without counters: 1,000,000 to start, 70 and 10 for a call.
PERF = """\
import json, subprocess, sys
if "--" not in sys.argv:
    sys.exit(print("5,,instructions:u,1,100.00,,", file=sys.stderr))
output, command = sys.argv[sys.argv.index("--") - 1], sys.argv[sys.argv.index("--") + 1 :]
job = sys.stdin.read()
asked = json.loads(job)
each = 70 if asked["sides"] == ["builtins:sum"] else 10
subprocess.run(command, input=job, text=True, check=True)
with open(output, "w") as file:
    print(f"{1_000_000 + each * asked['calls']},,instructions:u,1,100.00,,", file=file)
"""


def test_perf_counts_where_there_is_no_valgrind(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    script = tmp_path / "perf.py"
    script.write_text(PERF)
    monkeypatch.setattr(counting.shutil, "which", lambda _: None)
    monkeypatch.setattr(perf, "_COMMAND", (sys.executable, str(script)))
    pairing = Pairing("builtins:sum", "math:fsum", Expression("[1, 2]"))
    limits = Limits(300.0, math.inf, str(tmp_path))
    (count,) = count_instructions([pairing.utility()], pairing, limits).counts
    assert count == InstructionCount("math:fsum", "([1, 2])", "perf", (70.0,) * 3, (10.0,) * 3)


@pytest.mark.parametrize("report", ["<not supported>,,instructions:u,0,100.00,,", "", "7,,cycles"])
def test_a_machine_without_counters_is_recognised(
    monkeypatch: pytest.MonkeyPatch, report: str
) -> None:
    command = (sys.executable, "-c", f"import sys; print({report!r}, file=sys.stderr)")
    monkeypatch.setattr(perf, "_COMMAND", command)
    assert not perf.is_usable()
