"""After the bell, machines that answer nothing any more: one silent, one that the candidate powered off.

``long``: the whole lab is asked of a room that does not answer, then libguestfs reads both disks.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from time import monotonic, sleep

import pytest

from checkers.channel import Agent
from checkers.checks import CHECKS
from checkers.facts import Observation
from checkers.judge import judge, plan
from checkers.verdict import Outcome, Verdict
from labs.loader import LoadedLab
from labs.model import Task
from orchestrator.bench import Bench, destroy_bench
from orchestrator.engine.actual import FROZEN, OBSERVED
from orchestrator.engine.freeze import LOOK, bank, look, observation_file
from orchestrator.hypervisor.port import DomainState
from orchestrator.sessions import ensure_session, forget_session
from orchestrator.workshop import make_bench
from tests.vm.ground import SESSION_PREFIX, VmGround

pytestmark = [pytest.mark.vm, pytest.mark.long]

SESSION = f"{SESSION_PREFIX}-silent"
WORK = "echo poste-compta > /etc/hostname; systemctl enable nftables.service"
SILENCE = "systemctl disable --now ssh.service ssh.socket; systemctl disable --now qemu-guest-agent.service"


def of_unit(on: str, unit: str, enabled: bool) -> dict[str, object]:
    return {"check": "service-state", "with": {"on": on, "unit": unit, "running": None, "enabled": enabled}}


def of_name(name: str) -> dict[str, object]:
    expected = {"path": "static", "equals": name}
    return {"check": "fact", "with": {"on": "client", "probe": "host-name", "expect": expected}}


JUDGED = {
    "disque-nom": (of_name("poste-compta"), Outcome.PASS),
    "disque-autre-nom": (of_name("poste-accueil"), Outcome.FAIL),
    "disque-nftables": (of_unit("client", "nftables.service", True), Outcome.PASS),
    "disque-ssh": (of_unit("client", "ssh.service", True), Outcome.FAIL),
    "disque-controleur": (of_unit("server", "samba-ad-dc.service", True), Outcome.PASS),
}
"""Checks on what is written, and what they come to where the machine does not answer."""
NOT_JUDGED = {"poste-nomme", "pare-feu-serveur-internet", "gpo-liee"}
"""Checks of the lab on what only a running machine has."""


def with_checks(lab: LoadedLab) -> LoadedLab:
    """The lab with a task more."""
    checks = [{"id": name, "title": name, "points": 1, **check} for name, (check, _) in JUDGED.items()]
    task = Task.model_validate(
        {"id": "disque", "title": "Disque", "competency": lab.lab.tasks[0].competency, "points": 5, "checks": checks}
    )
    return replace(lab, lab=lab.lab.model_copy(update={"tasks": [*lab.lab.tasks, task]}))


@dataclass(frozen=True)
class Silent:
    """What was found of a bench whose client is mute and whose server is off."""

    bench: Bench
    lab: LoadedLab
    observation: Observation
    before: dict[str, str]

    def verdicts(self) -> dict[str, Verdict]:
        return {one.check: one for one in judge(plan(self.lab.lab.checks(), CHECKS), self.observation)}


@pytest.fixture(scope="module")
def silent(ground: VmGround) -> Iterator[Silent]:
    forget_session(ground.settings.data_dir, SESSION)
    session, lab = ensure_session(ground.settings.data_dir, SESSION, ground.lab), with_checks(ground.lab)
    hypervisor = ground.hypervisor
    try:
        bench = make_bench(
            ground.lab, ground.golden, session=session, name="a", candidate="Camille Le Goff", hypervisor=hypervisor,
            settings=ground.settings,
        )  # fmt: skip
        client, server = (hypervisor.agent(bench.machines[name].domain) for name in ("client", "server"))
        assert client.run(["sh", "-c", WORK], timeout_s=60).exit_code == 0
        client.run(["systemd-run", "--on-active=1", "sh", "-c", SILENCE], timeout_s=30)
        server.run(["systemd-run", "--on-active=1", "systemctl", "poweroff"], timeout_s=30)
        await_silence(client)
        await_off(ground, bench)
        for machine in ("client", "ap"):  # the bell
            hypervisor.suspend(bench.machines[machine].domain)
        bank(bench, datetime.now(UTC), hypervisor=hypervisor)
        before = evidence(bench)
        look(bench, lab, ground.golden, session, hypervisor=hypervisor, devices={}, radio=None)
        observation = Observation.model_validate_json(observation_file(bench.dir).read_bytes())
        yield Silent(bench, lab, observation, before)
    finally:
        destroy_bench(hypervisor, ground.settings.benches_dir, SESSION, "a")
        forget_session(ground.settings.data_dir, SESSION)


def await_silence(agent: Agent) -> None:
    until = monotonic() + 120
    while agent.ping(1.0):
        assert monotonic() < until


def await_off(ground: VmGround, bench: Bench) -> None:
    until = monotonic() + 180
    while ground.hypervisor.state(bench.machines["server"].domain) is not DomainState.OFF:
        assert monotonic() < until
        sleep(0.5)


def evidence(bench: Bench) -> dict[str, str]:
    """The hash of every file of the bench but what the look makes."""
    found = {}
    for path in sorted(bench.dir.rglob("*")):
        name = path.relative_to(bench.dir)
        if path.is_file() and LOOK not in name.parts and str(name) != f"{FROZEN}/{OBSERVED}":
            with path.open("rb") as file:
                found[str(name)] = hashlib.file_digest(file, "sha256").hexdigest()
    return found


def test_what_is_written_is_judged_and_said_to_be_read_from_the_disk(silent: Silent) -> None:
    verdicts = silent.verdicts()
    assert {name: verdicts[name].outcome for name in JUDGED} == {name: outcome for name, (_, outcome) in JUDGED.items()}
    assert all(verdicts[name].reason.fr.endswith("(lu sur le disque)") for name in JUDGED)


def test_what_only_a_running_machine_has_is_inconclusive_with_the_reason(silent: Silent) -> None:
    verdicts = silent.verdicts()
    assert {verdicts[name].outcome for name in NOT_JUDGED} == {Outcome.INCONCLUSIVE}
    assert "poste-compta" in verdicts["poste-nomme"].reason.fr, "what is configured is told"


def test_each_machine_has_the_channel_that_it_left(silent: Silent) -> None:
    """``disk`` for both: one was off, the other powered off when it was asked to. The access point answers."""
    channels = {
        at: {fact.channel for fact in silent.observation.facts if fact.at == at} for at in ("client", "server", "ap")
    }
    assert channels == {"client": {"disk", "none"}, "server": {"disk", "none"}, "ap": {"agent"}}


def test_nothing_of_the_evidence_is_touched(silent: Silent) -> None:
    assert evidence(silent.bench) == silent.before
    assert not (silent.bench.dir / LOOK).exists()
