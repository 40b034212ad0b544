"""``/``: to the part that is for whoever asks; strangers choose between a seat and an account."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, session, url_for
from werkzeug.wrappers import Response

from orchestrator.store import accounts
from web.access import public
from web.auth.forms import SeatForm
from web.auth.next import safe_next
from web.language import LANGUAGES
from web.nav import entries
from web.site import actor, site

routes = Blueprint("home", __name__)


@routes.get("/")
@public
def index() -> str | Response:
    """The first page."""
    if actor().seat is not None:
        return redirect(url_for("candidate.page"))
    if actor().account is not None:
        open_to = entries()
        if len(open_to) == 1:
            return redirect(open_to[0].address)
        return render_template("home/index.html")
    with site().store.read() as tx:
        empty = accounts.count(tx) == 0
    return render_template("home/welcome.html", form=SeatForm(), empty=empty)


@routes.post("/langue/<language>")
@public
def language(language: str) -> Response:
    """Another language, from now on."""
    if language in LANGUAGES:
        session["language"] = language
    return redirect(safe_next())
