"""Incidents and requests in the copy of a candidate's bench: chosen, injected, seen, verified.

The same address gives a page of its own or, to htmx, the part of the page of the jury's hour.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from flask import Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Redirection

from labs.errors import EpreuveError
from labs.incident import Incident
from orchestrator.engine.desk import Open
from orchestrator.engine.incident_desk import Known, ask_incident, known_incidents
from orchestrator.engine.lab import candidate_lab
from orchestrator.exam import Sitting, commands
from orchestrator.exam.rules import COPYABLE
from orchestrator.exam.words import outcome_word
from orchestrator.tickets.words import CHANNELS, IMPACTS, URGENCIES, level
from web.access import session_role
from web.jury.blueprint import routes
from web.jury.evidence import of_exam, open_dossier
from web.site import actor, site


@dataclass(frozen=True)
class Incidents:
    """What can be shown to a candidate, and what was. trouble: why the lab cannot be read; then nothing can."""

    opened: Open
    sitting: Sitting
    offered: tuple[Incident, ...]
    known: list[Known]
    trouble: EpreuveError | None

    @property
    def can(self) -> bool:
        """Incidents can be injected as soon as there is a copy."""
        return self.sitting.state == "frozen" and self.opened.exam.state in COPYABLE

    @property
    def has_copy(self) -> bool:
        """There is an open copy."""
        copy = self.sitting.frozen_copy
        return copy is not None and copy.opened_at is not None

    @property
    def version(self) -> str:
        """See ``_version``."""
        return _version(self.opened, self.sitting)


@routes.get("/jury/<slug>/<candidate>/incidents")
@session_role("jury")
def incidents(slug: str, candidate: str) -> str:
    """The incidents of the lab as cards, and those in the copy."""
    part = bool(request.headers.get("HX-Request"))
    shown = _shown(*of_exam(slug, candidate))
    if part:
        return render_template("jury/incidents_part.html", shown=shown, **_WORDS)
    return render_template("jury/incidents.html", shown=shown, dossier=open_dossier(slug, candidate), **_WORDS)


@routes.get("/jury/<slug>/<candidate>/incidents/etat")
@session_role("jury")
def incidents_state(slug: str, candidate: str) -> Response:
    """How far they are, for htmx: nothing as long as it is as seen (``?vu=``)."""
    opened, sitting = of_exam(slug, candidate)
    if request.args.get("vu") == _version(opened, sitting):
        return Response(status=204)
    return Response(render_template("jury/incidents_state.html", shown=_shown(opened, sitting), **_WORDS))


@routes.post("/jury/<slug>/<candidate>/incidents")
@session_role("jury")
def inject(slug: str, candidate: str) -> Redirection:
    """Have one brought into the copy."""
    of_exam(slug, candidate)
    ask_incident(site().desk, slug, candidate, request.form.get("incident", ""), who=actor().who)
    return _back(slug, candidate)


@routes.post("/jury/<slug>/<candidate>/incidents/<int:number>/verifier")
@session_role("jury")
def verify_incident(slug: str, candidate: str, number: int) -> Redirection:
    """Have it looked at whether one is solved."""
    of_exam(slug, candidate)
    site().desk.do(slug, commands.AskVerification(who=actor().who, candidate=candidate, number=number))
    return _back(slug, candidate)


def _shown(opened: Open, sitting: Sitting) -> Incidents:
    try:
        lab, trouble = candidate_lab(opened, sitting.id), None
    except EpreuveError as error:
        lab, trouble = None, error
    known = known_incidents(site().desk, opened.exam.slug, sitting, lab)
    offered = lab.lab.incidents if lab is not None else ()
    return Incidents(opened, sitting, offered, known, trouble)


def _version(opened: Open, sitting: Sitting) -> str:
    """Changes with whatever is shown: the copy and its incidents."""
    shown = f"{opened.exam.state} {sitting.frozen_copy} {sitting.incidents}"
    return hashlib.sha256(shown.encode()).hexdigest()[:16]


def _back(slug: str, candidate: str) -> Redirection:
    return redirect(url_for("jury.hour", slug=slug, candidate=candidate, _anchor="hour-incidents"), 303)


_WORDS = {
    "channels": CHANNELS,
    "impacts": IMPACTS,
    "urgencies": URGENCIES,
    "level": level,
    "outcome_word": outcome_word,
}
