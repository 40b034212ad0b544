"""``epreuve judge``: verdicts from a stored observation; no machine is needed."""

from __future__ import annotations

from pathlib import Path

import click

from labs.text import tr
from orchestrator.cli.common import json_option, print_json
from orchestrator.cli.verdicts import print_verdicts
from orchestrator.stored import judge_stored


@click.command(
    "judge",
    help=tr(
        "Juge une observation enregistrée. Le sujet est celui qu'elle nomme, ou celui de --lab (par exemple corrigé).",
        "Judge a stored observation. The lab is the one it names, or that of --lab (a corrected one, for example).",
    ),
)
@click.argument("observation", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--lab", help=tr("sujet (nom ou dossier)", "lab (name or folder)"))
@json_option
def command(observation: Path, lab: str | None, as_json: bool) -> None:
    """Judge an observation."""
    report = judge_stored(observation, lab).report(1)
    if as_json:
        print_json(report.model_dump(mode="json", include={"name", "points", "max_points", "checks"}))
    else:
        print_verdicts(report)
