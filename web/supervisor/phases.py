"""Phases that take place without the jury, such as the preparation: it is the supervisor who is there."""

from __future__ import annotations

from dataclasses import dataclass

from flask import abort, redirect, request, url_for
from werkzeug.wrappers import Response

from orchestrator.engine.desk import Open
from orchestrator.exam import Phase, Refused, Sitting, commands, decide
from web.access import session_role
from web.site import actor, site
from web.supervisor.blueprint import routes


@dataclass(frozen=True)
class Watched:
    """A phase that the supervisor can begin, or (number: which one of the candidate's) end."""

    index: int
    phase: Phase
    number: int | None = None


def watched(opened: Open, sitting: Sitting) -> list[Watched]:
    """What the supervisor can do now about phases without the jury. Again is for the jury to decide."""
    exam, taken = opened.exam, {one.index for one in sitting.phases}
    alone = [(index, one) for index, one in enumerate(exam.phases) if not one.jury and one.kind != "practical"]
    if (now := sitting.under_way) is not None:
        return [Watched(index, one, len(sitting.phases)) for index, one in alone if index == now.index]
    found = []
    for index, one in alone:
        try:
            decide(exam, commands.BeginPhase(who="?", candidate=sitting.id, phase=index), opened.now)
        except Refused:
            continue
        if index not in taken:
            found.append(Watched(index, one))
    return found


@routes.post("/surveillance/<slug>/<candidate>/phase")
@session_role("supervisor")
def phase(slug: str, candidate: str) -> Response:
    """Begin the phase ``phase``, or end the candidate's phase ``number``. Those with the jury are theirs: 404."""
    opened = site().desk.open(slug)
    exam, sitting = opened.exam, opened.exam.candidates.get(candidate) or abort(404)
    number, index = request.form.get("number", type=int), request.form.get("phase", -1, type=int)
    if number is not None and 1 <= number <= len(sitting.phases):
        index = sitting.phases[number - 1].index
    if not 0 <= index < len(exam.phases) or exam.phases[index].jury:
        abort(404)
    who = actor().who
    if number is None:
        site().desk.do(slug, commands.BeginPhase(who=who, candidate=candidate, phase=index))
    else:
        site().desk.do(slug, commands.EndPhase(who=who, candidate=candidate, number=number))
    return redirect(url_for("supervisor.sheet", slug=slug, candidate=candidate), 303)
