"""``epreuve session reset-machine``: a machine or a bench, back to its start or to a checkpoint."""

from __future__ import annotations

import click

from labs.errors import EpreuveError
from labs.text import Text, tr
from orchestrator.cli.common import json_option
from orchestrator.cli.session import command
from orchestrator.cli.session_common import example, login, opened_desk, reason_option, simulated_option, yes_option
from orchestrator.cli.session_give import give, wait
from orchestrator.cli.voice import Voice
from orchestrator.exam import commands as order
from orchestrator.exam.events import MachineResetDone, MachineResetFailed
from orchestrator.exam.words import sentence
from orchestrator.store import journal
from orchestrator.store.journal import Entry

_DONE = MachineResetDone.model_fields["kind"].default
_FAILED = MachineResetFailed.model_fields["kind"].default


@command.command(
    "reset-machine",
    help=tr(
        "Ramène une machine (ou, sans MACHINE, tout le poste) à son départ ou à un point de reprise. Ce qui est "
        "remplacé est gardé de côté, comme un point (a1, a2…), jusqu'à la clôture. Demande un motif (--reason), et "
        "confirmation, sauf --yes.",
        "Bring a machine (without MACHINE, the whole bench) back to its start or to a checkpoint. What is replaced is "
        "kept aside, as a point (a1, a2…), until the session is closed. Needs a reason (--reason); asks first, unless "
        "--yes.",
    ),
    epilog=example(
        'session reset-machine juin c03 client --reason "écran noir"',
        'session reset-machine juin c03 client --to a1 --reason "retour en arrière"',
    ),
)
@click.argument("session")
@click.argument("candidate")
@click.argument("machine", required=False)
@click.option("--to", default="start", show_default=True, help=tr("start, ou un point (p1, a1…)", "start, or a point"))
@reason_option
@yes_option
@click.option("--no-wait", is_flag=True, help=tr("ne pas attendre la fin", "do not wait until it is done"))
@simulated_option
@json_option
def reset_machine(
    session: str,
    candidate: str,
    machine: str | None,
    to: str,
    why: str,
    yes: bool,
    no_wait: bool,
    simulated: bool,
    as_json: bool,
) -> None:
    """Reset a machine."""
    voice = Voice(simulated)
    what = machine or tr("tout le poste", "the whole bench")
    where = tr("son départ", "its start") if to == "start" else to
    question = tr(f"Ramener {what} de {candidate} à {where} ?", f"Bring {what} of {candidate} back to {where}?")
    asked = order.AskReset(who=login(), why=why, candidate=candidate, machine=machine, to=to)
    opened = give(session, asked, voice, as_json=as_json, question=question, yes=yes)
    if no_wait:
        return
    number = opened.exam.candidates[candidate].resets
    wait(session, lambda one: one.id == candidate and one.reset is not None and one.reset.number == number, voice)
    end = _end(session, candidate, number, simulated)
    if end is None:
        raise EpreuveError(
            Text("L'épreuve s'est terminée avant la réinitialisation.", "The exam was over before the reset."),
            where=f"{session}/{candidate}",
            do=Text("Le travail est figé tel qu'il était.", "The work is frozen as it was."),
        )
    if end.kind == _FAILED:
        raise EpreuveError(
            sentence(end.kind, end.data),
            where=f"{session}/{candidate}",
            do=Text("Le poste n'a pas changé ; essayez un autre point.", "The bench is as it was; try another point."),
        )
    if not as_json:
        voice.say(voice.about(candidate, sentence(end.kind, end.data)))


def _end(session: str, candidate: str, number: int, simulated: bool) -> Entry | None:
    """How the reset of this number ended; None when it did not."""
    with opened_desk(simulated) as (desk, _settings), desk.store.read() as tx:
        for entry in journal.entries(tx, session):
            ends = entry.candidate == candidate and entry.kind in (_DONE, _FAILED)
            if ends and entry.data["number"] == number:
                return entry
    return None
