"""Findings of `benchmarks/gate.py`, in a file that each run extends."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from gate_coverage import Coverage
from gate_peers import PeerRun
from gate_runs import GateRun
from gate_verdicts import TimeToVerdict

from workbench.errors import WorkbenchError
from workbench.files import write_atomically
from workbench.results.model import Interval

QUIET, NEIGHBOUR = "quiet", "neighbour"
CONDITIONS = (QUIET, NEIGHBOUR)
_SCHEMA = 1


@dataclass
class Condition:
    """Findings under one condition, in the order of the runs."""

    achieved: dict[float, Interval] = field(default_factory=dict)
    """Measured ratio of slowed to unchanged time, by intended slowdown."""
    gate: list[GateRun] = field(default_factory=list)
    peers: dict[str, list[PeerRun]] = field(default_factory=dict)
    verdicts: list[TimeToVerdict] = field(default_factory=list)

    def at(self, slowdown: float) -> list[GateRun]:
        """Return the gate runs of a slowdown, 0 for unchanged code."""
        return [run for run in self.gate if run.slowdown == slowdown]


@dataclass
class Findings:
    """All findings, with the environment."""

    environment: Mapping[str, Any]
    tools: Mapping[str, str] = field(default_factory=dict)
    sizes: dict[float, int] = field(default_factory=dict)
    """Bytes to checksum, by slowdown."""
    conditions: dict[str, Condition] = field(
        default_factory=lambda: {name: Condition() for name in CONDITIONS}
    )
    coverage: list[Coverage] = field(default_factory=list)


def save(found: Findings, path: Path) -> None:
    """Write the findings as JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(
        path, json.dumps({"schema_version": _SCHEMA, **asdict(found)}, indent=1) + "\n"
    )


def load(path: Path) -> Findings:
    """Load a file written by ``save``. Raises WorkbenchError for other files."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        if document["schema_version"] != _SCHEMA:
            raise ValueError(f"its version is {document['schema_version']}")
        return Findings(
            document["environment"],
            document["tools"],
            {float(part): size for part, size in document["sizes"].items()},
            {name: _condition(one) for name, one in document["conditions"].items()},
            [Coverage(**one) for one in document["coverage"]],
        )
    except OSError as error:
        raise WorkbenchError(f"cannot read {path}: {error.strerror}") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise WorkbenchError(
            f"{path} cannot be continued ({error}): run without --resume"
        ) from error


def _condition(document: Mapping[str, Any]) -> Condition:
    return Condition(
        {float(part): Interval(**one) for part, one in document["achieved"].items()},
        [GateRun(**{**one, "change": tuple(one["change"])}) for one in document["gate"]],
        {tool: [PeerRun(**one) for one in runs] for tool, runs in document["peers"].items()},
        [TimeToVerdict(**one) for one in document["verdicts"]],
    )
