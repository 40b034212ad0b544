"""The published schema is that of the model, and accepts the labs that are shipped."""

from __future__ import annotations

import json
from pathlib import Path, PurePath

import jsonschema
import pytest

from labs.nodes import read_yaml
from labs.schema import lab_schema, text

ROOT = Path(__file__).parents[3]
LABS = sorted((ROOT / "labs" / "catalog").glob("*/lab.yml"))


def test_the_published_schema_is_current() -> None:
    published = (ROOT / "docs" / "schema" / "lab.schema.json").read_text(encoding="utf-8")
    assert published == text(), "run: python -m labs.schema > docs/schema/lab.schema.json"


def test_the_schema_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(lab_schema())


@pytest.mark.parametrize("path", LABS, ids=lambda path: path.parent.name)
def test_shipped_labs_are_valid(path: Path) -> None:
    root, _ = read_yaml(path, PurePath(path.name))
    assert root is not None
    jsonschema.validate(root.plain(), lab_schema())


def test_an_unknown_key_is_refused() -> None:
    root, _ = read_yaml(LABS[0], PurePath("lab.yml"))
    assert root is not None
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**root.plain(), "titel": "x"}, lab_schema())
    assert json.loads(text()) == lab_schema()
