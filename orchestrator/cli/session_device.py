"""``epreuve session device``: where the physical devices on the tables are, and the keys that they show."""

from __future__ import annotations

from ipaddress import AddressValueError, IPv4Address
from pathlib import Path

import click

from labs.errors import EpreuveError, UsageError
from labs.text import Text, tr
from orchestrator.cli.common import json_option, print_json, print_table
from orchestrator.cli.session import command
from orchestrator.cli.session_common import example, login, opened_desk, simulated_option, yes_option
from orchestrator.cli.session_give import give
from orchestrator.cli.voice import Voice
from orchestrator.devices import other_key, shown_key
from orchestrator.engine.desk import Open
from orchestrator.exam import commands as order
from orchestrator.exam.devices import fingerprint
from orchestrator.exam.model import DeviceAt

_CANDIDATE = tr("candidat", "candidate")


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
@click.argument("address", required=False)
@click.option("--file", "file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--from", "first", help=tr("première adresse", "first address"))
@simulated_option
@json_option
def place(
    session: str,
    machine: str,
    candidate: str | None,
    address: str | None,
    file: Path | None,
    first: str | None,
    simulated: bool,
    as_json: bool,
) -> None:
    """Give addresses."""
    with opened_desk(simulated) as (desk, _settings):
        people = list(desk.open(session).exam.candidates)
    for name, where in _places(people, candidate, address, file, first):
        asked = order.PlaceDevice(who=login(), candidate=name, machine=machine, address=where)
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
    rows = []
    with opened_desk(simulated) as (desk, _settings):
        opened = desk.open(session)
        for name, machine, known in _known(opened):
            other = other_key(known)
            if other:
                desk.do(session, order.DeviceRefused(candidate=name, machine=machine, fingerprint=other))
            said = _state(known, other)
            rows.append((name, machine, known.address, fingerprint(known.host_key), str(said)))
    if as_json:
        keys = ("candidate", "machine", "address", "fingerprint", "state")
        print_json([dict(zip(keys, row, strict=True)) for row in rows])
        return
    titles = [_CANDIDATE, tr("appareil", "device"), tr("adresse", "address"), tr("clé", "key"), tr("état", "state")]
    print_table(titles, rows)


@device.command(
    "confirm",
    help=tr(
        "Lit la clé que l'appareil montre, la fait comparer et la confirme. Demande confirmation, sauf --yes avec "
        "--fingerprint.",
        "Read the key that the device shows, have it compared, and confirm it. Asks first, unless --yes with "
        "--fingerprint.",
    ),
    epilog=example(
        "session device confirm juin ap c01", "session device confirm juin ap c01 --fingerprint SHA256:… --yes"
    ),
)
@click.argument("session")
@click.argument("machine")
@click.argument("candidate")
@click.option("--fingerprint", "expected", default="", help=tr("celle que l'appareil doit montrer", "the expected one"))
@yes_option
@simulated_option
@json_option
def confirm(
    session: str, machine: str, candidate: str, expected: str, yes: bool, simulated: bool, as_json: bool
) -> None:
    """Confirm a key."""
    with opened_desk(simulated) as (desk, _settings):
        found = {(name, one): known for name, one, known in _known(desk.open(session))}
    known = found.get((candidate, machine))
    if known is None:
        raise EpreuveError(
            Text("Cet appareil n'a pas d'adresse.", "This device has no address."),
            where=f"{session}/{candidate}: {machine}",
            do=Text("Donnez-la : session device place.", "Give it: session device place."),
        )
    key = shown_key(known.address)
    shown = fingerprint(key)
    if expected and expected != shown:
        raise EpreuveError(
            Text(f"L'appareil montre une autre clé : {shown}", f"The device shows another key: {shown}"),
            where=f"{candidate}: {known.address}",
            do=Text("Vérifiez quel appareil est à cette adresse.", "Look which device is at this address."),
        )
    question = tr(
        f"{candidate}, {machine}, {known.address} montre {shown}. Est-ce bien cet appareil ?",
        f"{candidate}, {machine}, {known.address} shows {shown}. Is it this device?",
    )
    asked = order.ConfirmDevice(who=login(), candidate=candidate, machine=machine, host_key=key)
    give(session, asked, Voice(simulated), as_json=as_json, question=question, yes=yes and bool(expected))


def _known(opened: Open) -> list[tuple[str, str, DeviceAt]]:
    return [
        (name, machine, known)
        for name, sitting in opened.exam.candidates.items()
        for machine, known in sitting.devices.items()
    ]


def _state(known: DeviceAt, other: str) -> Text:
    if other:
        return Text(f"AUTRE CLÉ : {other}", f"OTHER KEY: {other}")
    if not known.host_key:
        return Text("à confirmer", "to be confirmed")
    return Text("confirmée", "confirmed")


def _places(
    people: list[str], candidate: str | None, address: str | None, file: Path | None, first: str | None
) -> list[tuple[str, str]]:
    """Who and where, from whichever of the three ways was used. Raises UsageError."""
    if candidate and address and not (file or first):
        return [(candidate, _address(address))]
    if file and not (candidate or first):
        lines = [line.split() for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
        if wrong := next((line for line in lines if len(line) != 2), None):
            raise _usage(" ".join(wrong)[:80])
        return [(name, _address(where)) for name, where in lines]
    if first and not (candidate or file):
        start = IPv4Address(_address(first))
        return [(name, str(start + number)) for number, name in enumerate(people)]
    raise _usage("")


def _address(text: str) -> str:
    try:
        return str(IPv4Address(text))
    except AddressValueError as error:
        raise _usage(text[:80]) from error


def _usage(where: str) -> UsageError:
    return UsageError(
        Text("Il faut un candidat et une adresse IPv4.", "A candidate and an IPv4 address are needed."),
        where=where,
        do=Text(
            "« c01 192.168.1.11 », --file ou --from, l'un des trois.",
            "“c01 192.168.1.11”, --file or --from, one of the three.",
        ),
    )
