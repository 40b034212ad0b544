"""Set-up once all machines are there, then an observation over SSH with a real verdict; the machines are this host."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import paramiko
import pytest

from checkers.checks import CHECKS
from checkers.judge import judge
from checkers.judge import plan as planned_checks
from labs.loader import LoadedLab
from orchestrator.catalog import open_lab
from orchestrator.hypervisor.fake import FakeHypervisor
from orchestrator.playbooks import PlayResult
from orchestrator.sessions import Session
from orchestrator.settings import Settings
from orchestrator.vagrant import bench as benches
from orchestrator.vagrant import prepare as set_up
from orchestrator.vagrant.place import VagrantError, VagrantPlace
from orchestrator.vagrant.plan import VagrantPlan, plan_for, vagrant_session
from orchestrator.vagrant.reach import Address
from tests.ssh_server import ssh_server

from .conftest import create, destroy


class Room:
    """What was done to the machines."""

    def __init__(self) -> None:
        self.off: set[str] = set()
        self.played: list[tuple[str, list[str]]] = []
        self.personalised: list[str] = []

    def play(self, playbook: Path, *, hosts: Mapping[str, Any], **_others: Any) -> PlayResult:
        self.played.append((playbook.name, sorted(hosts)))
        return PlayResult(True, "successful", 0, (), "")


@pytest.fixture
def plan(boxes: None, lab: Path, place: VagrantPlace, settings: Settings) -> VagrantPlan:
    return plan_for(str(lab), place, settings)


@pytest.fixture
def room(plan: VagrantPlan, place: VagrantPlace, monkeypatch: pytest.MonkeyPatch) -> Iterator[Room]:
    """Both machines are one SSH server; what would change them is only noted."""
    made = Room()

    class Noted:
        def __init__(self, lab: LoadedLab, session: Session) -> None:
            assert lab.lab.id == plan.lab
            assert session.secrets == vagrant_session(place).secrets

        def __call__(self, machine: str, agent: Any) -> None:
            assert agent.run(["echo", "ici"], timeout_s=20).stdout == b"ici\n"
            made.personalised.append(machine)

    key = paramiko.Ed25519Key.from_private_key_file(plan.key)
    with ssh_server(key, paramiko.ECDSAKey.generate()) as port:

        def reached(machines: Any, _place: VagrantPlace) -> dict[str, Address]:
            return {name: Address("127.0.0.1", port) for name in machines if name not in made.off}

        monkeypatch.setattr(set_up, "addresses", reached)
        monkeypatch.setattr(set_up, "play", made.play)
        monkeypatch.setattr(set_up, "Personaliser", Noted)
        yield made


def prepare(plan: VagrantPlan, place: VagrantPlace) -> list[str]:
    return set_up.prepare(plan, place, lambda _text: None)


def test_set_up_waits_for_the_last_machine_and_is_done_once(plan: VagrantPlan, place: VagrantPlace, room: Room) -> None:
    create(place, "server")
    assert prepare(plan, place) == ["ap"]
    create(place, "ap")
    room.off.add("ap")
    assert prepare(plan, place) == ["ap"]
    assert room.played == []
    room.off.clear()
    assert prepare(plan, place) == []
    assert room.played == [("server.yml", ["ap", "server"])]
    assert sorted(room.personalised) == ["ap", "server"]
    assert prepare(plan, place) == []
    assert len(room.played) == 1


def test_a_machine_that_was_made_again_is_set_up_again_alone(
    plan: VagrantPlan, place: VagrantPlace, room: Room
) -> None:
    create(place, "server", "ap")
    prepare(plan, place)
    destroy(place, "ap")
    (place.of_machine("ap") / "id").write_text("another")
    room.played.clear()
    room.personalised.clear()
    assert prepare(plan, place) == []
    assert (room.played, room.personalised) == ([], ["ap"])


def test_the_paper_with_the_passwords_is_for_its_owner_alone(
    plan: VagrantPlan, place: VagrantPlace, room: Room
) -> None:
    create(place, "server", "ap")
    prepare(plan, place)
    assert vagrant_session(place).secrets["admin"] in place.subject.read_text(encoding="utf-8")
    assert place.subject.stat().st_mode & 0o777 == 0o600


def test_machines_that_are_not_set_up_are_not_observed(
    plan: VagrantPlan, place: VagrantPlace, settings: Settings
) -> None:
    create(place, "server", "ap")
    with pytest.raises(VagrantError) as caught:
        benches.observe_vagrant(plan, place, settings)
    assert "server, ap" in caught.value.what.fr


@pytest.mark.parametrize(("content", "verdict"), [("vu\n", "PASS"), ("autre\n", "FAIL"), (None, "INCONCLUSIVE")])
def test_an_observation_over_ssh_is_judged_like_any_other(
    plan: VagrantPlan,
    place: VagrantPlace,
    room: Room,
    settings: Settings,
    seen_file: Path,
    monkeypatch: pytest.MonkeyPatch,
    content: str | None,
    verdict: str,
) -> None:
    """content: of the file that is looked for; None: the machine is off."""

    @contextmanager
    def connected(_settings: Settings) -> Iterator[FakeHypervisor]:
        yield FakeHypervisor()  # which knows none of them

    monkeypatch.setattr(benches, "connect", connected)
    create(place, "server", "ap")
    prepare(plan, place)
    if content is None:
        room.off.add("server")
    else:
        seen_file.write_text(content)
    observation = benches.observe_vagrant(plan, place, settings)
    lab = open_lab(str(plan.lab_folder))
    assert (observation.lab_hash, observation.session) == (lab.hash, "vagrant")
    [found] = judge(planned_checks(lab.lab.checks(), CHECKS), observation)
    assert found.outcome == verdict
    if content is not None:
        assert {fact.channel for fact in observation.facts if fact.at == "server"} == {"ssh"}
