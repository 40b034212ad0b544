"""``epreuve session list|formats|candidates``: which sessions there are, which can be made, who sits them."""

from __future__ import annotations

import click

from labs.formats import Format, Phase, missing_machines
from labs.loader import LoadedLab
from labs.text import Text, tr
from orchestrator.catalog import open_lab
from orchestrator.cli.common import json_option, print_json
from orchestrator.cli.session import command
from orchestrator.cli.session_common import example, moment, opened_desk, session_word, simulated_option
from orchestrator.cli.session_create import has_practical
from orchestrator.cli.voice import Voice
from orchestrator.engine.desk import Open
from orchestrator.exam import Sitting
from orchestrator.exam.words import duration, extra_time
from orchestrator.store import exams

_KINDS: dict[str, Text] = {
    "questionnaire": Text("questionnaire", "questionnaire"),
    "practical": Text("pratique", "practical"),
    "written": Text("écrit", "written"),
    "preparation": Text("préparation", "preparation"),
    "jury": Text("devant le jury", "before the jury"),
    "presentation": Text("présentation", "presentation"),
    "technical-interview": Text("entretien technique", "technical interview"),
    "final-interview": Text("entretien final", "final interview"),
}


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
    "formats",
    help=tr(
        "Les formats d'épreuve d'un sujet : leurs phases, leurs durées, et lesquels se tiennent ici.",
        "The exam formats of a lab: their phases, their durations, and which ones are held here.",
    ),
    epilog=example("session formats --lab tai-infrastructure"),
)
@click.option("--lab", default="tai-infrastructure", show_default=True, help=tr("sujet", "lab"))
@json_option
def formats(lab: str, as_json: bool) -> None:
    """List formats."""
    loaded = open_lab(lab)
    if as_json:
        print_json(
            {
                "lab": loaded.lab.id,
                "referential": loaded.referential.id,
                "title": loaded.referential.title,
                "formats": [
                    {
                        **one.model_dump(mode="json"),
                        "minutes": one.minutes,
                        "held_here": _hindrance(one, loaded) is None,
                    }
                    for one in loaded.referential.formats
                ],
            }
        )
        return
    for one in loaded.referential.formats:
        _show_format(one, loaded)


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


def _hindrance(format_: Format, lab: LoadedLab) -> str | None:
    """Why a format cannot be held here."""
    if not has_practical(format_):
        return tr(
            "sans pratique sur machines : se tient sans Épreuve", "no practical on machines: held without Épreuve"
        )
    if missing := missing_machines(format_, lab.lab):
        names = ", ".join(missing)
        return tr(f"le sujet n'a pas de machine {names}", f"the lab has no machine {names}")
    return None


def _show_format(format_: Format, lab: LoadedLab) -> None:
    by_centre = format_.durations == "by-centre"
    whose = (
        tr(" ; durées au choix du centre (--minutes)", "; durations up to the centre (--minutes)") if by_centre else ""
    )
    hindrance = _hindrance(format_, lab)
    voice = Voice(simulated=False)
    voice.say(voice.about(format_.id, f"{format_.title}, {duration(60 * format_.minutes)}{whose}"))
    if hindrance:
        voice.say(f"({hindrance})")
    columns = ["phase", tr("nature", "kind"), tr("durée", "time"), "machines", tr("temps majoré", "extra time")]
    voice.table(columns, [_phase(phase, lab) for phase in format_.phases])
    voice.say("")


def _phase(phase: Phase, lab: LoadedLab) -> tuple[str, ...]:
    return (
        phase.id,
        str(_KINDS[phase.kind]),
        str(duration(60 * phase.minutes)),
        ", ".join(phase.machines_in(lab.lab)),
        tr("oui", "yes") if phase.extra_time else "",
    )
