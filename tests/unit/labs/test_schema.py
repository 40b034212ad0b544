"""The published schema is that of the model and of the checks, speaks French, and accepts what is sound."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from pathlib import Path, PurePath
from typing import Any

import jsonschema
import pytest

from checkers.checks import CHECKS
from checkers.reference.schema import authoring_schema, mutants_schema_text, schema_text
from checkers.reference.words import example
from labs.nodes import read_yaml

ROOT = Path(__file__).parents[3]
LABS = sorted((ROOT / "labs" / "catalog").glob("*/lab.yml"))


def _plain(path: Path) -> Any:
    root, _ = read_yaml(path, PurePath(path.name))
    assert root is not None
    return root.plain()


def _faults(lab: Any) -> list[str]:
    return [
        "/".join(map(str, error.path)) for error in jsonschema.Draft202012Validator(authoring_schema()).iter_errors(lab)
    ]


def test_the_published_schema_is_current() -> None:
    published = (ROOT / "docs" / "schema" / "lab.schema.json").read_text(encoding="utf-8")
    assert published == schema_text(), "run: epreuve lab schema > docs/schema/lab.schema.json"


def test_the_published_schema_of_mutants_is_current_and_described() -> None:
    published = (ROOT / "docs" / "schema" / "mutants.schema.json").read_text(encoding="utf-8")
    assert published == mutants_schema_text(), "run: epreuve lab schema --mutants > docs/schema/mutants.schema.json"
    schema = json.loads(published)
    jsonschema.Draft202012Validator.check_schema(schema)
    assert [key for part in (schema, schema["$defs"]["Mutant"]) for key in _undescribed("", part)] == []


def test_the_schema_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(authoring_schema())


@pytest.mark.parametrize("path", LABS, ids=lambda path: path.parent.name)
def test_shipped_labs_are_valid(path: Path) -> None:
    assert _faults(_plain(path)) == []


def _with(lab: Any, kind: str, params: Any) -> Any:
    """A small lab with this check only."""
    task = lab["tasks"][0]
    changed = copy.deepcopy({**lab, "incidents": [], "tasks": [{**task, "checks": task["checks"][:1]}]})
    check = changed["tasks"][0]["checks"][0]
    check["check"] = kind
    check.pop("with", None)
    if params is not None:
        check["with"] = params
    return changed


@pytest.mark.parametrize("kind", CHECKS)
def test_a_check_takes_its_own_parameters_only(kind: str) -> None:
    lab, given = _plain(LABS[0]), example(kind)
    assert given is not None
    assert _faults(_with(lab, kind, given)) == []
    assert _faults(_with(lab, kind, {**given, "onn": "server"})) == ["tasks/0/checks/0/with"]
    required = next(name for name, field in CHECKS[kind].model_fields.items() if field.is_required())
    assert _faults(_with(lab, kind, {key: value for key, value in given.items() if key != required})) == [
        "tasks/0/checks/0/with"
    ]
    assert _faults(_with(lab, kind, None)) == ["tasks/0/checks/0"]


@pytest.mark.parametrize(
    "damage",
    [
        lambda lab: lab.update(titel="x"),
        lambda lab: lab["tasks"][0]["checks"][0].update(check="dns-recrod"),
        lambda lab: lab["incidents"][0]["proof"][0]["with"].update(onn="server"),
        lambda lab: next(iter(lab["machines"].values())).update(memory_mib="beaucoup"),
    ],
    ids=["key", "kind", "proof", "number"],
)
def test_what_is_wrong_is_refused(damage: Callable[[Any], None]) -> None:
    lab = _plain(LABS[0])
    damage(lab)
    assert len(_faults(lab)) == 1


@pytest.mark.parametrize(
    ("kind", "written"),
    [
        ("wifi-air", {"on": "ap", "ssid": "X", "band": 2.4, "security": "wpa2"}),
        ("file-content", {"on": "server", "path": "/x", "contains": "x"}),
    ],
)
def test_short_forms_that_lint_takes_are_taken(kind: str, written: dict[str, Any]) -> None:
    CHECKS[kind].model_validate(written)
    assert _faults(_with(_plain(LABS[0]), kind, written)) == []


def _undescribed(name: str, schema: Any) -> Iterator[str]:
    for key, value in schema.get("properties", {}).items():
        if "description" not in value:
            yield f"{name}.{key}"


def test_every_key_is_described_in_french() -> None:
    french, english = authoring_schema("fr"), authoring_schema("en")
    models = {"Lab": french, **french["$defs"]}
    silent = [key for name, schema in models.items() for key in _undescribed(name, schema)]
    assert silent == ["with-vpn-server-ServerPeer.key_secret", "with-vpn-server-ServerPeer.allowed"]  # told by “peers”
    assert french["properties"]["title"]["description"] == "titre du sujet, tel que le candidat le lit"
    assert english["properties"]["title"]["description"] == "title as the candidate reads it"
