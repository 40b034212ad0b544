"""``epreuve session device``: where the physical devices on the tables are, and the keys that they show."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from labs.errors import EpreuveError, UsageError
from labs.text import Text, tr
from orchestrator.cli.common import json_option, print_json, print_table
from orchestrator.cli.session import command
from orchestrator.cli.session_common import (
    example,
    login,
    opened_desk,
    reason_option,
    simulated_option,
    yes_option,
)
from orchestrator.cli.session_give import give
from orchestrator.cli.session_radios import radios
from orchestrator.cli.voice import Voice
from orchestrator.devices.known import require_fingerprint
from orchestrator.devices.lists import Places, address, following, listed
from orchestrator.devices.look import look_for_devices
from orchestrator.devices.nets import net_for
from orchestrator.engine.lab import session_lab
from orchestrator.exam import commands as order
from orchestrator.exam.devices import fingerprint, has_changed
from orchestrator.exam.model import DeviceAt


@command.group(
    "device",
    help=tr(
        "Les appareils réels sur les tables : leur adresse, la clé que chacun montre. Une clé n'est jamais crue parce "
        "qu'elle était là la première : confirmez chacune.",
        "The real devices on the tables: their addresses, the key that each shows. A key is never believed because it "
        "was there first: confirm each.",
    ),
)
def device() -> None:
    """The group."""


@device.command(
    "place",
    help=tr(
        "Dit où est l'appareil MACHINE de chaque candidat : un candidat et une adresse, un fichier (--file, « c01 "
        "192.168.1.11 » par ligne), ou une règle (--from : la première adresse, puis les suivantes).",
        "Say where each candidate's device MACHINE is: a candidate and an address, a file (--file, “c01 192.168.1.11” "
        "a line), or a rule (--from: the first address, then those that follow).",
    ),
    epilog=example(
        "session device place juin ap c01 192.168.1.11",
        "session device place juin ap --file bornes.txt",
        "session device place juin ap --from 192.168.1.11",
    ),
)
@click.argument("session")
@click.argument("machine")
@click.argument("candidate", required=False)
@click.argument("at", metavar="[ADDRESS]", required=False)
@click.option("--file", "file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--from", "first", help=tr("première adresse", "first address"))
@simulated_option
@json_option
def place(
    session: str,
    machine: str,
    candidate: str | None,
    at: str | None,
    file: Path | None,
    first: str | None,
    simulated: bool,
    as_json: bool,
) -> None:
    """Give addresses."""
    with opened_desk(simulated) as (desk, _settings):
        people = [one.id for one in desk.open(session).exam.candidates.values() if one.state != "withdrawn"]
    asked = order.PlaceDevices(who=login(), machine=machine, places=_places(people, candidate, at, file, first))
    give(session, asked, Voice(simulated), as_json=as_json)


@device.command(
    "list",
    help=tr(
        "Les appareils et la clé que chacun montre maintenant ; une autre clé que la confirmée est notée au journal.",
        "The devices and the key that each shows now; one that is not the confirmed one is noted in the journal.",
    ),
    epilog=example("session device list juin"),
)
@click.argument("session")
@simulated_option
@json_option
def show(session: str, simulated: bool, as_json: bool) -> None:
    """List the devices."""
    with opened_desk(simulated) as (desk, _settings):
        net = net_for(simulated=simulated or desk.open(session).stored.simulated)
        found = look_for_devices(desk, session, net)
    rows = [
        (one.candidate, one.machine, one.known.address, fingerprint(one.known.host_key), str(one.state))
        for one in found
    ]
    if as_json:
        keys = ("candidate", "machine", "address", "fingerprint", "state")
        shown = [one.known.shown if not one.known.silent else "" for one in found]
        print_json(
            [
                {**dict(zip(keys, row, strict=True)), "shown": fingerprint(key), **_noted(one.known)}
                for row, key, one in zip(rows, shown, found, strict=True)
            ]
        )
        return
    voice = Voice(simulated)
    told = [
        (
            *row[:4],
            voice.about(row[4], one.known.refused) if one.known.refused else row[4],
            " ".join(one.known.radios) or "—",
        )
        for row, one in zip(rows, found, strict=True)
    ]
    titles = [
        tr("candidat", "candidate"),
        tr("appareil", "device"),
        tr("adresse", "address"),
        tr("clé confirmée", "confirmed key"),
        tr("état", "state"),
        tr("radios notées", "radios noted"),
    ]
    print_table(titles, told)


@device.command(
    "confirm",
    help=tr(
        "Lit la clé que l'appareil montre, la fait comparer et la confirme. Demande confirmation, sauf --yes avec "
        "--fingerprint. Une autre clé que celle qui a été confirmée se justifie (--reason).",
        "Read the key that the device shows, have it compared, and confirm it. Asks first, unless --yes with "
        "--fingerprint. Another key than the confirmed one must be explained (--reason).",
    ),
    epilog=example(
        "session device confirm juin ap c01",
        "session device confirm juin ap c01 --fingerprint SHA256:… --yes",
        'session device confirm juin ap c01 --reason "remise à zéro"',
    ),
)
@click.argument("session")
@click.argument("machine")
@click.argument("candidate")
@click.option("--fingerprint", "expected", default="", help=tr("celle que l'appareil doit montrer", "the expected one"))
@reason_option
@yes_option
@simulated_option
@json_option
def confirm(
    session: str, machine: str, candidate: str, expected: str, why: str, yes: bool, simulated: bool, as_json: bool
) -> None:
    """Confirm a key."""
    with opened_desk(simulated) as (desk, _settings):
        opened = desk.open(session)
        sitting = opened.exam.candidates.get(candidate)
        known = sitting.devices.get(machine) if sitting else None
        if known is None:
            raise EpreuveError(
                Text("Cet appareil n'a pas d'adresse.", "This device has no address."),
                where=f"{session}/{candidate}: {machine}",
                do=Text("Donnez-la : session device place.", "Give it: session device place."),
            )
        asked_of = session_lab(opened.stored).lab.devices[machine]
        key = net_for(simulated=simulated or opened.stored.simulated).shown_key(asked_of, known.address)
    if expected:
        require_fingerprint(expected, key, where=f"{candidate}: {known.address}")
    voice, shown = Voice(simulated), fingerprint(key)
    if has_changed(known, key) and not (why or yes) and sys.stdin.isatty():
        another = tr(
            f"{candidate} montre une AUTRE CLÉ que celle qui a été confirmée. Pourquoi ?",
            f"{candidate} shows ANOTHER KEY than the confirmed one. Why?",
        )
        why = click.prompt(voice.mark + another, default="", show_default=False, prompt_suffix=" ", err=True)
    question = tr(
        f"{candidate}, {machine}, {known.address} montre {shown}. Est-ce bien cet appareil ?",
        f"{candidate}, {machine}, {known.address} shows {shown}. Is it this device?",
    )
    asked = order.ConfirmDevice(who=login(), why=why, candidate=candidate, machine=machine, host_key=key)
    give(session, asked, voice, as_json=as_json, question=question, yes=yes and bool(expected))


device.add_command(radios)


def _noted(known: DeviceAt) -> dict[str, object]:
    """The radios of a device, for programs; when null: before that was kept."""
    at = known.radios_at and known.radios_at.isoformat()
    return {"radios": known.radios, "radios_at": at, "radios_read": known.radios_read}


def _places(people: list[str], candidate: str | None, at: str | None, file: Path | None, first: str | None) -> Places:
    """Who and where, from whichever of the three ways was used. Raises UsageError."""
    if candidate and at and not (file or first):
        return ((candidate, address(at)),)
    if file and not (candidate or first):
        return listed(file.read_text(encoding="utf-8"))
    if first and not (candidate or file):
        return following(people, first)
    raise UsageError(
        Text("Où sont les appareils ?", "Where are the devices?"),
        do=Text(
            "Un candidat et une adresse, --file ou --from : l'un des trois.",
            "A candidate and an address, --file or --from: one of the three.",
        ),
    )
