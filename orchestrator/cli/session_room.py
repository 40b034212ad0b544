"""``epreuve session start … move``: what a supervisor orders during an exam."""

from __future__ import annotations

import click

from labs.text import tr
from orchestrator.cli.common import json_option
from orchestrator.cli.session import command
from orchestrator.cli.session_common import (
    candidate_option,
    example,
    login,
    reason_option,
    simulated_option,
    yes_option,
)
from orchestrator.cli.session_give import give, wait
from orchestrator.cli.voice import Voice
from orchestrator.exam import commands as order


@command.command(
    "start",
    help=tr(
        "Démarre l'épreuve : de toute la salle, ou d'un candidat qui commence plus tard.",
        "Start the exam: of the whole room, or of one candidate who begins later.",
    ),
    epilog=example("session start juin", "session start juin --candidate c04"),
)
@click.argument("session")
@candidate_option
@simulated_option
@json_option
def start(session: str, candidate: str | None, simulated: bool, as_json: bool) -> None:
    """Start the exam."""
    give(session, order.Start(who=login(), candidate=candidate), Voice(simulated), as_json=as_json)


@command.command(
    "pause",
    help=tr(
        "Arrête l'horloge et les machines, d'un candidat ou de la salle. Demande un motif (--reason).",
        "Stop clock and machines, of one candidate or of the room. Needs a reason (--reason).",
    ),
    epilog=example(
        'session pause juin --candidate c03 --reason "clavier en panne"',
        'session pause juin --reason "alerte incendie"',
    ),
)
@click.argument("session")
@candidate_option
@reason_option
@simulated_option
@json_option
def pause(session: str, candidate: str | None, why: str, simulated: bool, as_json: bool) -> None:
    """Pause."""
    give(session, order.Pause(who=login(), why=why, candidate=candidate), Voice(simulated), as_json=as_json)


@command.command(
    "resume",
    help=tr(
        "Reprend après une pause. Le temps de la pause n'est pas perdu.",
        "Go on after a pause. Its time is not lost.",
    ),
    epilog=example("session resume juin --candidate c03"),
)
@click.argument("session")
@candidate_option
@reason_option
@simulated_option
@json_option
def resume(session: str, candidate: str | None, why: str, simulated: bool, as_json: bool) -> None:
    """Resume."""
    give(session, order.Resume(who=login(), why=why, candidate=candidate), Voice(simulated), as_json=as_json)


@command.command(
    "extend",
    help=tr(
        "Accorde du temps en plus. --take-back en reprend qui avait été accordé. Demande un motif (--reason).",
        "Grant more time. --take-back takes granted time back. Needs a reason (--reason).",
    ),
    epilog=example('session extend juin --candidate c03 --minutes 10 --reason "clavier changé"'),
)
@click.argument("session")
@click.option("--minutes", type=click.FloatRange(min=0.01), required=True, help=tr("durée", "how long"))
@click.option("--take-back", is_flag=True, help=tr("reprendre au lieu d'accorder", "take back instead of granting"))
@candidate_option
@reason_option
@simulated_option
@json_option
def extend(
    session: str, minutes: float, take_back: bool, candidate: str | None, why: str, simulated: bool, as_json: bool
) -> None:
    """Extend."""
    make = order.TakeBack if take_back else order.Extend
    asked = make(who=login(), why=why, candidate=candidate, seconds=round(minutes * 60))
    give(session, asked, Voice(simulated), as_json=as_json)


@command.command(
    "freeze",
    help=tr(
        "Arrête l'épreuve avant la fin : le travail est figé. Demande un motif (--reason) et confirmation, sauf --yes.",
        "Stop the exam before its end: the work is frozen. Needs a reason (--reason); asks first, unless --yes.",
    ),
    epilog=example('session freeze juin --candidate c03 --reason "exclusion"'),
)
@click.argument("session")
@candidate_option
@reason_option
@yes_option
@click.option("--no-wait", is_flag=True, help=tr("ne pas attendre la fin", "do not wait until it is done"))
@simulated_option
@json_option
def freeze(
    session: str, candidate: str | None, why: str, yes: bool, no_wait: bool, simulated: bool, as_json: bool
) -> None:
    """Freeze."""
    voice = Voice(simulated)
    whom = candidate or tr("toute la salle", "the whole room")
    question = tr(f"Arrêter l'épreuve de {whom} ?", f"Stop the exam of {whom}?")
    asked = order.Freeze(who=login(), why=why, candidate=candidate)
    give(session, asked, voice, as_json=as_json, question=question, yes=yes)
    if not no_wait:
        wait(session, lambda sitting: sitting.state == "ended", voice)


@command.command(
    "finish",
    help=tr(
        "Le candidat rend avant la fin, sans retour. Demande confirmation, sauf --yes.",
        "The candidate hands in early, for good. Asks first, unless --yes.",
    ),
    epilog=example("session finish juin c03"),
)
@click.argument("session")
@click.argument("candidate")
@yes_option
@simulated_option
@json_option
def finish(session: str, candidate: str, yes: bool, simulated: bool, as_json: bool) -> None:
    """Finish early."""
    question = tr(f"{candidate} rend-il vraiment son travail ?", f"Does {candidate} really hand in?")
    asked = order.FinishEarly(who=login(), candidate=candidate)
    give(session, asked, Voice(simulated), as_json=as_json, question=question, yes=yes)


@command.command(
    "absent",
    help=tr(
        "Note absent un candidat qui n'est pas venu, ou qui viendra plus tard (return).",
        "Mark absent a candidate who has not come, or who will come later (return).",
    ),
    epilog=example("session absent juin c05"),
)
@click.argument("session")
@click.argument("candidate")
@reason_option
@simulated_option
@json_option
def absent(session: str, candidate: str, why: str, simulated: bool, as_json: bool) -> None:
    """Mark absent."""
    give(session, order.MarkAbsent(who=login(), why=why, candidate=candidate), Voice(simulated), as_json=as_json)


@command.command(
    "return",
    help=tr(
        "Un candidat noté absent arrive : « start --candidate » le fait commencer.",
        "A candidate marked absent comes after all: “start --candidate” lets them begin.",
    ),
    epilog=example("session return juin c05"),
)
@click.argument("session")
@click.argument("candidate")
@simulated_option
@json_option
def return_(session: str, candidate: str, simulated: bool, as_json: bool) -> None:
    """Return."""
    give(session, order.Return(who=login(), candidate=candidate), Voice(simulated), as_json=as_json)


@command.command(
    "withdraw",
    help=tr(
        "Désinscrit un candidat avant l'épreuve, sans retour. Demande un motif (--reason).",
        "Withdraw a candidate before the exam, for good. Needs a reason (--reason).",
    ),
    epilog=example('session withdraw juin c05 --reason "inscription annulée"'),
)
@click.argument("session")
@click.argument("candidate")
@reason_option
@simulated_option
@json_option
def withdraw(session: str, candidate: str, why: str, simulated: bool, as_json: bool) -> None:
    """Withdraw."""
    give(session, order.Withdraw(who=login(), why=why, candidate=candidate), Voice(simulated), as_json=as_json)
