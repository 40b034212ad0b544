"""What a machine's files say an interface will be after a reboot, whichever tool manages it.

systemd.network(5), interfaces(5) of ifupdown, NetworkManager keyfiles (nm-settings-keyfile(5)). Each reader takes the
lines of every file of its tool and answers for one interface.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from ipaddress import IPv4Interface, IPv4Network
from pathlib import PurePosixPath

Files = dict[str, list[str]]
"""Lines of each file by its path."""


@dataclass
class Configured:
    """What one tool has for an interface. method: ``static``, ``dhcp``, or ``none`` when it manages nothing there.

    at_boot: the configuration is brought up without being asked. source: the file that says so.
    """

    tool: str
    method: str = "none"
    addresses: list[str] = field(default_factory=list)
    gateways: list[str] = field(default_factory=list)
    at_boot: bool = True
    source: str = ""


def networkd(files: Files, name: str, mac: str) -> Configured:
    """The first .network file by name that matches the interface, with its drop-ins; /etc hides /run hides /usr."""
    found = Configured("systemd-networkd")
    chosen: dict[str, str] = {}
    for place in ("/usr/lib/systemd/network/", "/run/systemd/network/", "/etc/systemd/network/"):
        for path in files:
            if path.startswith(place) and path.endswith(".network"):
                chosen[PurePosixPath(path).name] = path
    for base in sorted(chosen):
        path = chosen[base]
        sections = _sections(files[path])
        if not _matches(sections, name, mac):
            continue
        found.source = path
        for drop_in in sorted((p for p in files if f"/{base}.d/" in p), key=lambda p: PurePosixPath(p).name):
            sections += _sections(files[drop_in])
        _read_network(sections, found)
        break
    return found


def _read_network(sections: list[tuple[str, str, str]], found: Configured) -> None:
    dhcp = False
    for section, key, value in sections:
        if (section, key) == ("network", "dhcp"):
            dhcp = value.lower() in ("yes", "true", "1", "on", "ipv4", "both", "v4")
        elif key == "address" and section in ("network", "address"):
            found.addresses = [*found.addresses, value] if value else []
        elif key == "gateway" and section == "network":
            found.gateways = [*found.gateways, value] if value else []
        elif key == "gateway" and section == "route":
            found.gateways.append(value)
    found.addresses = [address for address in found.addresses if ":" not in address]
    found.method = "dhcp" if dhcp else "static" if found.addresses else "none"


def _matches(sections: list[tuple[str, str, str]], name: str, mac: str) -> bool:
    """Whether a [Match] section accepts the interface; a file without one matches everything."""
    for section, key, value in sections:
        if section != "match":
            continue
        patterns = value.split()
        if key == "name" and not _any(name, patterns):
            return False
        if key in ("macaddress", "permanentmacaddress"):
            wanted = [p.lower().replace("-", ":") for p in patterns]
            if mac.lower() not in wanted:
                return False
        if key == "type" and not _any("ether", patterns):
            return False
        if key in ("kind", "driver", "ssid", "bssid", "wlaninterfacetype"):
            return False
    return True


def _any(name: str, patterns: list[str]) -> bool:
    if patterns and patterns[0].startswith("!"):
        return not any(fnmatchcase(name, pattern.lstrip("!")) for pattern in patterns)
    return any(fnmatchcase(name, pattern) for pattern in patterns)


def _sections(lines: list[str]) -> list[tuple[str, str, str]]:
    """(section, key, value) of an ini-like file, in order, section and key in lower case; repeated keys kept."""
    section, triples = "", []
    for raw in lines[:2000]:
        line = raw.strip()
        if not line or line[0] in "#;":
            continue
        if line.startswith("[") and line.endswith("]"):
            section = line[1:-1].strip().lower()
        elif "=" in line:
            key, _, value = line.partition("=")
            triples.append((section, key.strip().lower(), value.strip()))
    return triples


def ifupdown(files: Files, name: str) -> Configured:
    """The ``iface`` stanzas of an interface, and whether ``auto`` or ``allow-hotplug`` brings it up."""
    found = Configured("ifupdown", at_boot=False)
    lines = [(path, line) for path in sorted(files) if "/network/interfaces" in path for line in files[path]]
    inside, netmask = False, ""
    bare: list[str] = []
    for path, raw in lines[:5000]:
        words = raw.split("#")[0].split()
        if not words:
            continue
        head = words[0]
        if head in ("auto", "allow-auto", "allow-hotplug"):
            inside = False
            found.at_boot = found.at_boot or name in words[1:]
        elif head == "iface":
            inside = len(words) >= 4 and words[1] == name and words[2] == "inet"
            if inside:
                found.source = path
                found.method = words[3] if words[3] in ("static", "dhcp") else found.method
        elif head in ("mapping", "source", "source-directory", "rename"):
            inside = False
        elif inside and len(words) >= 2:
            if head == "address":
                bare.append(words[1])
            elif head == "netmask":
                netmask = words[1]
            elif head == "gateway":
                found.gateways.append(words[1])
    found.addresses = [address if "/" in address else f"{address}/{_prefix(netmask)}" for address in bare]
    return found


def _prefix(netmask: str) -> str:
    try:
        return str(IPv4Network(f"0.0.0.0/{netmask}").prefixlen)
    except ValueError:
        return netmask


def network_manager(files: Files, name: str, mac: str) -> Configured:
    """The first connection profile for an interface that connects by itself."""
    found = Configured("NetworkManager")
    for path in sorted(p for p in files if p.endswith(".nmconnection")):
        values: dict[str, str] = {}
        for section, key, value in _sections(files[path]):
            values[f"{section}.{key}"] = value
        card = values.get("ethernet.mac-address", values.get("802-3-ethernet.mac-address", "")).lower()
        bound = values.get("connection.interface-name", "")
        if (bound and bound != name) or (card and card != mac.lower()) or not (bound or card):
            continue
        found.source = path
        found.at_boot = values.get("connection.autoconnect", "true").lower() not in ("false", "no", "0")
        method = values.get("ipv4.method", "")
        found.method = {"manual": "static", "auto": "dhcp"}.get(method, "none")
        numbered = [v for k, v in values.items() if re.fullmatch(r"ipv4\.address(es)?[0-9]*", k)]
        for entry in ";".join(numbered).split(";"):
            address, _, gateway = entry.strip().partition(",")
            found.addresses += [address] if address else []
            found.gateways += [gateway.strip()] if gateway.strip() else []
        if values.get("ipv4.gateway"):
            found.gateways.append(values["ipv4.gateway"])
        break
    return found


def same_interface(written: str, expected: IPv4Interface) -> bool:
    """Whether an address as written in a file is the expected one, prefix included."""
    try:
        return IPv4Interface(written) == expected
    except ValueError:
        return False
