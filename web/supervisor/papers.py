"""Addresses of what is read and printed: the journal, seat cards, all that is held on a candidate."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date

from flask import Response, abort, render_template, request

from labs.text import tr
from orchestrator.exam import Sitting
from orchestrator.exam.words import sentence
from orchestrator.pdf import to_pdf
from orchestrator.store import exams, journal, privacy, seats
from web.access import session_role
from web.site import note, now, site
from web.supervisor.blueprint import routes


@dataclass(frozen=True)
class Card:
    """A seat card."""

    id: str
    name: str
    seat: str
    code: str


@routes.get("/surveillance/<slug>/journal")
@session_role("supervisor")
def journal_page(slug: str) -> str:
    """All that happened, or what concerns ``?candidat=``, and whether the journal is as it was written."""
    only = request.args.get("candidat") or None
    with site().store.read() as tx:
        opened = site().desk.look(tx, slug)
        people = {one.id: f"{one.surname} {one.first_name}" for one in exams.candidates(tx, slug)}
        entries = [one for one in journal.entries(tx, slug) if only in (None, one.candidate)]
        problems, head = journal.verify(tx, slug), journal.head(tx, slug)
    return render_template(
        "supervisor/journal.html",
        slug=slug,
        exam=opened.exam,
        only=only,
        people=people,
        entries=[(entry, sentence(entry.kind, entry.data)) for entry in entries],
        problems=problems,
        head=head,
    )


@routes.get("/surveillance/<slug>/<candidate>/donnees.json")
@session_role("supervisor")
def export(slug: str, candidate: str) -> Response:
    """All data that Épreuve holds on a candidate (right of access)."""
    with site().store.read() as tx:
        exported = privacy.export_candidate(tx, slug, candidate, benches=site().settings.benches_dir)
    note("candidate-exported", f"{slug}/{candidate}")
    text = json.dumps({**exported, "simulated": site().simulated}, ensure_ascii=False, indent=2)
    answer = Response(text, mimetype="application/json")
    answer.headers["Content-Disposition"] = f'attachment; filename="{slug}-{candidate}.json"'
    return answer


@routes.get("/surveillance/<slug>/cartes.pdf")
@session_role("supervisor")
def cards(slug: str) -> Response:
    """Seat cards to print and cut, eight a page; with the day of the exam in ``?jour=``."""
    wanted = request.args.get("jour", "")
    try:
        day = date.fromisoformat(wanted) if wanted else now().astimezone().date()
    except ValueError:
        abort(400)
    with site().store.write() as tx:
        opened = site().desk.look(tx, slug)
        people = {one.id: f"{one.surname} {one.first_name}" for one in exams.candidates(tx, slug)}
        sitting = [one for one in opened.exam.candidates.values() if one.state != "withdrawn" and one.id in people]
        codes = seats.ensure_codes(tx, slug, [one.id for one in sitting], now())
    made = [Card(one.id, people[one.id], one.seat or "", seats.spelt(codes[one.id])) for one in _in_order(sitting)]
    html = render_template("supervisor/cards.html", slug=slug, cards=made, day=day, address=request.host_url)
    answer = Response(to_pdf(html), mimetype="application/pdf")
    name = tr("cartes", "cards")
    answer.headers["Content-Disposition"] = f'inline; filename="{slug}-{name}.pdf"'
    return answer


def _in_order(sitting: list[Sitting]) -> list[Sitting]:
    """As one walks through the room: by seat, A2 before A10; those without one at the end."""
    return sorted(sitting, key=lambda one: (one.seat is None, _natural(one.seat or ""), one.id))


def _natural(text: str) -> list[tuple[int, str]]:
    parts, digits = [], ""
    for character in f"{text} ":
        if character.isdecimal():
            digits += character
            continue
        if digits:
            parts.append((int(digits), ""))
            digits = ""
        parts.append((-1, character.casefold()))
    return parts
