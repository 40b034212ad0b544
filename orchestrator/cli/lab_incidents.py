"""``epreuve lab incidents``: what the jury may have happen."""

from __future__ import annotations

import click

from labs.text import tr
from orchestrator.catalog import open_lab
from orchestrator.cli.common import json_option, out, print_json, print_table
from orchestrator.cli.lab import command


@command.command(
    "incidents",
    help=tr("Les incidents et les demandes d'un sujet.", "The incidents and requests of a lab."),
)
@click.argument("lab")
@json_option
def incidents(lab: str, as_json: bool) -> None:
    """List the incidents of a lab."""
    found = open_lab(lab).lab.incidents
    if as_json:
        print_json([one.model_dump(mode="json", by_alias=True) for one in found])
        return
    if not found:
        out.print(tr("Ce sujet n'a pas d'incident.", "This lab has no incident."))
        return
    kinds = {"incident": tr("incident", "incident"), "request": tr("demande", "request")}
    print_table(
        [
            tr("nom", "name"),
            tr("sorte", "kind"),
            tr("machine", "machine"),
            tr("compétence", "competency"),
            tr("ce que c'est", "what it is"),
        ],
        [(one.id, kinds[one.kind], one.machine, one.competency, one.title) for one in found],
    )
