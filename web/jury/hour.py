"""The jury's hour: a candidate in front, the phases with their clocks, the copy, and what to do next."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass

from flask import Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Redirection

from labs.errors import EpreuveError
from orchestrator.engine.desk import Open
from orchestrator.engine.lab import session_lab
from orchestrator.exam import IncidentState, Phase, Refused, Sitting, commands, decide
from orchestrator.exam.model import PhaseTaken
from orchestrator.exam.phases import allotted_s
from orchestrator.exam.rules import COPYABLE
from orchestrator.tickets.book import tickets_of
from orchestrator.tickets.ticket import Ticket
from orchestrator.tickets.words import STATUSES
from web.access import session_role
from web.jury.blueprint import routes
from web.jury.evidence import of_exam, open_dossier
from web.site import actor, site


@dataclass(frozen=True)
class Stage:
    """A phase of the format for one candidate. index: its place in the format. taken: each time that they took it."""

    index: int
    phase: Phase
    allotted_s: int
    taken: tuple[PhaseTaken, ...]


@dataclass(frozen=True)
class Hour:
    """How far a candidate's hour is. refused: why no phase can be begun now; None when one can. unsaid: incidents that
    are in the copy, of which the candidate has no ticket yet, with what staff call them."""

    opened: Open
    sitting: Sitting
    stages: tuple[Stage, ...]
    refused: Refused | None
    tickets: tuple[Ticket, ...]
    unsaid: tuple[tuple[IncidentState, str], ...]

    @property
    def slug(self) -> str:
        """The session."""
        return self.opened.exam.slug

    @property
    def stage(self) -> Stage | None:
        """The phase that is under way."""
        taken = self.sitting.under_way
        return None if taken is None else next(one for one in self.stages if one.index == taken.index)

    @property
    def next(self) -> Stage | None:
        """The phase that comes next in the format's order: the first one that was not taken yet."""
        return next((one for one in self.stages if not one.taken), None)

    @property
    def can_copy(self) -> bool:
        """There is a frozen bench, of which a copy can be opened."""
        return self.sitting.state == "frozen" and self.opened.exam.state in COPYABLE

    @property
    def version(self) -> str:
        """Changes with whatever the page shows of this."""
        tickets = [(ticket.number, ticket.status) for ticket in self.tickets]
        content = f"{self.opened.exam.state} {self.sitting.model_dump_json()} {tickets}"
        return hashlib.sha256(content.encode()).hexdigest()[:16]

    @property
    def lasted_s(self) -> float:
        """Seconds for which the phase under way has lasted."""
        taken = self.sitting.under_way
        return 0.0 if taken is None else round(taken.lasted_s(self.opened.now), 3)


def hour_of(opened: Open, sitting: Sitting) -> Hour:
    """The hour of one candidate as it stands."""
    stages = tuple(
        Stage(
            index,
            phase,
            allotted_s(phase, sitting),
            tuple(one for one in sitting.phases if one.index == index),
        )
        for index, phase in enumerate(opened.exam.phases)
        if phase.kind != "practical"
    )
    with site().store.read() as tx:
        tickets = tuple(tickets_of(tx, opened.exam.slug, sitting.id).values())
    told = {ticket.opening.incident for ticket in tickets}
    live = [one for one in sitting.incidents if one.state == "injected" and one.number not in told]
    unsaid = tuple((one, _title(opened, one)) for one in live)
    return Hour(opened, sitting, stages, _refusal(opened, sitting, stages), tickets, unsaid)


@routes.get("/jury/<slug>/<candidate>/heure")
@session_role("jury")
def hour(slug: str, candidate: str) -> str:
    """The page for whoever sits opposite the candidate."""
    dossier = open_dossier(slug, candidate)
    found = hour_of(dossier.opened, dossier.sitting)
    return render_template("jury/hour.html", dossier=dossier, hour=found, statuses=STATUSES)


@routes.get("/jury/<slug>/<candidate>/heure/etat")
@session_role("jury")
def hour_state(slug: str, candidate: str) -> Response:
    """How far it is, for htmx: nothing as long as it is as seen (``?vu=``), but for the time."""
    found = hour_of(*of_exam(slug, candidate))
    if request.args.get("vu") != found.version:
        return Response(render_template("jury/hour_course.html", hour=found, statuses=STATUSES))
    told = json.dumps({"hour-clock": {"lasted": found.lasted_s}})
    return Response(status=204, headers={"HX-Trigger": told})


@routes.post("/jury/<slug>/<candidate>/heure/commencer")
@session_role("jury")
def begin_phase(slug: str, candidate: str) -> Redirection:
    """Begin a phase; the one that is under way (``end``) is ended first."""
    of_exam(slug, candidate)
    who, given = actor().who, request.form
    orders: list[commands.Command] = []
    if (number := given.get("end", type=int)) is not None:
        orders.append(commands.EndPhase(who=who, candidate=candidate, number=number))
    why = " ".join(given.get("why", "").split())
    orders.append(commands.BeginPhase(who=who, why=why, candidate=candidate, phase=given.get("phase", -1, type=int)))
    site().desk.do(slug, *orders)
    return _back(slug, candidate)


@routes.post("/jury/<slug>/<candidate>/heure/terminer")
@session_role("jury")
def end_phase(slug: str, candidate: str) -> Redirection:
    """End the phase that is under way, if it is the one that was seen (``number``)."""
    of_exam(slug, candidate)
    number = request.form.get("number", 0, type=int)
    site().desk.do(slug, commands.EndPhase(who=actor().who, candidate=candidate, number=number))
    return _back(slug, candidate)


def _title(opened: Open, state: IncidentState) -> str:
    """What the lab calls an incident, to staff; its id when the lab cannot be read any more."""
    try:
        found = session_lab(opened.stored).lab.incidents
    except EpreuveError:
        found = ()
    return next((one.title for one in found if one.id == state.incident), state.incident)


def _back(slug: str, candidate: str) -> Redirection:
    return redirect(url_for("jury.hour", slug=slug, candidate=candidate), 303)


def _refusal(opened: Open, sitting: Sitting, stages: tuple[Stage, ...]) -> Refused | None:
    """Why no phase can be begun now. While one is under way the next one can, in its place."""
    if sitting.under_way is not None or not stages:
        return None
    try:
        order = commands.BeginPhase(who="?", why="?", candidate=sitting.id, phase=stages[0].index)
        decide(opened.exam, order, opened.now)
    except Refused as error:
        return error
    return None
