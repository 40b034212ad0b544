"""Random sessions: orders, engine reports, outages and clocks that jump, in any order.

Beside the exam runs a model of time that knows nothing of its clocks: it keeps the stretches in which each candidate
could work, and adds them up. Whatever happens, both agree to the microsecond, and nobody is stuck anywhere.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from labs.text import Text
from orchestrator.exam import Exam, Refused, commands, decide, desired, events, fold
from orchestrator.exam.commands import Command
from orchestrator.exam.events import Event
from tests.unit.exam.story import CREATE, T0, Story

IDS = ("c01", "c02", "c03")
BASE = timedelta(hours=3)
WHY = {"who": "dupont", "why": "essai"}
ZERO = timedelta()
MICROSECOND = timedelta(microseconds=1)

someone = st.sampled_from(IDS)
someone_or_room = st.sampled_from((*IDS, None))
durations = st.one_of(
    st.integers(0, 30).map(lambda minutes: timedelta(minutes=minutes)),
    st.integers(0, 10**9).map(lambda microseconds: timedelta(microseconds=microseconds)),
)


@dataclass
class Worker:
    """The model of one candidate: when they could work (``until`` None: still), and how long they may in all."""

    allotted: timedelta
    granted: timedelta = ZERO
    stretches: list[tuple[datetime, datetime | None]] = field(default_factory=list)
    stopped_by: set[str] = field(default_factory=set)
    over: bool = False
    restored: datetime = T0

    def used(self, now: datetime, since: datetime = T0) -> timedelta:
        spans = ((max(start, since), min(until or now, now)) for start, until in self.stretches)
        return sum((max(until - start, ZERO) for start, until in spans), ZERO)

    @property
    def started(self) -> bool:
        return bool(self.stretches)

    @property
    def works(self) -> bool:
        return self.started and self.stretches[-1][1] is None

    def due(self, now: datetime) -> bool:
        return self.works and self.used(now) >= self.allotted

    def at_work(self, now: datetime) -> bool:
        return self.started and not self.over and not self.due(now)

    def go(self, now: datetime) -> None:
        self.stretches.append((now, None))

    def halt(self, now: datetime) -> None:
        if self.works:
            self.stretches[-1] = (self.stretches[-1][0], now)

    def finish(self, now: datetime) -> None:
        self.halt(now)
        self.stopped_by.clear()
        self.over = True


class Sessions(RuleBasedStateMachine):
    """``host_now`` is what the host says and may go back; ``now`` is what must count: never behind the last event."""

    def __init__(self) -> None:
        super().__init__()
        self.story = Story()
        self.workers: dict[str, Worker] = {}
        self.host_now = T0
        self.last = T0
        self.checkpoints = 0

    @initialize(
        extras=st.lists(st.sampled_from((0, 33, "tiers")), min_size=1, max_size=3),
        stage=st.sampled_from(
            ("started", "one started", "ready", "draft")
        ),  # most of what matters comes after the start
    )
    def create(self, extras: list[int | Literal["tiers"]], stage: str) -> None:
        self.do(CREATE)
        for one, extra in zip(IDS, extras, strict=False):
            self.do(commands.Enrol(one, extra_percent=extra, **WHY))
            share = {0: BASE * 0, 33: BASE * 33 / 100, "tiers": BASE / 3}[extra]
            self.workers[one] = Worker(BASE + share)
        if stage != "draft":
            self.do(commands.Prepare(**WHY))
            for one in self.workers:
                self.do(commands.BenchReady(one))
        if stage in ("started", "one started"):
            self.start(None if stage == "started" else IDS[0])

    # --- help
    @property
    def now(self) -> datetime:
        return max(self.host_now, self.last)

    def do(self, command: Command) -> tuple[Event, ...]:
        now = self.now
        made = self.story.do(command, self.host_now)
        if made:
            self.last = now
        assert all(event.at == now for event in made)
        return made

    def attempt(self, command: Command, possible: bool | None = None) -> tuple[Event, ...]:
        """Do it; a refusal must leave all as it is, and come exactly when the model says that it is not possible."""
        before = self.story.exam
        try:
            made = self.do(command)
        except Refused:
            made = ()
        if made:
            assert possible is not False, command
        else:
            assert not possible, command
            assert self.story.exam == before
        return made

    def meant(self, candidate: str | None) -> list[Worker]:
        return [worker for one, worker in self.workers.items() if candidate in (None, one)]

    def working(self, candidate: str | None) -> list[Worker]:
        return [worker for worker in self.meant(candidate) if worker.at_work(self.now)]

    # --- time
    @rule(step=durations)
    def wait(self, step: timedelta) -> None:
        self.host_now += step

    @rule(back=durations)
    def the_clock_goes_back(self, back: timedelta) -> None:
        self.host_now = max(self.host_now - back, T0)

    @rule(offset=st.sampled_from((-MICROSECOND, ZERO, MICROSECOND, timedelta(minutes=7))))
    def wait_for_the_next_deadline(self, offset: timedelta) -> None:
        left = [worker.allotted - worker.used(self.now) for worker in self.workers.values() if worker.works]
        if left:
            self.host_now = self.now + max(min(left) + offset, ZERO)

    # --- orders about time
    @rule(candidate=someone_or_room)
    def begin(self, candidate: str | None) -> None:
        self.start(candidate)

    def start(self, candidate: str | None) -> None:
        in_the_way = any("room" in worker.stopped_by for worker in self.workers.values())
        for event in self.attempt(commands.Start(candidate, **WHY), False if in_the_way else None):
            assert event.candidate is not None
            assert not self.workers[event.candidate].started
            self.workers[event.candidate].go(self.now)

    @rule(candidate=someone_or_room)
    def pause(self, candidate: str | None) -> None:
        mark = candidate or "room"
        reached = [worker for worker in self.working(candidate) if mark not in worker.stopped_by]
        possible = any(worker.works for worker in self.working(None)) if candidate is None else bool(reached)
        self.attempt(commands.Pause(candidate, **WHY), possible)
        for worker in reached if possible else ():
            worker.halt(self.now)
            worker.stopped_by.add(mark)

    @rule(candidate=someone, step=durations)
    def pause_one_then_the_room(self, candidate: str, step: timedelta) -> None:
        self.pause(candidate)
        self.wait(step)
        self.pause(None)

    @rule(candidate=someone_or_room)
    def resume(self, candidate: str | None) -> None:
        mark = candidate or "room"
        reached = [worker for worker in self.meant(candidate) if mark in worker.stopped_by]
        self.attempt(commands.Resume(candidate, **WHY), bool(reached))
        for worker in reached:
            worker.stopped_by.remove(mark)
            if not worker.stopped_by:
                worker.go(self.now)

    @rule(candidate=someone_or_room, seconds=st.sampled_from((0, 1, 59, 600, 3600, 8 * 3600, 8 * 3600 + 1)))
    def extend(self, candidate: str | None, seconds: int) -> None:
        reached = self.working(candidate)
        expected = None if candidate and not any(worker.started for worker in self.meant(candidate)) else bool(reached)
        made = self.attempt(
            commands.Extend(candidate, seconds, **WHY), False if not 1 <= seconds <= 8 * 3600 else expected
        )
        assert not reached or len(made) in (0, len(reached))
        self.granted(made)

    @rule(candidate=someone_or_room, seconds=st.sampled_from((1, 60, 600)))
    def take_back(self, candidate: str | None, seconds: int) -> None:
        for event in self.attempt(commands.TakeBack(candidate, seconds, **WHY)):
            assert isinstance(event, events.TimeTakenBack)
            worker = self.workers[event.candidate]
            worker.allotted -= timedelta(seconds=seconds)
            worker.granted -= timedelta(seconds=seconds)
            assert worker.granted >= ZERO
            assert worker.used(self.now) < worker.allotted

    def granted(self, made: tuple[Event, ...]) -> None:
        for event in made:
            assert isinstance(event, events.TimeExtended)
            self.workers[event.candidate].allotted += timedelta(seconds=event.seconds)
            self.workers[event.candidate].granted += timedelta(seconds=event.seconds)

    @rule(candidate=someone)
    def finish_early(self, candidate: str) -> None:
        reached = [worker for worker in self.working(candidate) if worker.works]
        self.attempt(commands.FinishEarly(candidate, **WHY), bool(reached))
        for worker in reached:
            worker.finish(self.now)
            assert worker.used(self.now) < worker.allotted

    @rule(candidate=someone_or_room)
    def freeze(self, candidate: str | None) -> None:
        reached = self.working(candidate)
        self.attempt(commands.Freeze(candidate, **WHY), bool(reached))
        for worker in reached:
            worker.finish(self.now)

    # --- the engine, which may have been away for any time
    @rule()
    def ring(self) -> None:
        due = {one: worker for one, worker in self.workers.items() if worker.due(self.now)}
        made = [event for event in self.do(commands.RingBell()) if isinstance(event, events.BellRung)]
        assert [event.candidate for event in made] == list(due)
        for event in made:
            worker = due[event.candidate]
            worker.finish(self.now)
            late = worker.used(self.now) - worker.allotted
            assert event.late_s == late.total_seconds()
            assert event.due_at == self.now - late

    @rule(candidate=someone, ago=durations)
    def restore(self, candidate: str, ago: timedelta) -> None:
        since, now = self.now - ago, self.now
        worker = self.workers.get(candidate)
        made = self.do(commands.BenchRestored(candidate, missing_since=since, lost_s=1.0))
        assert self.do(commands.BenchRestored(candidate, missing_since=since, lost_s=1.0)) == ()
        if worker is None or not made:
            return
        missing = worker.used(now, max(since, worker.restored)) if worker.at_work(now) else ZERO
        worker.restored = now
        self.granted(made[1:])
        assert [event.seconds for event in made[1:] if isinstance(event, events.TimeExtended)] == (
            [math.ceil(missing.total_seconds())] if missing else []
        )

    @rule(candidate=someone, step=durations)
    def restore_twice(self, candidate: str, step: timedelta) -> None:
        self.restore(candidate, step)
        self.wait(step)
        self.restore(candidate, 2 * step)

    @rule(candidate=someone)
    def frozen(self, candidate: str) -> None:
        made = self.do(commands.BenchFrozen(candidate, observation="0" * 64))
        assert not made or self.workers[candidate].over

    @rule(candidate=someone, times=st.integers(1, 2))
    def ready(self, candidate: str, times: int) -> None:
        assert sum(len(self.do(commands.BenchReady(candidate))) > 0 for _ in range(times)) <= 1

    @rule(candidate=someone, report=st.sampled_from(("failed", "checkpoint", "no-checkpoint", "done", "given-up")))
    def tell(self, candidate: str, report: str) -> None:
        self.checkpoints += 1
        number = self.story[candidate].resets if candidate in self.workers else 1
        self.do(
            {
                "failed": commands.BenchFailed(candidate, Text("panne", "failure")),
                "checkpoint": commands.CheckpointTaken(candidate, f"cp-{self.checkpoints}", 0.5),
                "no-checkpoint": commands.CheckpointFailed(candidate, Text("plein", "full")),
                "done": commands.ResetDone(candidate, number),
                "given-up": commands.ResetFailed(candidate, number, Text("panne", "failure")),
            }[report]
        )

    @rule(
        command=st.sampled_from((commands.ClockJumped(by_s=9.0), commands.ServiceStopped(), commands.ServiceStarted()))
    )
    def explain(self, command: Command) -> None:
        self.do(command)

    # --- the jury
    @rule(candidate=someone, what=st.sampled_from(("judge", "open", "use", "close", "opened", "failed", "idle")))
    def look(self, candidate: str, what: str) -> None:
        number = self.story[candidate].copies if candidate in self.workers else 1
        judged = {"lab_hash": "1" * 64, "verdicts": "2" * 64, "points": 1, "max_points": 2}
        made = self.attempt(
            {
                "judge": commands.Judge(candidate, **judged, **WHY),
                "open": commands.OpenCopy(candidate, **WHY),
                "use": commands.UseCopy(candidate, "server", **WHY),
                "close": commands.CloseCopy(candidate, **WHY),
                "opened": commands.CopyOpened(candidate, number),
                "failed": commands.CopyFailed(candidate, number, Text("plein", "full")),
                "idle": commands.CopyEnded(candidate, number, "idle"),
            }[what]
        )
        assert not made or self.workers[candidate].over

    @rule(
        candidate=someone,
        incident=st.sampled_from(("full-disk", "stale-dns")),
        what=st.sampled_from(("ask", "injected", "failed", "verify", "verified")),
    )
    def incident(self, candidate: str, incident: str, what: str) -> None:
        known = self.story[candidate].incidents if candidate in self.workers else ()
        number, verification = len(known), len(known[-1].verifications) if known else 0
        made = self.attempt(
            {
                "ask": commands.AskIncident(candidate, incident, **WHY),
                "injected": commands.IncidentInjected(candidate, number, 1.0, 0.5),
                "failed": commands.IncidentFailed(candidate, number, Text("panne", "failure"), touched=False),
                "verify": commands.AskVerification(candidate, number, **WHY),
                "verified": commands.IncidentVerified(candidate, number, verification, "unclear"),
            }[what]
        )
        assert not made or self.story[candidate].frozen_copy is not None

    @rule(candidate=someone, phase=st.integers(0, 2), ends=st.booleans())
    def phase(self, candidate: str, phase: int, ends: bool) -> None:
        order = commands.EndPhase(candidate, **WHY) if ends else commands.BeginPhase(candidate, phase, **WHY)
        made = self.attempt(order, None if candidate in self.workers and self.workers[candidate].over else False)
        assert not made or self.story[candidate].state == "frozen"

    # --- the list and the session
    @rule(candidate=someone, host=st.booleans(), to=st.sampled_from(("A1", "A2")))
    def move(self, candidate: str, host: bool, to: str) -> None:
        self.attempt(commands.Move(candidate, host=to if host else None, seat=None if host else to, **WHY))

    @rule(candidate=someone, to=st.sampled_from(("A1", "A2")))
    def moved(self, candidate: str, to: str) -> None:
        made = self.do(commands.BenchMoved(candidate, to))
        assert self.do(commands.BenchMoved(candidate, to)) == ()
        self.granted(made[1:])

    @rule(candidate=someone, whole=st.booleans())
    def reset(self, candidate: str, whole: bool) -> None:
        worker = self.workers.get(candidate)
        possible = False if worker is None or (worker.started and not worker.at_work(self.now)) else None
        self.attempt(commands.AskReset(candidate, None if whole else "server", **WHY), possible)

    @rule()
    def prepare(self) -> None:
        self.attempt(commands.Prepare(**WHY))

    @rule(candidate=someone, comes=st.booleans())
    def attendance(self, candidate: str, comes: bool) -> None:
        made = self.attempt((commands.Return if comes else commands.MarkAbsent)(candidate, **WHY))
        assert not made or not self.workers[candidate].started

    @rule(candidate=someone)
    def withdraw(self, candidate: str) -> None:
        self.attempt(commands.Withdraw(candidate, **WHY))

    @precondition(lambda self: all(worker.over for worker in self.workers.values()))
    @rule(order=st.sampled_from((commands.OpenJury, commands.Close, commands.Seal, commands.Purge)))
    def conclude(self, order: type[Concluding]) -> None:
        self.attempt(concluding(self.story, order))

    # --- what always holds
    @invariant()
    def the_clocks_agree(self) -> None:
        now = self.now
        for one, worker in self.workers.items():
            sitting = self.story[one]
            clock = sitting.clock
            assert clock.allotted_s == worker.allotted.total_seconds()
            assert clock.worked(now) == worker.used(now)
            assert clock.remaining(now) == max(worker.allotted - worker.used(now), ZERO)
            assert clock.is_due(now) == worker.due(now)
            assert (sitting.state == "running") == worker.works
            assert (sitting.state == "paused") == bool(worker.stopped_by)
            assert (desired(sitting, self.story.now.state) == "running") == worker.works
            if worker.works:
                assert clock.deadline() == now + worker.allotted - worker.used(now)

    @invariant()
    def the_session_follows_its_candidates(self) -> None:
        if self.story.exam is None:
            return
        state = self.story.now.state
        states = {sitting.state for sitting in self.story.now.candidates.values()} - {"absent", "withdrawn"}
        begun = any(worker.started for worker in self.workers.values())
        assert begun == (state not in ("draft", "prepared")) or state in ("closed", "sealed", "purged")
        if state == "draft":
            assert states != {"ready"}
        if state == "running":
            assert states - {"frozen"}
        if state in ("frozen", "jury"):
            assert states == {"frozen"}

    @invariant()
    def incidents_live_in_an_open_copy_and_are_brought_about_one_at_a_time(self) -> None:
        for one in self.workers:
            sitting = self.story[one]
            live = [incident for incident in sitting.incidents if incident.is_live]
            copy = sitting.frozen_copy
            assert not live or (copy is not None and copy.opened_at is not None)
            assert {incident.copy_number for incident in live} <= {sitting.copies}
            assert sum(incident.state == "asked" for incident in live) <= 1
            assert [incident.number for incident in sitting.incidents] == list(range(1, len(sitting.incidents) + 1))

    @invariant()
    def phases_are_taken_one_at_a_time_and_end_with_the_session_at_the_latest(self) -> None:
        for one in self.workers:
            sitting = self.story[one]
            moments = [at for taken in sitting.phases for at in (taken.begun_at, taken.ended_at) if at is not None]
            assert moments == sorted(moments)
            assert all(taken.ended_at is not None for taken in sitting.phases[:-1])
            assert all(self.story.now.phases[taken.index].kind != "practical" for taken in sitting.phases)
            assert sitting.under_way is None or self.story.now.state in ("running", "frozen", "jury")

    def teardown(self) -> None:
        if self.story.exam is None:
            return
        assert fold(self.story.history) == self.story.exam
        assert Exam.model_validate_json(self.story.now.model_dump_json()) == self.story.exam
        assert [event.at for event in self.story.history] == sorted(event.at for event in self.story.history)
        close_from(self.story.copy(), self.now)
        everybody_to_frozen(self.story.copy(), self.now)


def run_to_the_end(story: Story, now: datetime) -> None:
    """Whoever began comes to the bell and is frozen."""
    if story.now.room_paused:
        story.do(commands.Resume(**WHY), now)
    for sitting in story.now.candidates.values():
        if sitting.state == "paused":
            story.do(commands.Resume(sitting.id, **WHY), now)
    late = now + timedelta(days=9)
    story.do(commands.RingBell(), late)
    for candidate in story.now.candidates:
        story.do(commands.BenchFrozen(candidate), late)
    assert all(sitting.state == "frozen" for sitting in story.now.candidates.values() if sitting.clock.started_at)


Concluding = commands.OpenJury | commands.Close | commands.Seal | commands.Purge


def concluding(story: Story, order: type[Concluding]) -> Concluding:
    """Such an order; a seal names everybody's dossier."""
    if order is commands.Seal:
        return commands.Seal(tuple((name, "d" * 64) for name in story.now.candidates), "f" * 64, **WHY)
    return order(**WHY)  # type: ignore[call-arg]  # of Seal only


def close_from(story: Story, now: datetime) -> None:
    """Wherever a session is, there is a way to its end, and nothing that was begun is left unfrozen on it."""
    run_to_the_end(story, now)
    for sitting in story.now.candidates.values():
        if story.now.state == "running" and sitting.state in ("enrolled", "preparing", "ready"):
            story.do(commands.MarkAbsent(sitting.id, **WHY), now)
        if sitting.under_way is not None:
            story.do(commands.EndPhase(sitting.id, **WHY), now)
    assert story.now.state != "running"
    for order in (commands.OpenJury, commands.Close, commands.Seal, commands.Purge):
        if order is not commands.OpenJury or story.now.state == "frozen":
            try:
                decide(story.exam, concluding(story, order), now)
            except Refused:
                continue  # this step was made before; that the end is reached says the assertion below
            story.do(concluding(story, order), now)
    assert story.now.state == "purged"


def everybody_to_frozen(story: Story, now: datetime) -> None:
    """As long as the practical is not over, everyone on the list can still sit it."""
    if story.now.state not in ("draft", "prepared", "running"):
        return
    everyone = [sitting.id for sitting in story.now.candidates.values() if sitting.state != "withdrawn"]
    if story.now.room_paused:
        story.do(commands.Resume(**WHY), now)
    for one in everyone:
        if story[one].state == "absent":
            story.do(commands.Return(one, **WHY), now)
    if any(story[one].state == "enrolled" for one in everyone):
        story.do(commands.Prepare(**WHY), now)
    for one in everyone:
        story.do(commands.BenchReady(one), now)
    if any(story[one].state == "ready" for one in everyone):
        story.do(commands.Start(**WHY), now)
    run_to_the_end(story, now)
    assert all(story[one].state == "frozen" for one in everyone)
    assert not everyone or story.now.state == "frozen"


Sessions.TestCase.settings = settings(max_examples=150, stateful_step_count=50, deadline=None)
TestSessions = Sessions.TestCase
