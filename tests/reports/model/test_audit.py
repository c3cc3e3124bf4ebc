from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from jsonschema import ValidationError

from tests.reports.model.report_schema import VALIDATOR, assert_describes
from tests.reports.report_samples import code_base, twelve
from workbench.reports.builders.report import build_report
from workbench.reports.model.audit import AuditSection, FoundReference, Problem, Remark, Tally
from workbench.reports.render import render


@pytest.mark.parametrize(
    ("definition", "model"),
    [
        ("audit", AuditSection),
        ("place", FoundReference),
        ("problem", Problem),
        ("remark", Remark),
        ("tally", Tally),
    ],
)
def test_the_schema_describes_the_model(definition: str, model: type) -> None:
    assert_describes(definition, model)


@pytest.mark.parametrize(
    "damage",
    [
        lambda audit: audit["places"][0].update(line=0),
        lambda audit: audit["places"][0].pop("reason"),
        lambda audit: audit["notices"][0].update(column=0),
        lambda audit: audit["by_utility"][0].update(review=-1),
        lambda audit: audit["errors"][0].update(subject=None),
        lambda audit: audit.update(references="12"),
        lambda audit: audit.update(remark="no"),
    ],
)
def test_the_schema_rejects_an_invalid_audit(damage: Callable[[Any], None]) -> None:
    document = json.loads(render(build_report(twelve(), code_base()), "json"))
    VALIDATOR.validate(document)
    damage(document["audit"])

    with pytest.raises(ValidationError):
        VALIDATOR.validate(document)
