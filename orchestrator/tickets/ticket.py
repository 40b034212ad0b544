"""A ticket as it stands: what its entries add up to. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Literal

from pydantic import AwareDatetime

from orchestrator.exam.model import Frozen
from orchestrator.tickets import documents as said
from orchestrator.tickets.documents import Document

Status = Literal["new", "progress", "pending", "escalated", "solved", "closed"]


class Entry(Frozen):
    """One record, read. number: in the candidate's book, from 1. who: an account, or the candidate's id."""

    number: int
    at: AwareDatetime
    who: str
    document: Document


class Ticket(Frozen):
    """One ticket.

    first_action_at: when the candidate first did anything. solved_at, closed_at: None again once it is reopened.
    pending_s: seconds for which it waited for the user; pending_since: since when it does. reopened: how often.
    entries: all of them, the first one first; opening: what that says.
    """

    number: int
    opened_at: AwareDatetime
    opening: said.Opened
    entries: tuple[Entry, ...]
    status: Status = "new"
    reopened: int = 0
    first_action_at: AwareDatetime | None = None
    solved_at: AwareDatetime | None = None
    closed_at: AwareDatetime | None = None
    pending_since: AwareDatetime | None = None
    pending_s: float = 0
    qualified: said.Qualified | None = None
    escalated: said.Escalated | None = None
    solved: said.Solved | None = None
    closed: said.Closed | None = None
    knowledge: said.Knowledge | None = None

    @property
    def replaced(self) -> dict[int, int]:
        """Records that a later one of the same kind stands for now: their numbers, and its."""
        found: dict[int, int] = {}
        for what in ("qualified", "knowledge"):
            numbers = [entry.number for entry in self.entries if entry.document.what == what]
            found |= dict.fromkeys(numbers[:-1], numbers[-1] if numbers else 0)
        return found

    def without_what_is_for_the_jury(self) -> Ticket:
        """The same as the candidate may see it: neither what was expected nor which incident it belongs to."""
        opening = self.opening.model_copy(update={"expected": None, "incident": None})
        entries = tuple(
            entry.model_copy(update={"document": opening}) if entry.document.what == "opened" else entry
            for entry in self.entries
        )
        return self.model_copy(update={"opening": opening, "entries": entries})


def fold(entries: Iterable[Entry]) -> dict[int, Ticket]:
    """The tickets of a candidate, by number. What follows on no ticket is passed over: the rules let none in."""
    tickets: dict[int, Ticket] = {}
    for entry in entries:
        number = entry.document.ticket
        if isinstance(entry.document, said.Opened):
            tickets[number] = Ticket(number=number, opened_at=entry.at, opening=entry.document, entries=(entry,))
        elif number in tickets:
            tickets[number] = _after(tickets[number], entry)
    return tickets


_BECOMES: dict[str, Status] = {
    "taken": "progress",
    "asked": "pending",
    "escalated": "escalated",
    "solved": "solved",
    "closed": "closed",
    "reopened": "progress",
}


def _after(ticket: Ticket, entry: Entry) -> Ticket:
    what, at = entry.document.what, entry.at
    status = _BECOMES.get(what, ticket.status)
    if what == "answered" and ticket.status == "pending":
        status = "progress"
    new: dict[str, object] = {"entries": (*ticket.entries, entry), "status": status} | _waited(ticket, status, at)
    match entry.document:
        case said.Answered() | said.Corrected():
            pass
        case said.Reopened():
            new |= {"reopened": ticket.reopened + 1, "solved_at": None, "closed_at": None, "closed": None}
        case document:
            new["first_action_at"] = ticket.first_action_at or at
            if what in ("qualified", "escalated", "solved", "knowledge", "closed"):
                new[what] = document
            if what in ("solved", "closed"):
                new[f"{what}_at"] = at
    return ticket.model_copy(update=new)


def _waited(ticket: Ticket, status: Status, at: datetime) -> dict[str, object]:
    since = ticket.pending_since
    if status == "pending":
        return {"pending_since": since or at}
    if since is None:
        return {}
    return {"pending_since": None, "pending_s": ticket.pending_s + (at - since).total_seconds()}
