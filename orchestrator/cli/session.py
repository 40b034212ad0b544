"""``epreuve session``: an exam session, from the roster to the frozen benches."""

from __future__ import annotations

import importlib

import click

from labs.text import tr

_MODULES = (
    "session_create",
    "session_list",
    "session_prepare",
    "session_room",
    "session_reset",
    "session_over",
    "session_show",
    "session_journal",
)
"""They add their commands, in the order of the help."""


class SessionGroup(click.Group):
    """Its commands are in several modules, imported when the group is used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        for name in _MODULES:
            importlib.import_module(f"orchestrator.cli.{name}")
        return list(self.commands)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        self.list_commands(ctx)
        return super().get_command(ctx, cmd_name)


@click.group(
    "session",
    cls=SessionGroup,
    help=tr(
        "Les sessions d'examen, de la liste des candidats aux postes figés.\n\n"
        "L'ordre habituel : create, prepare, start, status --watch, close. Un service en arrière-plan tient les "
        "échéances même quand personne ne regarde ; il démarre tout seul (voir « epreuve service »).\n\n"
        "Pour s'exercer : toutes les commandes prennent --simulated, et create prend --clock-speed.",
        "Exam sessions, from the roster to the frozen benches.\n\n"
        "The usual order: create, prepare, start, status --watch, close. A service in the background keeps the "
        "deadlines even when nobody looks; it starts by itself (see “epreuve service”).\n\n"
        "To rehearse: every command takes --simulated, and create takes --clock-speed.",
    ),
)
def command() -> None:
    """Exam sessions."""
