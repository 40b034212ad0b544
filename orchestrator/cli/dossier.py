"""``epreuve dossier``: sealed dossiers and the key that seals them."""

from __future__ import annotations

import importlib

import click

from labs.text import tr

COMMANDS = {"verify": "dossier_verify", "judge": "dossier_judge", "key": "dossier_key"}
"""The commands in the order of the help, and the module that adds each to the group."""


class DossierGroup(click.Group):
    """Only the module of the command that is called is imported: verifying needs no hypervisor and no database."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name in COMMANDS:
            importlib.import_module(f"orchestrator.cli.{COMMANDS[cmd_name]}")
        return super().get_command(ctx, cmd_name)


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
