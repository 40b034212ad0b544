"""``epreuve session jury|close|purge``: after the exam."""

from __future__ import annotations

import click

from labs.text import tr
from orchestrator.cli.common import json_option, print_json
from orchestrator.cli.session import command
from orchestrator.cli.session_common import ensure_service, login, opened_desk, reason_option, simulated_option
from orchestrator.cli.session_room import confirm, give
from orchestrator.exam import commands as order


@command.command("jury", help=tr("Ouvre le passage devant le jury.", "Begin the jury's part."))
@click.argument("session")
@simulated_option
@json_option
def jury(session: str, simulated: bool, as_json: bool) -> None:
    """Open the jury's part."""
    give(session, order.OpenJury(who=login()), simulated, as_json)


@command.command(
    "close",
    help=tr(
        "Clôt la session : des postes, seul le travail figé reste. Demande confirmation, sauf --yes.",
        "Close the session: of the benches only the frozen work stays. Asks first, unless --yes.",
    ),
)
@click.argument("session")
@reason_option
@click.option("--yes", is_flag=True, help=tr("ne pas demander", "do not ask"))
@simulated_option
@json_option
def close(session: str, why: str, yes: bool, simulated: bool, as_json: bool) -> None:
    """Close a session."""
    confirm(
        yes,
        tr(
            f"Clore {session} ? Points de reprise et postes non figés sont supprimés.",
            f"Close {session}? Checkpoints and benches that are not frozen are removed.",
        ),
    )
    give(session, order.Close(who=login(), why=why), simulated, as_json)


@command.command(
    "purge",
    help=tr(
        "Supprime les données personnelles et les fichiers d'une session close, une fois passé le délai de "
        "conservation (--early : avant). Le journal reste, sans noms. Demande confirmation, sauf --yes.",
        "Remove the personal data and the files of a closed session once its retention time is over (--early: "
        "before). The journal stays, without names. Asks first, unless --yes.",
    ),
)
@click.argument("session")
@reason_option
@click.option("--early", is_flag=True, help=tr("avant la fin du délai", "before the retention time is over"))
@click.option("--yes", is_flag=True, help=tr("ne pas demander", "do not ask"))
@simulated_option
@json_option
def purge(session: str, why: str, early: bool, yes: bool, simulated: bool, as_json: bool) -> None:
    """Purge a session."""
    confirm(yes, tr(f"Supprimer les données de {session} pour toujours ?", f"Remove {session}'s data for good?"))
    with opened_desk(simulated) as (desk, settings):
        removed = desk.purge(session, order.Purge(who=login(), why=why), early=early)
        ensure_service(settings, simulated)
    if as_json:
        print_json({"session": session, "candidates_removed": removed})
    else:
        click.echo(tr(f"{removed} candidats supprimés.", f"{removed} candidates removed."))
