"""Physical devices in a session: where each candidate's are, and the host key that a supervisor has confirmed.

A key is never believed because it was there first: until somebody has confirmed it, and when another one is shown, the
device is not asked.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from datetime import datetime

from labs.text import Text
from orchestrator.exam import commands, events
from orchestrator.exam.commands import DeviceOrder
from orchestrator.exam.events import Event
from orchestrator.exam.model import Exam, Sitting
from orchestrator.exam.refusals import place, refused, shown, unknown_candidate, wrong_session
from orchestrator.exam.rules import stamp


def answer(exam: Exam, order: DeviceOrder, now: datetime) -> tuple[Event, ...]:
    """The events of an order about a device. Raises Refused."""
    if exam.state in ("closed", "sealed", "purged"):
        raise wrong_session(exam, order)
    sitting = exam.candidates.get(order.candidate)
    if sitting is None:
        raise unknown_candidate(exam, order.candidate, order)
    if order.machine not in exam.devices:
        names = ", ".join(exam.devices)
        raise refused(
            order,
            Text(f"le sujet n'a pas d'appareil « {shown(order.machine)} »", f"the lab has no device “{order.machine}”"),
            Text(f"Appareils : {names or 'aucun'}.", f"Devices: {names or 'none'}."),
            place(exam, sitting),
        )
    if isinstance(order, commands.PlaceDevice):
        return _placed(exam, sitting, order, now)
    return _confirmed(exam, sitting, order, now)


def told(sitting: Sitting, report: commands.DeviceRefused, now: datetime) -> tuple[Event, ...]:
    """A device shows another key than the confirmed one; once for each key."""
    known = sitting.devices.get(report.machine)
    if known is None or known.refused == report.fingerprint:
        return ()
    signed = stamp(report, now, sitting.id)
    return (events.DeviceRefused(**signed, machine=report.machine, fingerprint=report.fingerprint),)


def fingerprint(host_key: str) -> str:
    """A host key (``type base64``) as OpenSSH shows it: ``SHA256:…``; empty when there is none."""
    try:
        blob = base64.b64decode(host_key.split()[1], validate=True)
    except (IndexError, binascii.Error):
        return ""
    return "SHA256:" + base64.b64encode(hashlib.sha256(blob).digest()).decode().rstrip("=")


def _placed(exam: Exam, sitting: Sitting, order: commands.PlaceDevice, now: datetime) -> tuple[Event, ...]:
    for other in exam.candidates.values():
        for machine, known in other.devices.items():
            if known.address == order.address and (other.id, machine) != (sitting.id, order.machine):
                raise refused(
                    order,
                    Text(
                        f"l'adresse {order.address} est celle de l'appareil de {other.id}",
                        f"address {order.address} is that of {other.id}'s device",
                    ),
                    Text("Donnez à chaque appareil une adresse à lui.", "Give each device an address of its own."),
                    place(exam, sitting),
                )
    return (events.DevicePlaced(**stamp(order, now, sitting.id), machine=order.machine, address=order.address),)


def _confirmed(exam: Exam, sitting: Sitting, order: commands.ConfirmDevice, now: datetime) -> tuple[Event, ...]:
    if order.machine not in sitting.devices:
        raise refused(
            order,
            Text("cet appareil n'a pas d'adresse", "this device has no address"),
            Text("Donnez-la d'abord (session device place).", "Give it first (session device place)."),
            place(exam, sitting),
        )
    return (events.DeviceConfirmed(**stamp(order, now, sitting.id), machine=order.machine, host_key=order.host_key),)
