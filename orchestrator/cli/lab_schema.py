"""``epreuve lab schema``: what editors complete and check ``lab.yml`` by."""

from __future__ import annotations

import click

from checkers.reference.schema import mutants_schema_text, schema_text
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
@click.option(
    "--mutants",
    is_flag=True,
    help=tr(
        "celui du fichier des mutants, à nommer de même sur sa première ligne (.mutants.schema.json)",
        "that of the file of mutants, to be named on its first line likewise (.mutants.schema.json)",
    ),
)
def schema(mutants: bool) -> None:
    """Show the schema."""
    text = mutants_schema_text if mutants else schema_text
    click.echo(text(current_language()), nl=False)
