"""Verdicts on a terminal: one line each, and the whole reason of those that did not pass."""

from __future__ import annotations

from rich.markup import escape

from checkers.report import CandidateReport
from checkers.report.model import CheckResult
from labs.text import current_language, tr
from orchestrator.cli.common import out, points

SIGNS = {
    "PASS": "[green]✓ PASS[/green]        ",
    "FAIL": "[red]✗ FAIL[/red]        ",
    "INCONCLUSIVE": "[yellow]? INCONCLUSIVE[/yellow]",
}


def print_verdicts(report: CandidateReport) -> None:
    """One candidate's verdicts by task; every line says so when they are simulated."""
    mark = escape(tr("[simulé] ", "[simulated] ")) if report.simulated else ""
    counts = {word: sum(check.verdict == word for check in report.checks) for word in SIGNS}
    total = f"{points(report.points)} / {points(report.max_points)} points"
    told = ", ".join(f"{count} {word}" for word, count in counts.items() if count)
    out.print(f"{mark}[bold]{escape(report.name)}[/bold] : [bold]{total}[/bold] ({told})")
    width = max(len(check.id) for check in report.checks)
    for check in report.checks:
        head = f"{mark}  {SIGNS[check.verdict]} {escape(check.id):<{width}} {_points(check):>9}  "
        reason = _reason(check)
        if check.verdict == "PASS" and out.is_terminal:  # a pass needs no reading: what fits on the line is enough
            room = max(20, out.width - width - 30)
            reason = reason if len(reason) <= room else reason[: room - 1] + "…"
        out.print(head + escape(reason), soft_wrap=True)


def _points(check: CheckResult) -> str:
    return f"{points(check.points)}/{points(check.max_points)}"


def _reason(check: CheckResult) -> str:
    return check.reason_en if current_language() == "en" else check.reason
