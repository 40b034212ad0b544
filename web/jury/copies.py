"""The copy of a frozen bench: opened, looked at through its consoles, closed."""

from __future__ import annotations

from flask import Response, abort, redirect, render_template, url_for
from werkzeug.wrappers import Response as Redirection

from orchestrator.engine.copies import IDLE
from orchestrator.exam import commands
from orchestrator.exam.rules import COPYABLE
from web.access import session_role
from web.console.answer import answer
from web.jury.blueprint import routes
from web.jury.evidence import Dossier, open_dossier
from web.site import actor, site


@routes.get("/jury/<slug>/<candidate>/copie")
@session_role("jury")
def copy(slug: str, candidate: str) -> str:
    """The copy with the consoles of its machines, or the way to open one."""
    return _shown("jury/copy.html", open_dossier(slug, candidate))


@routes.get("/jury/<slug>/<candidate>/copie/etat")
@session_role("jury")
def copy_state(slug: str, candidate: str) -> Response:
    """How far the copy is, for htmx; once it is there, or is not to come, the page is loaded anew with its consoles."""
    dossier = open_dossier(slug, candidate)
    response = Response(_shown("jury/copy_state.html", dossier))
    copy = dossier.sitting.frozen_copy
    if copy is None or copy.opened_at is not None:
        response.headers["HX-Refresh"] = "true"
    return response


@routes.post("/jury/<slug>/<candidate>/copie")
@session_role("jury")
def open_copy(slug: str, candidate: str) -> Redirection:
    """Have a copy made."""
    open_dossier(slug, candidate)
    site().desk.do(slug, commands.OpenCopy(who=actor().who, candidate=candidate))
    return redirect(url_for("jury.copy", slug=slug, candidate=candidate), 303)


@routes.post("/jury/<slug>/<candidate>/copie/fermer")
@session_role("jury")
def close_copy(slug: str, candidate: str) -> Redirection:
    """Have the copy removed."""
    open_dossier(slug, candidate)
    site().desk.do(slug, commands.CloseCopy(who=actor().who, candidate=candidate))
    return redirect(url_for("jury.candidate", slug=slug, candidate=candidate), 303)


@routes.get("/jury/<slug>/<candidate>/console/<machine>")
@session_role("jury")
def console(slug: str, candidate: str, machine: str) -> Response:
    """What opens the console of a machine of the copy. That somebody looked is recorded."""
    dossier = open_dossier(slug, candidate)
    if machine not in dossier.opened.exam.machines:
        abort(404)
    opened = answer("jury", slug, candidate, machine)
    if opened.status_code == 200:
        site().desk.do(slug, commands.UseCopy(who=actor().who, candidate=candidate, machine=machine))
    return opened


def _shown(template: str, dossier: Dossier) -> str:
    hours = int(IDLE.total_seconds() // 3600)
    can_copy = dossier.sitting.state == "frozen" and dossier.opened.exam.state in COPYABLE
    return render_template(template, dossier=dossier, idle_hours=hours, can_copy=can_copy)
