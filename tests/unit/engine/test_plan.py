"""Which step comes next: by example, and from any state a bench can be in, on the way to what is wanted."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.bench import Bench, BenchMachine
from orchestrator.engine.actual import Actual
from orchestrator.engine.plan import Step, next_step
from orchestrator.exam import Clock, IncidentState, Reset, Sitting, Verification, desired
from orchestrator.exam.model import CandidateState, Copy, SessionState
from orchestrator.hypervisor.port import DomainState
from tests.unit.engine.world import MACHINES, NINE, SLUG

RUNNING, PAUSED, OFF, CRASHED = DomainState.RUNNING, DomainState.PAUSED, DomainState.OFF, DomainState.CRASHED
TEN = NINE + timedelta(hours=1)
BENCH = Bench(
    session=SLUG,
    name="c01",
    candidate="c01",
    lab="small-lab",
    golden_key="k",
    state="ready",
    machines={name: BenchMachine(name=name, domain=f"ep-{name}", uuid=name, start="warm") for name in MACHINES},
    networks={"lan": "ep-lan"},
    created_at=0,
    dir=Path("/nowhere"),
)
MAKING = BENCH.model_copy(update={"state": "creating", "machines": {}})
ASKED = Copy(number=1, asked_at=TEN)
OPENED = Copy(number=1, asked_at=TEN - timedelta(hours=3), opened_at=TEN - timedelta(hours=3), used_at=TEN)
UNUSED = Copy(number=1, asked_at=TEN - timedelta(hours=3), opened_at=TEN - timedelta(hours=2))
_ONE = IncidentState(number=1, incident="full-disk", request=False, copy_number=1, asked_at=TEN)
_IN = _ONE.model_copy(update={"state": "injected", "injected_at": TEN})
_LOOK = _IN.model_copy(update={"verifications": (Verification(asked_at=TEN),)})
INJECTING, INJECTED, VERIFYING = ({"frozen_copy": OPENED, "incidents": (one,)} for one in (_ONE, _IN, _LOOK))
RESET = Reset(number=1, machine=None, to="start")


def sitting(state: CandidateState, **changes: object) -> Sitting:
    clock = Clock(base_s=7200)
    if state in ("running", "paused", "ended", "frozen"):
        clock = clock.start(NINE)
    if state == "paused":
        clock = clock.pause(TEN)
    if state in ("ended", "frozen"):
        clock = clock.end(TEN)
    made = Sitting(id="c01", seat=None, host=None, clock=clock, state=state)
    return made.model_copy(update=changes)


def found(server: DomainState | None, client: DomainState | None, **changes: object) -> Actual:
    """A made bench; None: that machine is not there."""
    machines = {name: state for name, state in zip(MACHINES, (server, client), strict=True) if state}
    actual = Actual(BENCH, machines, 1, (), False, False, True, False)
    return replace(actual, **changes)  # type: ignore[arg-type]


NOTHING = Actual(None, {}, 0, (), False, False, False, False)
HALF = Actual(MAKING, {"server": RUNNING}, 1, (), False, False, True, False)
ALL_SAVED = {"saved": MACHINES}


@pytest.mark.parametrize(
    ("who", "session", "actual", "step"),
    [
        # before the start
        (sitting("enrolled"), "draft", NOTHING, None),
        (sitting("preparing"), "draft", NOTHING, Step.MAKE),
        (sitting("preparing"), "draft", HALF, Step.MAKE),
        (sitting("preparing"), "draft", found(RUNNING, PAUSED), Step.SUSPEND),
        (sitting("preparing"), "draft", found(PAUSED, PAUSED), Step.READY),
        (sitting("preparing"), "draft", found(PAUSED, CRASHED), Step.MAKE),
        (sitting("ready"), "prepared", found(PAUSED, PAUSED), None),
        (sitting("ready"), "prepared", found(PAUSED, None), Step.MAKE),
        (sitting("ready"), "prepared", found(RUNNING, PAUSED, bench=BENCH), Step.SUSPEND),
        (sitting("ready", reset=RESET), "prepared", found(PAUSED, PAUSED), Step.RESET),
        (sitting("absent", returns_to="preparing"), "prepared", NOTHING, Step.MAKE),
        (sitting("absent", returns_to="ready"), "running", found(PAUSED, PAUSED), None),
        (sitting("absent", returns_to="enrolled"), "running", NOTHING, None),
        # at work
        (sitting("running"), "running", found(PAUSED, PAUSED), Step.RESUME),
        (sitting("running"), "running", found(RUNNING, RUNNING), None),
        (sitting("running"), "running", found(OFF, RUNNING), Step.POWER_ON),
        (sitting("running"), "running", found(CRASHED, OFF), Step.RESTORE),
        (sitting("running"), "running", found(RUNNING, None), Step.RESTORE),
        (sitting("running", reset=RESET), "running", found(RUNNING, None), Step.RESET),
        (sitting("running"), "running", NOTHING, Step.MAKE),
        (sitting("paused"), "running", found(RUNNING, PAUSED), Step.SUSPEND),
        (sitting("paused"), "running", found(OFF, PAUSED), None),
        (sitting("paused"), "running", found(CRASHED, PAUSED), Step.RESTORE),
        (sitting("paused", reset=RESET), "running", found(RUNNING, PAUSED), Step.SUSPEND),
        (sitting("paused", reset=RESET), "running", found(PAUSED, PAUSED), Step.RESET),
        # a copy for the jury
        (sitting("frozen", frozen_copy=ASKED), "jury", NOTHING, Step.OPEN_COPY),
        (sitting("frozen", frozen_copy=ASKED), "jury", found(RUNNING, RUNNING), Step.OPEN_COPY),
        (sitting("frozen", frozen_copy=OPENED), "jury", found(RUNNING, OFF, has_copy=True), None),
        (sitting("frozen", frozen_copy=OPENED), "jury", found(RUNNING, CRASHED, has_copy=True), Step.END_COPY),
        (sitting("frozen", frozen_copy=OPENED), "jury", found(None, None, has_copy=True), Step.END_COPY),
        (sitting("frozen", frozen_copy=UNUSED), "jury", found(RUNNING, RUNNING, has_copy=True), Step.END_COPY),
        (sitting("frozen", frozen_copy=OPENED), "closed", found(RUNNING, RUNNING), Step.PUT_AWAY),
        (sitting("frozen"), "jury", found(None, None, networks=0, has_copy=True), Step.PUT_AWAY),
        # with incidents
        (sitting("frozen", **INJECTING), "jury", found(RUNNING, RUNNING, has_copy=True), Step.INJECT),
        (sitting("frozen", **INJECTING), "jury", found(RUNNING, CRASHED, has_copy=True), Step.END_COPY),
        (sitting("frozen", **VERIFYING), "jury", found(RUNNING, RUNNING, has_copy=True), Step.VERIFY),
        (sitting("frozen", **INJECTED), "jury", found(RUNNING, RUNNING, has_copy=True), None),
        # after the bell
        (sitting("ended"), "running", found(RUNNING, PAUSED), Step.SUSPEND),
        (sitting("ended"), "running", found(PAUSED, PAUSED), Step.BANK),
        (sitting("ended"), "running", found(PAUSED, CRASHED), Step.RESTORE),
        (sitting("ended"), "running", found(PAUSED, OFF, saved=("client",)), Step.BANK),
        (sitting("ended"), "running", found(PAUSED, None, saved=("client",)), Step.BANK),
        (sitting("ended"), "running", found(OFF, OFF, banked=True, **ALL_SAVED), Step.LOOK),
        (sitting("ended"), "running", found(RUNNING, RUNNING, banked=True, **ALL_SAVED), Step.LOOK),
        (sitting("ended"), "running", found(RUNNING, None, banked=True, observed=True, **ALL_SAVED), Step.FROZEN),
        (sitting("ended"), "running", NOTHING, Step.FROZEN),
        (sitting("ended"), "running", replace(NOTHING, banked=True, has_files=True), Step.FROZEN),
        (sitting("ended", reset=RESET), "running", found(PAUSED, PAUSED), Step.BANK),
        (sitting("frozen"), "frozen", found(OFF, None, banked=True, observed=True), Step.PUT_AWAY),
        (sitting("frozen"), "frozen", found(None, None, networks=0, has_points=True), None),
        # when it is over
        (sitting("frozen"), "closed", found(None, None, networks=0, has_points=True), Step.PUT_AWAY),
        (sitting("frozen"), "closed", found(None, None, networks=0), None),
        (sitting("ready"), "closed", found(PAUSED, PAUSED), Step.REMOVE),
        (sitting("absent", returns_to="ready"), "frozen", found(PAUSED, PAUSED), Step.REMOVE),
        (sitting("withdrawn"), "draft", HALF, Step.REMOVE),
        (sitting("withdrawn"), "draft", NOTHING, None),
        (sitting("frozen"), "purged", found(None, None, networks=0), Step.REMOVE),
        (sitting("frozen"), "purged", NOTHING, None),
    ],
)
def test_the_next_step(who: Sitting, session: SessionState, actual: Actual, step: Step | None) -> None:
    assert next_step(who, session, actual, TEN) is step


@pytest.mark.parametrize(
    ("due_in_s", "left_s", "step"),
    [
        (0, 3600, Step.CHECKPOINT),
        (1, 3600, None),
        (-900, 3600, Step.CHECKPOINT),
        (0, 60, Step.CHECKPOINT),
        (0, 59, None),
    ],
)
def test_a_checkpoint_is_taken_when_due_but_not_just_before_the_bell(
    due_in_s: int, left_s: int, step: Step | None
) -> None:
    now = NINE + timedelta(seconds=7200 - left_s)
    actual, due = found(RUNNING, RUNNING), now + timedelta(seconds=due_in_s)
    assert next_step(sitting("running"), "running", actual, now, checkpoint_at=due) is step


# --- from anywhere to where it should be


@dataclass
class Model:
    """A bench and its sitting, on which each step does what it promises."""

    who: Sitting
    session: SessionState
    actual: Actual
    done: list[Step] = field(default_factory=list)

    def step(self) -> Step | None:
        step = next_step(self.who, self.session, self.actual, TEN)
        if step is not None:
            self.done.append(step)
            self._take(step)
        return step

    def _become(self, **changes: object) -> None:
        self.actual = replace(self.actual, **changes)  # type: ignore[arg-type]

    def _say(self, **changes: object) -> None:
        self.who = self.who.model_copy(update=changes)

    def _machines(self, was: tuple[DomainState | None, ...], now: DomainState) -> None:
        states = {name: self.actual.machines.get(name) for name in MACHINES}
        after = {name: now if state in was else state for name, state in states.items()}
        self._become(machines={name: state for name, state in after.items() if state})

    def _take(self, step: Step) -> None:
        rest = RUNNING if self.who.state == "running" else PAUSED
        match step:
            case Step.MAKE:
                self._become(
                    bench=BENCH,
                    machines=dict.fromkeys(MACHINES, PAUSED),
                    networks=1,
                    saved=(),
                    banked=False,
                    observed=False,
                    has_files=True,
                    has_points=False,
                )
            case Step.SUSPEND:
                self._machines((RUNNING,), PAUSED)
            case Step.RESUME:
                self._machines((PAUSED,), RUNNING)
            case Step.POWER_ON:
                self._machines((OFF,), RUNNING)
            case Step.READY:
                self._say(**{"returns_to" if self.who.state == "absent" else "state": "ready"})
            case Step.RESTORE:
                for name in self.actual.lost():
                    self._become(machines={**self.actual.machines, name: rest})
            case Step.RESET:
                self._become(machines=dict.fromkeys(MACHINES, rest), has_points=True)
                self._say(reset=None)
            case Step.BANK:
                paused = [name for name, state in self.actual.machines.items() if state is PAUSED]
                self._become(saved=tuple({*self.actual.saved, *paused}), banked=True)
                self._machines((PAUSED,), OFF)
            case Step.LOOK:
                self._become(observed=True, machines={})
            case Step.FROZEN:
                self._say(state="frozen", reset=None)
            case Step.PUT_AWAY:
                over = self.session in ("closed", "sealed")
                self._become(machines={}, networks=0, has_points=self.actual.has_points and not over)
            case Step.REMOVE:
                self.actual = NOTHING
            case Step.CHECKPOINT:
                pytest.fail("none is due")


states = st.sampled_from([None, RUNNING, PAUSED, OFF, CRASHED])
actuals = st.builds(
    Actual,
    bench=st.sampled_from([None, MAKING, BENCH]),
    machines=st.tuples(states, states).map(
        lambda both: {name: state for name, state in zip(MACHINES, both, strict=True) if state}
    ),
    networks=st.integers(0, 1),
    saved=st.sampled_from([(), ("server",), ("client",), MACHINES]),
    banked=st.booleans(),
    observed=st.booleans(),
    has_files=st.just(True),
    has_points=st.booleans(),
) | st.just(NOTHING)
here: tuple[CandidateState, ...] = (
    "enrolled",
    "preparing",
    "ready",
    "running",
    "paused",
    "ended",
    "frozen",
    "withdrawn",
)
sittings = st.one_of(
    st.builds(sitting, st.sampled_from(here), reset=st.sampled_from([None, RESET])),
    st.builds(sitting, st.just("absent"), returns_to=st.sampled_from(["enrolled", "preparing", "ready"])),
)
sessions = st.sampled_from(["draft", "prepared", "running", "frozen", "jury", "closed", "sealed", "purged"])


@given(sittings, sessions, actuals)
def test_from_anywhere_the_steps_lead_to_what_is_wanted_and_end_there(
    who: Sitting, session: SessionState, actual: Actual
) -> None:
    if who.state not in ("ended", "frozen"):  # nothing is saved before the bell, and from there nobody comes back
        actual = replace(actual, saved=(), banked=False, observed=False)
    model = Model(who, session, actual)
    while model.step() is not None:
        assert len(model.done) < 10, model.done
    # no step is taken twice, so none undoes another
    assert len(set(model.done)) == len(model.done), model.done
    ended = model.actual
    match desired(model.who, session):
        case "gone":
            assert not ended.exists
        case "kept":
            assert (ended.machines, ended.networks, ended.has_points) == ({}, 0, False)
        case "frozen":
            assert model.who.state == "frozen"
            assert (ended.machines, ended.networks) == ({}, 0)
        case "running":
            assert ended.is_made
            assert set(ended.machines.values()) == {RUNNING}
            assert set(ended.machines) == set(MACHINES)
            assert model.who.reset is None
        case "suspended":
            assert "preparing" not in (model.who.state, model.who.returns_to)
            assert ended.is_made
            assert not {RUNNING, CRASHED} & set(ended.machines.values())
            assert set(ended.machines) | set(ended.saved) == set(MACHINES)
        case wanted:
            assert wanted == "none"
            assert model.done == []


@given(actuals, st.sampled_from([None, RESET]))
def test_whoever_has_ended_is_never_set_running_again(actual: Actual, reset: Reset | None) -> None:
    model = Model(sitting("ended", reset=reset), "running", actual)
    for _ in range(10):
        model.step()
    assert model.who.state == "frozen"
    assert not {Step.RESUME, Step.POWER_ON, Step.RESET, Step.MAKE} & set(model.done)


@given(actuals)
def test_nothing_is_looked_at_before_all_that_ran_is_saved(actual: Actual) -> None:
    model = Model(sitting("ended"), "running", replace(actual, banked=False, observed=False))
    while (step := model.step()) is not None:
        if step is Step.LOOK:
            assert Step.BANK in model.done
        if step is Step.BANK:
            assert RUNNING not in model.actual.machines.values()
