"""``epreuve session move``: a candidate changes seats, a bench changes hosts."""

from __future__ import annotations

import click

from labs.text import tr
from orchestrator.cli.common import json_option
from orchestrator.cli.session import command
from orchestrator.cli.session_common import (
    ensure_service,
    example,
    login,
    opened_desk,
    own_settings,
    reason_option,
    simulated_option,
    yes_option,
)
from orchestrator.cli.session_give import give
from orchestrator.cli.voice import Voice
from orchestrator.engine.moving import require_movable
from orchestrator.exam import commands as order


@command.command(
    "move",
    help=tr(
        "Change un candidat de place, ou son poste d'hôte. Changer de place ne change ni poste ni temps. Pour changer "
        "d'hôte, mettez d'abord le candidat en pause : la mémoire de ses machines suit. Un hôte mort pour de bon "
        "(--host-lost, avec un motif) est abandonné : le poste reprend ailleurs à son dernier point de reprise.",
        "Move a candidate to another seat, or the bench to another host. A seat changes neither bench nor time. For "
        "another host pause the candidate first: the memory of the machines goes along. A host that is dead for good "
        "(--host-lost, with a reason) is given up: the bench goes on elsewhere from its last checkpoint.",
    ),
    epilog=example(
        'session move juin c05 --seat B2 --reason "écran en panne"',
        "session move juin c05 --host sud",
        'session move juin c05 --host sud --host-lost --reason "nord a brûlé, débranché"',
    ),
)
@click.argument("session")
@click.argument("candidate")
@click.option("--seat", help=tr("nouvelle place", "new seat"))
@click.option("--host", help=tr("autre hyperviseur (réglage hosts)", "another hypervisor (setting hosts)"))
@click.option(
    "--host-lost",
    is_flag=True,
    help=tr(
        "l'hôte actuel est éteint et ne reviendra pas avec ce poste",
        "the present host is off, and will not come back with this bench",
    ),
)
@reason_option
@yes_option
@simulated_option
@json_option
def move(
    session: str,
    candidate: str,
    seat: str | None,
    host: str | None,
    host_lost: bool,
    why: str,
    yes: bool,
    simulated: bool,
    as_json: bool,
) -> None:
    """Move."""
    asked = order.Move(who=login(), why=why, candidate=candidate, seat=seat, host=host, host_lost=host_lost)
    if host_lost:
        ensure_service(own_settings(simulated), simulated)  # it knows which hosts answer
    with opened_desk(simulated) as (desk, settings):
        require_movable(asked, desk.open(session).exam, settings)
    question = tr(
        "L'hôte actuel est-il vraiment éteint ? Deux postes du même candidat ne doivent pas tourner à la fois.",
        "Is the present host really off? Two benches of one candidate must not run at the same time.",
    )
    give(session, asked, Voice(simulated), as_json=as_json, question=question, yes=yes or not host_lost)
