"""``epreuve lab lint``: what is wrong with a lab."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from checkers.checks import CHECKS
from labs.loader import lint
from labs.text import tr
from orchestrator.catalog import lab_folder, open_lab
from orchestrator.cli.common import json_option, print_json
from orchestrator.cli.lab import command
from orchestrator.proving.devices import note_of, unprovable
from vagrant.build import image_names


@command.command(
    "lint",
    help=tr(
        "Vérifie un sujet et montre toutes ses fautes avec leur place (fichier:ligne:colonne). Code de sortie 3 "
        "s'il y en a.",
        "Check a lab and show all its faults with their place (file:line:column). Exit code 3 when there are any.",
    ),
)
@click.argument("lab")
@json_option
def lint_(lab: str, as_json: bool) -> None:
    """Lint one lab."""
    folder = Path(lab) if Path(lab).is_dir() else lab_folder(lab)
    problems = lint(folder, checks=CHECKS, images=image_names())
    if as_json:
        print_json(
            [
                {
                    "code": p.code,
                    "file": str(p.file),
                    "line": p.line,
                    "column": p.column,
                    "what": p.what.model_dump(),
                    "allowed": p.allowed.model_dump() if p.allowed else None,
                }
                for p in problems
            ]
        )
    else:
        for problem in problems:
            click.echo(str(problem))
        if not problems:
            click.echo(tr("Aucune faute.", "No fault."))
            if (note := note_of(unprovable(open_lab(str(folder.resolve()))))) is not None:
                click.echo(str(note))
    sys.exit(3 if problems else 0)
