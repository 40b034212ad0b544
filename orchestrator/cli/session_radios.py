"""``epreuve session device radios``: by which hardware addresses each device is known on the air."""

from __future__ import annotations

import click

from labs.errors import EpreuveError, UsageError
from labs.text import Text, tr
from orchestrator.cli.common import json_option
from orchestrator.cli.session_common import example, login, opened_desk, simulated_option
from orchestrator.cli.session_give import give
from orchestrator.cli.voice import Voice
from orchestrator.devices.nets import net_for
from orchestrator.devices.noting import Tell, tellers
from orchestrator.devices.radios import MAX_RADIOS
from orchestrator.exam import commands as order


@click.command(
    "radios",
    help=tr(
        "Note les adresses des radios de l'appareil MACHINE : seul un réseau émis par elles compte pour le candidat, "
        "quoi qu'émettent ses voisins. Sans adresse, l'appareil les dit lui-même (tous, ou celui de CANDIDAT) : il "
        "n'est cru qu'avant le début de l'épreuve. Avec, celles de l'étiquette.",
        "Note the addresses of device MACHINE's radios: only a network that they send counts for its candidate, "
        "whatever the neighbours send. Without addresses the device tells them itself (every one, or CANDIDATE's): it "
        "is believed before the exam begins only. With them, those on its label.",
    ),
    epilog=example("session device radios juin ap", "session device radios juin ap c01 a4:2b:b0:01:02:50"),
)
@click.argument("session")
@click.argument("machine")
@click.argument("candidate", required=False)
@click.argument("addresses", nargs=-1)
@simulated_option
@json_option
def radios(
    session: str, machine: str, candidate: str | None, addresses: tuple[str, ...], simulated: bool, as_json: bool
) -> None:
    """Note radios."""
    if len(addresses) > MAX_RADIOS:
        raise UsageError(Text(f"{MAX_RADIOS} adresses au plus.", f"{MAX_RADIOS} addresses at most."))
    voice, failed = Voice(simulated), list[EpreuveError]()
    for name, tell in _told(session, machine, candidate, addresses, simulated):
        try:
            asked = order.TellRadios(who=login(), candidate=name, machine=machine, radios=tell(), read=not addresses)
            give(session, asked, voice, as_json=as_json)
        except EpreuveError as error:  # those of the others are noted all the same
            if failed:
                voice.note(voice.about(name, error.what))
            failed.append(error)
    if failed:
        raise failed[0]


def _told(
    slug: str, machine: str, candidate: str | None, addresses: tuple[str, ...], simulated: bool
) -> list[tuple[str, Tell]]:
    """By candidate, what tells the addresses: the command line, or each device that can be asked."""
    if candidate and addresses:
        return [(candidate, lambda: addresses)]
    with opened_desk(simulated) as (desk, settings):
        opened = desk.open(slug)
        net = net_for(simulated=simulated or opened.stored.simulated)
        asked = [one for one in tellers(opened, settings, net, machine) if candidate in (None, one[0])]
    if not asked:
        raise EpreuveError(
            Text("Aucun appareil de ce nom n'a d'adresse.", "No device of this name has an address."),
            where=f"{slug}: {machine}",
            do=Text("Donnez-la d'abord : session device place.", "Give it first: session device place."),
        )
    return asked
