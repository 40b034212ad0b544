"""Incidents in a copy: seen before and after, harm told, nothing touched that cannot be shown; no death loses one."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from checkers.facts import Observation
from orchestrator.engine import incidents
from orchestrator.engine.incident_book import History, read
from orchestrator.exam import IncidentState, commands
from orchestrator.hypervisor.fake import FakeHypervisor
from orchestrator.store import records
from orchestrator.store.examtime import ManualClock
from tests.unit.engine.crash import Image, Recorder, WatchedHypervisor
from tests.unit.engine.machines import Machines, write_lab_with_incidents
from tests.unit.engine.world import NINE, SLUG, World

JURY = {"candidate": "c01", "who": "durand"}


@dataclass
class Hour:
    """A jury's hour: the world, and its machines."""

    world: World
    machines: Machines

    def opened(self) -> Hour:
        self.world.do(commands.OpenCopy(**JURY))
        self.world.passes()
        return self

    def inject(self, incident: str, *, request: bool = False) -> IncidentState:
        self.world.do(commands.AskIncident(incident=incident, request=request, **JURY))
        self.world.passes()
        return self.world.sitting().incidents[-1]

    def look(self, number: int = 1) -> IncidentState:
        self.world.do(commands.AskVerification(number=number, **JURY))
        self.world.passes()
        return self.world.sitting().incidents[number - 1]

    def rename(self, machine: str, name: str) -> None:
        """What the candidate does, in the copy."""
        self.machines.rename(SLUG, "c01", machine, name)

    def book(self) -> dict[int, History]:
        with self.world.store.read() as tx:
            return read(records.every(tx, SLUG, "c01", "incidents"))


def begin(root: Path, make: Callable[[Path], FakeHypervisor] | None = None, clock: ManualClock | None = None) -> Hour:
    """A service, and what it finds under ``root``."""
    if not (root / "lab").exists():
        write_lab_with_incidents(root / "lab")
    world = World(root, hypervisor=make, clock=clock)
    machines = Machines(world.settings.benches_dir)
    world.hypervisor.programs = machines
    return Hour(world, machines)


def freeze(hour: Hour) -> None:
    hour.world.started(c01=0)
    hour.world.do(commands.Freeze(who="dupont", why="fin"))
    hour.world.passes()


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(incidents, "SEEN_WITHIN_S", 0.05)
    monkeypatch.setattr(incidents, "LOOK_AGAIN_S", 0.01)


@pytest.fixture
def hour(tmp_path: Path) -> Hour:
    """A candidate who has done all that the lab asks, frozen, with an open copy."""
    made = begin(tmp_path)
    freeze(made)
    return made.opened()


def evidence(hour: Hour) -> dict[str, str]:
    """What was frozen, by hash."""
    folder = hour.world.folder()
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files
        if path.relative_to(folder).parts[0] not in ("copy", "incidents")
    }


def test_an_incident_is_brought_about_seen_repaired_and_leaves_the_evidence_as_it_was(hour: Hour) -> None:
    before = evidence(hour)
    injected = hour.inject("client-lost")
    assert injected.state == "injected"
    assert hour.machines.name(SLUG, "c01", "client") == "lost"
    assert hour.look().verifications[-1].outcome == "unsolved"
    hour.rename("client", "desk")
    last = hour.look().verifications[-1]
    assert (last.outcome, last.harm, last.error) == ("solved", (), None)
    assert evidence(hour) == before
    hour.world.sound()


def test_what_was_seen_is_kept_under_the_hashes_in_the_book(hour: Hour) -> None:
    hour.inject("client-lost")
    hour.look()
    history = hour.book()[1]
    assert history.injection is not None
    kept = {path.name: path.read_bytes() for path in (hour.world.folder() / "incidents").glob("*.json")}
    hashes = {name: hashlib.sha256(content).hexdigest() for name, content in kept.items()}
    assert hashes == {
        "1-before.json": history.injection.before,
        "1-broken.json": history.injection.observation,
        "1-look-1.json": history.looks[0].observation,
    }
    assert all(Observation.model_validate_json(content).candidate == "c01" for content in kept.values())
    assert [one.outcome for one in history.injection.proof_before] == ["PASS"]
    assert [one.outcome for one in history.injection.proof] == ["FAIL"]
    assert "lost" in history.looks[0].proof[0].reason.fr


def test_what_was_seen_outlives_the_copy(hour: Hour) -> None:
    hour.inject("client-lost")
    hour.world.do(commands.CloseCopy(**JURY))
    hour.world.passes()
    assert not (hour.world.folder() / "copy").exists()
    assert (hour.world.folder() / "incidents" / "1-before.json").exists()
    hour.world.do(commands.Close(who="dupont"))
    hour.world.passes()
    assert (hour.world.folder() / "incidents" / "1-before.json").exists()


def test_an_incident_that_cannot_be_shown_on_a_bench_is_refused_in_words_and_nothing_is_touched(hour: Hour) -> None:
    hour.rename("client", "something")
    failed = hour.inject("client-lost")
    assert (failed.state, failed.touched) == ("failed", False)
    assert failed.failure is not None
    assert "« Its name » : nom en cours trouvé « something », attendu « desk »" in failed.failure.fr
    assert hour.machines.ran == []


def test_a_machine_that_says_a_lot_does_not_fill_the_exam(hour: Hour) -> None:
    hour.rename("client", "x" * 100_000)
    failed = hour.inject("client-lost")
    assert failed.failure is not None
    assert len(failed.failure.fr) <= 1000


def test_a_machine_that_cannot_be_seen_is_no_bench_for_an_incident(hour: Hour) -> None:
    hour.rename("client", "")
    failed = hour.inject("client-lost")
    assert (failed.state, failed.touched) == ("failed", False)
    assert failed.failure is not None
    assert "On ne voit pas assez de ce poste" in failed.failure.fr
    assert hour.machines.ran == []


def test_a_script_that_fails_is_told_and_the_copy_is_not_to_be_trusted(hour: Hour) -> None:
    hour.machines.refuse.add("client")
    failed = hour.inject("client-lost")
    assert (failed.state, failed.touched) == ("failed", True)
    injection = hour.book()[1].injection
    assert injection is not None
    assert "no such thing" in injection.detail


def test_what_is_not_seen_broken_in_time_is_not_injected(hour: Hour) -> None:
    hour.machines.deaf.add("client")
    failed = hour.inject("client-lost")
    assert (failed.state, failed.touched) == ("failed", True)
    assert failed.failure is not None
    assert "rien n'en a été constaté" in failed.failure.fr


def test_a_request_breaks_nothing_and_is_open_until_it_is_fulfilled(hour: Hour) -> None:
    assert hour.inject("rename", request=True).state == "injected"
    assert hour.machines.ran == []
    hour.rename("server", "office")
    last = hour.look().verifications[-1]
    assert (last.outcome, last.harm) == ("solved", ())


def test_what_is_done_already_is_not_asked_for(hour: Hour) -> None:
    hour.rename("server", "office")
    failed = hour.inject("rename", request=True)
    assert (failed.state, failed.touched) == ("failed", False)
    assert failed.failure is not None
    assert "déjà fait" in failed.failure.fr


def test_a_repair_that_spoils_something_else_is_told_with_both_reasons(hour: Hour) -> None:
    hour.inject("client-lost")
    hour.rename("client", "desk")
    hour.rename("server", "oops")
    last = hour.look().verifications[-1]
    assert (last.outcome, last.harm) == ("solved", ("server-name",))
    (harm,) = hour.book()[1].looks[0].harm or ()
    assert (harm.points_before, harm.points) == (1, 0)
    assert ("srv" in harm.reason_before.fr, "oops" in harm.reason.fr) == (True, True)


def test_what_cannot_be_seen_any_more_is_no_harm_but_is_told(hour: Hour) -> None:
    hour.inject("client-lost")
    hour.rename("client", "desk")
    hour.rename("server", "")
    last = hour.look().verifications[-1]
    assert (last.outcome, last.harm) == ("solved", ())
    assert [one.check for one in hour.book()[1].looks[0].unseen] == ["server-name"]


def test_what_is_worse_while_an_incident_is_there_may_be_its_own_and_is_told_once_it_is_solved(hour: Hour) -> None:
    hour.inject("client-lost")
    hour.rename("server", "oops")
    assert hour.look().verifications[-1].harm is None
    hour.rename("client", "desk")
    assert hour.look().verifications[-1].harm == ("server-name",)


def test_no_harm_is_told_while_a_later_incident_is_there(hour: Hour) -> None:
    hour.inject("client-lost")
    hour.inject("server-lost")
    hour.rename("client", "desk")
    last = hour.look(1).verifications[-1]
    assert (last.outcome, last.harm) == ("solved", None)
    assert hour.book()[1].looks[0].beside == ("server-lost",)
    assert hour.look(2).verifications[-1].outcome == "unsolved"
    hour.rename("server", "srv")
    assert [hour.look(number).verifications[-1].harm for number in (1, 2)] == [(), ()]


def test_what_a_later_incident_may_have_broken_again_is_not_held_against_the_candidate(hour: Hour) -> None:
    hour.inject("rename", request=True)
    hour.inject("server-lost")
    last = hour.look(1).verifications[-1]
    assert (last.outcome, last.harm) == ("unclear", None)
    assert hour.book()[1].looks[0].beside == ("server-lost",)
    hour.rename("server", "srv")
    assert hour.look(1).verifications[-1].outcome == "unsolved"


def test_what_an_incident_in_the_same_copy_affects_is_no_harm(hour: Hour) -> None:
    hour.inject("rename", request=True)
    hour.inject("client-lost")
    hour.rename("client", "desk")
    hour.rename("server", "office")  # as was asked for, and not what the lab's own check expects
    assert [hour.look(number).verifications[-1].harm for number in (1, 2)] == [(), ()]


def test_a_proof_that_cannot_be_seen_decides_nothing(hour: Hour) -> None:
    hour.inject("client-lost")
    hour.rename("client", "")
    last = hour.look().verifications[-1]
    assert (last.outcome, last.harm) == ("unclear", None)


def test_a_lab_without_such_an_incident_ends_the_attempt(hour: Hour) -> None:
    failed = hour.inject("nothing")
    assert (failed.state, failed.touched) == ("failed", False)


def test_a_lab_that_was_changed_does_not_leave_an_incident_hanging(hour: Hour) -> None:
    with (hour.world.lab / "sujet.md").open("a") as file:
        file.write("more")
    hour.world.begin()
    failed = hour.inject("client-lost")
    assert (failed.state, failed.touched) == ("failed", False)
    assert failed.failure is not None
    assert "sujet a changé" in failed.failure.fr


def test_incidents_keep_a_copy_from_being_idle(hour: Hour) -> None:
    hour.inject("client-lost")
    for _ in range(2):
        hour.world.advance(90)
        hour.look()
    assert hour.world.sitting().frozen_copy is not None
    hour.world.advance(121)
    hour.world.passes()
    assert hour.world.sitting().incidents[0].state == "ended"


# --- killed anywhere
@dataclass
class Played:
    """What the service did from the order to the second look, and what there was before each operation."""

    images: dict[int, Image] = field(default_factory=dict)
    counts: list[int] = field(default_factory=list)


@pytest.fixture
def played(tmp_path: Path, quick: None) -> tuple[Played, Path]:
    hour = begin(tmp_path, lambda file: WatchedHypervisor(state=file), ManualClock(NINE))
    freeze(hour)
    hour.opened()
    made = Played()
    recorder = Recorder(tmp_path / "data", hour.world.elapsed, range(10_000))
    assert isinstance(hour.world.hypervisor, WatchedHypervisor)
    hour.world.hypervisor.recorder = recorder
    with recorder.watching(hour.world.store):
        for order in (
            commands.AskIncident(incident="client-lost", **JURY),
            commands.AskVerification(number=1, **JURY),
        ):
            hour.world.do(order)
            with recorder.recording():
                hour.world.passes()
            made.counts.append(len(recorder.names))
    hour.world.close()
    made.images = recorder.images
    return made, tmp_path


def test_wherever_the_service_dies_the_next_one_goes_on_with_what_was_seen_before(played: tuple[Played, Path]) -> None:
    made, root = played
    assert len(made.images) == made.counts[-1] > 20
    for number, image in made.images.items():
        image.put_back(root / "data")
        clock = ManualClock(NINE + timedelta(minutes=1))
        hour = begin(root, lambda file: WatchedHypervisor(state=file), clock)
        try:
            hour.world.passes()
            (incident,) = hour.world.sitting().incidents
            assert incident.state == "injected", image.operation
            history = hour.book()[1]
            assert history.injection is not None
            assert [one.outcome for one in history.injection.proof_before] == ["PASS"], "seen before, not after a death"
            assert hour.world.kinds("c01").count("incident-injected") == 1
            if number >= made.counts[0]:
                assert [one.outcome for one in incident.verifications] == ["unsolved"], image.operation
                assert len(history.looks) == 1
            hour.rename("client", "desk")
            assert hour.look().verifications[-1].outcome == "solved"
            hour.world.sound()
            assert {"incident-failed", "copy-closed", "bench-failed"} & set(hour.world.kinds()) == set()
        finally:
            hour.world.close()
