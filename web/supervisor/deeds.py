"""Addresses that do something: orders to the desk, the preparation, a seat that is freed, a hand that goes down."""

from __future__ import annotations

from flask import abort, redirect, request, url_for
from werkzeug.wrappers import Response

from labs.errors import EpreuveError, UsageError
from labs.text import Text
from orchestrator.engine.moving import require_movable
from orchestrator.exam import commands
from orchestrator.store import audit, logins, seats
from web.access import session_role
from web.errors import status_of
from web.site import actor, address, now, site
from web.supervisor.blueprint import routes
from web.supervisor.orders import ONE, ROOM
from web.supervisor.wall_page import Failed, show_sheet, show_wall

SERVICE_LIMIT_S = 20.0

Answer = Response | tuple[str, int]


@routes.post("/surveillance/<slug>/preparer")
@session_role("supervisor")
def prepare(slug: str) -> Answer:
    """Have the benches made. What comes of it shows on the wall."""
    site().desk.open(slug)
    site().jobs.prepare(slug, actor().who)
    return redirect(url_for("supervisor.wall", slug=slug))


@routes.post("/surveillance/<slug>/service")
@session_role("supervisor")
def serve(slug: str) -> Answer:
    """Have a service running."""
    site().jobs.serve(actor().who)
    return redirect(url_for("supervisor.wall", slug=slug))


@routes.post("/surveillance/<slug>/ordres/<order>")
@session_role("supervisor")
def order_room(slug: str, order: str) -> Answer:
    """Give an order about the whole room."""
    asked = ROOM.get(order) or abort(404)
    try:
        command = asked.make(actor().who, None, request.form)
        _serve_before(command)
        if isinstance(command, commands.Purge):
            _purge(slug, command)
        else:
            site().desk.do(slug, command)
    except EpreuveError as error:
        return show_wall(slug, Failed(order, error, request.form)), status_of(error)
    site().jobs.serve(actor().who)
    return redirect(url_for("supervisor.wall", slug=slug))


@routes.post("/surveillance/<slug>/<candidate>/ordres/<order>")
@session_role("supervisor")
def order_one(slug: str, candidate: str, order: str) -> Answer:
    """Give an order about one candidate."""
    asked = ONE.get(order) or abort(404)
    try:
        command = asked.make(actor().who, candidate, request.form)
        _serve_before(command)
        if isinstance(command, commands.Move):
            require_movable(command, site().desk.open(slug).exam, site().settings)
        site().desk.do(slug, command)
    except EpreuveError as error:
        return show_sheet(slug, candidate, Failed(order, error, request.form)), status_of(error)
    site().jobs.serve(actor().who)
    return redirect(url_for("supervisor.sheet", slug=slug, candidate=candidate))


@routes.post("/surveillance/<slug>/<candidate>/place")
@session_role("supervisor")
def free_seat(slug: str, candidate: str) -> Answer:
    """End a candidate's login, so that they can sit down elsewhere; with another code when it is wished."""
    _require(slug, candidate)
    renewed = "renew" in request.form
    with site().store.write() as tx:
        logins.end_seat(tx, slug, candidate, now())
        if renewed:
            seats.renew_code(tx, slug, candidate, now())
        what = "seat-code-renewed" if renewed else "seat-freed"
        audit.note(tx, at=now(), who=actor().who, what=what, about=f"{slug}/{candidate}", address=address())
    return redirect(url_for("supervisor.sheet", slug=slug, candidate=candidate))


@routes.post("/surveillance/<slug>/<candidate>/main")
@session_role("supervisor")
def lower_hand(slug: str, candidate: str) -> Answer:
    """A hand was seen to."""
    _require(slug, candidate)
    with site().store.write() as tx:
        seats.put(tx, slug, candidate, hand_at=None)
    if request.headers.get("HX-Request"):
        return "", 204
    return redirect(url_for("supervisor.sheet", slug=slug, candidate=candidate))


def _serve_before(command: commands.Command) -> None:
    """No second of a candidate's is spent on starting the service."""
    if isinstance(command, commands.Start | commands.Resume):
        site().jobs.serve(actor().who, wait_s=SERVICE_LIMIT_S)


def _purge(slug: str, command: commands.Purge) -> None:
    early = "early" in request.form
    if early and not command.why:
        raise UsageError(
            Text("Une suppression avant l'heure se justifie.", "A removal before its time must be explained."),
            where=slug,
            do=Text("Donnez le motif.", "Give the reason."),
        )
    site().desk.purge(slug, command, early=early)


def _require(slug: str, candidate: str) -> None:
    """404 for a candidate who is not of this session, or not any more."""
    opened = site().desk.open(slug)
    if candidate not in opened.exam.candidates or opened.exam.state == "purged":
        abort(404)
