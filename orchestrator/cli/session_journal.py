"""``epreuve session journal|export``: what happened in a session; what is held on one person."""

from __future__ import annotations

from collections.abc import Sequence

import click

from labs.errors import EpreuveError
from labs.text import Text, tr
from orchestrator.cli.common import json_option
from orchestrator.cli.session import command
from orchestrator.cli.session_common import example, opened_desk, simulated_option
from orchestrator.cli.voice import Voice
from orchestrator.exam.words import sentence
from orchestrator.store import exams, journal, privacy
from orchestrator.store.errors import RecordError
from orchestrator.store.journal import Entry


@command.command(
    "journal",
    help=tr(
        "Tout ce qui s'est passé dans une session, dans l'ordre. --verify contrôle que rien n'a été changé.",
        "All that happened in a session, in order. --verify checks that nothing was changed.",
    ),
    epilog=example("session journal juin --candidate c03", "session journal juin --verify"),
)
@click.argument("session")
@click.option("--candidate", help=tr("un seul candidat", "one candidate only"))
@click.option("--verify", is_flag=True, help=tr("contrôle la chaîne", "check the chain"))
@simulated_option
@json_option
def journal_(session: str, candidate: str | None, verify: bool, simulated: bool, as_json: bool) -> None:
    """Show the journal."""
    voice = Voice(simulated)
    with opened_desk(simulated) as (desk, _settings):
        if candidate is not None and candidate not in desk.open(session).exam.candidates:
            raise RecordError(
                Text("Ce candidat n'est pas inscrit.", "This candidate is not enrolled."),
                where=f"{session}/{candidate}",
                do=Text("Voyez la liste (session candidates).", "See the list (session candidates)."),
            )
        with desk.store.read() as tx:
            exams.load(tx, session)
            entries = [one for one in journal.entries(tx, session) if candidate in (None, one.candidate)]
            problems = journal.verify(tx, session) if verify else []
            head = journal.head(tx, session)
    if as_json:
        voice.json(
            {
                "session": session,
                "head": {"seq": head.seq, "hash": head.hash},
                "problems": [str(problem.text) for problem in problems] if verify else None,
                "entries": [{**vars(entry), "text": str(sentence(entry.kind, entry.data))} for entry in entries],
            }
        )
    else:
        columns = ["n°", tr("heure", "time"), "id", tr("évènement", "event"), tr("par", "by")]
        voice.table(columns, _rows(entries), title=session)
        voice.say(voice.about(f"{tr('empreinte', 'hash')} {head.seq}", head.hash))
    if problems:
        raise EpreuveError(
            Text("Ce journal a été modifié.", "This journal was altered."),
            where="; ".join(str(problem.text) for problem in problems[:5]),
            do=Text("Gardez la base telle quelle ; voir docs/journal.md.", "Keep the database; see docs/journal.md."),
        )
    if verify and not as_json:
        voice.say(tr("Le journal est intact.", "The journal is intact."))


def _rows(entries: Sequence[Entry]) -> list[tuple[object, ...]]:
    """One line for each entry; one before the first of a day, as sessions are often made the day before."""
    rows: list[tuple[object, ...]] = []
    last = None
    for entry in entries:
        at = entry.at.astimezone()
        if at.date() != last:
            last = at.date()
            rows.append(("", f"{at:%d/%m/%Y}", "", "", ""))
        said = str(sentence(entry.kind, entry.data))
        why = tr(f" (motif : {entry.why})", f" (reason: {entry.why})") if entry.why else ""
        rows.append((entry.seq, f"{at:%H:%M:%S.%f}"[:-5], entry.candidate or "", said + why, entry.who))
    return rows


@command.command(
    "export",
    help=tr(
        "Toutes les données qu'Épreuve garde sur un candidat, en JSON (droit d'accès).",
        "All data that Épreuve holds on a candidate, as JSON (right of access).",
    ),
    epilog=example("session export juin c03 > c03.json"),
)
@click.argument("session")
@click.argument("candidate")
@simulated_option
@json_option
def export(session: str, candidate: str, simulated: bool, as_json: bool) -> None:
    """Export a candidate's data; as JSON always."""
    with opened_desk(simulated) as (desk, settings), desk.store.read() as tx:
        exported = privacy.export_candidate(tx, session, candidate, benches=settings.benches_dir)
    Voice(simulated).json(exported)
