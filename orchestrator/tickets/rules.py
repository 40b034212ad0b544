"""What may be recorded of a ticket, by whom and when. What makes no sense is refused, with what to do instead."""

from __future__ import annotations

from typing import Literal

from labs.text import Text
from orchestrator.exam.refusals import Refused
from orchestrator.tickets import documents as said
from orchestrator.tickets.documents import Document, What
from orchestrator.tickets.ticket import Entry, Status, Ticket
from orchestrator.tickets.words import STATUSES

MOST_TICKETS = 20
"""For each candidate."""
MOST_RECORDS = 300
"""Of each ticket: more than anybody types in an exam."""
MOST_TYPED = 60_000
"""Characters of a ticket's records in all, a line break counting as two: each line takes room in the printed report,
and whoever filled tickets with empty lines could keep a session from being sealed."""

Side = Literal["candidate", "jury"]

_WHILE_OPEN: tuple[Status, ...] = ("new", "progress", "pending", "escalated", "solved")
_AT_WORK: tuple[Status, ...] = ("progress", "pending")

CANDIDATE: dict[What, tuple[Status, ...]] = {
    "taken": ("new", "escalated"),
    "qualified": _WHILE_OPEN,
    "step": ("progress", "pending", "escalated", "solved"),
    "asked": _AT_WORK,
    "answered": _AT_WORK,
    "escalated": _AT_WORK,
    "solved": _AT_WORK,
    "knowledge": ("progress", "pending", "escalated", "solved", "closed"),
    "closed": ("solved",),
    "corrected": (*_WHILE_OPEN, "closed"),
}
"""What the candidate may record, and in which states of the ticket."""

JURY: dict[What, tuple[Status, ...]] = {
    "answered": _WHILE_OPEN,
    "reopened": ("solved", "closed"),
    "corrected": (*_WHILE_OPEN, "closed"),
}
"""The same for the jury, who plays the user."""

_ADVICE: dict[Status, Text] = {
    "new": Text("Prenez d'abord le ticket en charge.", "Take charge of the ticket first."),
    "progress": Text(
        "Le ticket est en cours : résolvez-le ou escaladez-le.", "It is in progress: solve or escalate it."
    ),
    "pending": Text(
        "Notez la réponse de l'utilisateur, résolvez ou escaladez le ticket.",
        "Log the user's answer, solve or escalate the ticket.",
    ),
    "escalated": Text(
        "Il est escaladé : reprenez-le d'abord en charge.", "It is escalated: take charge of it again first."
    ),
    "solved": Text(
        "Il est résolu : clôturez-le avec l'accord de l'utilisateur, ou ajoutez une correction.",
        "It is solved: close it with the user's agreement, or add a correction.",
    ),
    "closed": Text(
        "Il est clos : seul l'utilisateur peut le rouvrir. Une correction peut s'ajouter.",
        "It is closed: only the user can reopen it. A correction can be added.",
    ),
}


def allowed(ticket: Ticket, side: Side) -> frozenset[What]:
    """What may be recorded now."""
    table = CANDIDATE if side == "candidate" else JURY
    return frozenset(what for what, states in table.items() if ticket.status in states)


def require(ticket: Ticket, document: Document, side: Side, who: str) -> None:
    """Raises Refused when this cannot be recorded now. who: the author."""
    typed = sum(len(one.model_dump_json()) for one in (document, *(entry.document for entry in ticket.entries)))
    if len(ticket.entries) >= MOST_RECORDS or typed > MOST_TYPED:
        raise refused(
            Text("ce ticket est plein", "this ticket is full"),
            Text("Levez la main : le jury en ouvrira un autre.", "Raise your hand: the jury will open another one."),
        )
    if document.what not in allowed(ticket, side):
        state = STATUSES[ticket.status]
        advice = _ADVICE[ticket.status] if side == "candidate" else _FOR_JURY
        raise refused(Text(f"le ticket est « {state.fr} »", f"the ticket is “{state.en}”"), advice)
    if isinstance(document, said.Corrected):
        _require_own(ticket, document, who)


def correctable(ticket: Ticket, who: str) -> list[Entry]:
    """The entries that somebody may put a correction beside: their own, but for corrections."""
    return [entry for entry in ticket.entries if entry.who == who and entry.document.what != "corrected"]


def require_room(tickets: int) -> None:
    """Raises Refused when a candidate has too many tickets."""
    if tickets >= MOST_TICKETS:
        raise refused(
            Text(f"le candidat a déjà {MOST_TICKETS} tickets", f"the candidate has {MOST_TICKETS} tickets already"),
            Text("Servez-vous de ceux-là.", "Use these."),
        )


def refused(because: Text, do: Text) -> Refused:
    """A refusal, ready to be raised. because: half a sentence."""
    return Refused(
        Text(f"Rien n'est enregistré : {because.fr}.", f"Nothing is recorded: {because.en}."),
        do=do,
    )


_FOR_JURY = Text(
    "Un ticket ouvert reçoit des réponses ; un ticket résolu ou clos se rouvre.",
    "An open ticket takes answers; one that is solved or closed can be reopened.",
)


def _require_own(ticket: Ticket, document: said.Corrected, who: str) -> None:
    if document.record not in {entry.number for entry in correctable(ticket, who)}:
        raise refused(
            Text("cette entrée n'est pas de vous ou n'existe pas", "this entry is not yours, or does not exist"),
            Text("Corrigez une entrée que vous avez écrite.", "Correct an entry that you wrote."),
        )
