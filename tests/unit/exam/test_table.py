"""Every command in every state of the session and of the candidate: done, refused in plain words, or nothing new."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from datetime import timedelta
from itertools import product
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labs.text import Text
from orchestrator.exam import (
    CANDIDATE_STATES,
    EVENT,
    SESSION_STATES,
    Exam,
    Refused,
    apply,
    commands,
    decide,
    desired,
)
from orchestrator.exam.commands import Command, Report
from orchestrator.exam.events import Event
from tests.unit.exam.story import CREATE, T0, Story, at, jury_only, prepared

NOW = at(60)
WHO = {"who": "dupont", "why": "essai"}
FAILURE = Text("disque plein", "disk full")

SESSIONS = tuple(SESSION_STATES)
OPEN = ("draft", "prepared", "running")
LIVE = (*OPEN, "frozen", "jury")

FROZEN: dict[str, Any] = {"state": "frozen", "clock": {"started_at": T0, "ended_at": at(50)}}
COPIED: dict[str, Any] = {"frozen_copy": {"number": 1, "asked_at": at(42), "opened_at": at(45)}, "copies": 1}
INCIDENT: dict[str, Any] = {"number": 1, "incident": "full-disk", "request": False, "copy_number": 1}
INCIDENT |= {"asked_at": at(50)}
INJECTED: dict[str, Any] = {**INCIDENT, "state": "injected", "injected_at": at(51)}
CASES: dict[str, dict[str, Any]] = {
    **{state: {"state": state} for state in ("enrolled", "preparing", "ready", "withdrawn")},
    "resetting": {"state": "ready", "resets": 1, "reset": {"number": 1, "machine": None, "to": "start"}},
    "running": {"state": "running", "clock": {"started_at": T0}},
    "due": {"state": "running", "clock": {"started_at": NOW - timedelta(hours=12)}},
    "paused": {"state": "paused", "holds": ["candidate"], "clock": {"started_at": T0, "pauses": [{"from_": at(30)}]}},
    "room": {"state": "paused", "holds": ["room"], "clock": {"started_at": T0, "pauses": [{"from_": at(30)}]}},
    "moving": {
        **{"state": "paused", "holds": ["candidate"], "clock": {"started_at": T0, "pauses": [{"from_": at(30)}]}},
        **{"home": "hv1", "host": "hv2", "moving_since": at(40), "between": ["hv2"]},
    },
    "lost": {
        **{"state": "running", "clock": {"started_at": T0}, "failure": {"fr": "panne", "en": "failure"}},
        **{"home": "hv1", "host": "hv2", "given_up": ["hv1"], "moving_since": at(40), "between": ["hv2"]},
    },
    "ended": {"state": "ended", "clock": {"started_at": T0, "ended_at": at(50)}},
    "frozen": FROZEN,
    "absent": {"state": "absent", "returns_to": "ready"},
    "observed": {**FROZEN, "observation": "0" * 64, "judgements": 1},
    "opening": {**FROZEN, "frozen_copy": {"number": 1, "asked_at": at(55)}, "copies": 1},
    "copied": {**FROZEN, **COPIED},
    "injecting": {**FROZEN, **COPIED, "incidents": [INCIDENT]},
    "injected": {**FROZEN, **COPIED, "incidents": [INJECTED]},
    "verifying": {**FROZEN, **COPIED, "incidents": [{**INJECTED, "verifications": [{"asked_at": at(56)}]}]},
    "before the jury": {**FROZEN, "phases": [{"index": 1, "begun_at": at(52), "allotted_s": 900}]},
    "been before it": {
        **{**FROZEN, "phases": [{"index": 1, "begun_at": at(52), "ended_at": at(54), "allotted_s": 900}]},
    },
}
ALL = tuple(CASES)
COPYABLE = ("running", "frozen", "jury")
OPENED = ("copied", "injecting", "injected", "verifying")
IN_PHASES = ("before the jury", "been before it")
WORK_FROZEN = ("frozen", "observed", "opening", *OPENED, *IN_PHASES)
JUDGED: dict[str, Any] = {"lab_hash": "1" * 64, "verdicts": "2" * 64, "points": 12.25, "max_points": 20}
RECORDED: dict[str, Any] = {"book": "marks", "number": 1, "what": "mark", "digest": "3" * 64}
BEFORE = ("enrolled", "preparing", "ready", "resetting")
STOPPED = ("paused", "room", "moving")
GOING = ("running", "lost")
AT_WORK = (*GOING, *STOPPED)
WITH_BENCH = ("ready", "resetting", *AT_WORK, "due", "ended", "absent")


def but(*cases: str) -> tuple[str, ...]:
    return tuple(case for case in ALL if case not in cases)


def but_of(cases: tuple[str, ...], *without: str) -> tuple[str, ...]:
    return tuple(case for case in cases if case not in without)


Row = tuple[Command, Iterable[str], Iterable[str]]

HOST_KEY = f"ssh-ed25519 {'A' * 68}"
TABLE: tuple[Row, ...] = (
    (CREATE, (), ()),
    (commands.Enrol("c02", **WHO), OPEN, ALL),
    (commands.Withdraw("c01", **WHO), ("draft", "prepared"), (*BEFORE, "absent")),
    (commands.Prepare(**WHO), OPEN, ("enrolled",)),
    (commands.MarkAbsent("c01", **WHO), OPEN, BEFORE),
    (commands.Return("c01", **WHO), OPEN, ("absent",)),
    (commands.Move("c01", seat="A1", **WHO), LIVE, but("withdrawn")),
    (commands.Move("c01", host="hv2", **WHO), LIVE, but("withdrawn", "due", "ended", *GOING, "moving")),
    (commands.Move("c01", host="hv3", host_lost=True, **WHO), LIVE, ("moving", "lost")),
    (commands.Start("c01", **WHO), ("prepared", "running"), ("ready", "resetting")),
    (commands.Start(**WHO), ("prepared", "running"), ("ready", "resetting")),
    (commands.Pause("c01", **WHO), ("running",), (*GOING, "room")),
    (commands.Pause(**WHO), ("running",), GOING),
    (commands.Resume("c01", **WHO), ("running",), ("paused", "moving")),
    (commands.Resume(**WHO), ("running",), ("room",)),
    (commands.Extend("c01", 60, **WHO), OPEN, (*BEFORE, *AT_WORK)),
    (commands.Extend(None, 60, **WHO), OPEN, AT_WORK),
    (commands.TakeBack("c01", 60, **WHO), OPEN, (*BEFORE, *AT_WORK)),
    (commands.TakeBack(None, 60, **WHO), OPEN, AT_WORK),
    (commands.FinishEarly("c01", **WHO), ("running",), GOING),
    (commands.Freeze("c01", **WHO), ("running",), AT_WORK),
    (commands.Freeze(**WHO), ("running",), AT_WORK),
    (commands.AskReset("c01", **WHO), OPEN, ("ready", *AT_WORK)),
    (commands.Judge("c01", **JUDGED, **WHO), (*COPYABLE, "closed"), ("observed",)),
    (commands.Record("c01", **RECORDED, **WHO), (*COPYABLE, "closed"), but("absent", "withdrawn")),
    (commands.UseCopy("c01", "server", **WHO), COPYABLE, OPENED),
    (commands.CloseCopy("c01", **WHO), COPYABLE, ("opening", *OPENED)),
    (commands.AskIncident("c01", "stale-dns", **WHO), COPYABLE, ("copied", "injected", "verifying")),
    (commands.AskIncident("c01", "full-disk", **WHO), COPYABLE, ("copied",)),
    (commands.AskVerification("c01", 1, **WHO), COPYABLE, ("injected",)),
    (commands.OpenCopy("c01", **WHO), COPYABLE, ("frozen", "observed", *IN_PHASES)),
    (commands.BeginPhase("c01", 1, **WHO), COPYABLE, but_of(WORK_FROZEN, "before the jury")),
    (commands.EndPhase("c01", **WHO), COPYABLE, ("before the jury",)),
    (commands.OpenJury(**WHO), ("frozen",), ALL),
    (commands.Close(**WHO), LIVE, but(*AT_WORK, "due", "ended", "before the jury")),
    (commands.Seal((("c01", "d" * 64), ("c02", "e" * 64)), "f" * 64, **WHO), ("closed",), ALL),
    (commands.Purge(**WHO), ("closed", "sealed"), ALL),
    (commands.PlaceDevices("box", (("c01", "192.0.2.9"),), **WHO), LIVE, ALL),
    (commands.ConfirmDevice("c01", "box", HOST_KEY, **WHO), LIVE, ALL),
    (commands.DeviceLooked("c01", "box", "192.0.2.1", ""), LIVE, ALL),
    (commands.DeviceLooked("c01", "box", "192.0.2.1", HOST_KEY), LIVE, ALL),
    (commands.DeviceLooked("c01", "box", "192.0.2.1", f"ssh-ed25519 {'B' * 68}"), LIVE, ALL),
    (commands.TellRadios("c01", "box", ("02:00:00:00:00:00",), **WHO), LIVE, ALL),
    (commands.BenchPlaced("c01", "hv1"), LIVE, but("moving", "lost")),
    (commands.BenchMoved("c01", "hv2"), LIVE, ("moving", "lost")),
    (commands.HostCleared("c01", "hv1"), LIVE, ("lost",)),
    (commands.BenchReached("c01"), LIVE, ("lost",)),
    (commands.BenchReady("c01"), OPEN, ("preparing",)),
    (commands.BenchFailed("c01", FAILURE), LIVE, but("enrolled", "withdrawn", "lost", *WORK_FROZEN)),
    (commands.RingBell(), LIVE, ("due",)),
    (commands.BenchFrozen("c01", observation="0" * 64), LIVE, ("ended",)),
    (commands.BenchRestored("c01", missing_since=at(20), lost_s=1.5), LIVE, WITH_BENCH),
    (commands.PoweredOn("c01", "client"), LIVE, (*GOING, "due")),
    (commands.ResetDone("c01", 1), LIVE, ("resetting",)),
    (commands.ResetFailed("c01", 1, FAILURE), LIVE, ("resetting",)),
    (commands.CheckpointTaken("c01", "cp-1", 0.2), LIVE, WITH_BENCH),
    (commands.CheckpointFailed("c01", FAILURE), LIVE, WITH_BENCH),
    (commands.CopyOpened("c01", 1), LIVE, ("opening",)),
    (commands.CopyFailed("c01", 1, FAILURE), LIVE, ("opening", *OPENED)),
    (commands.CopyEnded("c01", 1, "idle"), LIVE, ("opening", *OPENED)),
    (commands.IncidentInjected("c01", 1, 2.5, 0.5), LIVE, ("injecting",)),
    (commands.IncidentFailed("c01", 1, FAILURE, touched=True), LIVE, ("injecting",)),
    (commands.IncidentVerified("c01", 1, 1, "solved", observation="0" * 64), LIVE, ("verifying",)),
    (commands.ClockJumped(by_s=-3.5), LIVE, ALL),
    (commands.HostWasDown(since=at(10)), LIVE, ALL),
    (commands.ServiceStarted(), LIVE, ALL),
    (commands.ServiceStopped(), LIVE, ALL),
)


def situation(session: str, case: str) -> Exam:
    """A session of one candidate, in any two states; also pairs that no history leads to."""
    exam = prepared("c01").now
    document = exam.model_dump(mode="json")
    sitting = document["candidates"]["c01"]
    clock = {**sitting["clock"], "extended_s": 600, **CASES[case].get("clock", {})}
    device = {"address": "192.0.2.1", "host_key": HOST_KEY}
    sitting.update({**CASES[case], "clock": clock, "devices": {"box": device}})
    document["state"] = session
    return Exam.model_validate(document)


def name(row: Row) -> str:
    return f"{type(row[0]).__name__}-{getattr(row[0], 'candidate', '')}"


def assert_plain(error: Refused) -> None:
    """A French and an English sentence each for what and for what to do, and the code that scripts rely on."""
    assert error.do is not None
    assert error.what.fr.startswith("Impossible d")
    assert error.what.en.startswith("Cannot ")
    for text in (error.what, error.do):
        assert text.fr.endswith(".")
        assert text.en.endswith(".")
        assert text.fr != text.en
    assert (error.code, error.exit_code) == ("state", 6)


@pytest.mark.parametrize("row", TABLE, ids=name)
def test_every_command_in_every_state(row: Row) -> None:
    command, sessions, cases = row
    done = set(product(sessions, cases))
    for session, case in product(SESSIONS, ALL):
        exam = situation(session, case)
        try:
            made = decide(exam, command, NOW)
        except Refused as error:
            assert not isinstance(command, Report), (session, case)
            assert (session, case) not in done
            assert_plain(error)
            continue
        assert bool(made) == ((session, case) in done), (session, case)
        assert made or isinstance(command, Report), (session, case)
        for event in made:
            assert (event.at, event.who) == (NOW, command.who)
            exam = apply(exam, EVENT.validate_json(event.model_dump_json()))
        assert Exam.model_validate_json(exam.model_dump_json()) == exam


@pytest.mark.parametrize("row", TABLE, ids=name)
def test_before_a_session_exists_only_its_creation_is_possible(row: Row) -> None:
    command = row[0]
    if isinstance(command, commands.Create):
        assert [event.kind for event in decide(None, command, NOW)] == ["session-created"]
    elif isinstance(command, Report):
        assert decide(None, command, NOW) == ()
    else:
        with pytest.raises(Refused) as caught:
            decide(None, command, NOW)
        assert_plain(caught.value)


def test_the_table_is_whole() -> None:
    assert {type(row[0]) for row in TABLE} == set(get_args(Command))
    assert {str(sitting["state"]) for sitting in CASES.values()} == set(CANDIDATE_STATES)


def test_every_kind_of_event_is_made_by_some_command() -> None:
    made: set[type[Event]] = {type(event) for event in decide(None, CREATE, NOW)}
    for (command, sessions, cases), session, case in product(TABLE, SESSIONS, ALL):
        if session in sessions and case in cases:
            made |= {type(event) for event in decide(situation(session, case), command, NOW)}
    without_practical = jury_only("c01")
    without_practical.do(commands.Prepare(**WHO))
    made |= {type(event) for event in without_practical.do(commands.BenchReady("c01"))}
    assert made == set(get_args(Event))


def test_every_state_of_a_bench_is_defined() -> None:
    for session, case in product(SESSIONS, ALL):
        exam = situation(session, case)
        wanted = desired(exam.candidates["c01"], exam.state)
        assert (wanted == "running") == (case in (*GOING, "due") and session in LIVE)
        assert (wanted == "kept") == (case in WORK_FROZEN and session in ("closed", "sealed"))
        assert (wanted == "copied") == (case in ("opening", *OPENED) and session in LIVE)
        assert wanted == "gone" or session != "purged"


anything = st.text(st.characters(), max_size=80)  # surrogates and control characters too


@settings(deadline=None)
@given(st.sampled_from([row[0] for row in TABLE]), st.data())
def test_no_value_makes_another_error_than_a_refusal(command: Command, data: st.DataObject) -> None:
    fields = {
        field.name: data.draw(anything, label=field.name)
        for field in dataclasses.fields(command)
        if isinstance(getattr(command, field.name), str)
    }
    fields["candidate"] = data.draw(st.sampled_from([anything, st.just("c01")]).flatmap(lambda one: one))
    known = {one.name for one in dataclasses.fields(command)}
    wild = dataclasses.replace(command, **{key: value for key, value in fields.items() if key in known})
    story = Story(situation(data.draw(st.sampled_from(SESSIONS)), data.draw(st.sampled_from(ALL))))
    if isinstance(command, commands.Create):
        story = Story()
    try:
        story.do(wild, NOW)
    except Refused as error:
        assert_plain(error)


@settings(deadline=None)
@given(st.one_of(st.decimals(), st.floats(), anything, st.integers()))
def test_any_extra_time_is_taken_or_refused(extra: Any) -> None:
    story = prepared("c01")
    try:
        story.do(commands.Enrol("c02", extra_percent=extra, **WHO), NOW)
    except Refused as error:
        assert_plain(error)
        return
    assert 10800 <= story.clock("c02").allotted_s <= 2 * 10800
