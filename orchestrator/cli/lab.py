"""``epreuve lab``: the catalog, and writing labs."""

from __future__ import annotations

import click

from labs.text import tr
from orchestrator.cli.groups import GroupOfModules

COMMANDS = {
    "list": "lab_list",
    "show": "lab_show",
    "lint": "lab_lint",
    "docs": "lab_docs",
    "probes": "lab_probes",
    "schema": "lab_schema",
    "incidents": "lab_incidents",
    "prove-incidents": "lab_prove",
}


class LabGroup(GroupOfModules):
    """The commands of ``epreuve lab``."""

    modules = COMMANDS


@click.group(
    "lab",
    cls=LabGroup,
    help=tr(
        "Les sujets : ceux du catalogue, et en écrire un.\n\n"
        "En écrivant un sujet : « epreuve lab lint ./mon-sujet » après chaque pas, « epreuve lab docs » pour choisir "
        "les contrôles.",
        "Labs: those of the catalog, and writing one.\n\n"
        "While writing one: “epreuve lab lint ./my-lab” after each step, “epreuve lab docs” to choose checks.",
    ),
)
def command() -> None:
    """Labs."""
