"""``epreuve session``: an exam session, from the roster to the frozen benches."""

from __future__ import annotations

import click

from labs.text import tr
from orchestrator.cli.groups import GroupOfModules

COMMANDS = {
    "create": "session_create",
    "list": "session_list",
    "formats": "session_formats",
    "candidates": "session_list",
    "prepare": "session_prepare",
    "start": "session_room",
    "pause": "session_room",
    "resume": "session_room",
    "extend": "session_room",
    "freeze": "session_room",
    "finish": "session_room",
    "absent": "session_room",
    "return": "session_room",
    "withdraw": "session_room",
    "move": "session_move",
    "device": "session_device",
    "reset-machine": "session_reset",
    "jury": "session_over",
    "phase": "session_phase",
    "open-copy": "session_copy",
    "close-copy": "session_copy",
    "incidents": "session_incidents",
    "inject": "session_incidents",
    "verify-incident": "session_incidents",
    "decisions": "session_decisions",
    "close": "session_over",
    "seal": "session_seal",
    "purge": "session_over",
    "minutes": "session_minutes",
    "results": "session_minutes",
    "status": "session_show",
    "journal": "session_journal",
    "export": "session_journal",
}
"""The commands in the order of the help, and the module that adds each to the group."""


class SessionGroup(GroupOfModules):
    """The commands of ``epreuve session``."""

    modules = COMMANDS


@click.group(
    "session",
    cls=SessionGroup,
    help=tr(
        "Les sessions d'examen, de la liste des candidats aux postes figés.\n\n"
        "L'ordre habituel : create, prepare, start, status --watch, phase, close. Un service en arrière-plan tient les "
        "échéances même quand personne ne regarde ; il démarre tout seul (voir « epreuve service »).\n\n"
        "Pour s'exercer : toutes les commandes prennent --simulated, et create prend --clock-speed.",
        "Exam sessions, from the roster to the frozen benches.\n\n"
        "The usual order: create, prepare, start, status --watch, phase, close. A service in the background keeps the "
        "deadlines even when nobody looks; it starts by itself (see “epreuve service”).\n\n"
        "To rehearse: every command takes --simulated, and create takes --clock-speed.",
    ),
)
def command() -> None:
    """Exam sessions."""
