"""The interview guide: what to ask about each competency, and the juror's own notes."""

from __future__ import annotations

from flask import abort, render_template, url_for
from werkzeug.wrappers import Response

from orchestrator.exam import Exam, Phase
from orchestrator.marks.documents import Note
from orchestrator.marks.guide import ASK, TOPICS, questions
from web.access import session_role
from web.jury.blueprint import routes
from web.jury.evidence import of_exam
from web.jury.marking import by_htmx, made, open_sheet, open_table, then, typed, write
from web.site import actor


@routes.get("/jury/<slug>/<candidate>/guide")
@session_role("jury")
def guide(slug: str, candidate: str) -> str:
    """Questions derived from the evidence, with a place for notes beside each competency and phase."""
    table = open_table(slug, candidate)
    sheet = table.sheet
    checks = {one.id: one for one in sheet.judged.checks} if sheet.judged else {}
    blocks = [
        (block, [(one, questions(one, sheet.competencies.get(one.id), checks)) for one in block.competencies])
        for block in sheet.frame.blocks
    ]
    places = phase_places(table.dossier.opened.exam)
    return render_template("jury/guide.html", places=places, table=table, blocks=blocks, topics=TOPICS, ask=ASK)


@routes.post("/jury/<slug>/<candidate>/guide/<place>")
@session_role("jury")
def note(slug: str, candidate: str, place: str) -> str | Response:
    """Keep a note. Asked by htmx: whether it is saved."""
    opened, _ = of_exam(slug, candidate)
    if place.startswith("phase-") and place not in phase_places(opened.exam):
        abort(404)
    write(slug, candidate, made(Note, about=place, text=typed("text")))
    if not by_htmx():
        return then(url_for("jury.guide", slug=slug, candidate=candidate, _anchor=place))
    versions = open_sheet(slug, candidate).marking.grid(actor().who).notes.get(place, ())
    return render_template("jury/mark_saved.html", at=versions[-1].at if versions else None)


def phase_places(exam: Exam) -> dict[str, Phase]:
    """The phases of an exam by the names that notes have for them."""
    return {f"phase-{number}": phase for number, phase in enumerate(exam.phases, start=1)}
