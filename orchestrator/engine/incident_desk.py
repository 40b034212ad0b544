"""Incidents for people: one of the lab is asked for, and what there is of each is told."""

from __future__ import annotations

from dataclasses import dataclass

from labs.incident import Incident
from labs.loader import LoadedLab
from orchestrator.engine.desk import Desk, Open
from orchestrator.engine.incident_book import History, read
from orchestrator.engine.incidents import find
from orchestrator.engine.lab import session_lab
from orchestrator.exam import IncidentState, Sitting, commands, events
from orchestrator.store import records


@dataclass(frozen=True)
class Known:
    """All there is of an incident in a candidate's copy. ``incident``: what the lab says of it; None when it
    cannot be read any more."""

    state: IncidentState
    incident: Incident | None
    history: History

    @property
    def title(self) -> str:
        """What it is called, to staff."""
        return self.state.incident if self.incident is None else self.incident.title


def ask_incident(desk: Desk, slug: str, candidate: str, incident: str, *, who: str, why: str = "") -> int:
    """Have an incident of the lab brought into the open copy of a candidate's bench; its number.

    :raises IncidentError: the lab has none of this name.
    :raises Refused: it cannot be now.
    :raises EpreuveError: the lab cannot be read, or has changed since the session was made.
    """
    asked = incident_order(desk.open(slug), candidate, incident, who=who, why=why)
    (event,) = (one for one in desk.do(slug, asked) if isinstance(one, events.IncidentAsked))
    return event.number


def incident_order(opened: Open, candidate: str, incident: str, *, who: str, why: str = "") -> commands.AskIncident:
    """The same, for whoever gives the order. Raises EpreuveError, but for Refused."""
    wanted = find(session_lab(opened.stored), incident)
    request = wanted.kind == "request"
    return commands.AskIncident(who=who, why=why, candidate=candidate, incident=wanted.id, request=request)


def known_incidents(desk: Desk, slug: str, sitting: Sitting, lab: LoadedLab | None) -> list[Known]:
    """The incidents of a candidate's copies, the first one first."""
    of_lab = {one.id: one for one in lab.lab.incidents} if lab is not None else {}
    with desk.store.read() as tx:
        written = read(records.every(tx, slug, sitting.id, "incidents"))
    return [
        Known(state, of_lab.get(state.incident), written.get(state.number, History(None)))
        for state in sitting.incidents
    ]
