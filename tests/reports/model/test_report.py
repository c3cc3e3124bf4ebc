from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from jsonschema import Draft202012Validator, ValidationError

from tests.reports.model.report_schema import SCHEMA, VALIDATOR, assert_describes
from tests.reports.report_samples import audits, everything, results, twelve
from workbench.reports.builders.audit import AuditSummary
from workbench.reports.builders.report import build_report
from workbench.reports.model import report as model
from workbench.reports.render import render
from workbench.results.model import Results


def test_the_schema_is_valid() -> None:
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize(
    ("definition", "described"),
    [
        ("", model.Report),
        ("workload", model.WorkloadResult),
        ("utility", model.UtilityResult),
        ("distribution", model.Distribution),
        ("summary", model.Summary),
        ("method", model.Method),
        ("control", model.ControlResult),
        ("migration", model.MigrationSection),
    ],
)
def test_the_schema_describes_the_model(definition: str, described: type) -> None:
    assert_describes(definition, described)


@given(results(), audits())
@settings(max_examples=40, derandomize=True, deadline=None)
def test_reports_match_the_schema(run: Results, audit: AuditSummary) -> None:
    VALIDATOR.validate(json.loads(render(build_report(run, audit), "json")))


def test_a_report_without_audit_or_native_side_matches_the_schema() -> None:
    VALIDATOR.validate(json.loads(render(build_report(twelve(native=False)), "json")))


def test_a_report_with_all_parts_matches_the_schema() -> None:
    document = json.loads(render(everything(), "json"))
    VALIDATOR.validate(document)
    assert all(document[part] for part in ("audit", "savings", "migration", "trend", "gate"))


def nested(document: Any) -> None:
    document["utilities"][0]["workloads"][0]["workloads"] = []


@pytest.mark.parametrize(
    "damage",
    [
        lambda d: d.update(schema_version=2),
        lambda d: d.update(remark="no"),
        lambda d: d["utilities"][0].pop("announced_speedup"),
        lambda d: d["utilities"][0].update(speedup="fast"),
        lambda d: d["utilities"][0].update(verdict="better"),
        lambda d: d["utilities"][0].update(samples=-1),
        lambda d: d["summary"].update(fastest=3),
        nested,
    ],
)
def test_the_schema_rejects_invalid_reports(damage: Callable[[Any], None]) -> None:
    document = json.loads(render(everything(), "json"))
    VALIDATOR.validate(document)
    damage(document)

    with pytest.raises(ValidationError):
        VALIDATOR.validate(document)
