"""The published schemas are current, describe every field, and hold for real output."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from checkers.report.schema import SCHEMAS, schema, schema_text

PUBLISHED = Path(__file__).parents[3] / "docs" / "schema"


@pytest.mark.parametrize("name", SCHEMAS)
def test_published_schemas_are_current(name):
    published = (PUBLISHED / f"{name}.schema.json").read_text(encoding="utf-8")
    assert published == schema_text(name), "run: python -m checkers.report.schema docs/schema"


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_field_is_described(name):
    made = schema(name)
    jsonschema.Draft202012Validator.check_schema(made)
    for title, model in {"": made, **made["$defs"]}.items():
        for field, described in model.get("properties", {}).items():
            assert described.get("description"), f"{title}.{field}"


@pytest.mark.parametrize("simulated", [False, True])
def test_what_is_written_follows_the_schemas(sample, tmp_path, simulated):
    for path in sample.write_sample(tmp_path, simulated=simulated):
        if path.suffix == ".json":
            validator(path.stem).validate(json.loads(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize("change", [{"points": "72.25"}, {"points": 0.1}, {"unknown": 1}, {"checks": None}])
def test_the_schema_refuses_what_is_wrong(sample, change):
    report = sample.report().model_dump(mode="json")
    validator("report").validate(report)
    with pytest.raises(jsonschema.ValidationError):
        validator("report").validate({**report, **change})


def validator(name: str) -> Any:
    return jsonschema.Draft202012Validator(schema(name))
