"""The JSON schema of reports, and its comparison with the data model."""

from __future__ import annotations

import json
from pathlib import Path
from types import NoneType
from typing import Any, get_args, get_type_hints

from jsonschema import Draft202012Validator

from workbench import reports

SCHEMA = json.loads((Path(reports.__file__).parent / "schema" / "report.schema.json").read_bytes())
VALIDATOR = Draft202012Validator(SCHEMA)


def assert_describes(definition: str, model: type) -> None:
    """Check that an object of the schema has the fields of a class, null where it allows None."""
    schema: dict[str, Any] = SCHEMA["$defs"][definition] if definition else SCHEMA
    hints = get_type_hints(model)
    assert schema["properties"].keys() == hints.keys()
    assert set(schema["required"]) == hints.keys()
    assert schema["additionalProperties"] is False
    for name, hint in hints.items():
        allowed = {**schema["properties"][name], "$defs": SCHEMA["$defs"]}
        nullable = Draft202012Validator(allowed).is_valid(None)
        assert nullable == (NoneType in get_args(hint)), name
