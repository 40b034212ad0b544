"""The jury's side: opens tickets, answers as the user, reopens, and reads how each was handled."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Redirection

from labs.errors import EpreuveError
from labs.incident import Incident
from orchestrator.engine.desk import Open
from orchestrator.engine.lab import candidate_lab
from orchestrator.exam import Refused, Sitting
from orchestrator.store import exams
from orchestrator.tickets.book import of_incident, open_ticket, tickets_of, tickets_open, write
from orchestrator.tickets.documents import Opened, What
from orchestrator.tickets.evidence import Finding, findings, handling
from orchestrator.tickets.rules import JURY
from orchestrator.tickets.ticket import Ticket
from web.access import session_role
from web.errors import status_of
from web.jury.evidence import name_of
from web.site import actor, site
from web.tickets.blueprint import routes
from web.tickets.forms import UnfitError, seen, typed

DEEDS: dict[str, What] = {"reponse": "answered", "reouverture": "reopened", "correction": "corrected"}
"""What the jury does to a ticket that is there, as addresses say it."""


@dataclass(frozen=True)
class Folder:
    """One candidate's tickets as the jury sees them."""

    slug: str
    sitting: Sitting
    name: str
    is_open: bool
    tickets: dict[int, Ticket]

    def findings(self, ticket: Ticket) -> tuple[Finding, ...]:
        """The evidence of one."""
        return findings(handling(ticket))


@routes.get("/jury/<slug>/<candidate>/tickets")
@session_role("jury")
def folder(slug: str, candidate: str) -> str:
    """The tickets of a candidate."""
    return _page(slug, candidate)


@routes.get("/jury/<slug>/<candidate>/tickets/<int:number>/suite")
@session_role("jury")
def follow_one(slug: str, candidate: str, number: int) -> Response:
    """What was recorded of one, for htmx; nothing while nothing is new."""
    found = _folder(slug, candidate)
    ticket = found.tickets.get(number) or abort(404)
    if ticket.entries[-1].number == seen():
        return Response(status=204)
    return Response(render_template("tickets/evidence.html", folder=found, ticket=ticket, me=actor().who))


@routes.post("/jury/<slug>/<candidate>/tickets")
@session_role("jury")
def open_one(slug: str, candidate: str) -> str | tuple[str, int] | Redirection:
    """Have a ticket come in: one of the lab's incidents (``incident``), or what was typed."""
    found = _folder(slug, candidate)
    try:
        opening = _chosen(found, request.form["incident"]) if "incident" in request.form else typed("opened", 1)
        if not isinstance(opening, Opened):
            abort(400)
        with site().store.write() as tx:
            number = open_ticket(site().desk, tx, slug, candidate, opening, who=actor().who, seen=seen())
    except (UnfitError, Refused) as error:
        return _page(slug, candidate, "opened", error), status_of(error)
    if "hour" in request.form:
        return redirect(url_for("jury.hour", slug=slug, candidate=candidate), 303)
    return redirect(url_for("tickets.folder", slug=slug, candidate=candidate, _anchor=f"ticket-{number}"), 303)


@routes.post("/jury/<slug>/<candidate>/tickets/<int:number>/<deed>")
@session_role("jury")
def say(slug: str, candidate: str, number: int, deed: str) -> str | tuple[str, int] | Redirection:
    """Answer as the user, reopen, or add a remark to what the jury wrote."""
    _folder(slug, candidate)
    try:
        document = typed(DEEDS.get(deed) or abort(404), number)
        with site().store.write() as tx:
            write(site().desk, tx, slug, candidate, document, side="jury", who=actor().who, seen=seen())
    except (UnfitError, Refused) as error:
        return _page(slug, candidate, DEEDS[deed], error, number), status_of(error)
    return redirect(url_for("tickets.folder", slug=slug, candidate=candidate, _anchor=f"ticket-{number}"), 303)


def _folder(slug: str, candidate: str) -> Folder:
    with site().store.read() as tx:
        exam = site().desk.look(tx, slug).exam
        sitting = exam.candidates.get(candidate) or abort(404)
        name = name_of(exams.find_candidate(tx, slug, candidate), candidate)
        return Folder(slug, sitting, name, tickets_open(exam, sitting), tickets_of(tx, slug, candidate))


def _page(slug: str, candidate: str, failed: str = "", error: EpreuveError | None = None, number: int = 0) -> str:
    """failed: what could not be recorded; number: of the ticket that it was about (0: a new one)."""
    found = _folder(slug, candidate)
    return render_template(
        "tickets/folder.html",
        folder=found,
        incidents=_incidents(site().desk.open(slug), candidate),
        when=JURY,
        deeds={what: name for name, what in DEEDS.items()},
        failed=(number, failed),
        error=error,
        faults=error.faults if isinstance(error, UnfitError) else {},
        me=actor().who,
    )


def _chosen(found: Folder, id_: str) -> Opened:
    incidents = {one.id: one for one in _incidents(site().desk.open(found.slug), found.sitting.id)}
    numbers = [one.number for one in found.sitting.incidents if one.incident == id_ and one.state != "failed"]
    return of_incident(incidents.get(id_) or abort(404), numbers[-1] if numbers else None)


def _incidents(opened: Open, candidate: str) -> tuple[Incident, ...]:
    """Those of the lab, with the candidate's values; none when it cannot be read or is not the session's any more:
    tickets can be typed all the same."""
    try:
        return candidate_lab(opened, candidate).lab.incidents
    except EpreuveError:
        return ()
