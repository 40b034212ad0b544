"""Every recorded output of a network probe is read as it was: tests/goldens/README.md."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from checkers.facts import Raw
from checkers.probe import Probe
from checkers.probes import access_point, awake, dhcp, dhcp_leases, dns, domain_wire, firewall, lease, ports, vpn, wifi
from tests.unit.checkers.reading import read_as_it_was

GOLDENS = Path(__file__).parents[2] / "goldens"
PROBES: dict[str, type[Probe[Any]]] = {
    probe.name: probe
    for probe in (
        access_point.AccessPoint,
        access_point.AccessPointAdmin,
        awake.Awake,
        dhcp.Dhcp,
        dhcp_leases.DhcpLeases,
        dns.DnsForwarder,
        dns.DnsLocal,
        dns.DnsWire,
        domain_wire.DirectoryOnWire,
        domain_wire.PoliciesOnWire,
        firewall.Firewall,
        lease.Lease,
        ports.Ports,
        ports.TcpReach,
        vpn.Roaming,
        vpn.TunnelPing,
        vpn.Wireguard,
        wifi.Air,
        wifi.Isolation,
        wifi.Station,
    )
}
FILES = sorted(file for name in PROBES for file in (GOLDENS / name).glob("*.json"))


@pytest.mark.parametrize("file", FILES, ids=[f"{file.parent.name}/{file.stem}" for file in FILES])
def test_golden(file: Path) -> None:
    golden = json.loads(file.read_text("utf-8"))
    raw = Raw(stdout="\n".join(golden["stdout"]), exit_code=golden["exit_code"])
    probe = PROBES[file.parent.name].model_validate(golden["args"])
    read_as_it_was(probe, raw, golden["value"])


@pytest.mark.parametrize("name", sorted(PROBES))
def test_every_probe_has_a_golden(name: str) -> None:
    assert list((GOLDENS / name).glob("*.json"))
