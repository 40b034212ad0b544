"""``epreuve restore``: a backup put in the place of the database."""

from __future__ import annotations

from pathlib import Path

import click

from labs.text import tr
from orchestrator.cli.common import json_option
from orchestrator.cli.session_common import example, own_settings, simulated_option, yes_option
from orchestrator.cli.voice import Voice
from orchestrator.engine.service import lock_path
from orchestrator.store.backup import restore


@click.command(
    "restore",
    help=tr(
        "Remet une copie faite par « epreuve backup » à la place de la base. Le service doit être arrêté. La base "
        "remplacée est gardée à côté. Demande confirmation, sauf --yes.",
        "Put a copy made by “epreuve backup” in the place of the database. The service must be stopped. The replaced "
        "database is kept beside it. Asks first, unless --yes.",
    ),
    epilog=example("service stop", "restore /media/usb/epreuve-juin.db"),
)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help=tr("même si un journal est abîmé", "even if a journal is damaged"))
@yes_option
@simulated_option
@json_option
def command(file: Path, force: bool, yes: bool, simulated: bool, as_json: bool) -> None:
    """Restore a backup."""
    voice, settings = Voice(simulated), own_settings(simulated)
    voice.confirm(tr(f"Remplacer {settings.database} ?", f"Replace {settings.database}?"), yes=yes)
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    done = restore(file, settings.database, locks=[lock_path(settings)], force=force)
    problems = [str(problem.text) for problem in done.backup.problems]
    if as_json:
        voice.json({"sessions": done.backup.sessions, "replaced": done.replaced, "problems": problems})
        return
    many = "s" if done.backup.sessions > 1 else ""
    voice.say(
        tr(f"{done.backup.sessions} session{many} restaurée{many}.", f"{done.backup.sessions} session{many} restored.")
    )
    if done.replaced is not None:
        voice.say(tr(f"Ancienne base : {done.replaced}", f"Former database: {done.replaced}"))
    for problem in problems:
        voice.note("! " + tr(f"un journal a été modifié : {problem}", f"a journal was altered: {problem}"))
