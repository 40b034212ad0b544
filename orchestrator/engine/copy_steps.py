"""The steps that the engine takes in the jury's part: a copy opened or given up, an incident in it brought about or
looked at. Each may be cut short anywhere and taken again."""

from __future__ import annotations

from labs.errors import EpreuveError
from orchestrator.engine.copies import open_copy, why_ended
from orchestrator.engine.incident_book import FAILED, INJECTED, LOOKED, Injection, Look
from orchestrator.engine.incidents import Scene, inject, is_begun, look_again
from orchestrator.engine.work import Outcome, Work
from orchestrator.exam import commands as report


def open_the_copy(work: Work) -> Outcome:
    """The copy that the jury asked for. Tried once: what does not fit now is asked for again by a person."""
    candidate, copy = work.sitting.id, work.sitting.frozen_copy
    assert copy is not None  # noqa: S101 - the plan asks for it only then
    try:
        open_copy(work.bench, work.ground.settings.goldens_dir, hypervisor=work.hypervisor)
    except EpreuveError as error:
        return Outcome((report.CopyFailed(candidate=candidate, number=copy.number, error=error.what),))
    return Outcome((report.CopyOpened(candidate=candidate, number=copy.number),))


def end_the_copy(work: Work) -> Outcome:
    """An open copy that is of no use any more: the exam is told, and then it is put away."""
    copy = work.sitting.frozen_copy
    assert copy is not None  # noqa: S101 - the plan asks for it only then
    cause = why_ended(work.sitting, copy, work.actual, work.opened.now)
    if cause is None:
        return Outcome()
    return Outcome((report.CopyEnded(candidate=work.sitting.id, number=copy.number, cause=cause),))


def inject_incident(work: Work) -> Outcome:
    """The incident that the jury asked for. Tried once: what cannot be shown now is asked for again by a person."""
    asked = next(one for one in work.sitting.incidents if one.state == "asked")
    try:
        done = inject(_scene(work), asked)
    except EpreuveError as error:
        begun = is_begun(work.ground.settings.benches_dir / work.slug / work.sitting.id, asked.number)
        done = Injection.of(asked).given_up(error.what, touched=begun, detail=error.where)
    candidate, number = work.sitting.id, asked.number
    if done.error is not None:
        failed = report.IncidentFailed(candidate=candidate, number=number, error=done.error, touched=done.touched)
        return Outcome((failed,), entry=(FAILED, done))
    injected = report.IncidentInjected(candidate, number, done.breaking_s, done.seeing_s)
    return Outcome((injected,), entry=(INJECTED, done))


def verify_incident(work: Work) -> Outcome:
    """Look at the incident that the jury wants verified."""
    incident = next(one for one in work.sitting.incidents if one.pending is not None)
    others = [
        one
        for one in work.sitting.incidents
        if one is not incident
        and one.copy_number == incident.copy_number
        and (one.injected_at is not None or one.touched)
    ]
    try:
        found = look_again(_scene(work), incident, others)
    except EpreuveError as error:
        found = Look.failed(incident, error.what)
    verified = report.IncidentVerified(
        candidate=work.sitting.id,
        number=found.number,
        verification=found.look,
        outcome=found.outcome,
        harm=None if found.harm is None else tuple(one.check for one in found.harm),
        observation=found.observation,
        error=found.error,
    )
    return Outcome((verified,), entry=(LOOKED, found))


def _scene(work: Work) -> Scene:
    session, radio = work.ground.session(work.opened), work.ground.settings.radio
    return Scene(work.bench, work.lab, session, work.hypervisor, work.sitting.devices, radio)
