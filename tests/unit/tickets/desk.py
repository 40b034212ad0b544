"""A service desk in a few words: one ticket that comes in at nine, and what follows, a minute each."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from orchestrator.tickets import documents as said
from orchestrator.tickets.documents import Document, Expected
from orchestrator.tickets.ticket import Entry, Ticket, fold

NINE = datetime(2026, 6, 15, 7, 0, tzinfo=UTC)

EXPECTED = Expected(incident="stale-dns", kind="incident", impact=2, urgency=1, competency="BC01.C1")
OPENED = said.Opened(
    ticket=1,
    caller="Mme Roche, comptabilité",
    channel="phone",
    subject="Plus d'accès à l'intranet",
    text="Depuis ce matin, rien ne s'ouvre.",
    incident=1,
    expected=EXPECTED,
)
TAKEN = said.Taken(ticket=1)
QUALIFIED = said.Qualified(ticket=1, kind="incident", category="network", impact=2, urgency=1)
STEP = said.Step(ticket=1, text="ipconfig /all : le DNS est 192.168.1.99")
ASKED = said.Asked(ticket=1, text="Depuis quand ?")
ANSWERED = said.Answered(ticket=1, text="Depuis ce matin.")
ESCALATED = said.Escalated(ticket=1, to="Niveau 2, réseau", text="La passerelle ne répond pas.")
SOLVED = said.Solved(ticket=1, text="DNS remis à 192.168.1.10", cause="Adresse du DNS saisie à la main")
KNOWLEDGE = said.Knowledge(
    ticket=1, title="DNS", symptoms="Rien ne s'ouvre", cause="DNS", text="Corriger", audience="technicians"
)
CLOSED = said.Closed(ticket=1, text="Mme Roche confirme que l'intranet s'ouvre.")
REOPENED = said.Reopened(ticket=1, text="Cela recommence.")


def entries(*documents: Document) -> list[Entry]:
    jury = ("opened", "reopened")
    return [
        Entry(
            number=number,
            at=NINE + timedelta(minutes=number - 1),
            who="jury" if document.what in jury else "c01",
            document=document,
        )
        for number, document in enumerate(documents, start=1)
    ]


def ticket(*documents: Document) -> Ticket:
    """The ticket after these; the opening comes before them."""
    return fold(entries(OPENED, *documents))[1]
