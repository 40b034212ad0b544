"""``epreuve session prepare … finish``: what a supervisor orders before and during an exam."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic, sleep

import click

from labs.errors import EpreuveError, UsageError
from labs.text import Text, tr
from orchestrator.capacity import Room, require_room_for, room_for
from orchestrator.catalog import open_lab
from orchestrator.cli.common import Steps, err, json_option, print_json
from orchestrator.cli.session import command
from orchestrator.cli.session_common import (
    candidate_option,
    ensure_service,
    login,
    opened_desk,
    reason_option,
    simulated_option,
    state_word,
)
from orchestrator.engine.desk import Desk
from orchestrator.engine.service import running
from orchestrator.exam import Command, Event, Sitting
from orchestrator.exam import commands as order
from orchestrator.exam.events import MachineResetDone, MachineResetFailed
from orchestrator.exam.words import sentence
from orchestrator.hypervisor import connect
from orchestrator.settings import Settings
from orchestrator.store import journal
from orchestrator.workshop import ensure_lab_golden

_POLL_S = 0.3


@command.command(
    "prepare",
    help=tr(
        "Fabrique les postes, jusqu'à ce que tous soient prêts. Refuse d'abord, chiffres à l'appui, ce qui ne "
        "tient pas.",
        "Make the benches until all are ready. What does not fit is refused first, with figures.",
    ),
)
@click.argument("session")
@click.option("--no-wait", is_flag=True, help=tr("ne pas attendre la fin", "do not wait until it is done"))
@simulated_option
@json_option
def prepare(session: str, no_wait: bool, simulated: bool, as_json: bool) -> None:
    """Prepare a session."""
    with opened_desk(simulated) as (desk, settings):
        room = _capacity(desk, session, settings, simulated)
        desk.do(session, order.Prepare(who=login()))
        ensure_service(settings, simulated)
        began = monotonic()
        if not no_wait:
            _wait(desk, session, ("enrolled", "preparing"), settings)
        if as_json:
            exam = desk.open(session).exam
            print_json(
                {
                    "session": session,
                    "state": exam.state,
                    "seconds": round(monotonic() - began, 1),
                    "fits": room.fits,
                    "candidates": {name: sitting.state for name, sitting in exam.candidates.items()},
                }
            )
        elif not no_wait:
            click.echo(
                tr(
                    f"Tous les postes sont prêts. Ensuite : epreuve session start {session}",
                    f"All benches are ready. Next: epreuve session start {session}",
                )
            )


def _capacity(desk: Desk, slug: str, settings: Settings, simulated: bool) -> Room:
    opened = desk.open(slug)
    wanted = sum(sitting.state in ("enrolled", "preparing") for sitting in opened.exam.candidates.values())
    steps = Steps()
    with connect(settings, simulated=simulated) as hypervisor:
        with steps.step(tr("modèle des machines", "golden of the machines")) as busy:
            golden = ensure_lab_golden(open_lab(opened.stored.lab_folder), hypervisor, settings, busy)
        room = room_for(hypervisor, settings.benches_dir, golden.need(), wanted)
    require_room_for(room)
    return room


@command.command("start", help=tr("Démarre l'épreuve.", "Start the exam."))
@click.argument("session")
@candidate_option
@simulated_option
@json_option
def start(session: str, candidate: str | None, simulated: bool, as_json: bool) -> None:
    """Start the exam."""
    give(session, order.Start(who=login(), candidate=candidate), simulated, as_json)


@command.command("pause", help=tr("Arrête l'horloge et les machines.", "Stop clock and machines."))
@click.argument("session")
@candidate_option
@reason_option
@simulated_option
@json_option
def pause(session: str, candidate: str | None, why: str, simulated: bool, as_json: bool) -> None:
    """Pause."""
    give(session, order.Pause(who=login(), why=why, candidate=candidate), simulated, as_json)


@command.command("resume", help=tr("Reprend après une pause.", "Go on after a pause."))
@click.argument("session")
@candidate_option
@reason_option
@simulated_option
@json_option
def resume(session: str, candidate: str | None, why: str, simulated: bool, as_json: bool) -> None:
    """Resume."""
    give(session, order.Resume(who=login(), why=why, candidate=candidate), simulated, as_json)


@command.command(
    "extend",
    help=tr(
        "Accorde du temps en plus. --take-back en reprend qui avait été accordé.",
        "Grant more time. --take-back takes granted time back.",
    ),
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
    give(session, asked, simulated, as_json)


@command.command(
    "freeze",
    help=tr(
        "Arrête l'épreuve avant la fin : le travail est figé. Demande confirmation, sauf --yes.",
        "Stop the exam before its end: the work is frozen. Asks first, unless --yes.",
    ),
)
@click.argument("session")
@candidate_option
@reason_option
@click.option("--yes", is_flag=True, help=tr("ne pas demander", "do not ask"))
@click.option("--no-wait", is_flag=True, help=tr("ne pas attendre la fin", "do not wait until it is done"))
@simulated_option
@json_option
def freeze(
    session: str, candidate: str | None, why: str, yes: bool, no_wait: bool, simulated: bool, as_json: bool
) -> None:
    """Freeze."""
    whom = candidate or tr("toute la salle", "the whole room")
    confirm(yes, tr(f"Arrêter l'épreuve de {whom} ?", f"Stop the exam of {whom}?"))
    give(session, order.Freeze(who=login(), why=why, candidate=candidate), simulated, as_json)
    if not no_wait:
        with opened_desk(simulated) as (desk, settings):
            _wait(desk, session, ("ended",), settings)


@command.command(
    "finish",
    help=tr(
        "Le candidat rend avant la fin, sans retour. Demande confirmation, sauf --yes.",
        "The candidate hands in early, for good. Asks first, unless --yes.",
    ),
)
@click.argument("session")
@click.argument("candidate")
@click.option("--yes", is_flag=True, help=tr("ne pas demander", "do not ask"))
@simulated_option
@json_option
def finish(session: str, candidate: str, yes: bool, simulated: bool, as_json: bool) -> None:
    """Finish early."""
    confirm(yes, tr(f"{candidate} rend-il vraiment son travail ?", f"Does {candidate} really hand in?"))
    give(session, order.FinishEarly(who=login(), candidate=candidate), simulated, as_json)


@command.command("absent", help=tr("Note l'absence d'un candidat.", "Mark a candidate absent."))
@click.argument("session")
@click.argument("candidate")
@reason_option
@simulated_option
@json_option
def absent(session: str, candidate: str, why: str, simulated: bool, as_json: bool) -> None:
    """Mark absent."""
    give(session, order.MarkAbsent(who=login(), why=why, candidate=candidate), simulated, as_json)


@command.command("return", help=tr("Un candidat noté absent arrive.", "A candidate marked absent comes after all."))
@click.argument("session")
@click.argument("candidate")
@simulated_option
@json_option
def return_(session: str, candidate: str, simulated: bool, as_json: bool) -> None:
    """Return."""
    give(session, order.Return(who=login(), candidate=candidate), simulated, as_json)


@command.command("withdraw", help=tr("Désinscrit un candidat avant l'épreuve.", "Withdraw a candidate beforehand."))
@click.argument("session")
@click.argument("candidate")
@reason_option
@simulated_option
@json_option
def withdraw(session: str, candidate: str, why: str, simulated: bool, as_json: bool) -> None:
    """Withdraw."""
    give(session, order.Withdraw(who=login(), why=why, candidate=candidate), simulated, as_json)


@command.command("move", help=tr("Change un candidat de place.", "Move a candidate to another seat."))
@click.argument("session")
@click.argument("candidate")
@click.option("--seat", help=tr("nouvelle place", "new seat"))
@click.option("--host", help=tr("autre hyperviseur", "another hypervisor"))
@reason_option
@simulated_option
@json_option
def move(
    session: str, candidate: str, seat: str | None, host: str | None, why: str, simulated: bool, as_json: bool
) -> None:
    """Move."""
    if host is not None:
        raise UsageError(
            Text("Cette installation n'a qu'un hyperviseur.", "This installation has one hypervisor only."),
            where=host,
            do=Text("Donnez une place (--seat).", "Give a seat (--seat)."),
        )
    give(session, order.Move(who=login(), why=why, candidate=candidate, seat=seat), simulated, as_json)


@command.command(
    "reset-machine",
    help=tr(
        "Ramène une machine (ou, sans MACHINE, tout le poste) à son départ ou à un point de reprise. Ce qui est "
        "remplacé est gardé de côté, comme un point (a1, a2…), jusqu'à la clôture. Demande confirmation, sauf --yes.",
        "Bring a machine (without MACHINE, the whole bench) back to its start or to a checkpoint. What is replaced is "
        "kept aside, as a point (a1, a2…), until the session is closed. Asks first, unless --yes.",
    ),
)
@click.argument("session")
@click.argument("candidate")
@click.argument("machine", required=False)
@click.option("--to", default="start", show_default=True, help=tr("start, ou un point (p1, a1…)", "start, or a point"))
@reason_option
@click.option("--yes", is_flag=True, help=tr("ne pas demander", "do not ask"))
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
    what = machine or tr("tout le poste", "the whole bench")
    confirm(yes, tr(f"Ramener {what} de {candidate} à {to} ?", f"Bring {what} of {candidate} back to {to}?"))
    asked = order.AskReset(who=login(), why=why, candidate=candidate, machine=machine, to=to)
    give(session, asked, simulated, as_json)
    if no_wait:
        return
    with opened_desk(simulated) as (desk, settings):
        _wait_for(desk, session, lambda sitting: sitting.id == candidate and sitting.reset is not None, settings)
        with desk.store.read() as tx:
            ends = (MachineResetDone.model_fields["kind"].default, MachineResetFailed.model_fields["kind"].default)
            last = [one for one in journal.entries(tx, session) if one.candidate == candidate and one.kind in ends][-1]
        if last.kind != ends[0]:
            raise EpreuveError(sentence(last.kind, last.data), where=f"{session}/{candidate}")
        if not as_json:
            click.echo(sentence(last.kind, last.data))


def confirm(yes: bool, question: str) -> None:
    """Ask, unless told not to; no ends the command."""
    if not yes:
        click.confirm(question, abort=True)


def give(slug: str, asked: Command, simulated: bool, as_json: bool) -> None:
    """Give an order, have a service carry it out, and say what came of it."""
    with opened_desk(simulated) as (desk, settings):
        made = desk.do(slug, asked)
        ensure_service(settings, simulated)
    if as_json:
        print_json([event.model_dump(mode="json") for event in made])
        return
    for event in made:
        _say(event)


def _say(event: Event) -> None:
    data = event.model_dump(mode="json")
    whom = f"{event.candidate} : " if event.candidate else ""
    click.echo(f"{whom}{sentence(event.kind, data)}")


def _wait(desk: Desk, slug: str, states: tuple[str, ...], settings: Settings) -> None:
    _wait_for(desk, slug, lambda sitting: sitting.state in states, settings)


def _wait_for(desk: Desk, slug: str, waits: Callable[[Sitting], bool], settings: Settings) -> None:
    """Until nobody waits, saying who is done; Ctrl-C leaves the service at work. Raises when there is no service."""
    seen: set[str] = set()
    failed: dict[str, str] = {}
    waited_for: set[str] | None = None
    while True:
        sittings = desk.open(slug).exam.candidates
        waiting = {name for name, sitting in sittings.items() if waits(sitting)}
        waited_for = waiting if waited_for is None else waited_for | waiting
        for name in sorted(waited_for - waiting - seen):
            seen.add(name)
            err.print(f"[green]✓[/green] {name} [dim]{state_word(sittings[name].state)}[/dim]")
        for name in sorted(waiting):
            failure = str(sittings[name].failure or "")
            if failure and failed.get(name) != failure:
                failed[name] = failure
                err.print(f"[yellow]![/yellow] {name} {failure} [dim]{tr('(nouvel essai)', '(trying again)')}[/dim]")
        if not waiting:
            return
        status = running(settings)
        if status is None:
            raise EpreuveError(
                Text("Le service s'est arrêté.", "The service has stopped."),
                where=str(settings.data_dir),
                do=Text(
                    "Relancez-le : « epreuve service start ». Rien n'est perdu.",
                    "Start it again: “epreuve service start”. Nothing is lost.",
                ),
            )
        sleep(_POLL_S)
