"""Addresses of the wall and of a candidate's sheet, with the stream that keeps both alive, and pictures of screens."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Response, abort, current_app, render_template, request, send_file, stream_with_context

from labs.errors import EpreuveError
from labs.text import current_language
from orchestrator.engine.screens import frozen_screen_path, screen_path
from orchestrator.exam.words import sentence
from orchestrator.store import benches, exams, journal, logins, seats
from web.access import session_role
from web.site import now, site
from web.supervisor.blueprint import routes
from web.supervisor.orders import CHANGE_HOST, ONE, ROOM, possible
from web.supervisor.phases import watched
from web.supervisor.stream import LIMIT_S, stream
from web.supervisor.wall import machines_of, read, walls

JOURNAL_SHOWN = 12


@dataclass(frozen=True)
class Failed:
    """An order that was refused: which, why, and the form as it was filled in."""

    order: str
    error: EpreuveError
    given: Mapping[str, str]


@routes.get("/surveillance/<slug>/")
@session_role("supervisor")
def wall(slug: str) -> str:
    """All candidates of a session."""
    return show_wall(slug)


@routes.get("/surveillance/<slug>/ordres")
@session_role("supervisor")
def room_orders(slug: str) -> str:
    """The part of the wall with the orders about the whole room."""
    return render_template("supervisor/room_orders.html", **_orders(slug, None))


@routes.get("/surveillance/<slug>/flux")
@session_role("supervisor")
def flow(slug: str) -> Response:
    """What changes on the wall, as server-sent events; of one candidate only with ``?candidat=``."""
    limit_s = float(current_app.config.get("STREAM_LIMIT_S", LIMIT_S))
    pieces: Iterator[str] = stream_with_context(
        stream(slug, request.args.get("candidat"), language=current_language(), limit_s=limit_s)
    )
    answer = Response(pieces, mimetype="text/event-stream")
    answer.headers["X-Accel-Buffering"] = "no"  # a proxy in front keeps nothing back
    return answer


@routes.get("/surveillance/<slug>/<candidate>")
@session_role("supervisor")
def sheet(slug: str, candidate: str) -> str:
    """One candidate: tile, screens, orders, seat, what happened."""
    return show_sheet(slug, candidate)


@routes.get("/surveillance/<slug>/<candidate>/ecran/<machine>")
@session_role("supervisor")
def screen(slug: str, candidate: str, machine: str) -> Response:
    """The last small picture of a machine's screen."""
    return _picture(slug, candidate, machine, frozen=False)


@routes.get("/surveillance/<slug>/<candidate>/ecran-fige/<machine>")
@session_role("supervisor")
def frozen_screen(slug: str, candidate: str, machine: str) -> Response:
    """A machine's screen as it was at the bell."""
    return _picture(slug, candidate, machine, frozen=True)


def show_wall(slug: str, failed: Failed | None = None) -> str:
    """The wall, above it an order that was refused."""
    return render_template(
        "supervisor/wall.html",
        snapshot=walls().look(slug, at_once=True),
        today=now().astimezone().date().isoformat(),
        **_orders(slug, failed),
    )


def _orders(slug: str, failed: Failed | None) -> dict[str, Any]:
    seen = read(slug)
    return {
        "slug": slug,
        "offers": possible(seen.opened, ROOM),
        "devices": seen.opened.exam.devices,
        "preparable": seen.preparable,
        "no_service": seen.no_service,
        "failed": failed,
    }


def show_sheet(slug: str, candidate: str, failed: Failed | None = None) -> str:
    """A candidate's sheet, above it an order that was refused."""
    with site().store.read() as tx:
        opened = site().desk.look(tx, slug)
        sitting = opened.exam.candidates.get(candidate) or abort(404)
        person = exams.find_candidate(tx, slug, candidate)
        points = benches.checkpoints(tx, slug, candidate)
        seated = logins.active_at(tx, slug, candidate)
        code = seats.codes(tx, slug).get(candidate)
        happened = [entry for entry in journal.entries(tx, slug) if entry.candidate == candidate]
    hosts = list(site().settings.host_uris)
    frozen = [
        machine
        for machine in opened.exam.machines
        if frozen_screen_path(site().settings.benches_dir, slug, candidate, machine).is_file()
    ]
    return render_template(
        "supervisor/sheet.html",
        slug=slug,
        snapshot=walls().look(slug, at_once=True),
        opened=opened,
        sitting=sitting,
        person=person,
        points=points,
        seated=seated,
        code=code and seats.spelt(code),
        happened=[(entry, sentence(entry.kind, entry.data)) for entry in happened[-JOURNAL_SHOWN:][::-1]],
        frozen=frozen,
        machines=machines_of(opened),
        offers=[one for one in possible(opened, ONE, candidate) if one.order.name != CHANGE_HOST or len(hosts) > 1],
        failed=failed,
        hosts=hosts,
        watched=watched(opened, sitting),
    )


def _picture(slug: str, candidate: str, machine: str, *, frozen: bool) -> Response:
    """404 for what is no machine of this session: only then are the names safe as parts of a path."""
    exam = site().desk.open(slug).exam
    if candidate not in exam.candidates or machine not in exam.machines:
        abort(404)
    path: Path = (frozen_screen_path if frozen else screen_path)(site().settings.benches_dir, slug, candidate, machine)
    try:
        return send_file(path, mimetype="image/png" if frozen else "image/jpeg", max_age=0)
    except FileNotFoundError:
        abort(404)
