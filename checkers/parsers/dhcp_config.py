"""What a DHCP server's configuration says, whatever the server: scopes with their pools, options and reservations."""

from __future__ import annotations

import re
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network
from typing import Literal

from pydantic import Field

from checkers.probe import Value

MAX_SCOPES = 256
MAX_POOLS = 512
MAX_RESERVATIONS = 4096

Span = tuple[IPv4Address, IPv4Address]
"""First and last address, both included."""


class Options(Value):
    """What clients are told (RFC 2132): routers (3), name servers (6), domain name (15)."""

    routers: tuple[str, ...] = ()
    dns: tuple[str, ...] = ()
    domain: str | None = None


class Reservation(Value):
    """An address kept for a hardware address. ``ignored``: the server is told not to use it, and by what setting.
    ``options``: what this client is told, where it has options of its own; ``unread``: they are not known."""

    mac: str
    address: str
    ignored: str | None = None
    options: Options | None = Field(default=None, exclude_if=lambda options: options is None)
    unread: bool = Field(default=False, exclude_if=lambda unread: not unread)

    def not_seen(self) -> frozenset[str]:
        return frozenset({"options"} if self.unread else ())


Part = Literal["options", "lease_seconds", "active"]
"""What of a scope may be unknown where the rest is not."""


class Scope(Value):
    """One subnet. ``pools``: merged, in order. ``options``: one per distinct set (pools may differ); never empty.
    ``active``: whether the server serves it at all. ``unread``: what of it is not known."""

    subnet: IPv4Network
    pools: tuple[Span, ...] = ()
    options: tuple[Options, ...] = (Options(),)
    lease_seconds: int | None = None
    reservations: tuple[Reservation, ...] = ()
    active: bool = Field(default=True, exclude_if=lambda active: active)
    unread: tuple[Part, ...] = Field(default=(), exclude_if=lambda unread: not unread)

    def not_seen(self) -> frozenset[str]:
        return frozenset(self.unread)


class DhcpConfig(Value):
    """One reading of a configuration."""

    scopes: tuple[Scope, ...] = ()

    def scope(self, subnet: IPv4Network) -> Scope | None:
        """The scope of this subnet. Several entries for one subnet are no valid configuration: the first counts."""
        return next((scope for scope in self.scopes if scope.subnet == subnet), None)


def merge(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The union of spans, in order, touching ones joined."""
    merged: list[Span] = []
    for number, (first, last) in enumerate(sorted(spans)):
        if number >= MAX_POOLS:
            raise ValueError("too many pools")
        if last < first:
            raise ValueError(f"empty pool {first}-{last}")
        if merged and int(first) <= int(merged[-1][1]) + 1:
            merged[-1] = (merged[-1][0], max(merged[-1][1], last))
        else:
            merged.append((first, last))
    return tuple(merged)


def span(text: str) -> Span:
    """``a - b`` or a prefix. Raises ValueError."""
    first, dash, last = text.partition("-")
    if dash:
        return IPv4Address(first.strip()), IPv4Address(last.strip())
    network = IPv4Network(text.strip(), strict=False)
    return network[0], network[-1]


def mac(text: str) -> str:
    """A hardware address in one form: lower case, colons. Raises ValueError."""
    digits = re.sub(r"[:.\-\s]", "", text[:40]).lower()
    if not re.fullmatch(r"[0-9a-f]{12}", digits):
        raise ValueError(f"not a hardware address: {text[:40]}")
    return ":".join(digits[i : i + 2] for i in range(0, 12, 2))


def addresses(text: str) -> tuple[str, ...]:
    """IPv4 addresses separated by commas or spaces. Raises ValueError."""
    return tuple(str(IPv4Address(part)) for part in re.split(r"[,\s]+", text.strip()) if part)


def domain(text: str) -> str:
    """A domain name as compared: lower case, no final dot."""
    return text.strip().strip('"').rstrip(".").lower()
