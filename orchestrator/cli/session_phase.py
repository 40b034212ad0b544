"""``epreuve session phase begin|end|list``: the phases of the jury's part, for one candidate at a time."""

from __future__ import annotations

from typing import Any

import click

from labs.errors import UsageError
from labs.problems import one_of
from labs.text import Text, tr
from orchestrator.cli.common import json_option
from orchestrator.cli.session import command
from orchestrator.cli.session_common import example, login, moment, opened_desk, reason_option, simulated_option
from orchestrator.cli.session_formats import KINDS
from orchestrator.cli.session_give import give
from orchestrator.cli.voice import Voice
from orchestrator.engine.desk import Open
from orchestrator.exam import Exam, Phase
from orchestrator.exam import commands as order
from orchestrator.exam.model import PhaseTaken
from orchestrator.exam.words import duration


@command.group(
    "phase",
    help=tr(
        "Le passage devant le jury, phase par phase (préparation, étape avec le jury, entretiens) : une à la fois par "
        "candidat, dans l'ordre que veut le jury. Rien ne s'arrête tout seul ; le dépassement est noté.",
        "The jury's part, phase by phase (preparation, the time with the jury, interviews): one at a time for each "
        "candidate, in the order that the jury wants. Nothing ends by itself; what it takes longer is recorded.",
    ),
)
def phase() -> None:
    """Phases."""


@phase.command(
    "begin",
    help=tr(
        "Commence une phase, nommée comme « phase list » la nomme. La première ouvre le passage devant le jury. Une "
        "seconde fois demande un motif (--reason).",
        "Begin a phase, called as “phase list” calls it. The first one opens the jury's part. A second time needs a "
        "reason (--reason).",
    ),
    epilog=example("session phase begin juin c01 prise-de-connaissance", "session phase begin juin c01 etape-2"),
)
@click.argument("session")
@click.argument("candidate")
@click.argument("phase")
@reason_option
@simulated_option
@json_option
def begin(session: str, candidate: str, phase: str, why: str, simulated: bool, as_json: bool) -> None:
    """Begin a phase."""
    with opened_desk(simulated) as (desk, _settings):
        index = _index(desk.open(session).exam, phase)
    asked = order.BeginPhase(who=login(), why=why, candidate=candidate, phase=index)
    give(session, asked, Voice(simulated), as_json=as_json)


@phase.command(
    "end",
    help=tr("Termine la phase en cours d'un candidat.", "End the phase that a candidate is in."),
    epilog=example("session phase end juin c01"),
)
@click.argument("session")
@click.argument("candidate")
@simulated_option
@json_option
def end(session: str, candidate: str, simulated: bool, as_json: bool) -> None:
    """End a phase."""
    give(session, order.EndPhase(who=login(), candidate=candidate), Voice(simulated), as_json=as_json)


@phase.command(
    "list",
    help=tr(
        "Les phases du format, et qui les a commencées et finies quand.",
        "The phases of the format, and who began and ended them when.",
    ),
    epilog=example("session phase list juin"),
)
@click.argument("session")
@simulated_option
@json_option
def list_(session: str, simulated: bool, as_json: bool) -> None:
    """List phases."""
    voice = Voice(simulated)
    with opened_desk(simulated) as (desk, _settings):
        opened = desk.open(session)
    if as_json:
        voice.json(_as_json(opened))
        return
    exam = opened.exam
    columns = ["phase", tr("nature", "kind"), tr("durée", "time"), tr("titre", "title")]
    rows = [(name, KINDS[one.kind], duration(60 * one.minutes), one.title) for name, one in _phases(exam).items()]
    voice.table(columns, rows, title=session)
    voice.say("")
    taken = [_row(opened, candidate, one) for candidate, sitting in exam.candidates.items() for one in sitting.phases]
    if not taken:
        voice.say(tr("Personne n'a encore commencé de phase.", "Nobody has begun a phase yet."))
        return
    columns = ["id", "phase", tr("début", "begun"), tr("fin", "ended"), tr("durée", "time"), tr("en plus", "over")]
    voice.table(columns, taken)


def _phases(exam: Exam) -> dict[str, Phase]:
    """Those that the jury begins, by name; by their place in the format where the session has no names for them."""
    named = {one.id or str(number): one for number, one in enumerate(exam.phases, start=1)}
    return {name: one for name, one in named.items() if one.kind != "practical"}


def _index(exam: Exam, name: str) -> int:
    """Which phase of the exam is meant. Raises UsageError, which lists what there is."""
    phases = _phases(exam)
    if name not in phases:
        known = one_of(phases, name)
        raise UsageError(
            Text("Ce format n'a pas cette phase pour le jury.", "This format has no such phase for the jury."),
            where=f"{exam.slug}: {name[:40]}",
            do=Text(f"Phases : {known.fr}.", f"Phases: {known.en}."),
        )
    return exam.phases.index(phases[name])


def _row(opened: Open, candidate: str, taken: PhaseTaken) -> tuple[object, ...]:
    over = taken.over_s(opened.now)
    return (
        candidate,
        _name(opened.exam, taken.index),
        moment(taken.begun_at),
        moment(taken.ended_at) or tr("en cours", "under way"),
        duration(round(taken.lasted_s(opened.now))),
        duration(round(over)) if over >= 1 else "",
    )


def _name(exam: Exam, index: int) -> str:
    return exam.phases[index].id or str(index + 1)


def _as_json(opened: Open) -> dict[str, Any]:
    exam = opened.exam
    return {
        "session": exam.slug,
        "state": exam.state,
        "now": opened.now,
        "phases": [
            {"phase": name, "kind": one.kind, "title": one.title, "minutes": one.minutes}
            for name, one in _phases(exam).items()
        ],
        "taken": [
            {
                "candidate": candidate,
                "phase": _name(exam, one.index),
                "begun_at": one.begun_at,
                "ended_at": one.ended_at,
                "allotted_s": one.allotted_s,
                "lasted_s": round(one.lasted_s(opened.now), 3),
                "over_s": round(one.over_s(opened.now), 3),
            }
            for candidate, sitting in exam.candidates.items()
            for one in sitting.phases
        ],
    }
