"""VPN on Windows: connections that Windows dials, and WireGuard."""

from __future__ import annotations

from typing import Any

import pytest

from checkers.checks.vpn import VpnClient, VpnServer, public
from checkers.dialect import SHELL
from checkers.families import families
from checkers.probes.vpn_connections import VpnConnections
from tests.unit.checkers.windows.judging import fact, golden, judged

TUNNEL = VpnClient.model_validate(
    {
        "on": "client", "address": "10.50.0.2/32", "key_secret": "vpn_nomade", "endpoint": "203.0.113.10:51820",
        "allowed": "192.168.50.0/24", "peer_secret": "vpn_serveur", "keepalive": 25,
    }
)  # fmt: skip


def wireguard(**changes: Any) -> Any:
    return keyed(golden("wireguard", "client-nomade") | changes)


def keyed(answer: Any) -> Any:
    """The lab's keys in the place of those of the golden."""
    for found, secret in (("CLIENTPUB=", "vpn_nomade"), ("SERVERPUB=", "vpn_serveur")):
        answer["dump"] = [line.replace(found, public(secret)) for line in answer["dump"]]
    return answer


def test_a_tunnel_that_runs_and_comes_back() -> None:
    assert judged(TUNNEL, {"wireguard": wireguard()}).outcome == "PASS"


@pytest.mark.parametrize(
    "answer",
    [
        wireguard(services=[{"name": "WireGuardTunnel$nomade", "start": 3}]),
        wireguard(services=[{"name": "WireGuardTunnel$autre", "start": 2}]),
        wireguard(addresses=[{"alias": "nomade", "address": "10.50.0.2", "prefix": 32, "state": 2}]),
        wireguard(dump=[line.replace("SERVERPUB=", "OTHER=") for line in golden("wireguard", "client-nomade")["dump"]]),
        golden("wireguard", "server-stopped"),
    ],
)
def test_a_tunnel_in_appearance(answer: Any) -> None:
    assert judged(TUNNEL, {"wireguard": answer}).outcome in ("PART", "FAIL")


SERVER = VpnServer.model_validate(
    {
        "on": "server", "address": "10.50.0.1/24", "port": 51820, "key_secret": "vpn_serveur",
        "peers": [{"key_secret": "vpn_nomade", "allowed": "10.50.0.2/32"}],
    }
)  # fmt: skip


DUMP = golden("wireguard", "server-kerbras")["dump"]


def served(**changes: Any) -> Any:
    return keyed(golden("wireguard", "server-kerbras") | changes)


def test_a_server() -> None:
    assert judged(SERVER, {"wireguard": served()}).outcome == "PASS"


@pytest.mark.parametrize(
    "answer",
    [
        served(dump=[line.replace("51820", "51821") for line in DUMP]),
        served(dump=[line.replace("10.50.0.2/32", "0.0.0.0/0") for line in DUMP]),
        served(services=[{"name": "WireGuardTunnel$kerbras", "start": 4}]),
        served(dump=DUMP[:1]),
        golden("wireguard", "server-stopped"),
    ],
)
def test_a_server_in_appearance(answer: Any) -> None:
    assert judged(SERVER, {"wireguard": answer}).outcome in ("PART", "FAIL")


KERBRAS = fact(
    "vpn-connections",
    {
        "path": "connections[*]",
        "any": {
            "all": [
                {"path": "server", "equals": "vpn.kerbras.example"},
                {"path": "tunnel", "equals": "ikev2"},
                {"path": "all_users", "equals": True},
                {"path": "split", "equals": True},
            ]
        },
    },
)  # fmt: skip


def test_a_connection_of_all_users() -> None:
    assert judged(KERBRAS, {"vpn-connections": golden("vpn-connections", "client-all-users")}).outcome == "PASS"
    for case in ("client-one-user", "server-none"):
        assert judged(KERBRAS, {"vpn-connections": golden("vpn-connections", case)}).outcome == "FAIL"
    assert judged(KERBRAS, {"vpn-connections": None}).outcome == "INCONCLUSIVE"


def test_no_linux_machine_is_asked() -> None:
    assert SHELL.twin(VpnConnections()) is None
    assert families(VpnConnections()) == {"windows"}
