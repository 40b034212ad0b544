"""Asking the physical devices on the candidates' tables: over SSH from this host, as the supervisor has placed them.

They are on a network of the room, which this host is on too; the benches' own networks stay apart from it.
"""

from __future__ import annotations

import io
import socket
from collections.abc import Mapping

import paramiko

from checkers.channel import ChannelError
from checkers.channels.ssh import Dial, Login, SshAgent, offered_key
from checkers.families import DIALECTS
from checkers.observe import Channel, Place
from labs.device import Device
from labs.model import Lab
from labs.text import Text
from orchestrator.exam.devices import fingerprint
from orchestrator.exam.model import DeviceAt
from orchestrator.sessions import Session

SSH_PORT = 22
_LOOK_S = 10.0

Devices = Mapping[str, DeviceAt]
"""The physical devices of one candidate that have an address, by machine."""

_NOWHERE = Text(
    "l'adresse de cet appareil n'a pas été donnée (session device place)",
    "this device's address was not given (session device place)",
)
_UNCONFIRMED = Text(
    "la clé de cet appareil n'a pas été confirmée (session device confirm)",
    "this device's key was not confirmed (session device confirm)",
)
_OTHER_KEY = Text(
    "l'appareil montre une autre clé ({shown}) que celle qui a été confirmée : il n'est pas interrogé",
    "the device shows another key ({shown}) than the confirmed one: it is not asked",
)


def shown_key(address: str, *, port: int = SSH_PORT, timeout_s: float = _LOOK_S) -> str:
    """The host key that a device shows now, as ``type base64``; nobody has confirmed it. Raises ChannelError."""
    return offered_key(_dial(address, port), where=address, timeout_s=timeout_s)


def other_key(known: DeviceAt, *, port: int = SSH_PORT) -> str:
    """The fingerprint of the key that a device shows, when it is another than the confirmed one; else empty. A device
    that does not answer shows none."""
    try:
        shown = shown_key(known.address, port=port)
    except ChannelError:
        return ""
    return fingerprint(shown) if known.host_key and shown != known.host_key else ""


def refused_keys(lab: Lab, devices: Devices, *, port: int = SSH_PORT) -> dict[str, str]:
    """The fingerprint of every key that is another than the confirmed one, by machine."""
    found = {name: other_key(devices[name], port=port) for name in lab.devices if name in devices}
    return {name: shown for name, shown in found.items() if shown}


def device_places(lab: Lab, devices: Devices, session: Session, *, port: int = SSH_PORT) -> list[Place]:
    """Where the physical devices of a bench are asked, and what can be tried on them from beside (``radio:``)."""
    places = []
    for name, device in lab.devices.items():
        channels, trouble = _ways(name, device, devices.get(name), session, port)
        places += [
            Place(name, channels, trouble=trouble, secrets=session.secrets),
            Place(f"radio:{name}", channels, trouble=trouble, secrets=session.secrets, reveal=True),
        ]
    return places


def _ways(
    name: str, device: Device, known: DeviceAt | None, session: Session, port: int
) -> tuple[list[Channel], Text | None]:
    """The channels to a device, or why there is none. The session's key first: the password may be the candidate's."""
    if known is None or not known.host_key:
        return [], _NOWHERE if known is None else _UNCONFIRMED
    try:
        shown = shown_key(known.address, port=port)
    except ChannelError as error:
        return [], error.what
    if shown != known.host_key:
        return [], _OTHER_KEY.format(shown=fingerprint(shown))
    logins = [Login(device.user, key=paramiko.Ed25519Key.from_private_key(io.StringIO(session.ssh_key)))]
    if device.secret is not None:
        logins.append(Login(device.user, password=session.secrets[device.secret]))
    dial, dialect = _dial(known.address, port), DIALECTS[device.family]
    agents = [SshAgent(dial, login=login, host_key=known.host_key, where=f"ssh {name}") for login in logins]
    return [Channel("ssh", agent, dialect) for agent in agents], None


def _dial(address: str, port: int) -> Dial:
    return lambda timeout_s: socket.create_connection((address, port), timeout=timeout_s)
