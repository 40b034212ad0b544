"""What a page's view answers to the console component that asks for a token (``templates/console.html``).

@routes.get("/console/<machine>")
@seated
def console(machine: str) -> Response: ...  # is it a machine of theirs? then
    return answer("candidate", session, candidate, machine)
"""

from __future__ import annotations

from flask import Response, jsonify

from labs.text import Text
from labs.typography import typeset
from web.console.gate import may_be_open
from web.console.tokens import Claims, Kind, issue
from web.headers import console_origin
from web.site import actor, site

_CLOSED = {
    "candidate": Text(
        "La console s'ouvre quand votre temps court, et se ferme avec lui.",
        "The console opens while your time runs, and closes with it.",
    ),
    "supervisor": Text(
        "L'écran se voit du départ à la sonnerie.", "The screen can be seen from the start until the bell."
    ),
    "jury": Text("La copie du poste n'est pas ouverte.", "The copy of the bench is not open."),
}
_PAUSED = Text(
    "En pause : la console revient toute seule à la reprise.",
    "Paused: the console comes back by itself when the exam goes on.",
)
_NOT_YOURS = Text("Cette console ne vous est pas ouverte.", "This console is not open to you.")
_NONE = Text("Les consoles ne sont pas servies ici.", "Consoles are not served here.")


def answer(kind: Kind, session: str, bench: str, machine: str, *, closed: Text | None = None) -> Response:
    """Where the console is and what opens it, for whoever asks; else why not, as the gate sees it.

    closed: what to say when this is not the time for it, in place of what is usually said.

    The view has made sure that whoever asks may see this bench, and that it has such a machine.
    """
    login = actor().login
    if login is None:
        return unavailable(_NOT_YOURS, status=401)
    if not console_origin():
        return unavailable(_NONE, status=503)
    claims = Claims(kind=kind, login=login, session=session, bench=bench, machine=machine)
    if not may_be_open(site().desk, claims):
        return unavailable(closed or _why_closed(kind, session, bench))
    return jsonify(url=console_origin(), token=issue(site().secret, claims))


def _why_closed(kind: Kind, session: str, bench: str) -> Text:
    sitting = site().desk.open(session).exam.candidates.get(bench)
    if kind == "candidate" and sitting is not None and sitting.state == "paused":
        return _PAUSED
    return _CLOSED.get(kind, _NOT_YOURS)


def unavailable(why: Text, *, status: int = 409) -> Response:
    """No console now; the component shows why and asks again later."""
    response = jsonify(message=typeset(str(why)))
    response.status_code = status
    return response
