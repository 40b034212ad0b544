"""``epreuve dossier``: sealed dossiers and the key that seals them."""

from __future__ import annotations

import click

from labs.text import tr
from orchestrator.cli.groups import GroupOfModules

COMMANDS = {"verify": "dossier_verify", "judge": "dossier_judge", "key": "dossier_key"}


class DossierGroup(GroupOfModules):
    """The commands of ``epreuve dossier``: verifying opens neither a hypervisor nor a database."""

    modules = COMMANDS


@click.group(
    "dossier",
    cls=DossierGroup,
    help=tr(
        "Les dossiers scellés : un fichier par candidat, qui prouve lui-même que rien n'y a changé. « epreuve session "
        "seal » les fait ; les commandes d'ici n'ont besoin que du fichier et de la clé publique du centre.",
        "Sealed dossiers: one file for each candidate, which proves by itself that nothing in it has changed. “epreuve "
        "session seal” makes them; the commands here need the file and the centre's public key, nothing else.",
    ),
)
def command() -> None:
    """Sealed dossiers."""
