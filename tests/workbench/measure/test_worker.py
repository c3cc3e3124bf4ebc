from __future__ import annotations

import io
import json
import random
from collections.abc import Callable
from pathlib import Path

from tests.workbench.measure.measuring import job
from workbench.measure import worker


def test_pairs_are_taken_side_by_side_in_random_order() -> None:
    order: list[int] = []

    def side(number: int) -> Callable[[int], float]:
        def loop(loops: int) -> float:
            order.append(number)
            return float(loops * (number + 1))

        return loop

    values = worker.sample_pairs([side(0), side(1)], [10, 20], 50, 60.0, random.Random(0))
    assert values == [[1.0] * 50, [2.0] * 50]
    rounds = [tuple(order[i : i + 2]) for i in range(0, 100, 2)]
    assert set(rounds) == {(0, 1), (1, 0)}


def test_a_slow_workload_still_gives_a_few_pairs() -> None:
    values = worker.sample_pairs([lambda _: 1.0], [1], 100, 0.0, random.Random(0))
    assert values == [[1.0] * 3]


def test_the_worker_reports_events(tmp_path: Path) -> None:
    events = io.StringIO()
    asked = job("format_float", "base36_encode", scratch=str(tmp_path))
    asked["tasks"].append({"utility": "format_float", "workload": "none such", "sides": ["python"]})
    worker.run(asked, events)
    sent = [json.loads(line) for line in events.getvalue().splitlines()]
    kinds = [event["event"] for event in sent]
    assert " ".join(kinds).count("start ready done") == 3
    assert " ".join(kinds).count("start failed") == 1
    assert len(kinds) == 11
    assert {event["task"] for event in sent if event["event"] == "start"} == {0, 1, 2, 3}
    done = {event["task"]: event for event in sent if event["event"] == "done"}
    assert done.keys() == {0, 1, 2}
    for event in done.values():
        assert [len(values) for values in event["values"]] == [4, 4]
        assert all(value > 0 for values in event["values"] for value in values)
        assert [warmups[-1][0] for warmups in event["warmups"]] == event["loops"]
    (failed,) = [event for event in sent if event["event"] == "failed"]
    assert failed["reason"] == "format_float has no workload 'none such'"
