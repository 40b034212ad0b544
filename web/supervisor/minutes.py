"""Addresses of what is handed on after an exam, to supervisors and jury alike: minutes, and results for the school."""

from __future__ import annotations

from flask import Response, request

from labs.text import current_language, tr
from orchestrator.minutes.page import minutes_pdf
from orchestrator.minutes.read import read_minutes, read_points
from orchestrator.minutes.results import results_csv
from web.access import session_role
from web.site import actor, note, site
from web.supervisor.blueprint import routes

PLACE_LIMIT = 200
"""Characters of the centre and the room, as typed."""


@routes.get("/surveillance/<slug>/proces-verbal.pdf")
@session_role("supervisor", "jury")
def minutes(slug: str) -> Response:
    """The minutes to print, a draft until the session is closed; with the centre and the room in ``?lieu=``."""
    place = request.args.get("lieu", "")[:PLACE_LIMIT]
    content = minutes_pdf(read_minutes(site().desk, slug, place=place, juror=_juror(slug)))
    name = tr("proces-verbal", "minutes")
    return _file(content, "application/pdf", f'inline; filename="{slug}-{name}.pdf"')


@routes.get("/surveillance/<slug>/resultats-jury.csv")
@session_role("supervisor", "jury")
def results(slug: str) -> Response:
    """One row per candidate, for the school's information system."""
    content = results_csv(
        read_minutes(site().desk, slug, juror=_juror(slug)), read_points(site().desk, slug), current_language()
    )
    note("results-exported", slug)
    name = tr("resultats-jury", "jury-results")
    return _file(content, "text/csv", f'attachment; filename="{slug}-{name}.csv"')


def _juror(slug: str) -> str | None:
    """Whoever asks, if they are of the jury: these papers do not tell them what they may not know yet."""
    return actor().who if actor().is_trusted(slug, "jury") else None


def _file(content: bytes, mimetype: str, disposition: str) -> Response:
    return Response(content, mimetype=mimetype, headers={"Content-Disposition": disposition})
