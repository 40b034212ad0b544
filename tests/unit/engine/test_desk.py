"""The desk: orders all or not at all, from several people at once, and time that no clock of the host can alter."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest

from orchestrator.engine.desk import Desk
from orchestrator.exam import Command, Refused, commands, events
from orchestrator.hypervisor.port import DomainState
from orchestrator.store import benches, exams, open_store
from orchestrator.store.errors import RecordError
from tests.unit.engine.world import NINE, SLUG, WHO, World


def test_what_is_stored_is_what_the_journal_adds_up_to(world: World) -> None:
    world.started(c01=0, c02="tiers")
    made = world.do(commands.Extend(candidate="c01", seconds=60, **WHO), commands.Pause(candidate="c02", **WHO))
    assert [event.kind for event in made] == ["time-extended", "candidate-paused"]
    assert world.history()[-2:] == list(made)
    world.sound()


def test_a_refused_order_changes_nothing_not_even_what_was_ordered_with_it(world: World) -> None:
    world.started(c01=0)
    before, told = world.exam, world.history()
    with pytest.raises(Refused):
        world.do(commands.Extend(candidate="c01", seconds=60, **WHO), commands.Resume(candidate="c01", who="dupont"))
    assert (world.exam, world.history()) == (before, told)


def test_a_session_is_made_whole_or_not_at_all(world: World) -> None:
    world.create(c01=0)
    before = world.exam
    with pytest.raises(RecordError):
        world.create(c01=0, c02=0)
    assert world.exam == before
    with world.store.read() as tx:
        assert [person.id for person in exams.candidates(tx, SLUG)] == ["c01"]


def test_two_supervisors_who_order_the_same_at_once_are_served_one_after_the_other(world: World) -> None:
    world.started(c01=0)
    rounds, barrier = 15, Barrier(2)

    def supervisor(name: str) -> list[str]:
        told = []
        with open_store(world.settings.database) as store:
            desk = Desk(store, world.clock)
            for number in range(rounds):
                why = f"{name} {number}"
                order: type[commands.Pause | commands.Resume] = commands.Pause if number % 2 == 0 else commands.Resume
                barrier.wait(120)
                try:
                    desk.do(SLUG, order(candidate="c01", who=name, why=why), commands.Move("c01", seat=why, who=name))
                    told.append(why)
                except Refused:
                    pass
                barrier.wait(120)
        return told

    with ThreadPoolExecutor(max_workers=2) as pool:
        a, b = pool.map(supervisor, ("anne", "benoit"))
    # each time one of the two was served, wholly, and the other refused
    assert len(a) + len(b) == rounds
    assert len({why.split()[1] for why in a + b}) == rounds
    moved = [event for event in world.history() if isinstance(event, events.Moved)]
    assert sorted(event.seat or "" for event in moved) == sorted(a + b)
    world.sound()


def test_orders_of_many_threads_are_all_there(world: World) -> None:
    world.started(c01=0)

    def extend(number: int) -> None:
        world.desk.do(SLUG, commands.Extend(candidate="c01", seconds=number, **WHO))

    with ThreadPoolExecutor(max_workers=4) as pool:
        list(pool.map(extend, range(1, 21)))
    assert world.sitting().clock.extended_s == sum(range(1, 21))
    world.sound()


@pytest.mark.parametrize("jump", [timedelta(hours=3), timedelta(hours=-3)], ids=["forwards", "backwards"])
def test_a_wall_clock_that_is_set_changes_no_deadline_and_is_explained(world: World, jump: timedelta) -> None:
    world.started(c01=0)
    world.advance(10)
    world.desk.keep_time(SLUG)
    deadline, now = world.sitting().clock.deadline(), world.desk.open(SLUG).now
    world.clock.set_wall(world.clock.read().wall + jump)
    assert world.desk.open(SLUG).now == now
    for _ in range(2):
        world.clock.advance(timedelta(seconds=1))
        world.desk.keep_time(SLUG)
    assert world.sitting().clock.deadline() == deadline
    (told,) = [event for event in world.history() if isinstance(event, events.ClockJumped)]
    assert told.by_s == jump.total_seconds()
    world.passes()
    assert world.sitting().state == "running"
    world.clock.advance(timedelta(minutes=50) - timedelta(seconds=2))
    world.passes()
    (bell,) = [event for event in world.history() if isinstance(event, events.BellRung)]
    assert (bell.due_at, bell.late_s) == (deadline, 0)


def test_a_clock_that_is_steered_is_no_event(world: World) -> None:
    world.started(c01=0)
    world.clock.set_wall(world.clock.read().wall + timedelta(seconds=1))
    world.desk.keep_time(SLUG)
    assert "clock-jumped" not in world.kinds()


def test_the_time_for_which_the_host_was_down_is_given_back(world: World) -> None:
    world.started(c01=0, c02="tiers")
    world.do(commands.Pause(candidate="c02", **WHO))
    world.advance(50)
    world.passes()
    world.desk.keep_time(SLUG)
    world.clock.reboot(timedelta(minutes=15))
    for candidate in ("c01", "c02"):
        for machine in ("server", "client"):
            world.hypervisor.lose(world.domain(machine, candidate))
    world.begin()
    world.begin()  # killed at once and begun again: it is not given twice
    world.passes()
    assert world.desk.open(SLUG).now == NINE + timedelta(minutes=65)
    # a deadline that came meanwhile has moved; everybody works on from the last checkpoint
    assert world.states("c01") == {DomainState.RUNNING}
    assert world.sitting("c01").clock.deadline() == NINE + timedelta(minutes=75)
    assert world.sitting("c02").clock.extended_s == 0, "a clock that stood still lost nothing"
    back = [event for event in world.history() if isinstance(event, events.BenchRestored)]
    assert {event.candidate: event.checkpoint for event in back} == {"c01": "p1", "c02": None}
    (down,) = [event for event in world.history() if isinstance(event, events.HostWasDown)]
    assert down.down_s == 15 * 60
    world.advance(10)
    world.passes()
    (bell,) = [event for event in world.history() if isinstance(event, events.BellRung)]
    assert (bell.candidate, bell.late_s) == ("c01", 0)
    assert world.sitting("c01").observation is not None
    world.sound()


def test_a_purge_leaves_no_file_and_no_name(world: World) -> None:
    world.started(c01=0, c02=0)
    world.advance(20)
    world.passes()
    world.do(commands.AskReset(candidate="c01", **WHO))
    world.passes()
    world.advance(60)
    world.passes()
    world.do(commands.Close(who="dupont"))
    world.passes()
    frozen = {"banked.json", "observation.json"}
    frozen |= {name for one in ("client", "server") for name in (f"{one}.ram", f"screen-{one}.png")}
    kept = {"bench.json", "client.qcow2", "frozen", "host_keys.json", "server.qcow2", "sujet.html"}
    for candidate in ("c01", "c02"):
        assert {path.name for path in world.folder(candidate).iterdir()} == kept
        assert {path.name for path in (world.folder(candidate) / "frozen").iterdir()} == frozen
    with world.store.read() as tx:
        assert benches.checkpoints(tx, SLUG) == []
    with pytest.raises(RecordError):
        world.desk.purge(SLUG, commands.Purge(who="dupont"), early=False)
    assert b"Nomdefamille0" in _database(world)

    assert world.desk.purge(SLUG, commands.Purge(who="dupont"), early=True) == 2
    world.passes()
    assert {name for name in world.files() if SLUG in name} == set()
    assert not [name for name in world.files() if name.startswith(("benches/", "sessions/"))]
    for name in (b"Nomdefamille", b"Prenomrare", b"NUM-"):
        assert name not in _database(world)
    assert world.hypervisor.domains() == []
    assert world.networks() == set()
    assert world.exam.state == "purged"
    world.sound()


def _database(world: World) -> bytes:
    data = world.settings.data_dir
    return b"".join(path.read_bytes() for path in sorted(data.glob(f"{world.settings.database.name}*")))


def test_a_session_that_nobody_began_leaves_no_secrets_once_it_is_purged(world: World) -> None:
    world.create(c01=0)
    order: Command = commands.Prepare(who="dupont")
    world.do(order)
    world.passes()
    assert (world.settings.data_dir / "sessions" / SLUG / "secrets.json").exists()
    world.do(commands.Close(who="dupont"))
    world.passes()
    assert not world.folder().exists()
    world.desk.purge(SLUG, commands.Purge(who="dupont"), early=True)
    world.passes()
    assert not (world.settings.data_dir / "sessions" / SLUG).exists()
    assert not (world.settings.benches_dir / SLUG).exists()
