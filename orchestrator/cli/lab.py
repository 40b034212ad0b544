"""``epreuve lab``: the catalog, one lab, and what is wrong with a lab."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import click

from checkers.checks import CHECKS
from labs.loader import lint
from labs.text import tr
from orchestrator.catalog import Entry, catalog, lab_folder, open_lab
from orchestrator.cli.common import json_option, out, points, print_json, print_table
from orchestrator.settings import load_settings
from vagrant.recipe import recipe_names


@click.group("lab", help=tr("Les sujets : liste, contenu, vérification.", "Labs: list, contents, verification."))
def command() -> None:
    """Labs."""


@command.command("list", help=tr("Les sujets fournis et ceux du centre.", "The labs shipped, and those of the centre."))
@json_option
def list_(as_json: bool) -> None:
    """List the catalog."""
    labs = catalog(load_settings().labs_dir)
    if as_json:
        print_json([_about(item) for item in labs])
        return
    print_table(
        [
            tr("sujet", "lab"),
            tr("titre", "title"),
            tr("durée", "duration"),
            tr("tâches", "tasks"),
            tr("contrôles", "checks"),
            tr("état", "state"),
        ],
        [_row(item) for item in labs],
    )


def _about(item: Entry) -> dict[str, object]:
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
    }


def _row(item: Entry) -> tuple[object, ...]:
    if item.lab is None:
        return (item.name, "", "", "", "", tr("inutilisable (lab lint)", "unusable (lab lint)"))
    state = tr("fourni", "shipped") if item.shipped else tr("approuvé", "approved")
    if not item.usable:
        state = tr("à approuver", "to be approved")
    lab_ = item.lab.lab
    return (item.name, lab_.title, f"{lab_.duration_minutes} min", len(lab_.tasks), len(lab_.checks()), state)


@command.command(
    "show", help=tr("Un sujet : machines, tâches, contrôles et points.", "One lab: machines, tasks, checks, points.")
)
@click.argument("lab")
@json_option
def show(lab: str, as_json: bool) -> None:
    """Show one lab."""
    loaded = open_lab(lab)
    if as_json:
        print_json(
            {"hash": loaded.hash, "folder": str(loaded.folder), **loaded.lab.model_dump(mode="json", by_alias=True)}
        )
        return
    lab_ = loaded.lab
    out.print(f"[bold]{lab_.title}[/bold]  ({lab_.id} {lab_.version}, {lab_.duration_minutes} min, {lab_.referential})")
    out.print(f"[dim]{loaded.folder}  {loaded.hash[:16]}[/dim]\n")
    print_table(
        [tr("machine", "machine"), tr("image", "image"), tr("mémoire", "memory"), tr("réseaux", "networks")],
        [
            (name, m.image, f"{m.memory_mib} MiB", ", ".join(f"{d}: {n.network}" for d, n in m.nics.items()))
            for name, m in lab_.machines.items()
        ],
    )
    out.print()
    print_table(
        [tr("tâche", "task"), tr("compétence", "competency"), tr("contrôles", "checks"), "points"],
        [(t.title, t.competency, len(t.checks), points(t.points)) for t in lab_.tasks],
    )
    kinds = Counter(check.check for _, check in lab_.checks())
    out.print(f"\n{tr('Contrôles', 'Checks')} : " + ", ".join(f"{kind} ×{count}" for kind, count in kinds.items()))


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
    problems = lint(folder, checks=CHECKS, images=recipe_names())
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
    sys.exit(3 if problems else 0)
