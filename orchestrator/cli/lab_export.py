"""``epreuve lab export``: a lab as one sealed archive, to be given to another centre."""

from __future__ import annotations

import socket
from datetime import UTC, datetime
from pathlib import Path

import click
import rfc8785

from labs.files import write_atomic
from labs.text import tr
from orchestrator.catalog import open_lab
from orchestrator.cli.common import json_option, print_json
from orchestrator.cli.lab import command
from orchestrator.cli.session_common import example
from orchestrator.library.shared import SUFFIX, share
from orchestrator.proving.book import standing
from orchestrator.sealed.keys import ensure_key
from orchestrator.settings import load_settings


@command.command(
    "export",
    help=tr(
        "Écrit un sujet en une archive signée par la clé de ce centre, à donner à un autre : le sujet, son empreinte, "
        "sa preuve s'il est prouvé. Le même sujet donne les mêmes octets (le même jour).",
        "Write a lab as one archive signed by this centre's key, to be given to another: the lab, its hash, its proof "
        "if it is proved. The same lab gives the same bytes (on the same day).",
    ),
    epilog=example(
        "lab export mon-sujet --centre 'Lycée Kerbras'", "lab export ./mon-sujet -o /media/cle/mon-sujet.zip"
    ),
)
@click.argument("lab")
@click.option("-o", "--out", type=click.Path(dir_okay=False, path_type=Path), help=tr("fichier", "file"))
@click.option(
    "--centre",
    default=socket.gethostname,
    help=tr("nom du centre, pour qui reçoit (le nom de cette machine)", "the centre's name, for those who receive it"),
)
@json_option
def export(lab: str, out: Path | None, centre: str, as_json: bool) -> None:
    """Share a lab."""
    loaded = open_lab(lab)
    settings = load_settings()
    key = ensure_key(settings.data_dir)
    found = standing(loaded, settings.proofs_dir)
    proof = None
    if found.proved and found.proof is not None:
        proof = rfc8785.dumps(found.proof.model_dump(mode="json"))
    archive = share(loaded, key, centre=centre, on=datetime.now(UTC).date(), proof=proof)
    file = write_atomic(out or Path(f"{loaded.lab.id}-{loaded.lab.version}{SUFFIX}"), archive)
    if as_json:
        about = {"file": str(file), "hash": loaded.hash, "key": key.public.hex, "proved": found.proved}
        print_json(about)
        return
    click.echo(file)
    click.echo(
        tr("clé, à dire par un autre chemin : ", "key, to be told by another way: ") + key.public.spelt, err=True
    )
    if not found.proved:
        click.echo(tr("sans preuve : « epreuve lab prove »", "without a proof: “epreuve lab prove”"), err=True)
