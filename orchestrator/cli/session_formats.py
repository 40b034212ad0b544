"""``epreuve session formats``: how a lab's certification examines, and what of it is held here."""

from __future__ import annotations

import click

from labs.formats import Format, Phase, hindrance
from labs.loader import LoadedLab
from labs.text import Text, tr
from orchestrator.catalog import open_lab
from orchestrator.cli.common import json_option, print_json
from orchestrator.cli.session import command
from orchestrator.cli.session_common import example
from orchestrator.cli.voice import Voice
from orchestrator.exam.words import duration

KINDS: dict[str, Text] = {
    "questionnaire": Text("questionnaire", "questionnaire"),
    "practical": Text("pratique", "practical"),
    "written": Text("écrit", "written"),
    "preparation": Text("préparation", "preparation"),
    "jury": Text("devant le jury", "before the jury"),
    "presentation": Text("présentation", "presentation"),
    "technical-interview": Text("entretien technique", "technical interview"),
    "final-interview": Text("entretien final", "final interview"),
}
"""The kinds of phases in a word."""


@command.command(
    "formats",
    help=tr(
        "Les formats d'épreuve d'un sujet : leurs phases, leurs durées, et lesquels se tiennent ici.",
        "The exam formats of a lab: their phases, their durations, and which ones are held here.",
    ),
    epilog=example("session formats --lab tai-complet"),
)
@click.option("--lab", default="tai-complet", show_default=True, help=tr("sujet", "lab"))
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
                        "held_here": hindrance(one, loaded.lab) is None,
                    }
                    for one in loaded.referential.formats
                ],
            }
        )
        return
    for one in loaded.referential.formats:
        _show_format(one, loaded)


def _show_format(format_: Format, lab: LoadedLab) -> None:
    by_centre = format_.durations == "by-centre"
    whose = (
        tr(" ; durées au choix du centre (--minutes)", "; durations up to the centre (--minutes)") if by_centre else ""
    )
    hindered = hindrance(format_, lab.lab)
    voice = Voice(simulated=False)
    voice.say(voice.about(format_.id, f"{format_.title}, {duration(60 * format_.minutes)}{whose}"))
    if hindered:
        voice.say(f"({hindered})")
    columns = ["phase", tr("nature", "kind"), tr("durée", "time"), "machines", tr("temps majoré", "extra time")]
    voice.table(columns, [_phase(phase, lab) for phase in format_.phases])
    voice.say("")


def _phase(phase: Phase, lab: LoadedLab) -> tuple[str, ...]:
    return (
        phase.id,
        str(KINDS[phase.kind]),
        str(duration(60 * phase.minutes)),
        ", ".join(phase.machines_in(lab.lab)),
        tr("oui", "yes") if phase.extra_time else "",
    )
