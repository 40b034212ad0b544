"""Giving an order: refused before anything is asked, journalled, said, and carried out by a service."""

from __future__ import annotations

from collections.abc import Callable
from time import sleep

from labs.text import tr
from orchestrator.cli.session_common import ensure_service, moment, opened_desk, stopped
from orchestrator.cli.voice import Voice
from orchestrator.engine.desk import Desk, Open
from orchestrator.engine.service import running
from orchestrator.exam import Command, Event, Sitting, decide
from orchestrator.exam.commands import Resume, Start
from orchestrator.exam.events import CandidateResumed, CandidateStarted, TimeExtended, TimeTakenBack
from orchestrator.exam.words import candidate_word, sentence
from orchestrator.settings import Settings

_POLL_S = 0.3


def give(
    slug: str,
    asked: Command,
    voice: Voice,
    *,
    as_json: bool,
    question: str = "",
    yes: bool = True,
    say: bool = True,
) -> Open:
    """Give an order, have a service carry it out, and say what came of it; the session after that.

    question: asked before, unless ``yes``, and only when the order can be followed. say: False where the command waits
    and then says all of it. Raises Refused, RecordError,
    ServiceError: the order stands then, and has been said.
    """
    with opened_desk(voice.simulated) as (desk, settings):
        opened = desk.open(slug)
        decide(opened.exam, asked, opened.now)
        voice.confirm(question, yes=yes)
        if isinstance(asked, Start | Resume):
            ensure_service(settings, voice.simulated)  # no second of a candidate's is spent on starting it
        made = desk.do(slug, asked)
        opened = desk.open(slug)
        if not say:
            pass
        elif as_json:
            voice.json({"session": slug, "events": [event.model_dump(mode="json") for event in made]})
        else:
            for event in made:
                said = _said(event, opened)
                voice.say(voice.about(event.candidate, said) if event.candidate else said)
        ensure_service(settings, voice.simulated)
    return opened


def wait(slug: str, waits: Callable[[Sitting], bool], voice: Voice) -> None:
    """Until no candidate waits, saying who is done; Ctrl-C leaves the service at work. Raises when there is none."""
    with opened_desk(voice.simulated) as (desk, settings):
        try:
            _wait(desk, slug, waits, settings, voice)
        except KeyboardInterrupt:
            command = voice.command(f"session status {slug}")
            voice.note(tr(f"Le service continue sans vous : {command}", f"The service goes on without you: {command}"))
            raise


def _wait(desk: Desk, slug: str, waits: Callable[[Sitting], bool], settings: Settings, voice: Voice) -> None:
    before: set[str] = set()
    failed: dict[str, str] = {}
    trouble = ""
    while True:
        sittings = desk.open(slug).exam.candidates
        waiting = {name for name, sitting in sittings.items() if waits(sitting)}
        for name in sorted(before - waiting):
            voice.note(f"✓ {name} {candidate_word(sittings[name].state)}")
        for name in sorted(waiting):
            failure = str(sittings[name].failure or "")
            if failure and failed.get(name) != failure:
                failed[name] = failure
                voice.note(f"! {voice.about(name, failure)} " + tr("(nouvel essai)", "(trying again)"))
        if not waiting:
            return
        before = waiting
        status = running(settings)
        if status is None:
            raise stopped(voice, settings)
        if status.trouble and status.trouble != trouble:
            trouble = status.trouble
            voice.note(f"! {trouble}")
        sleep(_POLL_S)


def _said(event: Event, opened: Open) -> str:
    """An event in words; where it moves a candidate's end, with that."""
    said = str(sentence(event.kind, event.model_dump(mode="json")))
    if event.candidate is None:
        return said
    if isinstance(event, CandidateStarted | CandidateResumed | TimeExtended | TimeTakenBack):
        end = opened.exam.candidates[event.candidate].clock.deadline()
        if end is not None:
            said += tr(f", fin à {moment(end)}", f", ends at {moment(end)}")
    return said
