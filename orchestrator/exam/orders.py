"""The rules about the session as a whole, its list of candidates, and their benches."""

from __future__ import annotations

from datetime import datetime

from labs.text import Text
from orchestrator.exam import commands, events, jury, phases
from orchestrator.exam.commands import CandidateOrder, Create, SessionOrder
from orchestrator.exam.events import Event
from orchestrator.exam.model import Exam, Sitting, practical_s
from orchestrator.exam.refusals import nobody, place, refused, shown, wrong_candidate, wrong_session
from orchestrator.exam.rules import NOT_ENDED, OPEN, candidate_in, explained, not_due, session_in, stamp


def create(order: Create, now: datetime) -> Event:
    """The first event of a session. Raises Refused when the format does not fit the lab."""
    if not practical_s(order.phases) and not any(phase.jury for phase in order.phases):
        raise refused(
            order,
            Text("ce format n'a ni pratique ni jury", "this format has neither a practical nor a jury"),
            Text("Choisissez un format qui a l'un ou l'autre.", "Choose a format that has one or the other."),
            shown(order.format),
        )
    missing = sorted({machine for phase in order.phases for machine in phase.machines} - set(order.machines))
    if missing:
        names = ", ".join(missing)
        raise refused(
            order,
            Text(f"le sujet n'a pas de machine {names}", f"the lab has no machine {names}"),
            Text("Choisissez un autre format ou un autre sujet.", "Choose another format or another lab."),
            shown(order.lab),
        )
    return events.SessionCreated(
        **stamp(order, now),
        slug=order.slug,
        lab=order.lab,
        lab_version=order.lab_version,
        lab_hash=order.lab_hash,
        format=order.format,
        machines=order.machines,
        devices=order.devices,
        phases=order.phases,
        variants_seed=order.variants_seed,
        backing=order.backing,
    )


def answer(exam: Exam, order: Create | SessionOrder | CandidateOrder, now: datetime) -> tuple[Event, ...]:
    """The events of an order about the session, the list or a bench. Raises Refused."""
    match order:
        case commands.Create():
            raise wrong_session(exam, order)
        case commands.Enrol():
            return (_enrolled(exam, order, now),)
        case commands.Prepare():
            return _prepare(exam, order, now)
        case commands.Withdraw():
            session_in(exam, order, "draft", "prepared")
            candidate_in(exam, order.candidate, order, "enrolled", "preparing", "ready", "absent")
            explained(exam, order)
            return (events.CandidateWithdrawn(**stamp(order, now, order.candidate)),)
        case commands.MarkAbsent():
            session_in(exam, order, *phases.attendance(exam))
            phases.not_begun(exam, order)
            candidate_in(exam, order.candidate, order, *phases.may_be_absent(exam))
            return (events.CandidateAbsent(**stamp(order, now, order.candidate)),)
        case commands.Return():
            session_in(exam, order, *phases.attendance(exam))
            candidate_in(exam, order.candidate, order, "absent")
            return (events.CandidateReturned(**stamp(order, now, order.candidate)),)
        case commands.Move():
            return (_moved(exam, order, now),)
        case commands.FinishEarly():
            session_in(exam, order, "running")
            not_due(exam, candidate_in(exam, order.candidate, order, "running"), order, now)
            return (events.FinishedEarly(**stamp(order, now, order.candidate)),)
        case commands.AskReset():
            return (_reset(exam, order, now),)
        case commands.OpenJury():
            phases.can_open(exam, order)
            return (events.JuryOpened(**stamp(order, now)),)
        case commands.Close():
            closed = _closed(exam, order, now)
            return (*jury.close_all(exam, order, now), closed)
        case commands.Seal():
            return _sealed(exam, order, now)
        case commands.Purge():
            session_in(exam, order, "closed", "sealed")
            return (events.SessionPurged(**stamp(order, now)),)


def _sealed(exam: Exam, order: commands.Seal, now: datetime) -> tuple[Event, ...]:
    session_in(exam, order, "closed")
    if order.undecided:
        explained(exam, order)
    dossiers = dict(order.dossiers)
    sitting = [one for one in exam.candidates.values() if one.state != "withdrawn"]
    if missing := [one.id for one in sitting if one.id not in dossiers]:
        raise refused(
            order,
            Text(f"il manque des dossiers : {', '.join(missing)}", f"dossiers are missing: {', '.join(missing)}"),
            Text("Scellez à nouveau : tous sont refaits.", "Seal again: all of them are made anew."),
            exam.slug,
        )
    return (
        *(
            events.DossierSealed(**stamp(order, now, one.id), manifest=dossiers[one.id], key=order.key)
            for one in sitting
        ),
        events.SessionSealed(**stamp(order, now), undecided=order.undecided),
    )


def _enrolled(exam: Exam, order: commands.Enrol, now: datetime) -> Event:
    session_in(exam, order, *OPEN)
    if order.candidate in exam.candidates:
        raise refused(
            order,
            Text(f"l'identifiant {order.candidate} est déjà pris", f"identifier {order.candidate} is already taken"),
            Text("Un identifiant ne sert qu'une fois : prenez le suivant.", "Identifiers serve once: take the next."),
            exam.slug,
        )
    _seat_free(exam, order)
    return events.CandidateEnrolled(
        **stamp(order, now, order.candidate),
        seat=order.seat,
        host=order.host,
        extra_percent=order.extra_percent,
    )


def _seat_free(exam: Exam, order: commands.Enrol | commands.Move) -> None:
    for sitting in exam.candidates.values():
        taken = sitting.seat is not None and sitting.state != "withdrawn" and sitting.id != order.candidate
        if taken and order.seat is not None and sitting.seat == order.seat.strip():
            raise refused(
                order,
                Text(f"la place est celle du candidat {sitting.id}", f"the seat is candidate {sitting.id}'s"),
                Text("Choisissez une place libre.", "Choose a free seat."),
                exam.slug,
            )


def _prepare(exam: Exam, order: commands.Prepare, now: datetime) -> tuple[Event, ...]:
    session_in(exam, order, *OPEN)
    waiting = [sitting for sitting in exam.candidates.values() if sitting.state == "enrolled"]
    if not waiting:
        raise nobody(exam, order)
    return tuple(events.PrepareAsked(**stamp(order, now, sitting.id)) for sitting in waiting)


def _moved(exam: Exam, order: commands.Move, now: datetime) -> Event:
    session_in(exam, order, *OPEN, "frozen", "jury")
    sitting = candidate_in(exam, order.candidate, order, *NOT_ENDED, "ended", "frozen", "absent")
    seat = None if order.seat == sitting.seat else order.seat
    host = None if order.host == sitting.host and not order.host_lost else order.host
    if seat is None and host is None:
        raise refused(
            order,
            Text("rien ne changerait", "nothing would change"),
            Text("Donnez une autre place ou un autre hôte.", "Give another seat or another host."),
            place(exam, sitting),
        )
    _seat_free(exam, order)
    if host is not None and host in sitting.given_up:
        raise refused(
            order,
            Text(f"l'hôte {shown(host)} a été donné pour perdu", f"host {shown(host)} was given up as lost"),
            Text(
                "Il sert de nouveau dès qu'il répond et a oublié ce poste.",
                "It can be used again once it answers and has forgotten this bench.",
            ),
            place(exam, sitting),
        )
    if order.host_lost:
        _host_can_be_given_up(exam, order, sitting)
    elif host is not None and sitting.state == "running":
        raise refused(
            order,
            Text("son poste est en marche", "the bench is running"),
            Text(
                "Mettez d'abord le candidat en pause (pause) : changer d'hôte ne doit pas lui coûter de temps.",
                "Pause the candidate first (pause): a change of host must not cost exam time.",
            ),
            place(exam, sitting),
        )
    elif host is not None and sitting.state == "ended":
        raise wrong_candidate(exam, sitting, order)
    return events.Moved(**stamp(order, now, sitting.id), seat=seat, host=host, host_lost=order.host_lost)


def _host_can_be_given_up(exam: Exam, order: commands.Move, sitting: Sitting) -> None:
    explained(exam, order)
    if order.host is None or not sitting.hosts_but(order.host):
        raise refused(
            order,
            Text("il faut un autre hôte que celui qui est perdu", "another host than the lost one is needed"),
            Text("Nommez celui où le poste doit reprendre (--host).", "Name the one to go on (--host)."),
            place(exam, sitting),
        )


def _reset(exam: Exam, order: commands.AskReset, now: datetime) -> Event:
    session_in(exam, order, *OPEN)
    sitting = candidate_in(exam, order.candidate, order, "ready", "running", "paused")
    not_due(exam, sitting, order, now)
    explained(exam, order)
    if sitting.reset is not None:
        raise refused(
            order,
            Text("une réinitialisation est déjà en cours", "a reset is already under way"),
            Text("Attendez qu'elle soit finie (status).", "Wait until it is done (status)."),
            place(exam, sitting),
        )
    if order.machine is not None and order.machine not in exam.machines:
        name, names = shown(order.machine), ", ".join(exam.machines)
        raise refused(
            order,
            Text(f"le poste n'a pas de machine « {name} »", f"the bench has no machine “{name}”"),
            Text(f"Machines : {names}.", f"Machines: {names}."),
            place(exam, sitting),
        )
    if order.to not in ("start", *sitting.checkpoints):
        name, names = shown(order.to), ", ".join(("start", *sitting.checkpoints))
        raise refused(
            order,
            Text(f"le poste n'a pas de reprise « {name} »", f"the bench has no checkpoint “{name}”"),
            Text(f"Reprises possibles : {names}.", f"It can go back to: {names}."),
            place(exam, sitting),
        )
    return events.MachineResetAsked(
        **stamp(order, now, sitting.id), number=sitting.resets + 1, machine=order.machine, to=order.to
    )


def _closed(exam: Exam, order: commands.Close, now: datetime) -> Event:
    session_in(exam, order, *OPEN, "frozen", "jury")
    busy = [item.id for item in exam.candidates.values() if item.state in ("running", "paused", "ended")]
    if busy:
        names = ", ".join(busy)
        raise refused(
            order,
            Text(f"le travail de {names} n'est pas encore figé", f"the work of {names} is not frozen yet"),
            Text(
                "Attendez la fin de leur épreuve, ou arrêtez-la (freeze).",
                "Wait for their bell, or stop them (freeze).",
            ),
            exam.slug,
        )
    phases.all_ended(exam, order)
    return events.SessionClosed(**stamp(order, now))
