"""``epreuve lab keys``: the keys whose shared labs this centre takes."""

from __future__ import annotations

import click

from labs.text import tr
from orchestrator.cli.common import json_option, print_json, print_table
from orchestrator.cli.lab import command
from orchestrator.library.trust import forget, trusted_keys
from orchestrator.settings import load_settings


@command.command(
    "keys",
    help=tr(
        "Les clés des autres centres dont les sujets partagés sont pris ici ; --forget en retire une (les sujets déjà "
        "pris restent). La clé de ce centre : « epreuve dossier key ».",
        "The keys of other centres whose shared labs are taken here; --forget removes one (labs taken already stay). "
        "This centre's own key: “epreuve dossier key”.",
    ),
)
@click.option("--forget", "fingerprint", metavar="FINGERPRINT", help=tr("n'y plus faire confiance", "trust it no more"))
@json_option
def keys(fingerprint: str | None, as_json: bool) -> None:
    """Show or forget trusted keys."""
    data = load_settings().data_dir
    if fingerprint is not None:
        forget(fingerprint, data)
    found = trusted_keys(data)
    if as_json:
        print_json([one.model_dump(mode="json") for one in found])
    elif found:
        print_table(
            [tr("empreinte", "fingerprint"), tr("centre", "centre"), tr("par", "by"), tr("le", "on"), tr("clé", "key")],
            [(k.public.fingerprint, k.centre, k.by, f"{k.at:%Y-%m-%d}", k.public.spelt) for k in found],
        )
    else:
        click.echo(
            tr("Aucune ; « epreuve lab import FICHIER --trust CLÉ ».", "None; “epreuve lab import FILE --trust KEY”.")
        )
