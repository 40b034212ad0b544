"""``epreuve dossier key``: the public key that verifies this installation's dossiers, and replacing the key."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from labs.errors import UsageError
from labs.text import Text, tr
from orchestrator.cli.common import json_option
from orchestrator.cli.dossier import command
from orchestrator.cli.session_common import example, login, opened_desk, reason_option, simulated_option, yes_option
from orchestrator.cli.voice import Voice
from orchestrator.sealed.keys import ensure_key, public_keys, renew
from orchestrator.store import audit


@command.command(
    "key",
    help=tr(
        "Montre la clé publique qui vérifie les dossiers de ce centre ; la crée avec sa clé privée s'il n'y en a pas. "
        "Donnez-la à qui devra vérifier, par un autre chemin que les dossiers. --renew : une autre clé désormais "
        "(perdue ou volée) ; les dossiers d'avant se vérifient toujours avec l'ancienne.",
        "Show the public key that verifies this centre's dossiers; made with its private key if there is none. Give it "
        "to whoever will verify, by another way than the dossiers. --renew: another key from now on (lost or stolen); "
        "earlier dossiers still verify with the old one.",
    ),
    epilog=example("dossier key", "dossier key --pem > cle-du-centre.pem"),
)
@click.option("--pem", is_flag=True, help=tr("au format PEM (openssl)", "as PEM (openssl)"))
@click.option("--renew", "wanted", is_flag=True, help=tr("remplacer la clé", "replace the key"))
@reason_option
@yes_option
@simulated_option
@json_option
def key(pem: bool, wanted: bool, why: str, yes: bool, simulated: bool, as_json: bool) -> None:
    """Show or replace the sealing key."""
    voice = Voice(simulated)
    with opened_desk(simulated) as (desk, settings):
        if wanted:
            if not why.strip():
                raise UsageError(
                    Text("Changer de clé se justifie.", "Replacing the key must be explained."),
                    do=Text("Donnez le motif (--reason).", "Give the reason (--reason)."),
                )
            voice.confirm(tr("Remplacer la clé qui scelle ?", "Replace the key that seals?"), yes=yes)
            made = renew(settings.data_dir)
            with desk.store.write() as tx:
                about = f"{made.public.fingerprint}: {why.strip()}"
                audit.note(tx, at=datetime.now(UTC), who=login(), what="seal-key-renewed", about=about)
        public = ensure_key(settings.data_dir).public
        others = [one for one in public_keys(settings.data_dir) if one != public]
    if as_json:
        voice.json({"key": public.hex, "before": [one.hex for one in others]})
    elif pem:
        click.echo(public.pem.decode(), nl=False)
    else:
        voice.say(public.spelt)
        for other in others:
            voice.say(voice.about(tr("avant", "before"), other.spelt))
