"""``epreuve doctor``."""

from __future__ import annotations

import sys

import click

from labs.text import tr
from orchestrator.cli.common import json_option, print_json, print_table
from orchestrator.doctor import examine
from orchestrator.settings import load_settings

SIGNS = {"ok": "[green]✓[/green]", "warning": "[yellow]![/yellow]", "failed": "[red]✗[/red]"}


@click.command(
    "doctor",
    help=tr(
        "Examine cet hôte : programmes, libvirt, accélération, place, mémoire ; dit quoi faire. Code de sortie "
        "1 si quelque "
        "chose empêche de travailler.",
        "Look this host over: programs, libvirt, acceleration, room, memory; says what to do. Exit code 1 when "
        "something "
        "prevents working.",
    ),
)
@json_option
def command(as_json: bool) -> None:
    """Examine the host."""
    findings = list(examine(load_settings()))
    if as_json:
        print_json(
            [
                {"name": f.name, "state": f.state, "found": str(f.found), "do": str(f.do) if f.do else None}
                for f in findings
            ]
        )
    else:
        print_table(
            ["", tr("quoi", "what"), tr("trouvé", "found"), tr("à faire", "to do")],
            [(SIGNS[f.state], f.name, f.found, f.do or "") for f in findings],
        )
    sys.exit(any(f.state == "failed" for f in findings))
