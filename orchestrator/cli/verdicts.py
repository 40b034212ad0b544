"""Verdicts on a terminal."""

from __future__ import annotations

from rich.markup import escape

from checkers.report import CandidateReport
from labs.text import current_language, tr
from orchestrator.cli.common import out, points, print_table

SIGNS = {
    "PASS": "[green]✓ PASS[/green]",
    "FAIL": "[red]✗ FAIL[/red]",
    "INCONCLUSIVE": "[yellow]? INCONCLUSIVE[/yellow]",
}


def print_verdicts(report: CandidateReport) -> None:
    """One candidate's verdicts, a line each; every line says so when they are simulated."""
    mark = escape(tr("[simulé] ", "[simulated] ")) if report.simulated else ""
    total = f"{points(report.points)} / {points(report.max_points)} points"
    out.print(f"{mark}[bold]{escape(report.name)}[/bold] : {total}")
    english = current_language() == "en"
    print_table(
        [tr("tâche", "task"), tr("contrôle", "check"), "verdict", "points", tr("raison", "reason")],
        [
            (
                mark + c.task,
                c.id,
                SIGNS[c.verdict],
                f"{points(c.points)}/{points(c.max_points)}",
                mark + escape(c.reason_en if english else c.reason),
            )
            for c in report.checks
        ],
    )
    out.print()
