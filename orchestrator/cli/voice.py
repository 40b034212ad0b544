"""How the session commands speak: what is simulated says so on every line, in every table and in all JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import click
from rich.table import Table
from rich.text import Text as Styled

from labs.text import tr
from orchestrator.cli.common import out, print_json


@dataclass(frozen=True)
class Voice:
    """What a command says, and where: results on standard output, all else on standard error."""

    simulated: bool

    @property
    def mark(self) -> str:
        """What a line begins with."""
        return tr("[simulé] ", "[simulated] ") if self.simulated else ""

    def say(self, text: object) -> None:
        """A line of the result."""
        click.echo(f"{self.mark}{text}")

    def note(self, text: object) -> None:
        """A line that is no result: progress, advice."""
        click.echo(f"{self.mark}{text}", err=True)

    def about(self, what: str, text: object) -> str:
        """``c03 : …`` in French, ``c03: …`` in English."""
        return f"{what}{tr(' : ', ': ')}{text}"

    def next(self, command: str) -> None:
        """Which command comes next, as it must be typed."""
        self.say(self.about(tr("Ensuite", "Next"), self.command(command)))

    def command(self, arguments: str) -> str:
        """A command as it must be typed: simulated sessions are found only with --simulated."""
        return f"epreuve {arguments}" + (" --simulated" if self.simulated else "")

    def json(self, value: Mapping[str, Any]) -> None:
        """The result, for programs."""
        print_json({**value, "simulated": self.simulated})

    def confirm(self, question: str, *, yes: bool) -> None:
        """Ask, unless told not to, in both languages' words for yes; anything else ends the command."""
        if yes:
            return
        asked = f"{self.mark}{question} [{tr('o', 'y')}/N]"
        answer = click.prompt(asked, default="n", show_default=False, prompt_suffix=" ", err=True)
        if str(answer).strip().lower() not in ("o", "oui", "y", "yes"):
            self.note(tr("Rien n'a été fait.", "Nothing was done."))
            raise click.Abort

    def table(self, columns: Sequence[str], rows: Sequence[Sequence[object]], *, title: str = "") -> None:
        """Rows under their columns; what is too long goes on below in its column."""
        table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
        for position, column in enumerate(columns):
            table.add_column(column, no_wrap=position == 0)  # names to be typed again are never cut
        for row in rows:
            table.add_row(*(Styled(str(cell)) for cell in row))  # as it is: a name may look like markup
        if title or self.mark:
            out.print(Styled(f"{self.mark}{title}".rstrip(), style="bold"), soft_wrap=True)
        out.print(table)
