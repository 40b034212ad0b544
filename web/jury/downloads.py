"""The evidence as files: what a jury keeps, sends, or opens in a spreadsheet."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Response, abort, request

from checkers.report import SessionReport, session_report
from checkers.report.csv_ import session_csv
from checkers.report.html import candidate_html
from checkers.report.write import as_json, observation_json
from labs.text import current_language
from orchestrator.version import version
from web.access import session_role
from web.jury.blueprint import routes
from web.jury.evidence import open_dossier
from web.site import site

_TYPES = {"html": "text/html", "json": "application/json", "csv": "text/csv"}


@routes.get("/jury/<slug>/<candidate>/rapport.<any(html, json, csv):kind>")
@session_role("jury")
def report(slug: str, candidate: str, kind: str) -> Response:
    """The report of one candidate, as its last judgement or another one (``?jugement=1``) sees it."""
    dossier = open_dossier(slug, candidate)
    if not dossier.is_observed:
        abort(404)
    made = dossier.report(request.args.get("jugement", type=int))
    if kind == "html":
        rejudge = "epreuve judge observation.json"
        content: str | bytes = candidate_html(made, current_language(), zone="", rejudge=rejudge)
    elif kind == "json":
        content = as_json(made)
    else:
        content = session_csv(session_report([made], generated_at=datetime.now(UTC)), current_language())
    return _file(content, kind, f"{slug}-{candidate}.{kind}")


@routes.get("/jury/<slug>/<candidate>/observation.json")
@session_role("jury")
def observation(slug: str, candidate: str) -> Response:
    """The observation in the very bytes whose hash the report names."""
    dossier = open_dossier(slug, candidate)
    if not dossier.is_observed:
        abort(404)
    return _file(observation_json(dossier.observation), "json", "observation.json")


@routes.get("/jury/<slug>/resultats.<any(json, csv):kind>")
@session_role("jury")
def results(slug: str, kind: str) -> Response:
    """The results of everybody who was judged, each by their last judgement."""
    made = _results(slug)
    content = as_json(made) if kind == "json" else session_csv(made, current_language())
    return _file(content, kind, f"{slug}.{kind}")


def _results(slug: str) -> SessionReport:
    """Raises ReportError when nobody was judged, or not all with the same lab."""
    dossiers = [open_dossier(slug, name) for name in site().desk.open(slug).exam.candidates]
    reports = [one.report() for one in dossiers if one.is_observed and one.judgements]
    return session_report(reports, generated_at=datetime.now(UTC), software={"épreuve": version()})


def _file(content: str | bytes, kind: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, mimetype=_TYPES[kind], headers=headers)
