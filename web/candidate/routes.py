"""Addresses for candidates. Nothing about checks, points or expected values is ever sent from here.

None has an id in it: whoever is signed in at a seat sees and changes what is theirs (``place.whose``).
"""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

from flask import Blueprint, Response, abort, jsonify, redirect, render_template, url_for
from werkzeug.wrappers import Response as Redirection

from labs.text import Text
from orchestrator.exam import commands
from orchestrator.moments import clock
from orchestrator.store import exams, seats
from orchestrator.store.errors import StoreError
from orchestrator.tickets.book import tickets_open
from web.access import seated
from web.candidate import notes
from web.candidate.forms import HandSent, NotesSent, TickSent, sent
from web.candidate.pace import keep_pace
from web.candidate.paper import machines, paper, tasks, titles
from web.candidate.place import Place, place, place_in, whose
from web.console.answer import answer
from web.site import actor, now, site

routes = Blueprint("candidate", __name__)
routes.before_request(keep_pace)

_PAGES = {"work": "work", "preparation": "phase", "machines": "phase"}

_COPY_CLOSED = Text("Le jury n'a pas encore ouvert vos machines.", "The jury has not opened your machines yet.")

ALIVE_EVERY = timedelta(seconds=10)
"""The wall calls a candidate's connection lost after twice as long."""


@routes.get("/poste")
@seated
def page() -> str:
    """The candidate's page: it waits, works, or says that it is over."""
    with site().store.read() as tx:
        here = place_in(tx)
        person = exams.find_candidate(tx, *whose())
    name = f"{person.first_name} {person.surname}" if person else ""
    mine = machines(here) if here.kind in ("work", "machines") else ()
    reads = here.kind == "work" or (here.kind in ("preparation", "machines") and here.has_subject)
    return render_template(
        f"candidate/{_PAGES.get(here.kind, 'wait')}.html",
        here=here,
        told=_told(here),
        name=name,
        tickets=url_for("tickets.mine") if tickets_open(here.exam, here.sitting) else None,
        notes_version=notes.version_of(here.page.notes),
        longest=notes.LONGEST,
        paper=paper(here, name) if reads else None,
        machines=mine,
        shown=[
            {"machine": one.name, "title": one.title, "token_url": url_for("candidate.console", machine=one.name)}
            for one in mine
        ],
    )


@routes.get("/poste/etat")
@seated
def state() -> Response:
    """How it stands, asked for every few seconds; also the sign of life that the wall shows."""
    here = place()
    seen = here.page.seen_at
    if (here.is_open or here.phase) and (seen is None or now() - seen >= ALIVE_EVERY):
        with suppress(StoreError), site().store.write() as tx:  # it may be late; the answer may not
            seats.put(tx, *whose(), seen_at=now())
    return jsonify(_told(here))


@routes.post("/poste/main")
@seated
def hand() -> Response:
    """Raise or lower the hand."""
    up = sent(HandSent).up
    with site().store.write() as tx:
        here = place_in(tx)
        if up:
            here.require_call()
        if up != (here.page.hand_at is not None):
            seats.put(tx, *whose(), hand_at=now() if up else None)
    return jsonify(_told(place()))


@routes.post("/poste/taches")
@seated
def tick() -> Response:
    """Tick a task for oneself, or no more."""
    form, known = sent(TickSent), tasks(place())
    with site().store.write() as tx:
        here = place_in(tx)
        here.require_work()
        if form.task not in known:
            abort(404)
        others = set(here.page.ticked) - {form.task}
        seats.put(tx, *whose(), ticked=others | {form.task} if form.done else others)
    return jsonify(done=form.done)


@routes.post("/poste/notes")
@seated
def save_notes() -> tuple[Response, int] | Response:
    """Save the notes; 409 with the stored ones when these do not go on from them."""
    form = sent(NotesSent)
    saved = notes.save(form.text, form.base)
    answer = {"version": saved.version, "at": clock(saved.at)}
    return jsonify(answer) if saved.text is None else (jsonify(**answer, text=saved.text), 409)


@routes.get("/poste/console/<machine>")
@seated
def console(machine: str) -> Response:
    """Where the console of a machine is, and the token that opens it as long as their time runs, or as long as they
    show their machines to the jury. That they looked at the copy is recorded."""
    slug, candidate = whose()
    here = place()
    if machine not in {one.name for one in machines(here)}:
        abort(404)
    if here.phase is None:
        return answer("candidate", slug, candidate, machine)
    opened = answer("candidate", slug, candidate, machine, closed=_COPY_CLOSED)
    if opened.status_code == 200:
        site().desk.do(slug, commands.UseCopy(who=actor().who, candidate=candidate, machine=machine))
    return opened


@routes.post("/poste/fin")
@seated
def finish() -> Redirection:
    """Finish before the bell; there is no way back."""
    slug, candidate = whose()
    with site().store.write() as tx:
        place_in(tx).require_work()  # refused in words that are for candidates
        site().desk.within(tx, slug, commands.FinishEarly(who=actor().who, candidate=candidate))
    return redirect(url_for("candidate.page"))


def _told(here: Place) -> dict[str, object]:
    return here.told(titles(here) if here.sitting.reset else {})
