"""``epreuve lab show``: what is in a lab."""

from __future__ import annotations

from collections import Counter

import click

from labs.text import tr
from orchestrator.catalog import open_lab
from orchestrator.cli.common import json_option, out, points, print_json, print_table
from orchestrator.cli.lab import command


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
