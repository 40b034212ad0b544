"""``epreuve session open-copy|close-copy``: a frozen bench, awake once more for the jury."""

from __future__ import annotations

import click

from labs.errors import EpreuveError
from labs.text import Text, tr
from orchestrator.cli.common import json_option
from orchestrator.cli.session import command
from orchestrator.cli.session_common import example, login, opened_desk, simulated_option, yes_option
from orchestrator.cli.session_give import give, wait
from orchestrator.cli.voice import Voice
from orchestrator.exam import Sitting
from orchestrator.exam import commands as order


@command.command(
    "open-copy",
    help=tr(
        "Ouvre une copie du poste figé d'un candidat : les mêmes machines, réveillées comme elles étaient à la fin. "
        "Rien de ce qui y est fait ne touche aux preuves.",
        "Open a copy of a candidate's frozen bench: the same machines, woken as they were at the bell. Nothing that is "
        "done in it touches the evidence.",
    ),
    epilog=example("session open-copy juin c01"),
)
@click.argument("session")
@click.argument("candidate")
@simulated_option
@json_option
def open_copy(session: str, candidate: str, simulated: bool, as_json: bool) -> None:
    """Open a copy."""
    voice = Voice(simulated)
    asked = order.OpenCopy(who=login(), candidate=candidate)
    number = give(session, asked, voice, as_json=as_json).exam.candidates[candidate].copies
    wait(session, lambda one: one.id == candidate and _opening(one, number), voice)
    with opened_desk(simulated) as (desk, _settings):
        failure = desk.open(session).exam.candidates[candidate].copy_failure
    if failure is not None:
        raise EpreuveError(
            failure,
            where=f"{session}/{candidate}",
            do=Text("Réessayez quand il y a de la place.", "Try again when there is room."),
        )
    if not as_json:
        voice.next(f"session incidents {session} --candidate {candidate}")


@command.command(
    "close-copy",
    help=tr(
        "Ferme la copie du poste : ce qui y a été fait est perdu, ses incidents sont terminés, les preuves restent. "
        "Demande confirmation, sauf --yes.",
        "Close the copy of the bench: what was done in it is lost, its incidents are over, the evidence stays. Asks "
        "first, unless --yes.",
    ),
    epilog=example("session close-copy juin c01"),
)
@click.argument("session")
@click.argument("candidate")
@yes_option
@simulated_option
@json_option
def close_copy(session: str, candidate: str, yes: bool, simulated: bool, as_json: bool) -> None:
    """Close the copy."""
    question = tr(f"Fermer la copie de {candidate} ?", f"Close the copy of {candidate}?")
    asked = order.CloseCopy(who=login(), candidate=candidate)
    give(session, asked, Voice(simulated), as_json=as_json, question=question, yes=yes)


def _opening(sitting: Sitting, number: int) -> bool:
    copy = sitting.frozen_copy
    return copy is not None and copy.number == number and copy.opened_at is None
