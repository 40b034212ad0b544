"""``epreuve lab list``: the catalog."""

from __future__ import annotations

from pathlib import Path

from labs.text import tr
from orchestrator.catalog import Entry, catalog
from orchestrator.cli.common import json_option, print_json, print_table
from orchestrator.cli.lab import command
from orchestrator.proving.book import standing
from orchestrator.proving.words import standing_word
from orchestrator.settings import load_settings


@command.command("list", help=tr("Les sujets fournis et ceux du centre.", "The labs shipped, and those of the centre."))
@json_option
def list_(as_json: bool) -> None:
    """List the catalog."""
    settings = load_settings()
    labs = catalog(settings.labs_dir)
    proofs = settings.proofs_dir
    if as_json:
        print_json([_about(item, proofs) for item in labs])
        return
    print_table(
        [
            tr("sujet", "lab"),
            tr("titre", "title"),
            tr("durée", "duration"),
            tr("état", "state"),
        ],
        [_row(item, proofs) for item in labs],
    )


def _about(item: Entry, proofs: Path) -> dict[str, object]:
    about: dict[str, object] = {
        "id": item.id,
        "version": item.version,
        "shipped": item.shipped,
        "usable": item.usable,
        "folder": str(item.folder),
    }
    if item.lab is None:
        return {**about, "error": str(item.error)}
    lab_ = item.lab.lab
    return {
        **about,
        "title": lab_.title,
        "referential": lab_.referential,
        "duration_minutes": lab_.duration_minutes,
        "tasks": len(lab_.tasks),
        "checks": len(lab_.checks()),
        "points": float(lab_.points),
        "proved": standing(item.lab, proofs).proved,
    }


def _row(item: Entry, proofs: Path) -> tuple[object, ...]:
    if item.lab is None:
        return (item.name, "", "", tr("inutilisable (lab lint)", "unusable (lab lint)"))
    state = tr("fourni", "shipped") if item.shipped else tr("approuvé", "approved")
    if not item.usable:
        state = tr("à approuver", "to be approved")
    lab_ = item.lab.lab
    state = f"{state}, {standing_word(standing(item.lab, proofs))}"
    return (item.name, lab_.title, f"{lab_.duration_minutes} min", state)
