from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from jsonschema import ValidationError

from tests.reports.model.report_schema import VALIDATOR, assert_describes
from tests.reports.report_samples import everything
from workbench.reports.model import sections
from workbench.reports.render import render


@pytest.mark.parametrize(
    ("definition", "model"),
    [
        ("saving", sections.Saving),
        ("site_saving", sections.SiteSaving),
        ("savings", sections.SavingsSection),
        ("trend_point", sections.TrendPoint),
        ("trend_step", sections.TrendStep),
        ("trend", sections.TrendResult),
        ("trend_section", sections.TrendSection),
        ("judged", sections.Judged),
        ("gate", sections.GateSection),
        ("curve_point", sections.CurvePoint),
        ("curve", sections.CurveResult),
    ],
)
def test_the_schema_describes_the_model(definition: str, model: type) -> None:
    assert_describes(definition, model)


@pytest.fixture(scope="module")
def complete() -> str:
    return render(everything(), "json")


@pytest.mark.parametrize(
    "damage",
    [
        lambda d: d["savings"]["by_utility"][0].update(calls=0.5),
        lambda d: d["savings"]["by_site"][0].pop("seconds"),
        lambda d: d["savings"]["by_site"][0].update(line=0.5),
        lambda d: d["trend"]["trends"][0]["points"][0].update(speedup=0),
        lambda d: d["trend"]["trends"][0]["steps"][0].pop("change"),
        lambda d: d["trend"].update(runs=-1),
        lambda d: d["gate"]["judgements"][0].update(answer="maybe"),
        lambda d: d["gate"].update(passed="yes"),
        lambda d: d["curves"][0]["points"][0].update(size="10"),
        lambda d: d["curves"][0].update(crossing=None),
    ],
)
def test_the_schema_rejects_invalid_sections(complete: str, damage: Callable[[Any], None]) -> None:
    document = json.loads(complete)
    VALIDATOR.validate(document)
    damage(document)

    with pytest.raises(ValidationError):
        VALIDATOR.validate(document)
