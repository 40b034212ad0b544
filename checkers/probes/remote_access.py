"""The VPN server of Windows (Routing and Remote Access), as it is set up and as it runs. WireGuard is ``wireguard``."""

from __future__ import annotations

from typing import ClassVar, Literal

from checkers.probe import Foreign, Value
from labs.text import Text

Checker = Literal["windows", "radius", "nps"]


class AddressRange(Value):
    """Addresses that callers get, both ends included."""

    first: str
    last: str


class TunnelPorts(Value):
    """How many callers each kind of tunnel takes; 0: none by that kind."""

    ikev2: int
    sstp: int
    l2tp: int
    gre: int


class Caller(Value):
    """Somebody who is connected now. tunnel, method: in Windows' words. address: the one that they were given."""

    users: tuple[str, ...]
    tunnel: str
    method: str
    address: str
    outside: str


class RemoteAccessValue(Value):
    """vpn: it is set up to take callers (a router alone is not). running, at_boot: the service.

    methods: what a caller's authentication may be (``eap``, ``mschapv2``, ``mschap``, ``chap``, ``pap``, ``none``).
    checked_by, addresses: who checks it; whether callers' addresses come by DHCP or from the ranges. allowed, refused:
    accounts of the domain whose own dial-in setting lets them in or keeps them out; the network policies of NPS, which
    decide for all others, are not looked at. callers: who is connected. None: could not be seen.
    """

    vpn: bool
    running: bool
    at_boot: bool
    methods: tuple[str, ...]
    ports: TunnelPorts | None
    encryption: str | None
    checked_by: Checker | None
    addresses: Literal["dhcp", "pool"] | None
    ranges: tuple[AddressRange, ...] | None
    allowed: tuple[str, ...] | None
    refused: tuple[str, ...] | None
    callers: tuple[Caller, ...] | None

    def not_seen(self) -> frozenset[str]:
        return frozenset(name for name in type(self).model_fields if getattr(self, name) is None)


class RemoteAccess(Foreign[RemoteAccessValue]):
    """Whether the machine takes VPN callers, by which tunnels, and whom."""

    name: ClassVar[str] = "remote-access"
    about: ClassVar[Text] = Text(
        "serveur VPN de Windows (routage et accès distant)", "VPN server of Windows (routing and remote access)"
    )
    value: ClassVar[type[Value]] = RemoteAccessValue
    timeout_s: ClassVar[int] = 60
