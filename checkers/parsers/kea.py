"""Kea's DHCPv4 configuration, from its file or from the answer of ``config-get``.

Source: Kea Administrator Reference Manual, chapter "The DHCPv4 Server": options, lifetimes and reservation modes are
inherited from global to shared network to subnet (to pool, for options).
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from ipaddress import IPv4Address, IPv4Network
from typing import Any

from checkers.parsers import dhcp_config as dhcp
from checkers.parsers.dhcp_config import DhcpConfig, Options, Reservation, Scope
from checkers.parsers.loose_json import load

DEFAULT_LEASE_SECONDS = 7200
_OPTION_CODES = {"routers": 3, "domain-name-servers": 6, "domain-name": 15}
Node = Mapping[str, Any]


def parse(text: str, files: Mapping[str, str] | None = None) -> DhcpConfig:
    """The scopes of a configuration file, or of a ``config-get`` answer. Raises ValueError when it is neither."""
    data = load(text, files)
    if isinstance(data, list) and len(data) == 1:
        data = data[0]
    if isinstance(data, dict) and "arguments" in data:
        data = data["arguments"]
    top = data.get("Dhcp4") if isinstance(data, dict) else None
    if not isinstance(top, dict):
        raise ValueError("no Dhcp4 section")  # noqa: TRY004 - about a text, not about a type
    scopes: list[Scope] = []
    groups = [(top, ())] + [(network, (network,)) for network in _items(top, "shared-networks")]
    for group, above in groups:
        for subnet in _items(group, "subnet4"):
            if len(scopes) >= dhcp.MAX_SCOPES:
                raise ValueError("too many subnets")
            scopes.append(_scope(top, [top, *above, subnet]))
    return DhcpConfig(scopes=tuple(scopes))


def _items(node: Node, key: str) -> list[Node]:
    found = node.get(key) or []
    if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
        raise ValueError(f"{key} is not a list of maps")
    return found


def _inherited(path: list[Node], key: str) -> Any:
    """The innermost value of a setting."""
    return next((node[key] for node in reversed(path) if node.get(key) is not None), None)


def _scope(top: Node, path: list[Node]) -> Scope:
    subnet = path[-1]
    pools = _items(subnet, "pools")
    sets = [_options([*path, pool]) for pool in pools] or [_options(path)]
    lease = _inherited(path, "valid-lifetime")
    spans = dhcp.merge(dhcp.span(str(pool.get("pool", ""))) for pool in pools)
    return Scope(
        subnet=IPv4Network(str(subnet.get("subnet", "")), strict=False),
        pools=spans,
        options=tuple(dict.fromkeys(sets)),
        lease_seconds=DEFAULT_LEASE_SECONDS if lease is None else int(lease),
        reservations=_reservations(top, path, spans),
    )


def _options(path: list[Node]) -> Options:
    """The effective options: the innermost level that has an option says it (the first entry of that level)."""
    found: dict[int, str] = {}
    for node in reversed(path):
        level: dict[int, str] = {}
        for item in _items(node, "option-data"):
            if item.get("space", "dhcp4") != "dhcp4" or item.get("never-send"):
                continue
            code = item.get("code") or _OPTION_CODES.get(str(item.get("name")))
            if isinstance(code, int) and code in _OPTION_CODES.values():
                level.setdefault(code, _data(code, item))
        found = {**level, **found}
    return Options(
        routers=dhcp.addresses(found.get(3, "")),
        dns=dhcp.addresses(found.get(6, "")),
        domain=dhcp.domain(found[15]) if 15 in found else None,
    )


def _data(code: int, item: Node) -> str:
    text = str(item.get("data", ""))
    if item.get("csv-format", True):
        return text
    raw = bytes.fromhex(text.removeprefix("0x").replace(":", "").replace(" ", ""))
    if code == _OPTION_CODES["domain-name"]:
        return raw.decode("ascii", "replace")
    return ",".join(str(IPv4Address(raw[i : i + 4])) for i in range(0, len(raw), 4))


def _reservations(top: Node, path: list[Node], pools: tuple[dhcp.Span, ...]) -> tuple[Reservation, ...]:
    in_subnet, use_global, out_of_pool = _modes(path)
    found: list[Reservation] = []
    for nodes, used, why in (
        (_items(path[-1], "reservations"), in_subnet, "reservations-in-subnet: false"),
        (_items(top, "reservations"), use_global, "reservations-global: false"),
    ):
        for item in nodes:
            if len(found) >= dhcp.MAX_RESERVATIONS:
                raise ValueError("too many reservations")
            if "hw-address" not in item or not item.get("ip-address"):
                continue
            ignored = None if used else why
            with contextlib.suppress(ValueError):  # an entry the server itself would refuse reserves nothing
                address = IPv4Address(str(item["ip-address"]))
                if used and nodes and out_of_pool and any(first <= address <= last for first, last in pools):
                    ignored = "reservations-out-of-pool: true"
                own, unread = _own_options(path, item)
                card = dhcp.mac(str(item["hw-address"]))
                found.append(Reservation(mac=card, address=str(address), ignored=ignored, options=own, unread=unread))
    return tuple(found)


def _own_options(path: list[Node], item: Node) -> tuple[Options | None, bool]:
    """What a reservation's client is told, where it has options of its own; and whether they could not be read."""
    try:
        return (_options([*path, item]) if _items(item, "option-data") else None), False
    except ValueError:
        return None, True


def _modes(path: list[Node]) -> tuple[bool, bool, bool]:
    """In subnet, global, only out of pools: the three switches, or the older ``reservation-mode``."""
    old = _inherited(path, "reservation-mode")
    before = {
        "disabled": (False, False, False),
        "off": (False, False, False),
        "global": (False, True, False),
        "out-of-pool": (True, False, True),
    }.get(str(old), (True, False, False))
    keys = ("reservations-in-subnet", "reservations-global", "reservations-out-of-pool")
    now = [_inherited(path, key) for key in keys]
    return (
        before[0] if now[0] is None else bool(now[0]),
        before[1] if now[1] is None else bool(now[1]),
        before[2] if now[2] is None else bool(now[2]),
    )
