"""Several hosts: benches are spread, moved without loss wherever the service dies, and a dead host harms no other."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from labs.text import Text
from orchestrator.engine import hosting
from orchestrator.engine.actual import Listing
from orchestrator.exam import Refused, commands, events
from orchestrator.hypervisor.errors import DaemonError, HypervisorError
from orchestrator.hypervisor.fake import FakeHypervisor
from orchestrator.hypervisor.port import DomainState
from tests.unit.engine.deaths import after, deaths, play
from tests.unit.engine.world import MACHINES, SLUG, WHO, World

A, B = HOSTS = ("nord", "sud")
PAUSED, RUNNING = {DomainState.PAUSED}, {DomainState.RUNNING}


class Mortal(FakeHypervisor):
    """A host that can be cut off; its machines live on."""

    dead = False


def _cut_off(call: str):  # type: ignore[no-untyped-def]  # one for each method
    real = getattr(FakeHypervisor, call)

    def ask(self: Mortal, *args: object, **more: object) -> object:
        if self.dead:
            raise HypervisorError(Text("L'hôte est injoignable.", "The host cannot be reached."))
        return real(self, *args, **more)

    return ask


for _call in ("info", "domains", "networks", "state", "suspend", "resume", "save", "restore", "destroy", "warm_clone"):
    setattr(Mortal, _call, _cut_off(_call))


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    monkeypatch.setattr(hosting, "GRACE_S", 0.0)
    made = World(tmp_path, hosts=HOSTS, hypervisor=lambda file: Mortal(state=file))
    yield made
    made.close()


def on(world: World, host: str, candidate: str = "c01") -> set[DomainState]:
    """The states of a bench's machines on a host."""
    actual = Listing(world.hosts[host], world.settings.benches_dir).bench(SLUG, candidate)
    assert len(actual.machines) in (0, len(MACHINES))
    assert actual.networks == (1 if actual.machines else 0)
    return set(actual.machines.values())


def cut_off(world: World, host: str, dead: bool = True) -> None:
    hypervisor = world.hosts[host]
    assert isinstance(hypervisor, Mortal)
    hypervisor.dead = dead


def move(world: World, host: str, candidate: str = "c01", **more: bool) -> None:
    world.do(commands.Move(candidate=candidate, host=host, **more, **WHO))


def paused_on_a(world: World) -> None:
    """One candidate, paused, whose bench is on the first host; both machines hold work."""
    world.started(c01=0, c02=0)
    assert world.sitting().home == A
    for machine in MACHINES:
        world.work("before", machine=machine)
    world.do(commands.Pause(candidate="c01", **WHO))
    world.passes()


# --- spreading


def test_benches_are_spread_by_the_room_that_each_host_has(world: World) -> None:
    world.hosts[A].memory_mib, world.hosts[B].memory_mib = 6000, 3600
    world.create(c01=0, c02=0, c03=0, c04=0, c05=0, c06=0)
    world.do(commands.Prepare(who="dupont"))
    world.passes()
    homes = [sitting.home for sitting in world.exam.candidates.values()]
    assert set(homes) == {A, B}
    assert homes.count(A) > homes.count(B)
    for sitting in world.exam.candidates.values():
        assert on(world, str(sitting.home), sitting.id) == PAUSED
    assert world.kinds().count("bench-placed") == 6
    world.sound()


def test_a_bench_is_made_on_the_host_that_was_named(world: World) -> None:
    world.create()
    world.do(commands.Enrol(who="dupont", candidate="c01", host=B), commands.Prepare(who="dupont"))
    world.passes()
    assert on(world, B) == PAUSED
    assert on(world, A) == set()


# --- moving


def test_a_paused_bench_moves_with_its_memory_and_goes_on_there(world: World) -> None:
    paused_on_a(world)
    before = world.sitting().clock.remaining_s(world.desk.open(SLUG).now)
    move(world, B)
    world.passes()
    assert (on(world, A), on(world, B)) == (set(), PAUSED)
    assert world.sitting().home == B
    assert not (world.folder() / "move").exists()
    world.do(commands.Resume(candidate="c01", who="dupont"))
    world.passes()
    assert on(world, B) == RUNNING
    assert world.worked() == ["before"]
    assert world.sitting().clock.remaining_s(world.desk.open(SLUG).now) == before
    assert "bench-restored" not in world.kinds("c01")
    world.advance(61)
    world.passes()
    assert world.sitting().state == "frozen"
    assert world.sitting().observation is not None
    assert (on(world, A), on(world, B)) == (set(), set())
    world.sound()


def test_a_machine_that_was_off_is_off_on_the_other_host(world: World) -> None:
    paused_on_a(world)
    world.hosts[A].shutdown(world.domain("client"), timeout_s=1)
    move(world, B)
    world.passes()
    assert on(world, B) == {DomainState.PAUSED, DomainState.OFF}


def test_a_bench_that_is_being_made_is_made_on_the_other_host(world: World) -> None:
    world.create(c01=0)
    world.hosts[A].memory_mib = world.hosts[B].memory_mib = 600  # too little: it cannot be made
    world.do(commands.Prepare(who="dupont"))
    world.engine.run_pass()
    world.engine.run_pass()
    home = world.sitting().home
    assert world.sitting().failure is not None
    world.hosts[A].memory_mib = world.hosts[B].memory_mib = 65536
    other = B if home == A else A
    move(world, other)
    world.retry()
    world.passes()
    assert on(world, other) == PAUSED
    assert world.sitting().state == "ready"


@pytest.mark.usefixtures("quick")
def test_killed_anywhere_in_a_move_another_service_finishes_it(tmp_path: Path) -> None:
    """There, and back when the supervisor thinks better of it."""
    world = play(tmp_path, hosts=HOSTS)
    paused_on_a(world)
    move(world, B)
    images = deaths(world)
    assert on(world, B) == PAUSED
    world.close()
    assert len(images) > 30
    for image in images:
        for goal in HOSTS:
            with after(image, tmp_path, timedelta(minutes=1), HOSTS) as world:
                _finish(world, goal)


def _finish(world: World, goal: str) -> None:
    if world.sitting().host != goal:
        move(world, goal)
    world.passes()
    other = A if goal == B else B
    assert (on(world, goal), on(world, other)) == (PAUSED, set())
    assert world.sitting().home == goal
    assert [world.worked(machine=machine) for machine in MACHINES] == [["before"]] * 2
    assert not {"bench-restored", "bench-failed", "machine-powered-on"} & set(world.kinds("c01"))
    assert not (world.folder() / "move").exists()
    world.sound()


# --- a host that is down


def test_a_dead_host_holds_up_nobody_else_and_its_benches_come_back_with_it(world: World) -> None:
    world.started(c01=0, c02=0)
    assert [world.sitting(name).home for name in ("c01", "c02")] == [A, B]
    cut_off(world, A)
    world.passes_once()
    assert world.sitting("c01").failure is not None
    assert world.sitting("c02").failure is None
    world.advance(61)
    world.passes_once()
    assert world.sitting("c01").state == "ended"  # the bell rings for all
    world.passes_once()
    world.passes_once()
    world.passes_once()
    assert world.sitting("c02").state == "frozen"
    cut_off(world, A, dead=False)
    world.passes()
    assert world.sitting("c01").state == "frozen"
    assert world.kinds("c01").count("bench-reached") == 1
    assert "bench-restored" not in world.kinds("c01")
    world.sound()


def test_a_bench_on_a_dead_host_moves_only_when_the_host_is_given_up(world: World) -> None:
    world.started(c01=0)
    world.work("before")
    world.advance(16)
    world.passes()  # the first checkpoint
    world.work("after")
    cut_off(world, A)
    world.passes_once()
    with pytest.raises(Refused):
        move(world, B)
    world.do(commands.Pause(candidate="c01", **WHO))
    move(world, B)
    world.passes_once()
    world.retry()
    world.passes_once()
    assert on(world, B) == set()  # it may run on, where nobody sees it
    assert world.sitting().failure is not None
    move(world, B, host_lost=True)
    world.retry()
    world.passes()
    assert on(world, B) == PAUSED
    assert world.worked() == ["before"]


def test_a_host_that_goes_silent_in_the_middle_of_a_move_is_waited_for(world: World) -> None:
    paused_on_a(world)
    move(world, B)
    at_first = world.engine._hosting.look

    def look() -> bool:
        changed = at_first()
        world.engine.ground.hosts.failed(A, DaemonError(Text("coupé", "cut")))  # after it was asked, before the move
        return changed

    world.engine._hosting.look = look  # type: ignore[method-assign]
    world.passes_once()
    assert world.sitting().home == A
    assert world.sitting().failure is not None
    assert on(world, A) == PAUSED
    world.engine._hosting.look = at_first  # type: ignore[method-assign]
    world.hosts_answer()
    world.retry()
    world.passes()
    assert (on(world, A), on(world, B)) == (set(), PAUSED)
    assert "bench-restored" not in world.kinds("c01")


def test_a_move_whose_goal_dies_is_sent_back_and_nothing_is_on_twice_when_it_returns(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    paused_on_a(world)
    move(world, B)
    with monkeypatch.context() as patch:
        patch.setattr(world.hosts[A], "destroy", _fails)  # all is on the second host, and not forgotten by the first
        world.passes_once()
    assert world.sitting().home == A
    cut_off(world, B)
    move(world, A)
    world.retry()
    world.passes_once()
    assert world.sitting().home == A
    assert set(world.actual().machines.values()) == {DomainState.OFF}  # the second host may have it all
    move(world, A, host_lost=True)
    world.retry()
    world.passes()
    assert on(world, A) == PAUSED
    cut_off(world, B, dead=False)
    world.passes()
    assert (on(world, A), on(world, B)) == (PAUSED, set())
    assert world.worked() == ["before"]
    assert "bench-restored" not in world.kinds("c01")
    world.sound()


def _fails(*_args: object) -> None:
    raise HypervisorError(Text("refus", "refusal"))


def test_after_a_host_was_given_up_the_last_checkpoint_goes_on_and_the_lost_machines_are_removed(world: World) -> None:
    world.started(c01=0)
    world.work("before")
    world.advance(16)
    world.passes()
    world.work("after")
    cut_off(world, A)
    world.passes_once()
    world.advance(5)
    move(world, B, host_lost=True)
    world.retry()
    world.passes()
    assert on(world, B) == RUNNING
    assert world.worked() == ["before"]
    (restored,) = [event for event in world.history() if isinstance(event, events.BenchRestored)]
    assert restored.checkpoint == "p1"
    given = [event.seconds for event in world.history() if isinstance(event, events.TimeExtended)]
    assert given == [300]
    cut_off(world, A, dead=False)
    assert on(world, A) == RUNNING  # the lost host was not dead after all
    world.passes()
    assert (on(world, A), on(world, B)) == (set(), RUNNING)
    assert world.sitting().given_up == ()
    assert world.worked() == ["before"]
    world.sound()
