"""What is shipped is proved: every lab of the catalog, with the very content that it has now."""

from __future__ import annotations

from pathlib import Path

import pytest

import labs
from labs.loader import LoadedLab
from orchestrator.catalog import open_lab
from orchestrator.proving.book import SHIPPED, read_proof, standing

LABS = sorted(folder.name for folder in (Path(labs.__file__).parent / "catalog").iterdir() if folder.is_dir())


def on_machines(lab: LoadedLab) -> bool:
    """Whether the machines of a lab can be had: nobody ships Windows."""
    return all(machine.family == "linux" for machine in lab.lab.machines.values())


@pytest.mark.parametrize("name", LABS)
def test_a_shipped_lab_is_proved(name: str) -> None:
    lab = open_lab(name)
    stands = standing(lab, None)
    assert stands.proved == on_machines(lab), "prove it again: ./epreuve lab prove LAB --incidents --publish"


@pytest.mark.parametrize("name", LABS)
def test_its_incidents_were_seen_too(name: str) -> None:
    lab, proof = open_lab(name), read_proof(SHIPPED / f"{name}.json")
    assert not on_machines(lab) or (
        proof is not None and {one.id for one in proof.incidents} == {one.id for one in lab.lab.incidents}
    )


def test_no_proof_is_of_a_lab_that_is_gone() -> None:
    assert {file.stem for file in SHIPPED.glob("*.json")} <= set(LABS)
