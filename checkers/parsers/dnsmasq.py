"""dnsmasq's DHCP configuration: its files and its command line, which take the same options.

Source: dnsmasq(8), options --dhcp-range, --dhcp-option, --dhcp-host, --domain. What depends on tags is not followed:
such an option raises ValueError, so that nothing is concluded from a guess.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Interface, IPv4Network

from checkers.parsers import dhcp_config as dhcp
from checkers.parsers.dhcp_config import DhcpConfig, Options, Reservation, Scope

DEFAULT_LEASE_SECONDS = 3600
_UNITS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_LEASE = re.compile(r"([0-9]{1,9})([smhdw]?)")
_SHORT = {"F": "dhcp-range", "O": "dhcp-option", "G": "dhcp-host", "s": "domain", "C": "conf-file"}
_ELSEWHERE = (
    "conf-file",
    "conf-script",
    "dhcp-optsfile",
    "dhcp-hostsfile",
    "dhcp-hostsdir",
    "dhcp-optsdir",
    "servers-file",
)


def settings(lines: Iterable[str]) -> list[tuple[str, str]]:
    """(option, value) of configuration lines: no comment, no leading dashes."""
    found = []
    for line in lines:
        bare = re.sub(r"(^|\s)#.*$", "", line).strip()
        if bare:
            key, _, value = bare.partition("=")
            found.append((key.strip().removeprefix("--"), value.strip()))
    return found


def arguments(command_line: str) -> list[tuple[str, str]]:
    """(option, value) of a command line given with one argument a line. Raises ValueError on what is not known."""
    found = []
    words = iter(command_line.splitlines()[1:])
    for word in words:
        if word.startswith("--"):
            key, _, value = word[2:].partition("=")
            found.append((key, value))
        elif word.startswith("-") and len(word) > 1 and word[1] in _SHORT:
            found.append((_SHORT[word[1]], word[2:] or next(words, "")))
    return found


def parse(options: list[tuple[str, str]], interfaces: list[IPv4Interface]) -> DhcpConfig:
    """The scopes. ``interfaces``: the machine's own addresses, which give default masks, routers and name servers."""
    given: dict[int, str] = {}
    ranges: dict[IPv4Network, list[dhcp.Span]] = {}
    leases: dict[IPv4Network, int] = {}
    reservations: list[Reservation] = []
    for key, value in options:
        if key in _ELSEWHERE or (key == "conf-dir" and not value.startswith("/etc/dnsmasq.d")):
            raise ValueError(f"part of the configuration is elsewhere: {key}={value[:100]}")
        if key in ("dhcp-option", "dhcp-option-force"):
            code, data = _option(value)
            given[code] = data
        elif key == "domain":
            given.setdefault(15, value.split(",")[0])
        elif key == "dhcp-range" and ":" not in value.replace("set:", ""):
            subnet, pool, lease = _range(value, interfaces)
            ranges.setdefault(subnet, [])
            if pool is not None:
                ranges[subnet].append(pool)
                leases.setdefault(subnet, lease)
        elif key == "dhcp-host":
            reservations += _host(value)
    scopes = []
    for subnet, pools in ranges.items():
        own = [str(interface.ip) for interface in interfaces if interface.ip in subnet][:1]
        told = Options(
            routers=dhcp.addresses(given[3]) if 3 in given else tuple(own),
            dns=dhcp.addresses(given[6].replace("0.0.0.0", own[0] if own else "0.0.0.0"))  # noqa: S104 - "myself"
            if 6 in given
            else tuple(own),
            domain=dhcp.domain(given[15]) if given.get(15) else None,
        )
        scopes.append(
            Scope(
                subnet=subnet,
                pools=dhcp.merge(pools),
                options=(told,),
                lease_seconds=leases.get(subnet),
                reservations=tuple(r for r in reservations if IPv4Address(r.address) in subnet),
            )
        )
    return DhcpConfig(scopes=tuple(scopes))


def _option(value: str) -> tuple[int, str]:
    names = {"3": 3, "option:router": 3, "6": 6, "option:dns-server": 6, "15": 15, "option:domain-name": 15}
    first, _, rest = value.partition(",")
    if first.startswith(("tag:", "net:", "vendor:", "encap:", "vi-encap:")):
        raise ValueError("dhcp-option with a tag")
    return names.get(first.strip(), 0), rest


def _range(value: str, interfaces: list[IPv4Interface]) -> tuple[IPv4Network, dhcp.Span | None, int]:
    parts = [part.strip() for part in value.split(",") if part.strip()]
    if any(part.startswith(("tag:", "net:", "interface:")) for part in parts):
        raise ValueError("dhcp-range with a tag")
    parts = [part for part in parts if not part.startswith("set:")]
    first = IPv4Address(parts[0])
    lease, mask, last = DEFAULT_LEASE_SECONDS, None, None
    for part in parts[1:]:
        match = _LEASE.fullmatch(part)
        if match:
            lease = int(match[1]) * _UNITS[match[2]]
        elif part == "infinite":
            lease = 0xFFFFFFFF
        elif re.fullmatch(r"[0-9.]+", part):
            if last is None and not part.startswith("255."):
                last = IPv4Address(part)
            elif mask is None:
                mask = part
    own = next((interface.network for interface in interfaces if first in interface.network), None)
    subnet = IPv4Network(f"{first}/{mask}", strict=False) if mask else own
    if subnet is None:
        raise ValueError("dhcp-range without a mask, on no network of the machine")
    return subnet, (first, last) if last is not None else None, lease


def _host(value: str) -> list[Reservation]:
    parts = [part.strip() for part in value.split(",")]
    macs, address, ignored = [], None, None
    for part in parts:
        if re.fullmatch(r"(?:[0-9A-Fa-f]{1,2}[:-]){5}[0-9A-Fa-f]{1,2}", part):
            macs.append(":".join(byte.zfill(2) for byte in re.split("[:-]", part)).lower())
        elif re.fullmatch(r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}", part):
            address = str(IPv4Address(part))
        elif part == "ignore":
            ignored = "ignore"
        elif part.startswith(("tag:", "net:")):
            ignored = part
    return [Reservation(mac=mac, address=address, ignored=ignored) for mac in macs] if address else []
