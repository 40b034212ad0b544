"""``epreuve session status``: how a session stands, once or until Ctrl-C."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import Any

import click
from rich.console import RenderableType
from rich.live import Live

from labs.errors import EpreuveError, UsageError
from labs.text import Text, tr
from labs.variant import Values, in_words
from orchestrator.cli.common import json_option, out
from orchestrator.cli.session import command
from orchestrator.cli.session_common import example, opened_desk, simulated_option
from orchestrator.cli.session_table import status_table
from orchestrator.cli.voice import Voice
from orchestrator.engine.desk import Desk, Open
from orchestrator.engine.lab import candidate_lab
from orchestrator.engine.service import running
from orchestrator.settings import Settings
from orchestrator.store import benches, exams
from orchestrator.store.benches import StoredBench

_EVERY_S = 1.0


@command.command(
    "status",
    help=tr(
        "Où en est une session, candidat par candidat : temps qui reste, heure de fin, dernier point de reprise. "
        "Avec --watch, l'écran suit l'épreuve.",
        "How a session stands, candidate by candidate: time left, end, last checkpoint. With --watch the screen "
        "follows the exam.",
    ),
    epilog=example("session status juin", "session status juin --watch"),
)
@click.argument("session")
@click.option("--watch", is_flag=True, help=tr("jusqu'à Ctrl-C", "until Ctrl-C"))
@simulated_option
@json_option
def status(session: str, watch: bool, simulated: bool, as_json: bool) -> None:
    """Show a session."""
    voice = Voice(simulated)
    if watch and (as_json or not out.is_terminal):
        raise UsageError(
            Text("--watch demande un terminal.", "--watch needs a terminal."),
            do=Text("Sans terminal : « epreuve session status --json ».", "Without: “epreuve session status --json”."),
        )
    with opened_desk(simulated) as (desk, settings):
        if as_json:
            voice.json(_as_json(desk, session, settings))
        elif watch:
            with suppress(KeyboardInterrupt):  # the way to end it
                _watch(desk, session, settings, voice)
        else:
            out.print(_table(desk, session, settings, voice))
            _say_values(desk.open(session), voice)


def _say_values(opened: Open, voice: Voice) -> None:
    """Who has which values of the lab's variants, if it has any."""
    if rows := [(name, in_words(values)) for name, values in _values(opened).items() if values]:
        voice.table([tr("candidat", "candidate"), tr("variantes", "variants")], rows)


def _values(opened: Open) -> dict[str, Values]:
    """The values that are drawn for each candidate; empty where the lab cannot be read any more."""
    if not opened.exam.variants_seed:
        return {}
    try:
        return {name: candidate_lab(opened, name).values for name in opened.exam.candidates}
    except EpreuveError:
        return {}


def _watch(desk: Desk, slug: str, settings: Settings, voice: Voice) -> None:
    def screen() -> RenderableType:
        return _table(desk, slug, settings, voice, lines=out.height)

    with Live(screen(), console=out, auto_refresh=False) as live:
        while True:
            time.sleep(_EVERY_S)
            live.update(screen(), refresh=True)


def _table(desk: Desk, slug: str, settings: Settings, voice: Voice, *, lines: int | None = None) -> RenderableType:
    opened, names, stored = _read(desk, slug)
    several = len(settings.host_uris) > 1
    return status_table(opened, names, stored, running(settings), voice, lines=lines, with_hosts=several)


def _read(desk: Desk, slug: str) -> tuple[Open, dict[str, str], dict[str, StoredBench]]:
    opened = desk.open(slug)
    with desk.store.read() as tx:
        names = {one.id: f"{one.surname} {one.first_name}" for one in exams.candidates(tx, slug)}
        stored = {one.candidate: one for one in benches.benches(tx, slug)}
    return opened, names, stored


def _as_json(desk: Desk, slug: str, settings: Settings) -> dict[str, Any]:
    opened, names, stored = _read(desk, slug)
    service, values = running(settings), _values(opened)
    return {
        "session": slug,
        "state": opened.exam.state,
        "now": opened.now,
        "clock_speed": opened.stored.anchor.speed,
        "variants_seed": opened.exam.variants_seed,
        "service": None
        if service is None
        else {"pid": service.pid, "trouble": service.trouble, "hosts": service.hosts},
        "candidates": [
            {
                "id": sitting.id,
                "name": names.get(sitting.id),
                "seat": sitting.seat,
                "host": sitting.home,
                "host_wanted": sitting.host,
                "state": sitting.state,
                "allotted_s": sitting.clock.allotted_s,
                "remaining_s": round(sitting.clock.remaining_s(opened.now), 3),
                "deadline": sitting.clock.deadline(),
                "checkpoints": list(sitting.checkpoints),
                "last_checkpoint_at": stored[sitting.id].last_checkpoint_at if sitting.id in stored else None,
                "failure": None if sitting.failure is None else str(sitting.failure),
                "observation": sitting.observation,
                "variants": values.get(sitting.id, {}),
            }
            for sitting in opened.exam.candidates.values()
        ],
    }
