"""A bench is asked again for a check that waits, as often as it takes, and the observation says so."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from checkers.checks import CHECKS
from checkers.judge import judge, plan
from checkers.verdict import Outcome
from orchestrator import observer
from orchestrator.bench import load_bench
from orchestrator.catalog import open_lab
from orchestrator.observer import observe_bench
from orchestrator.sessions import load_session
from tests.unit.engine.machines import Machines
from tests.unit.engine.world import SLUG, World, write_lab

EXPECT = "with: { on: client, probe: host-name, expect: { path: running, equals: desk }, wait: { for: 30, every: 5 } }"


@pytest.mark.parametrize("patient", [True, False])
def test_a_bench_is_asked_until_it_is_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, patient: bool) -> None:
    file = write_lab(tmp_path / "lab") / "lab.yml"
    text = file.read_text().replace("check: host-name", "check: fact")
    file.write_text(text.replace("with: { on: client, name: desk }", EXPECT))
    world = World(tmp_path)
    machines = Machines(world.settings.benches_dir)
    world.hypervisor.programs = machines
    world.started(c01=0)
    machines.rename(SLUG, "c01", "client", "soon")
    as_real = dataclasses.replace(world.hypervisor.info(), simulated=False)
    monkeypatch.setattr(world.hypervisor, "info", lambda: as_real)
    pauses: list[float] = []

    def pause(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 2:
            machines.rename(SLUG, "c01", "client", "desk")

    monkeypatch.setattr(observer, "sleep", pause)
    bench, lab = load_bench(world.settings.benches_dir, SLUG, "c01"), open_lab(str(world.lab))
    assert bench is not None
    session, planned = load_session(world.settings.data_dir, SLUG), plan(lab.lab.checks(), CHECKS)
    seen = observe_bench(bench, lab, planned, session=session, hypervisor=world.hypervisor, patient=patient)
    (verdict,) = judge(planned, seen)
    if not patient:
        assert pauses == []
        assert verdict.outcome is not Outcome.PASS
        return
    assert pauses == [5, 5]
    assert verdict.outcome is Outcome.PASS
    assert verdict.reason.fr.startswith("demandé 3 fois ; ")
