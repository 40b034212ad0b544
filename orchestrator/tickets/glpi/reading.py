"""Rows of GLPI as tickets: the same values as those of Épreuve's own service desk.

GLPI keeps less than a jury would like: who agreed to a solution is known when it was approved, when a ticket was
qualified only from its history. What cannot be known is said in ``Reading.notes`` and never made up.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from labs.text import Text
from orchestrator.exam.model import Frozen
from orchestrator.tickets.glpi.client import MOST_ROWS, Glpi, GlpiError, HiddenError
from orchestrator.tickets.glpi.rows import Rows, events_of, notes_of
from orchestrator.tickets.glpi.times import Zone
from orchestrator.tickets.ticket import Entry, Ticket, fold

ID, LOGIN, TECHNICIAN, OPENED = 2, 1, 5, 15
"""Search options of GLPI (``listSearchOptions``): the id of a ticket or user, a user's login name, who a ticket is
assigned to, when it was opened."""


class Reading(Frozen):
    """One ticket of GLPI. Its number is GLPI's; authors are ``glpi-`` and the number of their account."""

    ticket: Ticket
    notes: tuple[Text, ...] = ()


def read_tickets(
    glpi: Glpi, since: datetime, until: datetime, *, zone: Zone, technician: str | None = None
) -> tuple[Reading, ...]:
    """The tickets opened in a window of time, in the order of their numbers.

    technician: login name of whom they are assigned to; None: all that the account sees. Raises GlpiError.
    """
    criteria = [(OPENED, "morethan", zone.said(since)), (OPENED, "lessthan", zone.said(until))]
    if technician is not None:
        criteria.append((TECHNICIAN, "equals", str(_user(glpi, technician))))
    found = sorted({_number(row.get(str(ID))) for row in glpi.search("Ticket", criteria, show=ID)} - {0})
    notes = (_TOO_MANY,) if len(found) >= MOST_ROWS else ()
    return tuple(_read(glpi, number, zone, notes) for number in found)


def _user(glpi: Glpi, login: str) -> int:
    rows = glpi.search("User", [(LOGIN, "contains", f"^{login}$")], show=ID)
    numbers = {_number(row.get(str(ID))) for row in rows} - {0}
    if len(numbers) != 1:
        raise GlpiError(
            Text("Ce technicien n'est pas connu de GLPI.", "GLPI knows no such technician."),
            where=login[:64],
            do=Text("Donnez son identifiant de connexion à GLPI.", "Give their login name in GLPI."),
        )
    return numbers.pop()


def _read(glpi: Glpi, number: int, zone: Zone, notes: tuple[Text, ...]) -> Reading:
    parts = {name: glpi.of_item("Ticket", number, name) for name in _PARTS}
    links = parts["KnowbaseItem_Item"] or []
    articles = [one for row in links if (one := _article(glpi, _number(row.get("knowbaseitems_id")))) is not None]
    rows = Rows(ticket=glpi.item("Ticket", number), articles=articles, parts=parts, zone=zone)
    entries = [
        Entry(number=place, at=event.at, who=event.who, document=event.document)
        for place, event in enumerate(events_of(rows), start=1)
    ]
    return Reading(ticket=fold(entries)[number], notes=(*notes, *notes_of(rows)))


def _article(glpi: Glpi, number: int) -> dict[str, Any] | None:
    try:
        return glpi.item("KnowbaseItem", number) if number else None
    except HiddenError:
        return None


def _number(value: object) -> int:
    return int(value) if isinstance(value, int | str) and str(value).isdecimal() else 0


_PARTS = ("Ticket_User", "ITILFollowup", "TicketTask", "ITILSolution", "KnowbaseItem_Item", "Log")
_TOO_MANY = Text(
    f"Plus de {MOST_ROWS} tickets dans cette période : il en manque.",
    f"More than {MOST_ROWS} tickets in this time: some are missing.",
)
