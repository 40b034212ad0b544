"""How ``epreuve lab try`` shows what it sees: a table that stays on a terminal, lines for a pipe."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from rich.console import Group
from rich.live import Live
from rich.markup import escape
from rich.table import Table

from checkers.verdict import Outcome, Verdict
from labs.text import tr
from orchestrator.cli.common import out, points
from orchestrator.cli.verdicts import SIGNS
from orchestrator.trying import Look

Tell = Callable[[Look, int, list[str]], None]
"""Shows a look, which one it is, and what else the author should know."""


@contextmanager
def teller() -> Iterator[Tell]:
    """What shows looks, for the time of a ``with`` block."""
    if not out.is_terminal:
        yield _line_by_line()
        return
    with Live(console=out, auto_refresh=False, vertical_overflow="visible") as live:
        yield _on_terminal(live)


def _on_terminal(live: Live) -> Tell:
    def tell(look: Look, number: int, told: list[str]) -> None:
        live.update(
            Group(_table(look), _sum(look, number), *(f"[yellow]{escape(line)}[/yellow]" for line in told)),
            refresh=True,
        )

    return tell


def _line_by_line() -> Tell:
    """For a pipe or a file: everything once, then what changes."""
    before: list[str] = []

    def tell(look: Look, number: int, told: list[str]) -> None:
        for one in look.verdicts:
            if number == 1 or one.check in look.was:
                arrow = f" ← {look.was[one.check].outcome}" if one.check in look.was else ""
                out.print(
                    f"{one.outcome:<12} {one.check} {_points(one)}{arrow}  {one.reason}", markup=False, soft_wrap=True
                )
        out.print(_sum(look, number), soft_wrap=True)
        for line in told if told != before else []:
            out.print(line, markup=False, soft_wrap=True)
        before[:] = told

    return tell


def _table(look: Look) -> Table:
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column()
    table.add_column(no_wrap=True)
    table.add_column(justify="right")
    table.add_column(overflow="ellipsis", no_wrap=True, ratio=1)
    task = ""
    for one in look.verdicts:
        if one.task != task:
            task = one.task
            table.add_row("", f"[bold]{escape(task)}[/bold]", "", "")
        mark = " [reverse] ← [/reverse]" if one.check in look.was else ""
        reason = "" if one.outcome is Outcome.PASS and not mark else str(one.reason)
        table.add_row(SIGNS[one.outcome], f"{escape(one.check)}{mark}", _points(one), escape(reason))
    return table


def _points(one: Verdict) -> str:
    return f"{points(one.points)}/{points(one.max_points)}"


def _sum(look: Look, number: int) -> str:
    won, most = (sum(getattr(one, name) for one in look.verdicts) for name in ("points", "max_points"))
    return (
        f"[bold]{points(won)} / {points(most)} points[/bold]  "
        f"[dim]{tr('relevé', 'look')} {number}, {datetime.now().astimezone():%H:%M:%S}, {look.seconds:.1f} s[/dim]"
    )
