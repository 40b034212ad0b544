"""``epreuve session list|candidates``: which sessions there are, who sits them."""

from __future__ import annotations

import click

from labs.text import tr
from orchestrator.cli.common import json_option, print_json
from orchestrator.cli.session import command
from orchestrator.cli.session_common import example, moment, opened_desk, simulated_option
from orchestrator.cli.voice import Voice
from orchestrator.engine.desk import Open
from orchestrator.exam import Sitting
from orchestrator.exam.words import duration, extra_time, session_word
from orchestrator.store import exams


@command.command(
    "list",
    help=tr("Les sessions, et combien de candidats y sont figés.", "The sessions, and how many candidates are frozen."),
    epilog=example("session list"),
)
@simulated_option
@json_option
def list_(simulated: bool, as_json: bool) -> None:
    """List sessions."""
    voice = Voice(simulated)
    with opened_desk(simulated) as (desk, _settings):
        found = desk.sessions()
    if as_json:
        print_json([_as_json(one) for one in found])
        return
    if not found:
        voice.say(tr("Aucune session.", "No session."))
        return
    rows = [
        (
            one.exam.slug,
            session_word(one.exam.state),
            f"{_frozen(one)}/{len(_present(one))}",
            one.exam.format,
            one.exam.lab,
            moment(one.stored.created_at, with_day=True),
        )
        for one in found
    ]
    columns = ["session", tr("état", "state"), tr("figés", "frozen"), "format", tr("sujet", "lab")]
    voice.table([*columns, tr("créée", "created")], rows, title="sessions")


@command.command(
    "candidates",
    help=tr(
        "La liste des candidats : identifiant, nom, numéro, place, temps. Les autres commandes ne les connaissent que "
        "par leur identifiant (c01…).",
        "The list of candidates: id, name, number, seat, time. The other commands know them by their ids (c01…) only.",
    ),
    epilog=example("session candidates juin"),
)
@click.argument("session")
@simulated_option
@json_option
def candidates(session: str, simulated: bool, as_json: bool) -> None:
    """List candidates."""
    voice = Voice(simulated)
    with opened_desk(simulated) as (desk, _settings):
        exam = desk.open(session).exam
        with desk.store.read() as tx:
            known = {one.id: one for one in exams.candidates(tx, session)}
    if as_json:
        listed = [
            {
                "id": sitting.id,
                "surname": known[sitting.id].surname if sitting.id in known else None,
                "first_name": known[sitting.id].first_name if sitting.id in known else None,
                "number": known[sitting.id].number if sitting.id in known else None,
                "seat": sitting.seat,
                "extra_percent": str(sitting.clock.extra_percent),
                "allotted_s": sitting.clock.allotted_s,
                "state": sitting.state,
            }
            for sitting in exam.candidates.values()
        ]
        voice.json({"session": session, "candidates": listed})
        return
    rows = []
    for sitting in exam.candidates.values():
        person = known.get(sitting.id)
        name = f"{person.surname} {person.first_name}" if person else tr("(purgé)", "(purged)")
        number = person.number if person else ""
        rows.append((sitting.id, name, number, sitting.seat or "", _extra(sitting), duration(sitting.clock.allotted_s)))
    columns = ["id", tr("nom", "name"), tr("numéro", "number"), tr("place", "seat"), tr("majoration", "extra time")]
    voice.table([*columns, tr("durée", "time")], rows, title=session)


def _extra(sitting: Sitting) -> str:
    percent = sitting.clock.extra_percent
    return "" if percent == 0 else f"+ {extra_time(percent)}"


def _present(one: Open) -> list[Sitting]:
    """Those who sit it: neither withdrawn nor absent."""
    return [sitting for sitting in one.exam.candidates.values() if sitting.state not in ("withdrawn", "absent")]


def _frozen(one: Open) -> int:
    return sum(sitting.state == "frozen" for sitting in one.exam.candidates.values())


def _as_json(one: Open) -> dict[str, object]:
    return {
        "session": one.exam.slug,
        "state": one.exam.state,
        "lab": one.exam.lab,
        "format": one.exam.format,
        "candidates": len(one.exam.candidates),
        "present": len(_present(one)),
        "frozen": _frozen(one),
        "created_at": one.stored.created_at,
        "closed_at": one.stored.closed_at,
        "simulated": one.stored.simulated,
    }
