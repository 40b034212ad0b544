"""``epreuve lab``: the catalog, one lab, and what is wrong with a lab."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import click

from checkers.checks import CHECKS
from labs.loader import lint
from labs.text import tr
from orchestrator.catalog import lab_folder, lab_names, open_lab
from orchestrator.cli.common import json_option, out, points, print_json, print_table
from vagrant.recipe import recipe_names


@click.group("lab", help=tr("Les sujets : liste, contenu, vérification.", "Labs: list, contents, verification."))
def command() -> None:
    """Labs."""


@command.command("list", help=tr("Les sujets du catalogue.", "The labs of the catalog."))
@json_option
def list_(as_json: bool) -> None:
    """List the catalog."""
    labs = [open_lab(name) for name in lab_names()]
    if as_json:
        print_json(
            [
                {
                    "id": item.lab.id,
                    "version": item.lab.version,
                    "title": item.lab.title,
                    "referential": item.lab.referential,
                    "duration_minutes": item.lab.duration_minutes,
                    "tasks": len(item.lab.tasks),
                    "checks": len(item.lab.checks()),
                    "points": float(item.lab.points),
                }
                for item in labs
            ]
        )
        return
    print_table(
        [
            tr("sujet", "lab"),
            tr("titre", "title"),
            tr("durée", "duration"),
            tr("tâches", "tasks"),
            tr("contrôles", "checks"),
        ],
        [(i.lab.id, i.lab.title, f"{i.lab.duration_minutes} min", len(i.lab.tasks), len(i.lab.checks())) for i in labs],
    )


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
