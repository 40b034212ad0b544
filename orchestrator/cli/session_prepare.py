"""``epreuve session prepare``: the benches are made."""

from __future__ import annotations

from time import monotonic

import click
from rich.markup import escape

from labs.text import Text, tr
from orchestrator.cli.common import Steps, json_option
from orchestrator.cli.session import command
from orchestrator.cli.session_common import example, login, opened_desk, simulated_option
from orchestrator.cli.session_give import wait
from orchestrator.cli.voice import Voice
from orchestrator.engine.preparing import prepare_session


@command.command(
    "prepare",
    help=tr(
        "Fabrique les postes, jusqu'à ce que tous soient prêts. Refuse d'abord, chiffres à l'appui, ce qui ne "
        "tient pas. Interrompu (Ctrl-C), le service continue ; relancé, il attend la suite.",
        "Make the benches until all are ready. What does not fit is refused first, with figures. Interrupted "
        "(Ctrl-C), the service goes on; run again, it waits for the rest.",
    ),
    epilog=example("session prepare juin"),
)
@click.argument("session")
@click.option("--no-wait", is_flag=True, help=tr("ne pas attendre la fin", "do not wait until it is done"))
@simulated_option
@json_option
def prepare(session: str, no_wait: bool, simulated: bool, as_json: bool) -> None:
    """Prepare a session."""
    voice = Voice(simulated)
    began = monotonic()
    steps = Steps(prefix=escape(voice.mark))
    warnings: list[Text] = []
    with (
        opened_desk(simulated) as (desk, settings),
        steps.step(tr("modèle des machines", "golden of the machines")) as busy,
    ):
        room = prepare_session(
            session, desk, settings, who=login(), simulated=simulated, progress=busy, warn=warnings.append
        )
    for warning in warnings:
        click.echo(f"{voice.mark}! {warning}", err=True)
    if not no_wait:
        wait(session, lambda sitting: sitting.state in ("enrolled", "preparing", "ended"), voice)
    with opened_desk(simulated) as (desk, _settings):
        exam = desk.open(session).exam
    if as_json:
        voice.json(
            {
                "session": session,
                "state": exam.state,
                "seconds": round(monotonic() - began, 1),
                "fits": room.fits,
                "candidates": {name: sitting.state for name, sitting in exam.candidates.items()},
            }
        )
    elif no_wait:
        voice.say(tr("Les postes sont demandés.", "The benches are asked for."))
        voice.next(f"session status {session}")
    else:
        voice.say(tr("Tous les postes sont prêts.", "All benches are ready."))
        first = next((one.id for one in exam.phases if one.id), "…")
        voice.next(f"session start {session}" if exam.has_practical else f"session phase begin {session} c01 {first}")
