"""``epreuve session seal``: the dossiers of a closed session are made, sealed and read back."""

from __future__ import annotations

import click

from labs.text import Text, tr
from orchestrator.cli.common import json_option
from orchestrator.cli.session import command
from orchestrator.cli.session_common import (
    example,
    login,
    opened_desk,
    reason_option,
    simulated_option,
    yes_option,
)
from orchestrator.cli.voice import Voice
from orchestrator.dossier.sealing import seal_session


@command.command(
    "seal",
    help=tr(
        "Scelle une session close : un dossier par candidat, signé, relu et vérifié. Ensuite rien ne se juge ni ne "
        "s'écrit plus. Refusé tant qu'une décision manque ou n'est pas signée (--force : quand même, avec un motif). "
        "Demande confirmation, sauf --yes.",
        "Seal a closed session: one dossier for each candidate, signed, read back and verified. After it nothing is "
        "judged or written any more. Refused while a decision is missing or unsigned (--force: all the same, with a "
        "reason). Asks first, unless --yes.",
    ),
    epilog=example("session seal juin", 'session seal juin --force --reason "jury annulé"'),
)
@click.argument("session")
@click.option("--force", is_flag=True, help=tr("malgré ce qui manque", "although something is missing"))
@reason_option
@yes_option
@simulated_option
@json_option
def seal(session: str, force: bool, why: str, yes: bool, simulated: bool, as_json: bool) -> None:
    """Seal a session."""
    voice = Voice(simulated)
    with opened_desk(simulated) as (desk, settings):
        if desk.open(session).exam.state == "closed":
            question = tr(f"Sceller {session} ? Rien ne s'y écrira plus.", f"Seal {session}? Nothing is added then.")
            voice.confirm(question, yes=yes)

        def progress(doing: Text) -> None:
            voice.note(f"… {doing}")

        files = seal_session(desk, settings, session, who=login(), why=why, force=force, progress=progress)
    if as_json:
        voice.json({"session": session, "dossiers": [str(path) for path in files]})
        return
    for path in files:
        voice.say(path)
    if files:
        voice.say(voice.about(tr("Ensuite", "Next"), f"epreuve dossier verify {files[0]}"))
