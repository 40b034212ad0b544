"""The candidate's side: their own tickets and no others, while they are at the service desk.

No address has an id of a person in it. Nothing that is for the jury leaves ``Shelf``.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response, abort, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Redirection

from labs.errors import EpreuveError
from labs.typography import typeset
from orchestrator.exam import Exam, Refused, Sitting
from orchestrator.tickets.book import tickets_of, tickets_open, write
from orchestrator.tickets.documents import What
from orchestrator.tickets.rules import CANDIDATE
from orchestrator.tickets.ticket import Ticket
from web.access import seated
from web.candidate.place import whose
from web.errors import status_of
from web.site import site
from web.tickets.blueprint import routes
from web.tickets.forms import UnfitError, seen, typed

DEEDS: dict[str, What] = {
    "prise-en-charge": "taken",
    "qualification": "qualified",
    "etape": "step",
    "question": "asked",
    "reponse": "answered",
    "escalade": "escalated",
    "resolution": "solved",
    "fiche": "knowledge",
    "cloture": "closed",
    "correction": "corrected",
}
"""What a candidate does, as addresses say it."""

Page = str | tuple[str, int] | Redirection


@dataclass(frozen=True)
class Shelf:
    """A candidate's tickets at one moment, as they may see them. ``last``: number of the last entry."""

    exam: Exam
    sitting: Sitting
    tickets: dict[int, Ticket]

    @property
    def is_open(self) -> bool:
        """They are at the service desk."""
        return tickets_open(self.exam, self.sitting)

    @property
    def last(self) -> int:
        """Number of the last entry of all."""
        return max((ticket.entries[-1].number for ticket in self.tickets.values()), default=0)


@routes.get("/poste/tickets")
@seated
def mine() -> str:
    """Their tickets."""
    shelf = _shelf()
    return render_template("tickets/mine.html" if shelf.is_open else "tickets/shut.html", shelf=shelf)


@routes.get("/poste/tickets/suite")
@seated
def follow_all() -> Response:
    """The list, for htmx; nothing while nothing is new."""
    shelf = _shelf()
    return _news(shelf.last, "tickets/list.html", shelf=shelf) if shelf.is_open else _anew()


@routes.get("/poste/tickets/<int:number>")
@seated
def one(number: int) -> Page:
    """One ticket: what the user said, what was done, what can be done."""
    return _page(number)


@routes.get("/poste/tickets/<int:number>/suite")
@seated
def follow(number: int) -> Response:
    """What was recorded of it, for htmx; nothing while nothing is new."""
    shelf = _shelf()
    if not shelf.is_open:
        return _anew()
    ticket = shelf.tickets.get(number) or abort(404)
    return _news(ticket.entries[-1].number, "tickets/thread.html", ticket=ticket, me=shelf.sitting.id)


@routes.post("/poste/tickets/<int:number>/<deed>")
@seated
def record(number: int, deed: str) -> Page | Response | tuple[Response, int]:
    """Record what the candidate does. What cannot be recorded is given back, with the reason."""
    slug, candidate = whose()
    try:
        document = typed(DEEDS.get(deed) or abort(404), number)
        with site().store.write() as tx:
            write(site().desk, tx, slug, candidate, document, side="candidate", who=candidate, seen=seen())
    except (UnfitError, Refused) as error:
        return _given_back(number, deed, error)
    address = url_for("tickets.one", number=number, _anchor="last")
    return jsonify(next=address) if _wants_json() else redirect(address, 303)


def _shelf() -> Shelf:
    slug, candidate = whose()
    with site().store.read() as tx:
        exam = site().desk.look(tx, slug).exam
        found = tickets_of(tx, slug, candidate)
    seen_by_them = {number: ticket.without_what_is_for_the_jury() for number, ticket in found.items()}
    return Shelf(exam, exam.candidates[candidate], seen_by_them)


def _page(number: int, deed: str = "", error: EpreuveError | None = None) -> Page:
    shelf = _shelf()
    status = 200 if error is None else status_of(error)
    if not shelf.is_open:
        return render_template("tickets/shut.html", shelf=shelf, given=request.form if deed else {}), status
    return (
        render_template(
            "tickets/one.html",
            shelf=shelf,
            ticket=shelf.tickets.get(number) or abort(404),
            me=shelf.sitting.id,
            when={what: " ".join(states) for what, states in CANDIDATE.items()},
            deeds={what: name for name, what in DEEDS.items()},
            failed=DEEDS.get(deed),
            error=error,
            faults=error.faults if isinstance(error, UnfitError) else {},
        ),
        status,
    )


def _anew() -> Response:
    """Another page is theirs now: htmx loads it."""
    return Response(headers={"HX-Refresh": "true"})


def _news(last: int, template: str, **values: object) -> Response:
    return Response(status=204) if last == seen() else Response(render_template(template, **values))


def _given_back(number: int, deed: str, error: UnfitError | Refused) -> Page | tuple[Response, int]:
    if not _wants_json():
        return _page(number, deed, error)
    faults = {name: typeset(str(text)) for name, text in error.faults.items()} if isinstance(error, UnfitError) else {}
    message = typeset(f"{error.what} {error.do or ''}".strip())
    return jsonify(message=message, faults=faults), status_of(error)


def _wants_json() -> bool:
    return request.accept_mimetypes.best == "application/json"
