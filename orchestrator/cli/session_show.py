"""``epreuve session status|journal|export``: how a session stands, and what happened in it."""

from __future__ import annotations

import time
from datetime import datetime
from typing import Any

import click
from rich.live import Live
from rich.table import Table as RichTable

from labs.errors import EpreuveError
from labs.text import Text, tr
from orchestrator.cli.common import err, json_option, out, print_json, print_table
from orchestrator.cli.session import command
from orchestrator.cli.session_common import moment, opened_desk, session_word, simulated_option, state_word
from orchestrator.engine.desk import Desk, Open
from orchestrator.engine.service import running
from orchestrator.exam import Sitting
from orchestrator.exam.words import duration, sentence
from orchestrator.settings import Settings
from orchestrator.store import benches, exams, journal, privacy
from orchestrator.store.benches import StoredBench


@command.command("status", help=tr("Où en est une session, candidat par candidat.", "How a session stands."))
@click.argument("session")
@click.option("--watch", is_flag=True, help=tr("jusqu'à Ctrl-C", "until Ctrl-C"))
@simulated_option
@json_option
def status(session: str, watch: bool, simulated: bool, as_json: bool) -> None:
    """Show a session."""
    with opened_desk(simulated) as (desk, settings):
        if as_json:
            print_json(_as_json(desk, session, settings))
            return
        if not watch:
            out.print(_table(desk, session, settings))
            return
        with Live(_table(desk, session, settings), console=out, auto_refresh=False) as live:
            while True:
                time.sleep(1)
                live.update(_table(desk, session, settings), refresh=True)


@command.command(
    "journal",
    help=tr(
        "Tout ce qui s'est passé dans une session, dans l'ordre. --verify contrôle que rien n'a été changé.",
        "All that happened in a session, in order. --verify checks that nothing was changed.",
    ),
)
@click.argument("session")
@click.option("--candidate", help=tr("un seul candidat", "one candidate only"))
@click.option("--verify", is_flag=True, help=tr("contrôle la chaîne", "check the chain"))
@simulated_option
@json_option
def journal_(session: str, candidate: str | None, verify: bool, simulated: bool, as_json: bool) -> None:
    """Show the journal."""
    with opened_desk(simulated) as (desk, _settings), desk.store.read() as tx:
        exams.load(tx, session)
        entries = [one for one in journal.entries(tx, session) if candidate in (None, one.candidate)]
        problems = journal.verify(tx, session) if verify else []
        head = journal.head(tx, session)
    if as_json:
        print_json(
            {
                "session": session,
                "head": {"seq": head.seq, "hash": head.hash},
                "problems": [str(problem.text) for problem in problems] if verify else None,
                "entries": [{**vars(entry), "text": str(sentence(entry.kind, entry.data))} for entry in entries],
            }
        )
    else:
        rows = [
            (
                entry.seq,
                f"{entry.at.astimezone():%H:%M:%S.%f}"[:-5],
                entry.candidate or "",
                sentence(entry.kind, entry.data),
                entry.who,
                entry.why,
            )
            for entry in entries
        ]
        columns = ["n°", tr("heure", "time"), tr("candidat", "candidate"), tr("évènement", "event")]
        print_table([*columns, tr("par", "by"), tr("motif", "reason")], rows)
        err.print(f"[dim]{tr('empreinte', 'hash')} {head.seq} : {head.hash}[/dim]", soft_wrap=True)
    if problems:
        raise EpreuveError(
            Text("Ce journal a été modifié.", "This journal was altered."),
            where="; ".join(str(problem.text) for problem in problems[:5]),
            do=Text("Gardez la base telle quelle ; voir docs/journal.md.", "Keep the database; see docs/journal.md."),
        )
    if verify and not as_json:
        click.echo(tr("Le journal est intact.", "The journal is intact."), err=True)


@command.command(
    "export",
    help=tr(
        "Toutes les données qu'Épreuve garde sur un candidat, en JSON (droit d'accès).",
        "All data that Épreuve holds on a candidate, as JSON (right of access).",
    ),
)
@click.argument("session")
@click.argument("candidate")
@simulated_option
def export(session: str, candidate: str, simulated: bool) -> None:
    """Export a candidate's data."""
    with opened_desk(simulated) as (desk, settings), desk.store.read() as tx:
        exported = privacy.export_candidate(tx, session, candidate)
        place = settings.benches_dir / session / candidate
        exported["files"] = sorted(str(file) for file in place.rglob("*") if file.is_file())
        print_json(exported)


def _read(desk: Desk, slug: str) -> tuple[Open, dict[str, str], dict[str, StoredBench]]:
    opened = desk.open(slug)
    with desk.store.read() as tx:
        names = {one.id: f"{one.surname} {one.first_name}" for one in exams.candidates(tx, slug)}
        stored = {one.candidate: one for one in benches.benches(tx, slug)}
    return opened, names, stored


def _as_json(desk: Desk, slug: str, settings: Settings) -> dict[str, Any]:
    opened, names, stored = _read(desk, slug)
    service = running(settings)
    return {
        "session": slug,
        "state": opened.exam.state,
        "simulated": opened.stored.simulated,
        "now": opened.now,
        "service": None if service is None else {"pid": service.pid, "trouble": service.trouble},
        "candidates": [
            {
                "id": sitting.id,
                "name": names.get(sitting.id),
                "seat": sitting.seat,
                "state": sitting.state,
                "allotted_s": sitting.clock.allotted_s,
                "remaining_s": round(sitting.clock.remaining_s(opened.now), 3),
                "deadline": sitting.clock.deadline(),
                "checkpoints": list(sitting.checkpoints),
                "last_checkpoint_at": stored[sitting.id].last_checkpoint_at if sitting.id in stored else None,
                "failure": None if sitting.failure is None else str(sitting.failure),
                "observation": sitting.observation,
            }
            for sitting in opened.exam.candidates.values()
        ],
    }


def _table(desk: Desk, slug: str, settings: Settings) -> RichTable:
    opened, names, stored = _read(desk, slug)
    service = running(settings)
    mark = tr("[simulé] ", "[simulated] ").replace("[", r"\[") if opened.stored.simulated else ""
    title = f"{mark}{slug} · {session_word(opened.exam.state)} · {moment(opened.now)}"
    if service is None and opened.exam.state not in ("draft", "closed", "sealed", "purged"):
        title += (
            " · [red]" + tr("le service ne tourne pas (epreuve service start)", "the service does not run") + "[/red]"
        )
    elif service is not None and service.trouble:
        title += f" · [yellow]{service.trouble}[/yellow]"
    table = RichTable(title=title, title_justify="left", show_edge=False, pad_edge=False)
    for column in (
        tr("candidat", "candidate"),
        tr("nom", "name"),
        tr("place", "seat"),
        tr("état", "state"),
        tr("reste", "left"),
        tr("échéance", "deadline"),
        tr("point de reprise", "checkpoint"),
        tr("remarque", "remark"),
    ):
        table.add_column(column)
    busy = {} if service is None else service.busy
    for sitting in opened.exam.candidates.values():
        table.add_row(*_row(sitting, opened.now, names, stored.get(sitting.id), busy.get(f"{slug}/{sitting.id}", "")))
    return table


def _row(sitting: Sitting, now: datetime, names: dict[str, str], stored: StoredBench | None, busy: str) -> list[str]:
    point = ""
    if sitting.checkpoints and stored is not None and stored.last_checkpoint_at is not None:
        point = f"{sitting.checkpoints[-1]} · {moment(stored.last_checkpoint_at)}"
    going = sitting.state in ("running", "paused", "ready")
    return [
        sitting.id,
        names.get(sitting.id, ""),
        sitting.seat or "",
        state_word(sitting.state),
        duration(sitting.clock.remaining_s(now)) if going else "",
        moment(sitting.clock.deadline()),
        point,
        f"[yellow]{sitting.failure}[/yellow]" if sitting.failure else busy,
    ]
