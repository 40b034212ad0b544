"""``epreuve report``: evidence reports from stored observations."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from checkers.report import session_report, write_session
from labs.text import Language, current_language, tr
from orchestrator.cli.common import json_option, print_json
from orchestrator.stored import judge_stored


@click.command(
    "report",
    help=tr(
        "Écrit les rapports (HTML, JSON, CSV, JUnit) d'observations enregistrées, une par candidat.",
        "Write the reports (HTML, JSON, CSV, JUnit) of stored observations, one per candidate.",
    ),
)
@click.argument("observations", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--lab", help=tr("sujet (nom ou dossier)", "lab (name or folder)"))
@click.option(
    "--out",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("epreuve-rapports"),
    show_default=True,
    help=tr("dossier", "folder"),
)
@click.option("--lang", "language", type=click.Choice(["fr", "en"]), help=tr("langue", "language"))
@json_option
def command(
    observations: tuple[Path, ...], lab: str | None, folder: Path, language: Language | None, as_json: bool
) -> None:
    """Write reports."""
    judged = [judge_stored(path, lab) for path in observations]
    reports = [item.report(number) for number, item in enumerate(judged, start=1)]
    files = write_session(
        folder,
        session_report(reports, generated_at=datetime.now(UTC)),
        [(report, item.observation) for report, item in zip(reports, judged, strict=True)],
        language or current_language(),
    )
    if as_json:
        print_json([str(path) for path in files])
    else:
        click.echo("\n".join(str(path) for path in files))
