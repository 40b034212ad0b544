"""The interview guide: what to ask about each competency, and the juror's own notes."""

from __future__ import annotations

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from orchestrator.marks.documents import Note
from orchestrator.marks.guide import ASK, TOPICS, questions
from web.access import session_role
from web.jury.blueprint import routes
from web.jury.marking import made, open_sheet, require_candidate, then, typed, write
from web.site import actor


@routes.get("/jury/<slug>/<candidate>/guide")
@session_role("jury")
def guide(slug: str, candidate: str) -> str:
    """Questions derived from the evidence, with a place for notes beside each competency and phase."""
    desk = open_sheet(slug, candidate)
    sheet = desk.sheet
    checks = {one.id: one for one in sheet.judged.checks} if sheet.judged else {}
    blocks = [
        (block, [(one, questions(one, sheet.competencies.get(one.id), checks)) for one in block.competencies])
        for block in sheet.frame.blocks
    ]
    return render_template("jury/guide.html", desk=desk, blocks=blocks, topics=TOPICS, ask=ASK)


@routes.post("/jury/<slug>/<candidate>/guide/<place>")
@session_role("jury")
def note(slug: str, candidate: str, place: str) -> str | Response:
    """Keep a note. Asked by htmx: whether it is saved."""
    require_candidate(slug, candidate)
    write(slug, candidate, made(Note, about=place, text=typed("text")))
    if not request.headers.get("HX-Request"):
        return then(url_for("jury.guide", slug=slug, candidate=candidate, _anchor=place))
    versions = open_sheet(slug, candidate).sheet.marking.grid(actor().who).notes.get(place, ())
    return render_template("jury/mark_saved.html", at=versions[-1].at if versions else None)
