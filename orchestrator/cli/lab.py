"""``epreuve lab``: the catalog, and writing labs."""

from __future__ import annotations

import click

from labs.text import tr
from orchestrator.cli.groups import GroupOfModules

COMMANDS = {
    "list": "lab_list",
    "show": "lab_show",
    "try": "lab_try",
    "new": "lab_new",
    "lint": "lab_lint",
    "docs": "lab_docs",
    "probes": "lab_probes",
    "schema": "lab_schema",
    "export": "lab_export",
    "import": "lab_import",
    "keys": "lab_keys",
    "incidents": "lab_incidents",
    "prove": "lab_prove",
    "prove-incidents": "lab_prove_incidents",
}


class LabGroup(GroupOfModules):
    """The commands of ``epreuve lab``."""

    modules = COMMANDS


@click.group(
    "lab",
    cls=LabGroup,
    help=tr(
        "Les sujets : ceux du catalogue, et ce qui aide à en écrire un.\n\n"
        "Pour en écrire un : « epreuve lab new mon-sujet », puis « epreuve lab lint ./mon-sujet » après chaque pas, et "
        "« epreuve lab docs » pour choisir les contrôles.",
        "Labs: those of the catalog, and what helps to write one.\n\n"
        "To write one: “epreuve lab new my-lab”, then “epreuve lab lint ./my-lab” after each step, and “epreuve lab "
        "docs” to choose checks.",
    ),
)
def command() -> None:
    """Labs."""
