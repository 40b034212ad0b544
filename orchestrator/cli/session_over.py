"""``epreuve session jury|close|purge``: after the exam."""

from __future__ import annotations

from datetime import timedelta

import click

from labs.errors import UsageError
from labs.text import Text, tr
from orchestrator.cli.common import json_option
from orchestrator.cli.session import command
from orchestrator.cli.session_common import (
    ensure_service,
    example,
    login,
    opened_desk,
    people,
    reason_option,
    simulated_option,
    yes_option,
)
from orchestrator.cli.session_give import give
from orchestrator.cli.voice import Voice
from orchestrator.exam import commands as order
from orchestrator.exam import decide
from orchestrator.store import journal
from orchestrator.store.copying import kept_aside


@command.command(
    "jury",
    help=tr("Ouvre le passage devant le jury.", "Begin the jury's part."),
    epilog=example("session jury juin"),
)
@click.argument("session")
@simulated_option
@json_option
def jury(session: str, simulated: bool, as_json: bool) -> None:
    """Open the jury's part."""
    give(session, order.OpenJury(who=login()), Voice(simulated), as_json=as_json)


@command.command(
    "close",
    help=tr(
        "Clôt la session : des postes, seul le travail figé reste. Demande confirmation, sauf --yes.",
        "Close the session: of the benches only the frozen work stays. Asks first, unless --yes.",
    ),
    epilog=example("session close juin"),
)
@click.argument("session")
@reason_option
@yes_option
@simulated_option
@json_option
def close(session: str, why: str, yes: bool, simulated: bool, as_json: bool) -> None:
    """Close a session."""
    voice = Voice(simulated)
    question = tr(
        f"Clore {session} ? Points de reprise et postes non figés sont supprimés.",
        f"Close {session}? Checkpoints and benches that are not frozen are removed.",
    )
    opened = give(session, order.Close(who=login(), why=why), voice, as_json=as_json, question=question, yes=yes)
    if as_json:
        return
    with opened_desk(simulated) as (desk, _settings), desk.store.read() as tx:
        head = journal.head(tx, session)
    closed_at = opened.stored.closed_at
    if closed_at is not None:
        until = closed_at + timedelta(days=opened.stored.retention_days)
        kept = f"{until.astimezone():%d/%m/%Y}"
        voice.say(tr(f"Données personnelles gardées jusqu'au {kept}.", f"Personal data are kept until {kept}."))
    voice.say(tr(f"Journal : {head.seq} entrées, empreinte", f"Journal: {head.seq} entries, hash") + f" {head.hash}")


@command.command(
    "purge",
    help=tr(
        "Supprime les données personnelles et les fichiers d'une session close, une fois passé le délai de "
        "conservation (--early : avant, avec un motif). Le journal reste, sans noms. Demande confirmation, sauf --yes.",
        "Remove the personal data and the files of a closed session once its retention time is over (--early: "
        "before, with a reason). The journal stays, without names. Asks first, unless --yes.",
    ),
    epilog=example("session purge juin", 'session purge juin --early --reason "session d\'essai"'),
)
@click.argument("session")
@reason_option
@click.option("--early", is_flag=True, help=tr("avant la fin du délai", "before the retention time is over"))
@yes_option
@simulated_option
@json_option
def purge(session: str, why: str, early: bool, yes: bool, simulated: bool, as_json: bool) -> None:
    """Purge a session."""
    voice = Voice(simulated)
    if early and not why.strip():
        raise UsageError(
            Text("Une purge avant l'heure se justifie.", "A purge before its time must be explained."),
            where=session,
            do=Text("Donnez le motif (--reason).", "Give the reason (--reason)."),
        )
    asked = order.Purge(who=login(), why=why)
    with opened_desk(simulated) as (desk, settings):
        opened = desk.open(session)
        if opened.exam.state != "purged":  # again: what an earlier purge could not erase
            decide(opened.exam, asked, opened.now)
        voice.confirm(
            tr(f"Supprimer les données de {session} pour toujours ?", f"Remove {session}'s data for good?"), yes=yes
        )
        removed = desk.purge(session, asked, early=early)
        copies = [str(path) for path in kept_aside(settings.database)]
        if as_json:
            voice.json({"session": session, "candidates_removed": removed, "copies_not_reached": copies})
        else:
            _say_purged(voice, removed, copies)
        ensure_service(settings, simulated)


def _say_purged(voice: Voice, removed: int, copies: list[str]) -> None:
    count = people(removed)
    voice.say(
        tr(
            f"Données supprimées : {count}. Le service efface les fichiers des postes.",
            f"Data removed: {count}. The service deletes the files of the benches.",
        )
    )
    if copies:
        voice.say(
            tr(
                "Ces copies de la base peuvent encore contenir les noms ; supprimez-les :",
                "These copies of the database may still hold the names; delete them:",
            )
        )
    for path in copies:
        voice.say(f"  {path}")
    voice.say(
        tr(
            "Restent à votre charge : sauvegardes (epreuve backup), rapports, papiers.",
            "It is for you to see to backups (epreuve backup), reports and paper.",
        )
    )
