"""``epreuve lab import``: a lab that another centre shared, verified and put with this centre's labs."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from labs.errors import UsageError
from labs.text import Text, tr
from orchestrator.catalog import lab_names
from orchestrator.cli.common import json_option, print_json
from orchestrator.cli.lab import command
from orchestrator.cli.session_common import example, login
from orchestrator.library.entries import MAX_ARCHIVE
from orchestrator.library.intake import take_shared
from orchestrator.library.shared import open_shared
from orchestrator.library.trust import require_trusted, trust
from orchestrator.sealed.keys import read_public
from orchestrator.settings import load_settings


@command.command(
    "import",
    help=tr(
        "Vérifie un sujet partagé, à l'octet près, et le range parmi ceux de ce centre ; un administrateur doit encore "
        "l'approuver. La clé qui l'a signé doit être de confiance : --trust la dit, une fois comparée par un autre "
        "chemin (« epreuve lab keys » montre et oublie).",
        "Verify a shared lab, to the byte, and put it with this centre's; an administrator has still to approve it. "
        "The key that signed it must be trusted: --trust says so, once compared by another way (“epreuve lab keys” "
        "shows and forgets).",
    ),
    epilog=example("lab import mon-sujet-1.0.0.epreuve-lab.zip", "lab import FICHIER --trust 3b6a27bc…"),
)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--trust", "trusted", metavar="KEY", help=tr("clé : 64 chiffres, ou fichier PEM", "64 digits, or PEM file")
)
@json_option
def import_(file: Path, trusted: str | None, as_json: bool) -> None:
    """Take a shared lab."""
    settings = load_settings()
    with file.open("rb") as opened:
        shared = open_shared(opened.read(MAX_ARCHIVE + 1))
    now = datetime.now(UTC)
    if trusted is not None:
        if read_public(trusted) != shared.key:
            raise UsageError(
                Text("Ce n'est pas cette clé qui a signé le sujet.", "This is not the key that signed the lab."),
                where=shared.key.spelt,
                do=Text("Comparez de nouveau : l'une des deux n'est pas la bonne.", "Compare again: one is not right."),
            )
        trust(shared.key, settings.data_dir, centre=shared.manifest.centre, by=login(), at=now)
    require_trusted(shared, settings.data_dir)
    lab = take_shared(shared, settings, who=login(), at=now, trusted=False, taken=lab_names())
    name = f"{lab.lab.id}@{lab.lab.version}"
    if as_json:
        about = {"lab": name, "hash": lab.hash, "key": shared.key.hex, "centre": shared.manifest.centre}
        print_json({**about, "proved": shared.proof is not None})
        return
    click.echo(tr(f"{name}, signé par {shared.manifest.centre}", f"{name}, signed by {shared.manifest.centre}"))
    click.echo(
        tr(
            "Un administrateur doit encore l'approuver, sur sa page (Sujets).",
            "An administrator has still to approve it, on its page (Labs).",
        ),
        err=True,
    )
