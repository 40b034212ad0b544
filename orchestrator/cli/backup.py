"""``epreuve backup``: a copy of the database, taken while it is in use."""

from __future__ import annotations

from pathlib import Path

import click

from labs.text import tr
from orchestrator.cli.common import json_option
from orchestrator.cli.session_common import example, opened_desk, simulated_option
from orchestrator.cli.voice import Voice
from orchestrator.store.backup import backup


@click.command(
    "backup",
    help=tr(
        "Copie la base (sessions, candidats, journaux) dans FICHIER, même pendant une épreuve, et contrôle la copie. "
        "Le fichier contient des noms : gardez-le comme tel. Les postes n'y sont pas.",
        "Copy the database (sessions, candidates, journals) to FILE, even during an exam, and verify the copy. The "
        "file holds names: keep it accordingly. Benches are not in it.",
    ),
    epilog=example("backup /media/usb/epreuve-juin.db"),
)
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@simulated_option
@json_option
def command(file: Path, simulated: bool, as_json: bool) -> None:
    """Back the database up."""
    with opened_desk(simulated) as (desk, _settings):
        made = backup(desk.store, file)
    voice = Voice(simulated)
    problems = [str(problem.text) for problem in made.problems]
    if as_json:
        voice.json({"file": made.path, "bytes": made.size, "sessions": made.sessions, "problems": problems})
        return
    size = f"{made.size / 1024:.0f}"
    many = "s" if made.sessions > 1 else ""
    voice.say(
        tr(
            f"{file} : {made.sessions} session{many}, {size} Kio.",
            f"{file}: {made.sessions} session{many}, {size} KiB.",
        )
    )
    for problem in problems:
        voice.note("! " + tr(f"un journal a été modifié : {problem}", f"a journal was altered: {problem}"))
