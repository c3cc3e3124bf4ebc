from __future__ import annotations

from typing import Any

from tests.workbench.measure import faulty_worker
from workbench.catalog import Utility, select
from workbench.measure.pairing import Pairing
from workbench.measure.plan import Plan

# No time is so short that a busy machine could exceed it.
TINY = Plan("tiny", 2, 2, 3, 0.0001, 300.0, 0.0, 600.0, 0, 300.0)


def job(*names: str, **others: Any) -> dict[str, Any]:
    tasks = [
        {"utility": u.name, "workload": w.name, "sides": ["python", "python"]}
        for u in select(names)
        for w in u.workloads
    ]
    job = {"tasks": tasks, "seed": 1, "cpu": None, "pairs": 4, "sample_seconds": 1e-4}
    return {**job, "seconds": 300.0, "pairing": Pairing().to_json(), **others}


def faulty(*names: str) -> list[Utility]:
    return [faulty_worker.utility(name) for name in names]
