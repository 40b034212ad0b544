"""An incident in the copy of a frozen bench on real machines: seen, repaired, harm told, and the evidence as it was."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from orchestrator.bench import destroy_bench
from orchestrator.bench_stamps import clear_hypervisor
from orchestrator.engine.copies import open_copy
from orchestrator.engine.freeze import bank
from orchestrator.engine.incidents import INCIDENTS, Scene, find, inject, look_again
from orchestrator.exam import IncidentState, Verification
from orchestrator.hypervisor.readiness import wait_agent
from orchestrator.incidents import repair_bench
from orchestrator.sessions import ensure_session, forget_session
from orchestrator.workshop import make_bench
from tests.vm.ground import SESSION_PREFIX, VmGround
from tests.vm.test_copy import evidence, run

pytestmark = pytest.mark.vm

INCIDENT = "heure-poste"
"""Its proof passes on a bench that nobody has worked on."""
NOW = datetime(2026, 6, 15, tzinfo=UTC)


@pytest.fixture
def scene(ground: VmGround) -> Iterator[Scene]:
    """A frozen bench, with its copy open."""
    name, hypervisor, settings = f"{SESSION_PREFIX}-inc", ground.hypervisor, ground.settings
    session = ensure_session(settings.data_dir, name, ground.lab)
    try:
        bench = make_bench(
            ground.lab, ground.golden, session=session, name="a", candidate="", hypervisor=hypervisor, settings=settings
        )
        for machine in bench.machines.values():
            hypervisor.suspend(machine.domain)
        bank(bench, datetime.now(UTC), hypervisor=hypervisor)
        clear_hypervisor(hypervisor, bench.store, bench.session, bench.name)
        open_copy(bench, settings.goldens_dir, hypervisor=hypervisor)
        yield Scene(bench, ground.lab, session, hypervisor)
    finally:
        destroy_bench(hypervisor, settings.benches_dir, name, "a")
        forget_session(settings.data_dir, name)


def test_an_incident_is_injected_repaired_and_judged_without_touching_what_is_frozen(scene: Scene) -> None:
    frozen = frozen_files(scene)
    asked = IncidentState(number=1, incident=INCIDENT, request=False, copy_number=1, asked_at=NOW)
    injection = inject(scene, asked)
    assert injection.error is None, injection
    assert [one.outcome for one in injection.proof_before] == ["PASS", "PASS"]
    assert "FAIL" in [one.outcome for one in injection.proof]
    injected = asked.model_copy(update={"state": "injected", "verifications": (Verification(asked_at=NOW),)})

    incident = find(scene.lab, INCIDENT)
    repair_bench(scene.bench, scene.lab, incident, session=scene.session, hypervisor=scene.hypervisor)
    repaired = look_again(scene, injected, ())
    assert (repaired.outcome, repaired.harm) == ("solved", ()), repaired

    client = wait_agent(scene.hypervisor, scene.bench.machines["client"].domain, timeout_s=60)
    run(client, "echo 1 > /proc/sys/net/ipv4/icmp_echo_ignore_all")  # a repair that went too far
    spoilt = look_again(scene, injected, ())
    assert (spoilt.outcome, [one.check for one in spoilt.harm or ()]) == ("solved", ["pare-feu-poste-ping"]), spoilt
    assert frozen_files(scene) == frozen


def frozen_files(scene: Scene) -> dict[str, str]:
    return {name: hash_ for name, hash_ in evidence(scene.bench).items() if not name.startswith(f"{INCIDENTS}/")}
