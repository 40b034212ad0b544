"""``epreuve restore``: a backup put in the place of the database."""

from __future__ import annotations

from pathlib import Path

import click

from labs.text import tr
from orchestrator.cli.common import json_option, print_json
from orchestrator.cli.session_common import simulated_option
from orchestrator.engine.service import lock_path
from orchestrator.settings import load_settings
from orchestrator.store.backup import restore


@click.command(
    "restore",
    help=tr(
        "Remet une copie faite par « epreuve backup » à la place de la base. Le service doit être arrêté. La base "
        "remplacée est gardée à côté. Demande confirmation, sauf --yes.",
        "Put a copy made by “epreuve backup” in the place of the database. The service must be stopped. The replaced "
        "database is kept beside it. Asks first, unless --yes.",
    ),
)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help=tr("même si un journal est abîmé", "even if a journal is damaged"))
@click.option("--yes", is_flag=True, help=tr("ne pas demander", "do not ask"))
@simulated_option
@json_option
def command(file: Path, force: bool, yes: bool, simulated: bool, as_json: bool) -> None:
    """Restore a backup."""
    settings = load_settings()
    settings = settings.simulated() if simulated else settings
    if not yes:
        click.confirm(tr(f"Remplacer {settings.database} ?", f"Replace {settings.database}?"), abort=True)
    done = restore(file, settings.database, locks=[lock_path(settings)], force=force)
    if as_json:
        print_json({"sessions": done.backup.sessions, "replaced": done.replaced})
    else:
        click.echo(tr(f"{done.backup.sessions} sessions restaurées.", f"{done.backup.sessions} sessions restored."))
        if done.replaced is not None:
            click.echo(tr(f"Ancienne base : {done.replaced}", f"Former database: {done.replaced}"))
