"""The port witness against namespaces with listeners and firewalls."""

from __future__ import annotations

import shutil
import sys
from typing import Any

import pytest

from checkers.facts import Raw
from checkers.probes.ports import Ports, PortsValue

pytestmark = pytest.mark.netns
SERVER = "52:54:00:50:00:10"
needs_nft = pytest.mark.skipif(shutil.which("nft") is None, reason="nftables is not installed")


def ask(host: Any, *ports: int, mac: str = SERVER) -> PortsValue:
    probe = Ports(mac=mac, ports=ports)
    done = host.sh(probe.command())
    return probe.parse(Raw(stdout=done.stdout, stderr=done.stderr, exit_code=done.returncode))


def listen(host: Any, *ports: int) -> None:
    program = (
        "import socket,time\n"
        f"s=[socket.create_server(('0.0.0.0',p)) for p in {ports!r}]\n"
        "time.sleep(60)"
    )  # fmt: skip
    host.start(sys.executable, "-c", program)
    for port in ports:
        host.wait(f"ss -Hltn 'sport = :{port}' | grep -q .")


def test_open_and_refused(wire: Any, witness: Any) -> None:
    server = wire.host(SERVER, "192.168.50.10/24")
    listen(server, 22, 445)
    assert ask(witness, 22, 23, 445) == PortsValue(
        subnet="192.168.50.0/24",
        addresses=("192.168.50.10",),
        alive_after=True,
        ping=True,
        ports={22: "open", 23: "refused", 445: "open"},
    )


@needs_nft
def test_silent_and_rejected_by_a_firewall(wire: Any, witness: Any) -> None:
    server = wire.host(SERVER, "192.168.50.10/24")
    listen(server, 22, 25, 80)
    assert (
        "drop"
        in server.sh(
            "nft 'table ip f { chain i { type filter hook input priority 0; policy drop; tcp dport 80 accept; "
            "tcp dport 25 reject with icmp type admin-prohibited; }; }'; nft list ruleset"
        ).stdout
    )
    found = ask(witness, 22, 25, 80)
    assert found.ports == {22: "silent", 25: "rejected", 80: "open"}
    assert not found.ping
    assert found.alive_after


def test_a_machine_is_found_at_another_address(wire: Any, witness: Any) -> None:
    server = wire.host(SERVER, "192.168.50.99/24", "192.168.50.201/24")
    listen(server, 22)
    wire.host("52:54:00:50:00:11", "192.168.50.10/24")
    found = ask(witness, 22)
    assert found.addresses == ("192.168.50.99", "192.168.50.201")
    assert found.ports == {22: "open"}


def test_an_absent_machine(witness: Any) -> None:
    found = ask(witness, 22)
    assert (found.addresses, found.alive_after, found.ports) == ((), False, {})


@needs_nft
def test_a_drop_everything_firewall_does_not_hide_the_machine(wire: Any, witness: Any) -> None:
    server = wire.host(SERVER, "192.168.50.10/24")
    rules = "table inet f { chain i { type filter hook input priority -500; policy drop; }; }"
    assert "drop" in server.sh(f"nft '{rules}'; nft list ruleset").stdout
    found = ask(witness, 22)
    assert found.addresses == ("192.168.50.10",)
    assert found.alive_after
    assert found.ports == {22: "silent"}
