"""The DHCP witness against a real server (dnsmasq) in a namespace."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from checkers.facts import Raw
from checkers.probes.lease import Lease, LeaseValue

pytestmark = [
    pytest.mark.netns,
    pytest.mark.skipif(shutil.which("dnsmasq") is None, reason="dnsmasq-base is not installed"),
]
DEVICE = "52:54:00:50:00:77"


def serve(host: Any, folder: Path, *options: str) -> None:
    leases = folder / f"{host.name}.leases"
    host.start(
        "dnsmasq", "--keep-in-foreground", "--no-resolv", "--no-hosts", "--port=0", "--conf-file=/dev/null",
        "--user=root", f"--pid-file={folder}/{host.name}.pid", f"--dhcp-leasefile={leases}", "--dhcp-authoritative",
        "--log-facility=-", "--interface=eth0", "--bind-interfaces", "--no-ping", *options,
    )  # fmt: skip
    host.wait("ss -Hluln 'sport = :67' | grep -q .")


def ask(host: Any, probe: Lease) -> LeaseValue:
    done = host.sh(probe.command())
    return probe.parse(Raw(stdout=done.stdout, stderr=done.stderr, exit_code=done.returncode))


RANGE = ("--dhcp-range=192.168.50.100,192.168.50.199,255.255.255.0,8h",)


def test_a_lease_is_obtained_with_its_options_and_given_back(wire: Any, witness: Any, tmp_path: Path) -> None:
    server = wire.host("52:54:00:50:00:10", "192.168.50.10/24")
    serve(server, tmp_path, *RANGE, "--dhcp-option=3,192.168.50.254", "--dhcp-option=6,192.168.50.10,9.9.9.9",
          "--dhcp-option=15,Kerbras.LAN")  # fmt: skip
    found = ask(witness, Lease())
    assert found.ack is not None
    assert 100 <= int(str(found.ack.address).rsplit(".", 1)[1]) <= 199
    assert found.ack.mask == "255.255.255.0"
    assert found.ack.routers == ("192.168.50.254",)
    assert found.ack.dns == ("192.168.50.10", "9.9.9.9")
    assert found.offers[0].domain == "kerbras.lan"
    assert found.ack.lease_seconds == 8 * 3600
    assert [offer.server for offer in found.offers] == ["192.168.50.10"]
    assert found.offers[0].server_mac == "52:54:00:50:00:10"
    server.wait(f"! grep -q . {tmp_path}/{server.name}.leases")
    assert "192.168.50.250" in witness.sh("ip -4 -o addr show eth0").stdout, "the witness kept its own address"


def test_two_servers_are_both_seen(wire: Any, witness: Any, tmp_path: Path) -> None:
    serve(wire.host("52:54:00:50:00:10", "192.168.50.10/24"), tmp_path, *RANGE)
    serve(wire.host("52:54:00:50:00:66", "192.168.50.66/24"), tmp_path, "--dhcp-range=192.168.50.20,192.168.50.29")
    found = ask(witness, Lease())
    assert {offer.server for offer in found.offers} == {"192.168.50.10", "192.168.50.66"}


def test_the_offer_to_another_device_takes_no_lease(wire: Any, witness: Any, tmp_path: Path) -> None:
    server = wire.host("52:54:00:50:00:10", "192.168.50.10/24")
    serve(server, tmp_path, *RANGE, f"--dhcp-host={DEVICE},192.168.50.60")
    found = ask(witness, Lease(device=DEVICE.upper()))
    assert [str(offer.address) for offer in found.offers] == ["192.168.50.60"]
    assert found.ack is None
    assert server.sh(f"cat {tmp_path}/{server.name}.leases").stdout == ""


def test_silence_is_an_answer(witness: Any) -> None:
    found = ask(witness, Lease())
    assert found == LeaseValue(offers=(), ack=None)
