"""WireGuard tunnels as they are saved, whatever the tool.

Sources: wg-quick(8), systemd.netdev(5) and systemd.network(5), NetworkManager's nm-settings-keyfile(5), interfaces(5).
"""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterator, Mapping

from checkers.parsers.wg_dump import Peer
from checkers.probe import Value

Section = tuple[str, list[tuple[str, str]]]
MAX_LINES = 4000


class Saved(Value):
    """One tunnel of the configuration.

    how: ``wg-quick``, ``networkd``, ``ifupdown``, ``networkmanager`` or ``windows``. at_boot: whether it comes up by
    itself. rewritten: the tool saves the running state into its file when it stops (SaveConfig).
    """

    name: str
    how: str
    at_boot: bool
    addresses: tuple[str, ...] = ()
    port: int = 0
    peers: tuple[Peer, ...] = ()
    rewritten: bool = False


def sections(text: str) -> list[Section]:
    """An INI text with repeated sections, keys in lower case; comments (# and ;) left out."""
    found: list[Section] = []
    for number, line in enumerate(text.splitlines()):
        if number > MAX_LINES:
            raise ValueError("too many lines")
        bare = re.sub(r"(^|\s)[#;].*$", "", line).strip()
        if bare.startswith("[") and bare.endswith("]"):
            found.append((bare[1:-1].strip().lower(), []))
        elif "=" in bare and found:
            key, _, value = bare.partition("=")
            found[-1][1].append((key.strip().lower(), value.strip()))
    return found


def values(found: list[Section], name: str, key: str) -> list[str]:
    """Every value of a key in the sections of a name, lists split at commas."""
    return [
        part.strip()
        for section, pairs in found
        if section == name
        for k, value in pairs
        if k == key
        for part in value.split(",")
        if part.strip()
    ]


def saved(files: Mapping[str, str], enabled: set[str]) -> list[Saved]:
    """The tunnels in configuration files (by path). ``enabled``: units that start at boot."""
    found: list[Saved] = []
    networks = [sections(text) for path, text in files.items() if path.endswith(".network")]
    for path, text in files.items():
        name = path.rsplit("/", 1)[-1]
        if path.startswith("/etc/wireguard/") and name.endswith(".conf"):
            found.append(_wg_quick(name.removesuffix(".conf"), sections(text), enabled))
        elif name.endswith(".netdev"):
            found += _networkd(sections(text), networks, "systemd-networkd.service" in enabled)
        elif name.endswith(".nmconnection"):
            found += _networkmanager(sections(text), "NetworkManager.service" in enabled)
    interfaces = "\n".join(text for path, text in files.items() if path.startswith("/etc/network/interfaces"))
    return found + list(_ifupdown(interfaces, found, "networking.service" in enabled))


def _peers(found: list[Section], name: str) -> tuple[Peer, ...]:
    peers = []
    for section, pairs in found:
        if section == name:
            one: list[Section] = [(section, pairs)]
            key, end = values(one, name, "publickey"), values(one, name, "endpoint")
            if key:
                allowed = tuple(values(one, name, "allowedips")[:64])
                alive = _number(values(one, name, "persistentkeepalive"))
                peers.append(
                    Peer(public_key=key[-1], endpoint=end[-1] if end else None, allowed=allowed, keepalive=alive)
                )
    return tuple(peers[:512])


def _number(words: list[str]) -> int:
    return int(words[-1]) if words and re.fullmatch(r"[0-9]{1,5}", words[-1]) else 0


def _wg_quick(name: str, found: list[Section], enabled: set[str]) -> Saved:
    return Saved(
        name=name,
        how="wg-quick",
        at_boot=f"wg-quick@{name}.service" in enabled,
        addresses=tuple(values(found, "interface", "address")[:16]),
        port=_number(values(found, "interface", "listenport")),
        peers=_peers(found, "peer"),
        rewritten="true" in (value.lower() for value in values(found, "interface", "saveconfig")),
    )


def _networkd(found: list[Section], networks: list[list[Section]], enabled: bool) -> Iterator[Saved]:
    if "wireguard" not in (value.lower() for value in values(found, "netdev", "kind")):
        return
    for name in values(found, "netdev", "name")[:1]:
        addresses: list[str] = []
        for network in networks:
            patterns = " ".join(values(network, "match", "name")).split()
            if any(fnmatch.fnmatchcase(name, pattern) for pattern in patterns):
                addresses += values(network, "network", "address") + values(network, "address", "address")
                break
        yield Saved(
            name=name,
            how="networkd",
            at_boot=enabled and bool(addresses),
            addresses=tuple(addresses[:16]),
            port=_number(values(found, "wireguard", "listenport")),
            peers=_peers(found, "wireguardpeer"),
        )


def _networkmanager(found: list[Section], enabled: bool) -> Iterator[Saved]:
    if "wireguard" not in values(found, "connection", "type"):
        return
    peers = []
    for section, pairs in found:
        if section.startswith("wireguard-peer."):
            given = dict(pairs)
            allowed = tuple(part for part in given.get("allowed-ips", "").split(";") if part)
            # The section's name was put in lower case: the key inside it cannot be compared, only its presence.
            peers.append(Peer(public_key="", endpoint=given.get("endpoint"), allowed=allowed[:64]))
    for name in values(found, "connection", "interface-name")[:1]:
        yield Saved(
            name=name,
            how="networkmanager",
            at_boot=enabled and "false" not in values(found, "connection", "autoconnect"),
            addresses=tuple(values(found, "ipv4", "address1") + values(found, "ipv4", "address"))[:1],
            port=_number(values(found, "wireguard", "listen-port")),
            peers=tuple(peers[:512]),
        )


def _ifupdown(text: str, known: list[Saved], enabled: bool) -> Iterator[Saved]:
    auto = set(" ".join(re.findall(r"^[ \t]*(?:auto|allow-hotplug)[ \t]+(.+)$", text, re.MULTILINE)).split())
    for stanza in re.split(r"^(?=[ \t]*iface\s)", text, flags=re.MULTILINE)[1:200]:
        name = stanza.split()[1] if len(stanza.split()) > 1 else ""
        if not re.search(r"\bwg(?:-quick)?\s|wireguard", stanza):
            continue
        file = next((item for item in known if item.how == "wg-quick" and item.name == name), None)
        yield Saved(
            name=name,
            how="ifupdown",
            at_boot=enabled and name in auto,
            addresses=tuple(re.findall(r"^[ \t]*address[ \t]+(\S+)", stanza, re.MULTILINE)[:16])
            or (file.addresses if file else ()),
            port=file.port if file else 0,
            peers=file.peers if file else (),
        )
