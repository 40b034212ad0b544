"""Physical devices in a session: where each candidate's are, and the key that a supervisor has confirmed.

A key is never believed because it was there first: until somebody has confirmed it, and when another one is shown, the
device is not asked. Confirming another one than before needs a reason.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator
from datetime import datetime

from pydantic import TypeAdapter, ValidationError

from labs.text import Text
from orchestrator.exam import commands, events
from orchestrator.exam.commands import DeviceOrder
from orchestrator.exam.events import Event
from orchestrator.exam.model import DeviceAt, Exam, HostKey, Sitting
from orchestrator.exam.refusals import place, refused, shown, unknown_candidate, wrong_session
from orchestrator.exam.rules import OVER, stamp

ON_ITS_LABEL = Text(
    "Donnez les adresses qui sont écrites dessus : session device radios SESSION MACHINE CANDIDAT ADRESSE…",
    "Give the addresses on its label: session device radios SESSION MACHINE CANDIDATE ADDRESS…",
)
"""What to do where a device does not tell its radios, or is not believed."""
_HOST_KEY: TypeAdapter[str] = TypeAdapter(HostKey)


def answer(exam: Exam, order: DeviceOrder, now: datetime) -> tuple[Event, ...]:
    """The events of an order about devices. Raises Refused."""
    if exam.state in OVER:
        raise wrong_session(exam, order)
    names = [name for name, _ in order.places] if isinstance(order, commands.PlaceDevices) else [order.candidate]
    for name in names:
        if name not in exam.candidates:
            raise unknown_candidate(exam, name, order)
    if order.machine not in exam.devices:
        known = ", ".join(exam.devices)
        raise refused(
            order,
            Text(f"le sujet n'a pas d'appareil « {shown(order.machine)} »", f"the lab has no device “{order.machine}”"),
            Text(f"Appareils : {known or 'aucun'}.", f"Devices: {known or 'none'}."),
            exam.slug,
        )
    if isinstance(order, commands.PlaceDevices):
        return _placed(exam, order, now)
    sitting = exam.candidates[order.candidate]
    if isinstance(order, commands.TellRadios):
        return _radios(exam, sitting, order, now)
    return _confirmed(exam, sitting, order, now)


def told(sitting: Sitting, report: commands.DeviceLooked, now: datetime) -> tuple[Event, ...]:
    """What is new in how a device was found; nothing when it is as it was known to be, or is looked for elsewhere.

    A key may be anything (the candidate administers the device): one that no event holds cannot be confirmed, so the
    device counts as silent, and where another was confirmed only its fingerprint is told.
    """
    known = sitting.devices.get(report.machine)
    if known is None or known.address != report.address:
        return ()
    signed = stamp(report, now, sitting.id)
    key = report.host_key if _can_be_held(report.host_key) else ""
    if not report.host_key or not (key or known.host_key):
        return () if known.silent else (events.DeviceSilent(**signed, machine=report.machine),)
    if has_changed(known, key):
        what = fingerprint(report.host_key) or "?"
        if known.refused == what and not known.silent:
            return ()
        return (events.DeviceRefused(**signed, machine=report.machine, fingerprint=what, host_key=key),)
    if known.shown == key and not known.silent and not known.refused:
        return ()
    return (events.DeviceShown(**signed, machine=report.machine, host_key=key),)


def _can_be_held(host_key: str) -> bool:
    try:
        _HOST_KEY.validate_python(host_key)
    except ValidationError:
        return False
    return True


def can_tell_radios(sitting: Sitting, machine: str) -> bool:
    """Whether what a device says of its radios is believed: its key is confirmed, and no candidate has it in hand."""
    known = sitting.devices.get(machine)
    return known is not None and known.host_key != "" and not _has_begun(sitting)


def _has_begun(sitting: Sitting) -> bool:
    return sitting.clock.started_at is not None


def has_changed(known: DeviceAt, host_key: str) -> bool:
    """Whether that is another key than the confirmed one: whoever confirms it says why."""
    return known.host_key not in ("", host_key)


def fingerprint(host_key: str) -> str:
    """A key as people compare it, empty when there is none: that of an SSH host key as OpenSSH shows it
    (``SHA256:…``), that of a certificate as browsers do (``SHA-256 AB:CD:…``)."""
    kind, _, data = host_key.partition(" ")
    if kind == "x509-sha256":
        return "SHA-256 " + ":".join(data[at : at + 2] for at in range(0, len(data), 2)).upper()
    try:
        blob = base64.b64decode(data, validate=True)
    except ValueError:
        return ""
    return "SHA256:" + base64.b64encode(hashlib.sha256(blob).digest()).decode().rstrip("=") if blob else ""


def is_fingerprint(typed: str) -> bool:
    """Whether that has the form of a fingerprint."""
    ssh = re.fullmatch(r"SHA256:[A-Za-z0-9+/]{43}", typed.strip())
    return ssh is not None or re.fullmatch(r"[0-9a-f]{64}", _digits(typed)) is not None


def same_fingerprint(typed: str, host_key: str) -> bool:
    """Whether somebody has typed the fingerprint of this key, in whatever way theirs was shown."""
    kind, _, data = host_key.partition(" ")
    if kind == "x509-sha256":
        return _digits(typed) == data
    return typed.strip() == fingerprint(host_key)


def _digits(typed: str) -> str:
    """The fingerprint of a certificate without what stands around and between its digits."""
    return re.sub(r"^sha-?256( fingerprint)?|[\s:=]", "", typed.strip().lower())


def _placed(exam: Exam, order: commands.PlaceDevices, now: datetime) -> tuple[Event, ...]:
    """Every device has an address of its own, once all are where they are said to be."""
    after = {(one.id, machine): known.address for one, machine, known in _in_use(exam)}
    after |= {(name, order.machine): address for name, address in order.places}
    whose: dict[str, str] = {}
    for (name, _), address in after.items():
        if address in whose:
            raise refused(
                order,
                Text(
                    f"l'adresse {shown(address)} serait celle des appareils de {whose[address]} et de {name}",
                    f"address {shown(address)} would be that of the devices of {whose[address]} and {name}",
                ),
                Text("Donnez à chaque appareil une adresse à lui.", "Give each device an address of its own."),
                exam.slug,
            )
        whose[address] = name
    return tuple(
        events.DevicePlaced(**stamp(order, now, name), machine=order.machine, address=address)
        for name, address in order.places
    )


def _radios(exam: Exam, sitting: Sitting, order: commands.TellRadios, now: datetime) -> tuple[Event, ...]:
    _need_place(exam, sitting, order)
    if order.read and _has_begun(sitting):
        raise refused(
            order,
            Text(
                "l'appareil est déjà entre les mains du candidat : ce qu'il dit de ses radios ne prouve plus rien",
                "the candidate has the device in hand: what it says of its radios proves nothing any more",
            ),
            ON_ITS_LABEL,
            place(exam, sitting),
        )
    radios = tuple(dict.fromkeys(one.lower() for one in order.radios))
    for other, machine, known in _in_use(exam):
        # All but the first byte, which a device changes for its further networks.
        shared = {one[2:] for one in radios} & {one[2:] for one in known.radios}
        if shared and (other.id, machine) != (sitting.id, order.machine):
            raise refused(
                order,
                Text(
                    f"une de ces radios est celle de l'appareil de {other.id}",
                    f"one of these radios is that of {other.id}'s device",
                ),
                Text("Vérifiez les deux appareils.", "Look at both devices."),
                place(exam, sitting),
            )
    signed = stamp(order, now, sitting.id)
    return (events.DeviceRadios(**signed, machine=order.machine, radios=radios, read=order.read),)


def _in_use(exam: Exam) -> Iterator[tuple[Sitting, str, DeviceAt]]:
    """The devices that have an address; that of somebody who was withdrawn is free for another candidate."""
    for sitting in exam.candidates.values():
        if sitting.state != "withdrawn":
            for machine, known in sitting.devices.items():
                yield sitting, machine, known


def _need_place(exam: Exam, sitting: Sitting, order: commands.ConfirmDevice | commands.TellRadios) -> None:
    """Refuse an order about a device that has no address."""
    if order.machine not in sitting.devices:
        raise refused(
            order,
            Text("cet appareil n'a pas d'adresse", "this device has no address"),
            Text("Donnez-la d'abord (session device place).", "Give it first (session device place)."),
            place(exam, sitting),
        )


def _confirmed(exam: Exam, sitting: Sitting, order: commands.ConfirmDevice, now: datetime) -> tuple[Event, ...]:
    _need_place(exam, sitting, order)
    if has_changed(sitting.devices[order.machine], order.host_key) and not order.why.strip():
        raise refused(
            order,
            Text(
                "elle remplace celle qui a été confirmée, et il manque le motif",
                "it replaces the confirmed one, and the reason is missing",
            ),
            Text(
                "Donnez-le (--reason) : l'appareil a été remis à zéro, il en est venu un autre…",
                "Give it (--reason): the device was reset, another one has come…",
            ),
            place(exam, sitting),
        )
    return (events.DeviceConfirmed(**stamp(order, now, sitting.id), machine=order.machine, host_key=order.host_key),)
