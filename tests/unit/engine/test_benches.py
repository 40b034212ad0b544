"""Checkpoints, resets, lost machines and the bell, on simulated machines with real files."""

from __future__ import annotations

import errno
import json
import shutil
from collections.abc import Callable
from concurrent.futures import Executor, Future
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from checkers.facts import Observation
from labs.text import Text
from orchestrator.engine import freeze, points, watching
from orchestrator.engine.plan import Step
from orchestrator.engine.points import load_point, whole_points
from orchestrator.exam import commands, events
from orchestrator.hypervisor.errors import DaemonError, HypervisorError
from orchestrator.hypervisor.port import DomainState
from orchestrator.simulation import recordings, replay_in_turn
from orchestrator.store import StoreFullError, benches
from tests.unit.engine.world import MACHINES, SLUG, WHO, World

RUNNING = {DomainState.RUNNING}


@pytest.fixture
def at_work(world: World) -> World:
    """Two candidates at minute 16, each with their first checkpoint; c01 has written before and after it."""
    world.started(c01=0, c02=0)
    world.work("before")
    world.work("before", machine="client")
    world.advance(16)
    world.passes()
    assert [kept.point.id for kept in whole_points(world.bench())] == ["p1"]
    world.work("after")
    world.work("after", machine="client")
    return world


def reset(world: World, machine: str | None = None, to: str = "start") -> None:
    world.do(commands.AskReset(candidate="c01", machine=machine, to=to, **WHO))
    world.passes()
    assert world.sitting().reset is None


def events_of(world: World, kind: type) -> list[events.Happened]:
    return [event for event in world.history() if isinstance(event, kind)]


# --- resets


def test_a_machine_goes_back_to_its_start_and_the_others_go_on(at_work: World) -> None:
    reset(at_work, "server")
    assert at_work.worked() == []
    assert at_work.worked(machine="client") == ["before", "after"]
    assert at_work.states() == RUNNING
    assert at_work.worked("c02") == []
    at_work.sound()


def test_a_machine_goes_back_to_a_checkpoint_which_stays(at_work: World) -> None:
    reset(at_work, "server", "p1")
    assert at_work.worked() == ["before"]
    at_work.work("again")
    reset(at_work, "server", "p1")
    assert at_work.worked() == ["before"]


def test_a_reset_is_undone_by_a_reset_to_what_it_threw_away(at_work: World) -> None:
    reset(at_work, "server")
    reset(at_work, "server", "a1")
    assert at_work.worked() == ["before", "after"]
    with at_work.store.read() as tx:
        kinds = {one.folder: one.kind for one in benches.checkpoints(tx, SLUG, "c01")}
    assert kinds == {"p1": "checkpoint", "a1": "kept-aside", "a2": "kept-aside"}


def test_the_whole_bench_goes_back_and_comes_back(at_work: World) -> None:
    reset(at_work)
    assert [at_work.worked(machine=machine) for machine in MACHINES] == [[], []]
    reset(at_work, to="a1")
    assert [at_work.worked(machine=machine) for machine in MACHINES] == [["before", "after"]] * 2
    assert at_work.states() == RUNNING


def test_a_paused_bench_is_reset_standing_still(at_work: World) -> None:
    at_work.do(commands.Pause(candidate="c01", **WHO))
    at_work.passes()
    reset(at_work, to="p1")
    assert at_work.states() == {DomainState.PAUSED}
    reset(at_work)
    assert at_work.states() == {DomainState.PAUSED}
    at_work.do(commands.Resume(candidate="c01", who="dupont"))
    at_work.passes()
    assert at_work.states() == RUNNING


def test_a_reset_to_a_point_that_is_gone_is_given_up_and_throws_nothing_away(at_work: World) -> None:
    points.remove_point(at_work.bench(), "p1")
    reset(at_work, "server", "p1")
    (failed,) = events_of(at_work, events.MachineResetFailed)
    assert failed.candidate == "c01"
    assert at_work.worked() == ["before", "after"]
    assert [kept.point.id for kept in whole_points(at_work.bench())] == []


def test_half_a_point_does_not_look_like_one(at_work: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(*_args: object, **_more: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(points.shutil, "rmtree", lambda path, **more: None if not Path(path).exists() else killed())
        with pytest.raises(KeyboardInterrupt):
            points.remove_point(at_work.bench(), "p1")
    assert load_point(at_work.bench(), "p1") is None
    reset(at_work, "server", "p1")
    assert len(events_of(at_work, events.MachineResetFailed)) == 1
    at_work.advance(15)
    at_work.passes()
    assert [path.name for path in (at_work.folder() / "points").iterdir()] == ["p2"]


def test_the_disk_of_a_machine_that_was_off_is_kept_aside_too(at_work: World) -> None:
    at_work.hypervisor.shutdown(at_work.domain("server"), timeout_s=1)
    reset(at_work, "server")
    (disk,) = (at_work.folder() / "points").glob("disks-*/server.qcow2")
    assert json.loads(disk.read_text())["work"] == ["before", "after"]
    assert at_work.worked() == []
    assert at_work.states() == RUNNING


def test_a_reset_that_was_cut_short_can_be_undone_all_the_same(at_work: World, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(at_work.hypervisor, "warm_clone", _refusing)
        patch.setattr(at_work.hypervisor, "start", _refusing)
        at_work.do(commands.AskReset(candidate="c01", machine="server", **WHO))
        at_work.passes()
        assert at_work.sitting().failure is not None
    at_work.begin()
    at_work.passes()
    reset(at_work, "server", "a1")
    assert at_work.worked() == ["before", "after"]
    at_work.sound()


def _refusing(*_args: object, **_more: object) -> None:
    raise HypervisorError(Text("non", "no"))


def _comes_back_after_three_minutes(world: World, *, refused: tuple[str, ...]) -> None:
    """Each minute it is tried again, and the hypervisor refuses that; then no more."""
    with pytest.MonkeyPatch.context() as patch:
        for what in refused:
            patch.setattr(world.hypervisor, what, _refusing)
        for _ in range(3):
            world.retry()
            world.passes()
            world.advance(1)
    world.retry()
    world.passes()


# --- lost machines


def test_a_lost_machine_comes_back_from_the_last_checkpoint_with_its_time(at_work: World) -> None:
    at_work.hypervisor.lose(at_work.domain("server"))
    at_work.passes()
    assert at_work.worked() == ["before"]
    assert at_work.worked(machine="client") == ["before", "after"]
    assert at_work.states() == RUNNING
    (back,) = events_of(at_work, events.BenchRestored)
    assert isinstance(back, events.BenchRestored)
    assert (back.checkpoint, back.why) == ("p1", "server")
    (disk,) = (at_work.folder() / "points").glob("disks-*/server.qcow2")
    assert json.loads(disk.read_text())["work"] == ["before", "after"]


def test_a_lost_machine_without_a_checkpoint_comes_back_from_its_start(world: World) -> None:
    world.started(c01=0)
    world.work("lost")
    world.advance(5)
    world.hypervisor.destroy(world.domain("server"))
    world.passes()
    assert world.worked() == []
    assert world.states() == RUNNING
    (back,) = events_of(world, events.BenchRestored)
    assert isinstance(back, events.BenchRestored)
    assert (back.checkpoint, back.lost_s) == (None, 300)


def test_a_checkpoint_that_was_not_written_down_serves_too(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.started(c01=0)
    world.work("before")
    world.advance(16)
    with monkeypatch.context() as patch:
        patch.setattr(world.engine, "_note_success", lambda *_args: None)
        world.engine.run_pass()
    world.begin()
    world.hypervisor.lose(world.domain("server"))
    world.passes()
    assert world.worked() == ["before"]
    assert world.kinds().count("checkpoint-taken") == 1
    world.sound()


def test_the_time_for_which_a_whole_bench_was_missing_is_given_back(at_work: World) -> None:
    for machine in MACHINES:
        at_work.hypervisor.destroy(at_work.domain(machine))
    shutil.rmtree(at_work.folder())
    _comes_back_after_three_minutes(at_work, refused=("warm_clone", "start"))
    assert at_work.states() == RUNNING
    assert at_work.sitting().clock.extended_s == 180


def test_what_a_disk_spoilt_of_a_bench_that_is_brought_back_keeps_it_from_nothing(at_work: World) -> None:
    (at_work.folder() / "restoring.json").write_bytes(b"")
    at_work.passes()
    assert at_work.states() == RUNNING
    assert not (at_work.folder() / "restoring.json").exists()


def test_the_time_for_which_a_machine_was_missing_is_given_back_once(at_work: World) -> None:
    at_work.hypervisor.lose(at_work.domain("server"))
    _comes_back_after_three_minutes(at_work, refused=("restore",))
    assert at_work.sitting().clock.extended_s == 180
    assert at_work.kinds().count("bench-failed") == 1
    # however often it was tried, what is kept aside is the candidate's disk, once
    (disk,) = (at_work.folder() / "points").glob("disks-*/server.qcow2")
    assert json.loads(disk.read_text())["work"] == ["before", "after"]
    at_work.sound()


def test_a_machine_lost_before_the_start_is_made_again(world: World) -> None:
    world.create(c01=0)
    world.do(commands.Prepare(who="dupont"))
    world.passes()
    world.hypervisor.lose(world.domain("server"))
    world.passes()
    assert world.states() == {DomainState.PAUSED}
    assert "bench-restored" not in world.kinds()


def test_a_machine_lost_between_the_bell_and_its_saving_is_frozen_from_the_last_checkpoint(
    at_work: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_work.advance(45)
    at_work.hypervisor.lose(at_work.domain("server"))
    resumed: list[object] = []
    restore = at_work.hypervisor.restore

    def watched(spec: object, path: Path, *, paused: bool = False) -> None:
        resumed.append((path.parent.name, paused))
        restore(spec, path, paused=paused)  # type: ignore[arg-type]

    monkeypatch.setattr(at_work.hypervisor, "restore", watched)
    at_work.passes()
    assert resumed[0] == ("p1", True)  # after the bell nothing runs
    assert at_work.sitting().state == "frozen"
    assert at_work.worked() == ["before"]


def test_a_machine_that_the_candidate_powers_off_is_powered_on_and_that_is_written_down(at_work: World) -> None:
    at_work.hypervisor.shutdown(at_work.domain("client"), timeout_s=1)
    at_work.passes()
    assert at_work.states() == RUNNING
    assert at_work.kinds("c01").count("machine-powered-on") == 1


# --- checkpoints


def test_a_full_disk_in_the_middle_of_a_checkpoint_costs_the_candidate_nothing(
    at_work: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_work.advance(16)
    checkpoint = at_work.hypervisor.checkpoint

    def full(domain: str, ram: Path, disk: Path) -> float:
        checkpoint(domain, ram, disk)
        if domain.endswith("c01-client"):
            raise OSError(errno.ENOSPC, "No space left on device", str(disk))
        return 0.0

    with monkeypatch.context() as patch:
        patch.setattr(at_work.hypervisor, "checkpoint", full)
        for _ in range(3):
            at_work.retry()
            at_work.passes()
    assert at_work.kinds("c01").count("checkpoint-failed") == 1
    assert at_work.kinds("c02").count("checkpoint-failed") == 0
    assert at_work.states() == RUNNING
    assert [path.name for path in (at_work.folder() / "points").iterdir()] == ["p1"]
    with at_work.store.read() as tx:
        stored = benches.find_bench(tx, SLUG, "c01")
    assert stored is not None
    assert stored.last_error is not None
    assert stored.next_try_at is not None
    at_work.retry()
    at_work.passes()
    assert at_work.kinds("c01").count("checkpoint-taken") == 2
    assert {path.name for path in (at_work.folder() / "points").iterdir()} == {"p1", "p2"}
    assert at_work.sitting().checkpoint_failure is None
    at_work.sound()


def test_a_failing_step_is_not_tried_again_at_once(at_work: World, monkeypatch: pytest.MonkeyPatch) -> None:
    at_work.advance(16)
    tried: list[str] = []

    def refuse(domain: str, *_args: object) -> float:
        tried.append(domain)
        raise HypervisorError(Text("non", "no"))

    monkeypatch.setattr(at_work.hypervisor, "checkpoint", refuse)
    at_work.passes()
    at_work.passes()
    assert tried.count(at_work.domain("client")) == 1


def test_old_checkpoints_go_the_newest_and_what_was_kept_aside_stay(at_work: World) -> None:
    reset(at_work, "server")
    for _ in range(2):
        at_work.advance(15)
        at_work.passes()
        there = [one.point.id for one in whole_points(at_work.bench())]
        assert at_work.sitting().checkpoints[-1] in there
    taken = [name for name in at_work.sitting().checkpoints if name.startswith("p")]
    kept = [one.point.id for one in whole_points(at_work.bench())]
    assert len(taken) == 3
    assert "a1" in kept
    assert [name for name in kept if name.startswith("p")] == taken[-2:]
    with at_work.store.read() as tx:
        assert {one.folder for one in benches.checkpoints(tx, SLUG, "c01")} == set(kept)


def test_a_checkpoint_cut_short_by_a_kill_is_folded_back_before_the_work_is_saved(at_work: World) -> None:
    machine = at_work.hypervisor._machines[at_work.domain("server")]
    machine.on_overlay = True
    at_work.advance(60)
    at_work.passes()
    assert at_work.sitting().state == "frozen"
    assert at_work.sitting().failure is None


# --- the bell


def test_at_the_bell_the_work_is_stopped_saved_and_looked_at_as_a_copy(at_work: World) -> None:
    at_work.advance(60)
    at_work.passes()
    assert at_work.exam.state == "frozen"
    for candidate in ("c01", "c02"):
        observed = Observation.model_validate_json((at_work.folder(candidate) / "frozen/observation.json").read_bytes())
        assert at_work.sitting(candidate).observation == observed.digest()
        assert observed.bench == candidate
        assert not (at_work.folder(candidate) / freeze.LOOK).exists()
    assert at_work.worked() == ["before", "after"]
    assert at_work.hypervisor.domains() == []
    assert at_work.networks() == set()


def test_the_machines_stand_still_before_the_bell_is_written_down(
    at_work: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    found: list[set[DomainState]] = []
    do = at_work.desk.do

    def watched(slug: str, *orders: commands.Command) -> tuple[events.Event, ...]:
        if any(isinstance(order, commands.RingBell) for order in orders):
            found.extend([at_work.states("c01"), at_work.states("c02")])
        return do(slug, *orders)

    monkeypatch.setattr(at_work.desk, "do", watched)
    at_work.advance(60)
    at_work.passes()
    assert found == [{DomainState.PAUSED}] * 2


class Waiting(Executor):
    """Has begun what it was given, and will not end it before the test does."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **more: Any) -> Future[Any]:
        return Future()


def test_a_pause_waits_neither_for_a_checkpoint_nor_for_a_silent_agent(at_work: World) -> None:
    engine = at_work.engine
    engine._pools["local"] = replace(engine._pools["local"], heavy=Waiting())
    at_work.advance(16)
    engine.run_pass()
    assert engine.busy() == {(SLUG, "c01"): Step.CHECKPOINT, (SLUG, "c02"): Step.CHECKPOINT}
    at_work.do(commands.Pause(**WHO))
    engine.run_pass()
    assert at_work.states("c01") == at_work.states("c02") == {DomainState.PAUSED}

    at_work.begin()
    at_work.engine._pools["local"] = replace(at_work.engine._pools["local"], quick=Waiting())
    at_work.do(commands.Resume(who="dupont"))
    at_work.engine.run_pass()
    assert set(at_work.engine.busy().values()) == {Step.RESUME}
    for machine in MACHINES:
        at_work.hypervisor.resume(at_work.domain(machine))  # that far the step has come
    at_work.do(commands.Pause(**WHO))
    at_work.engine.run_pass()
    assert at_work.states("c01") == {DomainState.PAUSED}


def test_who_ends_early_is_frozen_while_the_others_work_on(at_work: World) -> None:
    at_work.do(commands.FinishEarly(candidate="c02", who="dupont"))
    at_work.passes()
    assert at_work.sitting("c02").state == "frozen"
    assert at_work.states("c01") == RUNNING


def _failing_once(real: Callable[..., object], fails: Callable[..., bool]) -> Callable[..., object]:
    failed: list[bool] = []

    def doing(*args: object, **more: object) -> object:
        if not failed and fails(*args):
            failed.append(True)
            raise HypervisorError(Text("non", "no"))
        return real(*args, **more)

    return doing


def test_saving_that_stops_after_one_machine_goes_on_with_the_other(
    at_work: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved: list[object] = []
    save = at_work.hypervisor.save

    def counted(domain: str, path: Path) -> None:
        save(domain, path)
        saved.append(domain)

    fails = _failing_once(counted, lambda domain, _path: domain == at_work.domain("client"))
    monkeypatch.setattr(at_work.hypervisor, "save", fails)
    at_work.advance(60)
    at_work.passes()
    assert at_work.sitting().state == "ended"
    assert saved.count(at_work.domain("server")) == 1
    assert not (at_work.folder() / "frozen/banked.json").exists()
    at_work.begin()
    at_work.passes()
    assert at_work.sitting().state == "frozen"
    assert saved.count(at_work.domain("server")) == saved.count(at_work.domain("client")) == 1
    assert json.loads((at_work.folder() / "frozen/banked.json").read_text())["off"] == []


def test_looking_that_is_cut_short_is_done_again_from_the_same_save(
    at_work: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    fails = _failing_once(at_work.hypervisor.restore, lambda spec, _path: spec.stamp.bench == "c01")
    monkeypatch.setattr(at_work.hypervisor, "restore", fails)
    at_work.advance(60)
    at_work.passes()
    assert at_work.sitting().state == "ended"
    assert at_work.states() == set()  # nothing of the copy is left
    assert not (at_work.folder() / freeze.LOOK).exists()
    at_work.begin()
    at_work.passes()
    assert at_work.sitting().state == "frozen"
    assert at_work.kinds("c01").count("bench-failed") == 1


def test_a_machine_that_was_off_at_the_bell_is_not_woken(at_work: World) -> None:
    at_work.advance(44.5)  # no pass comes between the power going off and the bell
    at_work.hypervisor.shutdown(at_work.domain("client"), timeout_s=1)
    at_work.advance(1)
    at_work.passes()
    assert json.loads((at_work.folder() / "frozen/banked.json").read_text())["off"] == ["client"]
    assert at_work.sitting().state == "frozen"
    assert at_work.sitting().observation is not None


def test_a_bank_never_takes_a_running_machine_for_one_that_is_off(at_work: World) -> None:
    with pytest.raises(freeze.BenchError):
        freeze.bank(at_work.bench(), at_work.desk.open(SLUG).now, hypervisor=at_work.hypervisor)
    assert not (at_work.folder() / "frozen/banked.json").exists()
    assert at_work.states() == RUNNING


def test_half_a_saved_ram_is_not_taken_for_a_whole_one(at_work: World, monkeypatch: pytest.MonkeyPatch) -> None:
    at_work.advance(60)
    ram = at_work.folder() / "frozen/server.ram"

    def cut_short(domain: str, path: Path) -> None:
        path.write_bytes(b"LibvirtQemudPart" + bytes(100))
        raise HypervisorError(Text("non", "no"))

    with monkeypatch.context() as patch:
        patch.setattr(at_work.hypervisor, "save", cut_short)
        at_work.passes()
    assert ram.exists()
    assert at_work.actual().saved == ()
    at_work.begin()
    at_work.passes()
    assert at_work.sitting().state == "frozen"
    assert json.loads((at_work.folder() / "frozen/banked.json").read_text())["off"] == []


def test_a_bench_whose_file_is_lost_after_the_bell_is_frozen_without_an_observation_and_put_away(
    at_work: World,
) -> None:
    at_work.do(commands.FinishEarly(candidate="c01", who="dupont"))
    (at_work.folder() / "bench.json").unlink()
    at_work.passes()
    assert at_work.sitting().state == "frozen"
    assert at_work.sitting().observation is None
    assert at_work.states() == set()
    assert at_work.networks() == {f"ep-{SLUG}-c02-lan"}


# --- the hypervisor's own troubles


def test_the_bell_rings_while_libvirtd_is_away_and_the_machines_stop_when_it_is_back(
    at_work: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_args: object, **_more: object) -> None:
        raise DaemonError(Text("libvirtd est absent", "libvirtd is away"))

    at_work.advance(45)
    with monkeypatch.context() as patch:
        for call in ("domains", "networks", "state", "suspend", "resume", "save", "restore", "info"):
            patch.setattr(at_work.hypervisor, call, away)
        at_work.engine.run_pass()
        assert at_work.sitting().state == "ended"
    at_work.advance(1)
    at_work.hosts_answer()
    at_work.engine.run_pass()
    assert DomainState.RUNNING not in at_work.states()
    at_work.passes()
    assert at_work.sitting().state == "frozen"
    assert [event.late_s for event in events_of(at_work, events.BellRung) if isinstance(event, events.BellRung)] == [
        60.0,
        60.0,
    ]
    at_work.sound()


def test_a_silent_agent_holds_up_neither_pause_nor_resume_nor_bell(at_work: World) -> None:
    for machine in MACHINES:
        at_work.hypervisor.kill_agent(at_work.domain(machine))
    at_work.do(commands.Pause(candidate="c01", **WHO))
    at_work.passes()
    assert at_work.states() == {DomainState.PAUSED}
    at_work.do(commands.Resume(candidate="c01", who="dupont"))
    at_work.passes()
    assert at_work.states() == RUNNING
    at_work.advance(60)
    at_work.passes()
    assert at_work.sitting().state == "frozen"
    assert at_work.sitting().observation is not None
    assert at_work.sitting().failure is None


def test_whatever_machine_is_lost_whenever_everybody_is_frozen_in_the_end(world: World) -> None:
    world.started(c01=0, c02="tiers")
    losses = [(3, "c01", "server"), (17, "c01", "client"), (18, "c02", "server"), (31, "c02", "client")]
    for minute in range(1, 95):
        world.advance(1)
        for when, candidate, machine in losses:
            if when == minute:
                world.hypervisor.lose(world.domain(machine, candidate))
        world.passes()
    assert {sitting.state for sitting in world.exam.candidates.values()} == {"frozen"}
    assert world.kinds().count("bench-restored") == len(losses)
    world.sound()


def test_the_observation_is_what_the_recordings_say(world: World) -> None:
    from orchestrator.catalog import lab_folder
    from orchestrator.sessions import load_session

    world.lab = lab_folder("tai-complet")
    world.hypervisor.programs = replay_in_turn(
        lambda stamp: load_session(world.settings.data_dir, stamp.session).secrets
    )
    world.started(c01=0, c02=0)
    world.do(commands.Freeze(**WHO))
    world.passes()
    for candidate, recorded in zip(("c01", "c02"), recordings("tai-complet").values(), strict=False):
        file = freeze.observation_file(world.folder(candidate))
        observed = {fact.key: fact for fact in Observation.model_validate_json(file.read_bytes()).facts}
        answered = [fact for fact in recorded.facts if fact.raw is not None]
        assert len(answered) > 40
        for fact in answered:
            assert observed[fact.key].status == fact.status, fact.key


def test_a_bell_that_cannot_be_written_down_rings_all_the_same(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.started(minutes=10, c01=0)
    do = world.desk.do

    def full(slug: str, *asked: Any) -> Any:
        raise StoreFullError(Text("disque plein", "disk full"))

    monkeypatch.setattr(world.desk, "do", full)
    world.advance(10)
    for _ in range(3):
        with pytest.raises(StoreFullError):
            world.engine.run_pass()
        assert world.states() == {DomainState.PAUSED}
    monkeypatch.setattr(world.desk, "do", do)
    world.passes()
    assert world.sitting().state == "frozen"


def test_an_exam_s_bench_is_never_watched(at_work: World) -> None:
    watching.look_on(at_work.folder())
    assert watching.is_watched(at_work.folder())
    at_work.passes()
    assert watching.last_seen(at_work.folder()) is None
