"""Incidents in a rehearsal: simulated machines break as real ones were recorded, and what is typed repairs them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from checkers.facts import Observation
from checkers.incidents import Condition
from orchestrator import simulated_incidents, simulation
from orchestrator.catalog import lab_folder
from orchestrator.engine import incidents, service
from orchestrator.engine.freeze import observation_file
from orchestrator.engine.lab import session_lab
from orchestrator.exam import commands
from tests.unit.engine.machines import Machines
from tests.unit.engine.test_incidents import Hour, begin, freeze
from tests.unit.engine.world import SLUG, World

JURY = {"candidate": "c01", "who": "durand"}


def kept(hour: Hour, name: str) -> Observation:
    return Observation.model_validate_json((hour.world.folder() / "incidents" / name).read_bytes())


def record(root: Path) -> None:
    """Recordings, as a maintainer makes them: a bench, and what was seen around each of its incidents."""
    real = begin(root)
    freeze(real)
    real.opened()
    real.inject("client-lost")
    real.inject("rename", request=True)
    real.rename("client", "desk")
    real.rename("server", "office")
    real.look(2)
    simulation.record(Observation.model_validate_json(observation_file(real.world.folder()).read_bytes()), "a")
    lab = session_lab(real.world.desk.open(SLUG).stored)
    for name, incident, how in (
        ("1-before.json", "client-lost", Condition.SOUND),
        ("1-broken.json", "client-lost", Condition.BROKEN),
        ("2-before.json", "rename", Condition.BROKEN),
        ("2-look-1.json", "rename", Condition.SOUND),
    ):
        simulated_incidents.record_incident(incidents.find(lab, incident), how, kept(real, name))
    real.world.close()


@pytest.fixture
def hour(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Hour:
    """A rehearsal with an open copy."""
    monkeypatch.setattr(incidents, "SEEN_WITHIN_S", 0.05)
    monkeypatch.setattr(incidents, "LOOK_AGAIN_S", 0.01)
    monkeypatch.setattr(simulation, "RECORDINGS", tmp_path / "recordings")
    simulated_incidents._recorded.cache_clear()
    record(tmp_path / "real")
    shutil.copytree(tmp_path / "real" / "lab", tmp_path / "rehearsal" / "lab")
    hour = begin(tmp_path / "rehearsal")
    service._let_answer(hour.world.settings, hour.world.desk, hour.world.hypervisor)
    freeze(hour)
    return hour.opened()


def type_(hour: Hour, text: str) -> None:
    """On the console of the simulated client."""
    screen = hour.world.hypervisor._screen(hour.world.domain("client"))
    for character in text:
        screen.type(character)


def test_an_incident_is_broken_until_somebody_types_that_it_is_repaired(hour: Hour) -> None:
    assert hour.inject("client-lost").state == "injected"
    type_(hour, "ls\n")
    assert hour.look().verifications[-1].outcome == "unsolved"
    type_(hour, "Réparer")
    assert hour.look().verifications[-1].outcome == "unsolved", "without Enter"
    type_(hour, "\n")
    last = hour.look().verifications[-1]
    assert (last.outcome, last.harm) == ("solved", ())
    assert hour.inject("client-lost").state == "injected", "and can be broken again"
    assert hour.look(2).verifications[-1].outcome == "unsolved"


def test_a_request_is_open_until_then(hour: Hour) -> None:
    assert hour.inject("rename", request=True).state == "injected"
    assert hour.look().verifications[-1].outcome == "unsolved"
    type_(hour, "repair\n")
    assert hour.look().verifications[-1].outcome == "solved"


def test_another_copy_is_as_the_bench_was(hour: Hour) -> None:
    hour.inject("client-lost")
    type_(hour, "reparer\n")
    hour.world.do(commands.CloseCopy(**JURY))
    hour.world.passes()
    hour.opened()
    assert hour.world.hypervisor.typed(hour.world.domain("client")) == ""
    assert hour.inject("client-lost").state == "injected"


def test_what_was_seen_says_that_it_was_simulated(hour: Hour) -> None:
    hour.inject("client-lost")
    assert json.loads((hour.world.folder() / "incidents" / "1-broken.json").read_bytes())["simulated"] is True


def test_every_incident_that_is_shipped_can_be_rehearsed(tmp_path: Path) -> None:
    simulated_incidents._recorded.cache_clear()
    world = World(tmp_path)
    world.lab = lab_folder("tai-complet")
    service._let_answer(world.settings, world.desk, world.hypervisor)
    hour = Hour(world, Machines(world.settings.benches_dir))
    freeze(hour)
    hour.opened()
    offered = session_lab(world.desk.open(SLUG).stored).lab.incidents
    assert len(offered) >= 16
    for incident in offered:
        state = hour.inject(incident.id, request=incident.kind == "request")
        assert state.state == "injected", (incident.id, state.failure)
        type_(hour, "reparer\n")
    for number, incident in enumerate(offered, start=1):
        last = hour.look(number).verifications[-1]
        assert (last.outcome, last.harm) == ("solved", ()), incident.id
    world.close()
