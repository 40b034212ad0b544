"""What the rows of one GLPI ticket say, one after the other, as documents of the service desk.

Numbers of states, actors and search options are those of GLPI's own source (CommonITILObject, CommonITILActor,
CommonITILValidation, Ticket); they are stored in its tables and have not changed since 0.84.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from labs.text import Text
from orchestrator.tickets import documents as said
from orchestrator.tickets.documents import LINE, Channel, Document
from orchestrator.tickets.glpi.client import MOST_ROWS
from orchestrator.tickets.glpi.plain import NOTHING, plain
from orchestrator.tickets.glpi.times import Zone

_WAITING, _SOLVED, _CLOSED = 4, 5, 6
_REQUESTER, _REQUEST = 1, 2
_ACCEPTED = 3
_STATUS, _QUALIFYING = 12, (7, 10, 11, 14)
"""Search options: state; category, urgency, impact, type."""
_CHANNELS: dict[int, Channel] = {1: "portal", 2: "mail", 3: "phone", 4: "desk"}
"""Request sources as a new GLPI has them."""


class Event(NamedTuple):
    """Something that happened to a ticket."""

    at: datetime
    who: str
    document: Document


@dataclass(frozen=True)
class Rows:
    """What GLPI answered about one ticket. parts: by type; None: the account may not see it."""

    ticket: Mapping[str, Any]
    articles: Sequence[Mapping[str, Any]]
    parts: Mapping[str, Sequence[Mapping[str, Any]] | None]
    zone: Zone

    @property
    def number(self) -> int:
        """GLPI's number of the ticket."""
        return _whole(self.ticket.get("id"))

    @property
    def opened_at(self) -> datetime:
        """When it was opened."""
        return self.moment(self.ticket, "date", "date_creation")

    @property
    def requesters(self) -> set[str]:
        """Accounts of those who asked."""
        return {_who(row) for row in self.of("Ticket_User") if _whole(row.get("type")) == _REQUESTER}

    def of(self, part: str) -> Sequence[Mapping[str, Any]]:
        """The rows of a part; none where it cannot be seen."""
        return self.parts.get(part) or ()

    def moment(self, row: Mapping[str, Any], *names: str) -> datetime:
        """The first of these fields that holds a moment; else when the ticket was last touched, else the beginning."""
        fields = [row.get(name) for name in names] + [self.ticket.get("date_mod"), self.ticket.get("date")]
        found = next((at for field in fields if (at := self.zone.heard(field)) is not None), None)
        return found or datetime.fromtimestamp(0, tz=UTC)


def events_of(rows: Rows) -> list[Event]:
    """Everything, in the order in which it happened; the opening first."""
    opening = Event(rows.opened_at, min(rows.requesters, default="glpi-0"), _opening(rows))
    rest = [*_taken(rows), *_qualified(rows), *_history(rows), *_talk(rows), *_solutions(rows), *_articles(rows)]
    rest += _closed(rows)
    return [opening, *sorted(rest, key=lambda event: event.at)]


def notes_of(rows: Rows) -> tuple[Text, ...]:
    """What a reader must know of how this was read."""
    urgency, impact, priority = (_whole(rows.ticket.get(name)) for name in ("urgency", "impact", "priority"))
    notes = [
        Text(
            f"Échelles de GLPI (5 : très haute) : urgence {urgency}, impact {impact}, priorité {priority}.",
            f"Scales of GLPI (5: very high): urgency {urgency}, impact {impact}, priority {priority}.",
        )
    ]
    if rows.parts.get("Log") is None:
        notes.append(_NO_HISTORY)
    notes += [_hidden(name) for name, found in rows.parts.items() if found is None and name != "Log"]
    if len(rows.articles) < len(rows.of("KnowbaseItem_Item")):
        notes.append(_hidden("KnowbaseItem"))
    if any(len(found or ()) >= MOST_ROWS for found in rows.parts.values()):
        notes.append(_CUT)
    if _whole(rows.ticket.get("status")) == _CLOSED and not _agreement(rows):
        notes.append(_NO_AGREEMENT)
    return tuple(notes)


def _opening(rows: Rows) -> said.Opened:
    callers = ", ".join(sorted(rows.requesters)) or NOTHING
    return said.Opened(
        ticket=rows.number,
        caller=callers[:LINE],
        channel=_CHANNELS.get(_whole(rows.ticket.get("requesttypes_id")), "portal"),
        subject=plain(rows.ticket.get("name"), LINE),
        text=plain(rows.ticket.get("content")),
    )


def _taken(rows: Rows) -> Iterator[Event]:
    at = rows.zone.heard(rows.ticket.get("takeintoaccountdate"))
    if at is None and (delay := _whole(rows.ticket.get("takeintoaccount_delay_stat"))):
        at = rows.opened_at + timedelta(seconds=delay)
    if at is not None:
        yield Event(at, _ASSIGNED, said.Taken(ticket=rows.number))


def _qualified(rows: Rows) -> Iterator[Event]:
    """The qualification that stands, when its last part was chosen. GLPI fills every field in by itself: only what its
    history shows as changed, or a category, tells that somebody chose."""
    changes = [row for row in rows.of("Log") if _whole(row.get("id_search_option")) in _QUALIFYING]
    if not changes and not _whole(rows.ticket.get("itilcategories_id")):
        return
    last = max((rows.moment(row, "date_mod") for row in changes), default=rows.moment(rows.ticket, "date_mod"))
    yield Event(
        last,
        _ASSIGNED,
        said.Qualified(
            ticket=rows.number,
            kind="request" if _whole(rows.ticket.get("type")) == _REQUEST else "incident",
            category="other",
            impact=_level(rows.ticket.get("impact")),
            urgency=_level(rows.ticket.get("urgency")),
        ),
    )


def _history(rows: Rows) -> Iterator[Event]:
    for row in rows.of("Log"):
        if _whole(row.get("id_search_option")) != _STATUS:
            continue
        old, new, at = _whole(row.get("old_value")), _whole(row.get("new_value")), rows.moment(row, "date_mod")
        if new == _WAITING:
            yield Event(at, _ASSIGNED, said.Asked(ticket=rows.number, text=str(_ON_HOLD)))
        elif old == _WAITING and new < _WAITING:
            yield Event(at, "glpi", said.Answered(ticket=rows.number, text=str(_GOES_ON)))
        elif old >= _SOLVED and 0 < new < _SOLVED:
            yield Event(at, "glpi", said.Reopened(ticket=rows.number, text=str(_AGAIN)))


def _talk(rows: Rows) -> Iterator[Event]:
    for row in rows.of("ITILFollowup"):
        text = plain(row.get("content"))
        asker = _who(row) in rows.requesters
        document = said.Answered(ticket=rows.number, text=text) if asker else said.Step(ticket=rows.number, text=text)
        yield Event(rows.moment(row, "date", "date_creation"), _who(row), document)
    for row in rows.of("TicketTask"):
        document = said.Step(ticket=rows.number, text=plain(row.get("content")))
        yield Event(rows.moment(row, "date", "date_creation"), _who(row), document)


def _solutions(rows: Rows) -> Iterator[Event]:
    for row in rows.of("ITILSolution"):
        document = said.Solved(ticket=rows.number, text=plain(row.get("content")), cause=NOTHING)
        yield Event(rows.moment(row, "date_creation"), _who(row), document)


def _articles(rows: Rows) -> Iterator[Event]:
    for row in rows.articles:
        yield Event(
            rows.moment(row, "date_creation", "date"),
            _who(row),
            said.Knowledge(
                ticket=rows.number,
                title=plain(row.get("name"), LINE),
                symptoms=NOTHING,
                cause=NOTHING,
                text=plain(row.get("answer")),
                audience="users" if _whole(row.get("is_faq")) else "technicians",
            ),
        )


def _closed(rows: Rows) -> Iterator[Event]:
    if _whole(rows.ticket.get("status")) != _CLOSED:
        return
    at = rows.moment(rows.ticket, "closedate")
    agreement = _agreement(rows)
    if agreement is None:
        yield Event(at, "glpi", said.Step(ticket=rows.number, text=str(_NO_AGREEMENT)))
    else:
        who = _who(agreement, "users_id_approval")
        text = Text(f"Solution approuvée dans GLPI par {who}.", f"Solution approved in GLPI by {who}.")
        yield Event(at, who, said.Closed(ticket=rows.number, text=str(text)))


def _agreement(rows: Rows) -> Mapping[str, Any] | None:
    """The solution that somebody else than its author approved."""
    for row in rows.of("ITILSolution"):
        approver = _whole(row.get("users_id_approval"))
        if _whole(row.get("status")) == _ACCEPTED and approver not in (0, _whole(row.get("users_id"))):
            return row
    return None


def _level(value: object) -> int:
    """GLPI's five levels, 5 the highest, as three, 1 the highest."""
    return {5: 1, 4: 1, 3: 2}.get(_whole(value), 3)


def _who(row: Mapping[str, Any], field: str = "users_id") -> str:
    return f"glpi-{_whole(row.get(field))}"


def _whole(value: object) -> int:
    return int(value) if isinstance(value, int | str) and str(value).isdecimal() else 0


_ASSIGNED = "glpi"
_ON_HOLD = Text("Mis en attente dans GLPI.", "Put on hold in GLPI.")
_GOES_ON = Text("Sorti de l'attente dans GLPI.", "Taken off hold in GLPI.")
_AGAIN = Text("Rouvert dans GLPI.", "Reopened in GLPI.")
_NO_AGREEMENT = Text(
    "Clos dans GLPI sans que l'accord de l'utilisateur y soit enregistré.",
    "Closed in GLPI without the user's agreement being recorded there.",
)
_NO_HISTORY = Text(
    "L'historique n'est pas lisible avec ce compte : l'heure de la qualification est celle de la dernière "
    "modification, les attentes et réouvertures manquent.",
    "The history cannot be read with this account: the time of the qualification is that of the last change; "
    "waits and reopenings are missing.",
)
_CUT = Text(
    f"Plus de {MOST_ROWS} entrées d'une sorte : il en manque.",
    f"More than {MOST_ROWS} entries of a kind: some are missing.",
)


def _hidden(part: str) -> Text:
    return Text(f"Non lisible avec ce compte : {part}.", f"Cannot be read with this account: {part}.")
