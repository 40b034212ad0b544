"""``address-static`` and ``address-dynamic``, whichever tool manages the interface."""

from __future__ import annotations

import json

import pytest

from checkers.checks.addresses import AddressIsDynamic, AddressIsStatic
from checkers.facts import Raw
from checkers.probe import Unreadable
from checkers.probes.addresses import Addresses
from tests.unit.checkers.local.judging import Judged, judged

MAC = "52:54:00:50:00:77"
UNITS = {"systemd-networkd": "enabled", "networking": "", "NetworkManager": ""}


def output(
    config: str = "",
    *,
    address: str = "192.168.50.60",
    prefix: int = 24,
    valid: int = 4294967295,
    router: str = "192.168.50.254",
    units: dict[str, str] = UNITS,
    resolv: str = "nameserver 192.168.50.10",
    upstream: str = "",
    leases: str = "",
) -> str:
    info = {"family": "inet", "local": address, "prefixlen": prefix, "valid_life_time": valid}
    if valid != 4294967295:
        info["dynamic"] = True
    card = {"ifname": "eth0", "address": MAC, "flags": ["UP", "BROADCAST"], "addr_info": [info] if address else []}
    addr = json.dumps([{"ifname": "lo"}, card])
    route = json.dumps([{"dst": "default", "gateway": router, "dev": "eth0", "protocol": "dhcp"}] if router else [])
    states = "\n\n".join(f"Id={name}.service\nActiveState=active\nUnitFileState={s}" for name, s in units.items())
    return (
        f"== addr\n{addr}\n== route\n{route}\n== resolv\n{resolv}\n== upstream\n{upstream}\n"
        f"== units\n{states}\n== config\n{config}\n== leases\n{leases}\n"
    )


def networkd(*lines: str, path: str = "/etc/systemd/network/10-lan.network") -> str:
    return "\n".join(f"{path}:{line}" for line in ("[Match]", "Name=eth0", "[Network]", *lines))


STATIC = AddressIsStatic.model_validate(
    {"on": "client", "interface": "eth0", "address": "192.168.50.60/24", "gateway": "192.168.50.254"}
)
DYNAMIC = AddressIsDynamic.model_validate(
    {
        "on": "client",
        "interface": "eth0",
        "subnet": "192.168.50.0/24",
        "address": "192.168.50.60",
        "router": "192.168.50.254",
        "dns": "192.168.50.10",
    }
)


def static(text: str) -> Judged:
    return judged(STATIC, {"addresses": text})


def dynamic(text: str) -> Judged:
    return judged(DYNAMIC, {"addresses": text})


NETWORKD = networkd("Address=192.168.50.60/24", "Gateway=192.168.50.254")
SECTIONS = "\n".join(
    f"/etc/systemd/network/05-x.network:{line}"
    for line in (
        "[Match]",
        f"MACAddress={MAC.upper()}",
        "[Address]",
        "Address = 192.168.50.60/24",
        "[Route]",
        "Gateway=192.168.50.254",
    )
)
INTERFACES = "\n".join(
    f"/etc/network/interfaces:{line}"
    for line in (
        "auto lo",
        "auto eth0",
        "iface eth0 inet static",
        "  address 192.168.50.60",
        "  netmask 255.255.255.0",
        "  gateway 192.168.50.254",
    )
)
KEYFILE = "\n".join(
    f"/etc/NetworkManager/system-connections/lan.nmconnection:{line}"
    for line in (
        "[connection]",
        "interface-name=eth0",
        "[ipv4]",
        "method=manual",
        "address1=192.168.50.60/24,192.168.50.254",
    )
)
IFUPDOWN_ONLY = {"systemd-networkd": "disabled", "networking": "enabled", "NetworkManager": ""}
NM_ONLY = {"systemd-networkd": "disabled", "networking": "disabled", "NetworkManager": "enabled"}


@pytest.mark.parametrize(
    "text",
    [
        output(NETWORKD),
        output(SECTIONS),
        output(networkd() + "\n/etc/systemd/network/10-lan.network.d/a.conf:[Network]"
               "\n/etc/systemd/network/10-lan.network.d/a.conf:Address=192.168.50.60/24"
               "\n/etc/systemd/network/10-lan.network.d/a.conf:Gateway=192.168.50.254"),
        output(INTERFACES, units=IFUPDOWN_ONLY),
        output(KEYFILE, units=NM_ONLY),
        output(NETWORKD.replace("Name=eth0", "Name=en* eth*")),
    ],
)  # fmt: skip
def test_fixed_by_any_tool(text: str) -> None:
    assert static(text).outcome == "PASS"


@pytest.mark.parametrize(
    ("text", "word"),
    [
        (output(""), "après un redémarrage : rien de configuré"),
        (output(networkd("DHCP=yes"), valid=3600), "192.168.50.60/24 (DHCP)"),
        (output(NETWORKD, prefix=16), "192.168.50.60/16"),
        (output(INTERFACES), "rien de configuré"),
        (output(INTERFACES.replace("auto eth0", "auto eth9"), units=IFUPDOWN_ONLY), "rien de configuré"),
        (output(KEYFILE + "\n/etc/NetworkManager/system-connections/lan.nmconnection:[connection]"
                "\n/etc/NetworkManager/system-connections/lan.nmconnection:autoconnect=false",
                units=NM_ONLY), "rien de configuré"),
        (output(NETWORKD, router="192.168.50.1"), "passerelle : trouvé « 192.168.50.1 »"),
        # A file that comes first and leaves the interface alone hides the good one.
        (output(NETWORKD + "\n/etc/systemd/network/00-tout.network:[Match]"
                "\n/etc/systemd/network/00-tout.network:Name=*"), "rien de configuré"),
        (output(networkd("Address=192.168.50.60/16", "Gateway=192.168.50.254")), "192.168.50.60/16"),
    ],
)  # fmt: skip
def test_fixed_in_appearance(text: str, word: str) -> None:
    result = static(text)
    assert result.outcome in ("PART", "FAIL")
    assert word in result.reason


DHCP = networkd("DHCP=ipv4")
STUB = "nameserver 127.0.0.53\noptions edns0"
DHCLIENT = INTERFACES.replace("static", "dhcp").split("\n  ")[0]
AUTOMATIC = "\n".join(
    f"/etc/NetworkManager/system-connections/lan.nmconnection:{line}"
    for line in ("[connection]", "interface-name=eth0", "[ipv4]", "method=auto")
)


@pytest.mark.parametrize(
    "text",
    [
        output(DHCP, valid=28000),
        output(DHCP, valid=28000, resolv=STUB, upstream="nameserver 192.168.50.10\nsearch kerbras.lan"),
        output("/etc/network/interfaces:auto eth0\n/etc/network/interfaces:iface eth0 inet dhcp",
               units=IFUPDOWN_ONLY, leases="  fixed-address 192.168.50.60;"),
        output(AUTOMATIC, units=NM_ONLY, valid=600),
        output(DHCP, valid=28000, resolv="nameserver 192.168.50.10\nnameserver 9.9.9.9"),
    ],
)  # fmt: skip
def test_by_dhcp_with_any_client(text: str) -> None:
    assert dynamic(text).outcome == "PASS"


@pytest.mark.parametrize(
    ("text", "word", "outcome"),
    [
        # The right address typed by hand, the name servers already there: nothing is earned.
        (output(NETWORKD), "192.168.50.60/24 (fixe)", "FAIL"),
        (output(DHCP, address="192.168.50.101", valid=28000), "attendu « 192.168.50.60 »", "FAIL"),
        (output(DHCP, address="169.254.3.4", prefix=16), "trouvé « 169.254.3.4/16 »", "FAIL"),
        (output(DHCP, address=""), "trouvé rien", "FAIL"),
        # dhclient by hand: gone after a reboot.
        (output(NETWORKD, valid=28000), "au démarrage, eth0 n'est pas en DHCP : static 192.168.50.60/24", "PART"),
        (output(DHCP, valid=28000, router=""), "passerelle : trouvé rien", "PART"),
        (output(DHCP, valid=28000, resolv="nameserver 8.8.8.8"), "8.8.8.8", "PART"),
    ],
)  # fmt: skip
def test_by_dhcp_in_appearance(text: str, word: str, outcome: str) -> None:
    result = dynamic(text)
    assert word in result.reason
    assert result.outcome == outcome


def test_no_interface_and_nothing_seen() -> None:
    missing = output(DHCP).replace("eth0", "eth5")
    assert dynamic(missing).outcome == "FAIL"
    assert static(missing).outcome == "FAIL"
    assert judged(DYNAMIC, {"addresses": None}).outcome == "INCONCLUSIVE"
    assert judged(STATIC, {"addresses": "ip: command not found"}).outcome == "INCONCLUSIVE"


@pytest.mark.parametrize("text", ["", "== addr\n{\n== route\n[]", "== addr\n" + "[" * 50])
def test_hostile_outputs_are_unreadable(text: str) -> None:
    with pytest.raises(Unreadable):
        Addresses().parse(Raw(stdout=text))
