"""Reading and writing a candidate's tickets. Everything recorded goes through here, whoever writes it."""

from __future__ import annotations

from collections.abc import Iterable

from labs.incident import Incident
from labs.text import Text
from orchestrator.engine.desk import Desk
from orchestrator.engine.recording import record
from orchestrator.exam import Exam, Sitting
from orchestrator.exam.model import Book
from orchestrator.store import records
from orchestrator.store.database import Transaction
from orchestrator.store.errors import RecordError
from orchestrator.store.records import Record
from orchestrator.tickets.documents import DOCUMENT, Document, Expected, Opened
from orchestrator.tickets.rules import Side, refused, require, require_room
from orchestrator.tickets.ticket import Entry, Ticket, fold

BOOK: Book = "tickets"


def entries_of(found: Iterable[Record]) -> list[Entry]:
    """Records of the book, read."""
    return [
        Entry(number=one.number, at=one.at, who=one.who, document=DOCUMENT.validate_json(one.document)) for one in found
    ]


def tickets_of(tx: Transaction, slug: str, candidate: str) -> dict[int, Ticket]:
    """The tickets of a candidate by number, as they stand."""
    return fold(entries_of(records.every(tx, slug, candidate, BOOK)))


def tickets_open(exam: Exam, sitting: Sitting) -> bool:
    """Whether the candidate is at the service desk: they prepare for the jury's part, or are in it."""
    phase = exam.phase_of(sitting)
    return phase is not None and phase.kind in ("preparation", "jury")


def require_open(exam: Exam, sitting: Sitting) -> None:
    """Raises Refused when they do not."""
    if not tickets_open(exam, sitting):
        raise refused(
            Text("le centre de services est fermé", "the service desk is closed"),
            Text(
                "Gardez votre texte et dites-le au jury : il décide de ce qu'il en fait.",
                "Keep your text and tell the jury, who decide what to make of it.",
            ),
        )


def of_incident(incident: Incident, number: int | None) -> Opened:
    """What a ticket says when it comes from an incident of the lab. number: of the incident in this exam."""
    return Opened(
        ticket=1,
        **incident.ticket.model_dump(),
        incident=number,
        expected=Expected(
            incident=incident.id,
            kind=incident.kind,
            impact=incident.impact,
            urgency=incident.urgency,
            competency=incident.competency,
        ),
    )


def open_ticket(desk: Desk, tx: Transaction, slug: str, candidate: str, opening: Opened, *, who: str, seen: int) -> int:
    """Have a ticket come in; its number, whatever ``opening`` has.

    seen: how many tickets its author sees. The same one again beside those is a button pressed twice: it comes in once.
    Raises Refused.
    """
    tickets = tickets_of(tx, slug, candidate)
    for ticket in tickets.values():
        if ticket.number > seen and ticket.opening == opening.model_copy(update={"ticket": ticket.number}):
            return ticket.number
    number = len(tickets) + 1
    require_room(number - 1)
    numbered = opening.model_copy(update={"ticket": number})
    record(desk, tx, slug, candidate, BOOK, numbered.what, numbered, who=who)
    return number


def write(
    desk: Desk, tx: Transaction, slug: str, candidate: str, document: Document, *, side: Side, who: str, seen: int
) -> None:
    """Record something about a ticket that is there.

    seen: number of the last entry that the author's page shows. The same document again, beside an entry of theirs that
    the page has not seen, is the same deed whose answer was lost: it is recorded once.

    Raises Refused, and RecordError when there is no such ticket.
    """
    if side == "candidate":
        exam = desk.look(tx, slug).exam
        require_open(exam, exam.candidates[candidate])
    ticket = tickets_of(tx, slug, candidate).get(document.ticket)
    if ticket is None:
        raise RecordError(
            Text("Il n'y a pas de ticket de ce numéro.", "There is no ticket of this number."),
            where=f"{slug}/{candidate}",
            do=Text("Revenez à la liste des tickets.", "Go back to the list of tickets."),
        )
    if any(one.number > seen and one.who == who and one.document == document for one in ticket.entries):
        return
    require(ticket, document, side, who)
    record(desk, tx, slug, candidate, BOOK, document.what, document, who=who)
