"""``epreuve session incidents|inject|verify-incident``: incidents in the copy of a frozen bench."""

from __future__ import annotations

from typing import Any

import click

from labs.errors import EpreuveError, UsageError
from labs.text import Text, tr
from orchestrator.cli.common import json_option
from orchestrator.cli.session import command
from orchestrator.cli.session_common import (
    candidate_option,
    example,
    login,
    moment,
    opened_desk,
    simulated_option,
    yes_option,
)
from orchestrator.cli.session_give import give, wait
from orchestrator.cli.voice import Voice
from orchestrator.engine.incident_book import Look
from orchestrator.engine.incident_desk import Known, incident_order, known_incidents
from orchestrator.engine.lab import candidate_lab, session_lab
from orchestrator.exam import IncidentState, Refused, Sitting, commands
from orchestrator.exam.words import incident_word, outcome_word
from orchestrator.incidents import IncidentError


@command.command(
    "incidents",
    help=tr(
        "Les incidents et demandes que le sujet propose, et ceux qui sont ou ont été dans les copies des postes.",
        "The incidents and requests that the lab offers, and those that are or were in copies of benches.",
    ),
    epilog=example("session incidents juin", "session incidents juin --candidate c01 --json"),
)
@click.argument("session")
@candidate_option
@simulated_option
@json_option
def incidents(session: str, candidate: str | None, simulated: bool, as_json: bool) -> None:
    """List incidents."""
    voice = Voice(simulated)
    with opened_desk(simulated) as (desk, _settings):
        opened = desk.open(session)
        sittings = [one for one in opened.exam.candidates.values() if candidate in (None, one.id)]
        if not sittings:
            raise UsageError(
                Text(f"Le candidat « {candidate} » n'est pas inscrit.", f"Candidate “{candidate}” is not enrolled."),
                where=session,
            )
        lab = session_lab(opened.stored) if candidate is None else candidate_lab(opened, candidate)
        known = {sitting.id: known_incidents(desk, session, sitting, lab) for sitting in sittings}
    offered = lab.lab.incidents
    if as_json:
        listed = {name: [_as_json(one) for one in found] for name, found in known.items()}
        offers = [one.model_dump(mode="json", by_alias=True) for one in offered]
        voice.json({"session": session, "offered": offers, "candidates": listed})
        return
    kinds = {"incident": tr("incident", "incident"), "request": tr("demande", "request")}
    rows = [(one.id, kinds[one.kind], one.machine, f"{one.minutes} min", one.title) for one in offered]
    columns = ["id", tr("genre", "kind"), tr("machine", "machine"), tr("durée", "time"), tr("titre", "title")]
    voice.table(columns, rows, title=tr(f"{session} : incidents du sujet", f"{session}: incidents of the lab"))
    found = [(name, *_row(one)) for name, every in known.items() for one in every]
    if found:
        columns = [tr("candidat", "candidate"), "n°", "id", tr("état", "state"), tr("constaté", "seen")]
        voice.table([*columns, tr("vérifié", "verified")], found, title=tr("dans les copies", "in copies"))


@command.command(
    "inject",
    help=tr(
        "Injecte un incident du sujet (ou y pose une demande) dans la copie ouverte du poste d'un candidat, et attend "
        "qu'il soit constaté. La copie est d'abord observée : si ce que l'incident casse n'y marche pas, rien n'est "
        "touché, et c'est dit. Demande confirmation, sauf --yes.",
        "Inject an incident of the lab (or put a request) into the open copy of a candidate's bench, and wait until it "
        "is seen. The copy is observed first: if what the incident breaks does not work in it, nothing is touched, and "
        "that is said. Asks first, unless --yes.",
    ),
    epilog=example("session inject juin c01 compte-verrouille", "session inject juin c01 compte-verrouille --yes"),
)
@click.argument("session")
@click.argument("candidate")
@click.argument("incident")
@yes_option
@simulated_option
@json_option
def inject(session: str, candidate: str, incident: str, yes: bool, simulated: bool, as_json: bool) -> None:
    """Inject an incident."""
    voice = Voice(simulated)
    with opened_desk(simulated) as (desk, _settings):
        asked = incident_order(desk.open(session), candidate, incident, who=login())
    question = tr(f"Injecter {incident} dans la copie de {candidate} ?", f"Inject {incident} into {candidate}'s copy?")
    opened = give(session, asked, voice, as_json=as_json, question=question, yes=yes, say=not as_json)
    number = len(opened.exam.candidates[candidate].incidents)
    wait(session, lambda one: one.id == candidate and _get(one, number).state == "asked", voice)
    done = _known(session, candidate, number, voice)
    if as_json:
        voice.json({"session": session, "candidate": candidate, **_as_json(done)})
    if done.state.failure is not None:
        advice = Text("Rien n'a été modifié : choisissez-en un autre.", "Nothing was changed: choose another one.")
        if done.state.touched:
            advice = Text(
                "La copie peut avoir changé : fermez-la et ouvrez-en une autre.",
                "The copy may have been changed: close it and open another one.",
            )
        raise IncidentError(done.state.failure, where=f"{session}/{candidate}: {incident}", do=advice)
    if done.state.state == "ended":
        raise _ended(session, candidate)
    if not as_json:
        seen = tr(f"constaté à {moment(done.state.injected_at)}", f"seen at {moment(done.state.injected_at)}")
        voice.say(voice.about(candidate, f"{incident} ({number}), {seen}"))
        voice.next(f"session verify-incident {session} {candidate} {number}")


@command.command(
    "verify-incident",
    help=tr(
        "Observe la copie du poste : l'incident NUMBER est-il résolu, et rien d'autre n'est-il cassé ? Sans NUMBER : "
        "le dernier injecté. Aussi souvent que l'on veut ; chaque vérification est gardée.",
        "Observe the copy of the bench: is incident NUMBER solved, and nothing else broken? Without NUMBER: the last "
        "one injected. As often as wanted; each verification is kept.",
    ),
    epilog=example("session verify-incident juin c01", "session verify-incident juin c01 2 --json"),
)
@click.argument("session")
@click.argument("candidate")
@click.argument("number", type=int, required=False)
@simulated_option
@json_option
def verify_incident(session: str, candidate: str, number: int | None, simulated: bool, as_json: bool) -> None:
    """Verify an incident."""
    voice = Voice(simulated)
    if number is None:
        with opened_desk(simulated) as (desk, _settings):
            sitting = desk.open(session).exam.candidates.get(candidate)
        injected = [one.number for one in sitting.incidents if one.state == "injected"] if sitting else []
        number = injected[-1] if injected else 1
    asked = commands.AskVerification(who=login(), candidate=candidate, number=number)
    opened = give(session, asked, voice, as_json=as_json, say=not as_json)
    look = len(_get(opened.exam.candidates[candidate], number).verifications)
    wait(session, lambda one: one.id == candidate and _get(one, number).pending == look, voice)
    done = _known(session, candidate, number, voice)
    found = next((one for one in done.history.looks if one.look == look), None)
    if found is None:
        raise _ended(session, candidate)
    if as_json:
        told = found.model_dump(mode="json")
        voice.json({"session": session, "candidate": candidate, "title": done.title, "verification": told})
    else:
        _say_found(voice, candidate, found)


def _say_found(voice: Voice, candidate: str, found: Look) -> None:
    voice.say(voice.about(candidate, voice.about(found.incident, outcome_word(found.outcome))))
    if found.error is not None:
        voice.say(f"  {found.error}")
    for proof in found.proof:
        voice.say(f"  {proof.outcome.value:<12} {voice.about(proof.title, proof.reason)}")
    if found.harm is not None and not found.harm:
        voice.say(tr("  Sans dégât ailleurs.", "  No harm elsewhere."))
    if found.beside:
        names = ", ".join(found.beside)
        voice.say(tr(f"  À vérifier de nouveau quand {names} sera résolu.", f"  Verify again when {names} is solved."))
    for worse in found.harm or ():
        voice.say(tr("  DÉGÂT        ", "  HARM         ") + voice.about(worse.title, worse.reason))
        voice.say(tr("    avant : ", "    before: ") + str(worse.reason_before))
    for lost in found.unseen:
        voice.say(tr("  NON VU       ", "  NOT SEEN     ") + voice.about(lost.title, lost.reason))


def _known(session: str, candidate: str, number: int, voice: Voice) -> Known:
    with opened_desk(voice.simulated) as (desk, _settings):
        opened = desk.open(session)
        every = known_incidents(desk, session, opened.exam.candidates[candidate], session_lab(opened.stored))
    return next(one for one in every if one.state.number == number)


def _get(sitting: Sitting, number: int) -> IncidentState:
    return sitting.incidents[number - 1]


def _ended(session: str, candidate: str) -> EpreuveError:
    return Refused(
        Text("La copie a été fermée entre-temps.", "The copy was closed meanwhile."),
        where=f"{session}/{candidate}",
        do=Text("Ouvrez-en une autre (open-copy).", "Open another one (open-copy)."),
    )


def _row(known: Known) -> tuple[object, ...]:
    state, last = known.state, known.state.verification
    found = "" if last is None or last.outcome is None else str(outcome_word(last.outcome))
    if last is not None and last.harm:
        found += tr(f", dégâts : {', '.join(last.harm)}", f", harm: {', '.join(last.harm)}")
    return (state.number, state.incident, incident_word(state.state), moment(state.injected_at), found)


def _as_json(known: Known) -> dict[str, Any]:
    injection = known.history.injection
    return {
        **known.state.model_dump(mode="json"),
        "title": known.title,
        "injection": injection and injection.model_dump(mode="json"),
        "looks": [look.model_dump(mode="json") for look in known.history.looks],
    }
