"""``epreuve lab schema``: what editors complete and check ``lab.yml`` by."""

from __future__ import annotations

import click

from checkers.reference.schema import schema_text
from labs.text import current_language, tr
from orchestrator.cli.lab import command
from orchestrator.cli.session_common import example


@command.command(
    "schema",
    help=tr(
        "Le schéma JSON de lab.yml, pour un éditeur qui complète et vérifie pendant la frappe (serveur de langage "
        "YAML). La première ligne de lab.yml le nomme : # yaml-language-server: $schema=.lab.schema.json",
        "The JSON Schema of lab.yml, for an editor that completes and checks while one types (YAML language server). "
        "The first line of lab.yml names it: # yaml-language-server: $schema=.lab.schema.json",
    ),
    epilog=example("lab schema > mon-sujet/.lab.schema.json"),
)
def schema() -> None:
    """Show the schema."""
    click.echo(schema_text(current_language()), nl=False)
