"""``epreuve lab docs``: every check that a lab may name, and every probe."""

from __future__ import annotations

import click

from checkers.checks import CHECKS
from checkers.reference.page import check_section, page
from labs.errors import UsageError
from labs.problems import one_of
from labs.text import Text, current_language, tr
from orchestrator.cli.lab import command
from orchestrator.cli.session_common import example


@command.command(
    "docs",
    help=tr(
        "La référence, en Markdown : chaque contrôle avec ses paramètres et un exemple, chaque sonde avec ce qu'elle "
        "trouve. CHECK : un seul contrôle.",
        "The reference, as Markdown: every check with its parameters and an example, every probe with what it finds. "
        "CHECK: one check only.",
    ),
    epilog=example("lab docs", "lab docs dhcp-scope"),
)
@click.argument("check", required=False)
def docs(check: str | None) -> None:
    """Show the reference."""
    if check is None:
        click.echo(page(current_language()), nl=False)
        return
    if check not in CHECKS:
        known = one_of(CHECKS, check)
        raise UsageError(
            Text("Ce contrôle n'existe pas.", "There is no such check."),
            where=check,
            do=Text(f"Contrôles : {known.fr}.", f"Checks: {known.en}."),
        )
    click.echo(check_section(check, current_language()), nl=False)
