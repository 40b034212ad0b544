"""``epreuve tickets``: what candidates did with tickets, from a GLPI of the centre."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import click
from rich.text import Text as Styled

from checkers.report.visible import one_line, visible
from labs.errors import UsageError
from labs.text import Text, tr
from orchestrator.cli.common import json_option, out, print_json
from orchestrator.cli.session_common import example
from orchestrator.settings import GlpiAccess, load_settings
from orchestrator.tickets.evidence import findings, handling
from orchestrator.tickets.glpi import Glpi, Reading, read_tickets
from orchestrator.tickets.glpi.times import Zone
from orchestrator.tickets.words import WHATS

MOMENT = ("%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M")


@click.group("tickets", help=tr("Les tickets d'un GLPI du centre.", "The tickets of a GLPI of the centre."))
def command() -> None:
    """Tickets."""


@command.command(
    "glpi",
    help=tr(
        "Lire les tickets ouverts dans une période, sur le GLPI de la table [glpi] des réglages : ce qui a été fait, "
        "et quand. Rien n'y est jamais écrit. Les heures sont celles de GLPI.",
        "Read the tickets opened in a window of time from the GLPI of the table [glpi] of the settings: what was done, "
        "and when. Nothing is ever written there. Times are GLPI's.",
    ),
    epilog=example("tickets glpi --since 2026-06-15T09:00 --until 2026-06-15T10:00 --technician c01"),
)
@click.option(
    "--since",
    required=True,
    type=click.DateTime(MOMENT),
    metavar="2026-06-15T09:00",
    help=tr("ouverts après", "opened after"),
)
@click.option(
    "--until",
    type=click.DateTime(MOMENT),
    metavar="2026-06-15T09:00",
    help=tr("et avant (sinon maintenant)", "and before (else now)"),
)
@click.option("--technician", help=tr("attribués à ce compte de GLPI", "assigned to this account of GLPI"))
@json_option
def glpi(since: datetime, until: datetime | None, technician: str | None, as_json: bool) -> None:
    """Read tickets from GLPI."""
    access = load_settings().glpi or _no_access()
    zone = ZoneInfo(access.zone)
    end = datetime.now(zone) if until is None else until.replace(tzinfo=zone)
    with Glpi(access) as opened:
        found = read_tickets(opened, since.replace(tzinfo=zone), end, zone=Zone(access.zone), technician=technician)
    if as_json:
        print_json([_as_json(one) for one in found])
        return
    if not found:
        click.echo(tr("Aucun ticket dans cette période.", "No ticket in this time."))
    for one in found:
        _show(one, zone)


def _no_access() -> GlpiAccess:
    raise UsageError(
        Text("Aucun GLPI n'est réglé.", "No GLPI is set."),
        where="[glpi]",
        do=Text("Voir docs/service-desk.md.", "See docs/service-desk.md."),
    )


def _as_json(one: Reading) -> dict[str, object]:
    return {
        **one.model_dump(mode="json"),
        "handling": handling(one.ticket).model_dump(mode="json"),
    }


def _show(one: Reading, zone: ZoneInfo) -> None:
    ticket = one.ticket
    out.print(Styled(f"{ticket.number}  {one_line(ticket.opening.subject)}", style="bold"))
    for line in findings(handling(ticket)):
        out.print(Styled(f"  {line.what}{tr(' : ', ': ')}{one_line(str(line.found))}"))
    for entry in ticket.entries:
        text = getattr(entry.document, "text", "")
        when = entry.at.astimezone(zone)
        out.print(Styled(f"  {when:%H:%M:%S}  {entry.who}  {WHATS[entry.document.what]}"))
        for words in visible(text).splitlines():
            out.print(Styled(f"      {words}"))
    for note in one.notes:
        out.print(Styled(f"  {note}", style="dim"))
    out.print()
