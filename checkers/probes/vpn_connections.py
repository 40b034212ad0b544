"""VPN connections that a Windows machine holds ready, for all its users or for one."""

from __future__ import annotations

from typing import ClassVar

from checkers.probe import Foreign, Value
from labs.text import Text


class VpnConnection(Value):
    """One connection.

    tunnel: ``ikev2``, ``l2tp``, ``sstp``, ``pptp`` or ``automatic``. user: SID of the only one who has it, empty when
    all have. split: only what is for the other network goes through. encryption, authentication: in Windows' words,
    None where only the user could ask. connected: it is up now.
    """

    name: str
    server: str
    tunnel: str
    all_users: bool
    user: str
    split: bool
    encryption: str | None
    authentication: tuple[str, ...] | None
    connected: bool

    def not_seen(self) -> frozenset[str]:
        return frozenset(name for name in ("encryption", "authentication") if getattr(self, name) is None)


class VpnConnectionsValue(Value):
    """Every connection, those of all users first."""

    connections: tuple[VpnConnection, ...]


class VpnConnections(Foreign[VpnConnectionsValue]):
    """The VPN connections that Windows itself dials."""

    name: ClassVar[str] = "vpn-connections"
    about: ClassVar[Text] = Text("connexions VPN de Windows", "VPN connections of Windows")
    value: ClassVar[type[Value]] = VpnConnectionsValue
