"""A trainer's day with Vagrant: up, observe, let the solution work, observe, destroy. Needs Vagrant on this host."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from checkers.verdict import Outcome
from orchestrator.catalog import open_lab
from orchestrator.hypervisor import connect
from orchestrator.settings import load_settings
from orchestrator.stored import judge_stored
from orchestrator.workshop import ensure_images
from tests.vagrant_command import Vagrant
from tests.vm.ground import LAB
from vagrant.box import ensure_box

pytestmark = [pytest.mark.vm, pytest.mark.long]

LIMIT_S = 1200.0


@pytest.fixture
def vagrant(tmp_path: Path) -> Iterator[Vagrant]:
    settings = load_settings()
    with connect(settings) as hypervisor:
        made = Vagrant(tmp_path / "vagrant", LAB, hypervisor, settings)
        if why := made.missing():
            pytest.skip(str(why))
        for image in ensure_images(open_lab(LAB), settings).values():
            ensure_box(image, settings.boxes_dir, print)
        try:
            yield made
        finally:
            made.sweep()


def observed(vagrant: Vagrant, file: Path) -> Path:
    done = vagrant.epreuve("observe", "--vagrant", "--out", str(file), "--json", timeout_s=LIMIT_S)
    assert done.exit_code == 0, done.stderr
    assert json.loads(done.stdout)["unseen"] == {}
    return file


def test_a_lab_is_started_observed_solved_and_destroyed(vagrant: Vagrant, tmp_path: Path) -> None:
    said = vagrant.need("up", timeout_s=LIMIT_S)
    assert str(vagrant.place.subject) in said

    blank = judge_stored(observed(vagrant, tmp_path / "blank.json"))
    passed = {check.id for check in blank.report(1).checks if check.verdict is Outcome.PASS}
    declared = {check.id for _, check in blank.lab.lab.checks() if check.true_at_start}
    assert passed == declared

    done = vagrant.epreuve("vagrant", "solve", timeout_s=LIMIT_S)
    assert done.exit_code == 0, done.stderr
    solved = judge_stored(observed(vagrant, tmp_path / "solved.json"))
    report = solved.report(1)
    assert {check.id: check.reason for check in report.checks if check.verdict is not Outcome.PASS} == {}
    assert {fact.channel for fact in solved.observation.facts if fact.at in solved.lab.lab.machines} == {"ssh"}

    assert vagrant.left() != []
    vagrant.need("destroy", "--force")
    assert vagrant.left() == []
    assert vagrant.place.existing() == []
