"""Reaching the devices of one bench for an observation: each is dialled once, and asked while it shows its own key."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

from checkers.channel import ChannelError, LoginRefusedError, OtherKeyError
from checkers.observe import Channel, Place
from labs.device import Device
from labs.model import Lab
from labs.text import Text
from orchestrator.devices.net import LOOK_S, DeviceNet
from orchestrator.exam.devices import fingerprint
from orchestrator.exam.model import DeviceAt
from orchestrator.sessions import Session

Devices = Mapping[str, DeviceAt]
"""The physical devices of one candidate that have an address, by machine."""

UNPLACED = Text(
    "l'adresse de cet appareil n'a pas été donnée (session device place)",
    "this device's address was not given (session device place)",
)
NOT_SAID = Text(
    "c'est un appareil réel, et personne n'a dit où il est (--device)",
    "it is a real device, and nobody has said where it is (--device)",
)
_UNCONFIRMED = Text(
    "la clé de cet appareil n'a pas été confirmée (session device confirm)",
    "this device's key was not confirmed (session device confirm)",
)
_OTHER_KEY = Text(
    "l'appareil montre une autre clé ({shown}) que celle qui a été confirmée : il n'est pas interrogé",
    "the device shows another key ({shown}) than the confirmed one: it is not asked",
)


@dataclass
class Reached:
    """Where the devices are asked, and what can be tried on them from beside (``radio:``). other_keys: the keys of
    those that show another than the confirmed one, by machine."""

    places: list[Place] = field(default_factory=list)
    other_keys: dict[str, str] = field(default_factory=dict)


@contextmanager
def reached(
    lab: Lab, devices: Devices, session: Session, net: DeviceNet, *, unplaced: Text = UNPLACED
) -> Iterator[Reached]:
    """The devices of a bench, connected until the end of the ``with`` block. Never raises for a device's fault.

    unplaced: why those cannot be asked that nobody has said where to find.
    """
    found = Reached()
    with ExitStack() as stack:
        for name, device in lab.devices.items():
            known, channels, trouble = devices.get(name), [], None
            if known is None or not known.host_key:
                trouble = unplaced if known is None else _UNCONFIRMED
            else:
                try:
                    channels = [_connected(stack, name, device, known, session, net)]
                except OtherKeyError as error:
                    found.other_keys[name] = error.shown
                    trouble = _OTHER_KEY.format(shown=fingerprint(error.shown))
                except ChannelError as error:
                    trouble = error.what
            found.places += _places(name, channels, net.beside(known, channels), trouble, session)
        yield found


def unreached(lab: Lab, session: Session) -> list[Place]:
    """The places of devices that nobody has said where to find."""
    return [place for name in lab.devices for place in _places(name, [], [], NOT_SAID, session)]


def _places(
    name: str, channels: list[Channel], beside: list[Channel], trouble: Text | None, session: Session
) -> list[Place]:
    return [
        Place(name, channels, trouble=trouble, secrets=session.secrets),
        Place(f"radio:{name}", beside, trouble=trouble, secrets=session.secrets, reveal=True),
    ]


def _connected(
    stack: ExitStack, name: str, device: Device, known: DeviceAt, session: Session, net: DeviceNet
) -> Channel:
    """The first way on which somebody is let in. Raises ChannelError."""
    refusal: ChannelError | None = None
    for way in net.ways(name, device, known, session):
        stack.callback(way.agent.close)
        try:
            way.agent.hello(LOOK_S)
        except LoginRefusedError as error:
            refusal = error  # the next way is another account, or another proof of who asks
        else:
            return way.channel
    assert refusal is not None  # noqa: S101 - there is a way to every device
    raise refusal
