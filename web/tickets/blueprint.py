"""The blueprint that the modules of this part put their views on, and the words that its templates use."""

from __future__ import annotations

from flask import Blueprint
from flask.blueprints import BlueprintSetupState

from orchestrator.tickets import words
from orchestrator.tickets.documents import LINE, PROSE
from orchestrator.tickets.priority import LEVELS, priority
from orchestrator.tickets.rules import correctable
from orchestrator.tickets.ticket import Ticket
from web.candidate.pace import keep_pace

routes = Blueprint("tickets", __name__)
routes.before_request(keep_pace)


@routes.record_once
def _words(state: BlueprintSetupState) -> None:
    state.app.jinja_env.globals["correctable"] = _correctable
    state.app.jinja_env.globals["itil"] = {
        **{name.lower(): getattr(words, name) for name in vars(words) if name.isupper()},
        "level": words.level,
        "levels": LEVELS,
        "priority": priority,
        "line": LINE,
        "prose": PROSE,
    }


def _correctable(ticket: Ticket, who: str) -> dict[int, str]:
    """Entries that can be corrected, in words."""
    found = correctable(ticket, who)
    return {entry.number: f"{entry.number} – {words.WHATS[entry.document.what]}" for entry in found}
