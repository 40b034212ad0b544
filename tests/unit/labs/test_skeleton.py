"""A new lab: without a fault from its first minute, whatever it is made of; nothing is overwritten."""

from __future__ import annotations

import itertools
from pathlib import Path

import jsonschema
import pytest

from checkers.checks import CHECKS
from checkers.reference.schema import authoring_schema
from labs.errors import UsageError
from labs.folder import lab_hash
from labs.loader import LoadedLab, lint, load_lab
from labs.nodes import read_yaml
from labs.referential import referential_names
from labs.schema import mutants_schema
from labs.secrets import draw
from labs.skeleton import MACHINES, Plan, write_skeleton
from labs.subject import render_html
from vagrant.recipe import IMAGES, load_recipe, recipe_names

SETS = [some for count in (1, 2, 3) for some in itertools.combinations(MACHINES, count)]


def _new(folder: Path, machines: tuple[str, ...] = MACHINES, referential: str = "rncp37681") -> Path:
    plan = Plan("petit-bureau", "Un bureau : l’« essai »", referential, machines, 60)
    written = write_skeleton(folder, plan, schema="{}", mutants_schema="{}")
    assert all(path.is_file() for path in written)
    return folder


def _load(folder: Path) -> LoadedLab:
    return load_lab(folder, checks=CHECKS, images=recipe_names())


@pytest.mark.parametrize("machines", SETS, ids="-".join)
def test_a_new_lab_lints(tmp_path: Path, machines: tuple[str, ...]) -> None:
    folder = _new(tmp_path / "new", machines)
    assert [str(problem) for problem in lint(folder, checks=CHECKS, images=recipe_names())] == []
    lab = _load(folder).lab
    assert tuple(lab.machines) == machines
    assert len(lab.tasks) == len(machines)


@pytest.mark.parametrize("referential", referential_names())
def test_for_any_certification(tmp_path: Path, referential: str) -> None:
    assert _load(_new(tmp_path / "new", referential=referential)).lab.referential == referential


def test_editors_find_no_fault_in_it_and_know_its_schema(tmp_path: Path) -> None:
    folder = _new(tmp_path / "new")
    first = (folder / "lab.yml").read_text(encoding="utf-8").splitlines()[0]
    assert first == "# yaml-language-server: $schema=.lab.schema.json"
    root, _ = read_yaml(folder / "lab.yml", Path("lab.yml"))
    assert root is not None
    jsonschema.validate(root.plain(), authoring_schema())
    first = (folder / "mutants.yml").read_text(encoding="utf-8").splitlines()[0]
    assert first == "# yaml-language-server: $schema=.mutants.schema.json"
    root, _ = read_yaml(folder / "mutants.yml", Path("mutants.yml"))
    assert root is not None
    jsonschema.validate(root.plain(), mutants_schema("fr"))


def test_the_schema_beside_it_is_no_part_of_it(tmp_path: Path) -> None:
    folder = _new(tmp_path / "new")
    before = lab_hash(folder)
    (folder / ".lab.schema.json").unlink()
    (folder / ".mutants.schema.json").unlink()
    assert lab_hash(folder) == before


def test_its_paper_can_be_printed_and_keeps_the_comments(tmp_path: Path) -> None:
    loaded = _load(_new(tmp_path / "new"))
    page = render_html(loaded.lab, loaded.subject, secrets=draw(loaded.lab.secrets), candidate="Zoé")
    assert "<h1>Un bureau : l’« essai »</h1>" in page
    assert "poste-accueil" in page
    assert "commentaire" not in page


@pytest.mark.parametrize(("machine", "image"), [("server", "server"), ("client", "client")])
def test_the_machines_stand_where_the_images_put_them(tmp_path: Path, machine: str, image: str) -> None:
    """``address`` sets nothing: another one here would be a lie."""
    made = _load(_new(tmp_path / "new")).lab.machines[machine]
    at_boot = (IMAGES / image / "files" / "etc" / "systemd" / "network" / "10-lan.network").read_text(encoding="utf-8")
    assert f"Address={made.nics['eth0'].address}\n" in at_boot
    recipe = load_recipe(made.image)
    assert image in {recipe.name, recipe.base.name if recipe.base else ""}


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "lab.yml").write_text("mine")
    with pytest.raises(UsageError):
        _new(tmp_path / "new")
    assert [(path.name, path.read_text()) for path in (tmp_path / "new").iterdir()] == [("lab.yml", "mine")]
    (tmp_path / "file").write_text("mine")
    with pytest.raises(UsageError):
        _new(tmp_path / "file")
    assert (tmp_path / "file").read_text() == "mine"
