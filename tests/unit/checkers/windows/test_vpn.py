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


@pytest.mark.parametrize(
    "change",
    [
        {"server": "vpn.kerbas.example"},
        {"tunnel": "Automatic"},  # tries IKEv2 too, and takes what answers
        {"tunnel": "L2tp"},
        {"split": False},  # everything goes through the tunnel
    ],
)
def test_a_connection_in_appearance(change: dict[str, Any]) -> None:
    answer = golden("vpn-connections", "client-all-users")
    answer["all_users"][0].update(change)
    assert judged(KERBRAS, {"vpn-connections": answer}).outcome == "FAIL"


def test_a_connection_of_one_user_is_asked_for_as_such() -> None:
    own = {"all": [
        {"path": "server", "equals": "vpn.kerbras.example"}, {"path": "tunnel", "equals": "ikev2"},
        {"path": "all_users", "equals": False}, {"path": "user", "matches": "S-1-5-21-.*-1001"},
    ]}  # fmt: skip
    check = fact("vpn-connections", {"path": "connections[*]", "any": own})
    assert judged(check, {"vpn-connections": golden("vpn-connections", "client-one-user")}).outcome == "PASS"
    assert judged(check, {"vpn-connections": golden("vpn-connections", "client-all-users")}).outcome == "FAIL"
    answer = golden("vpn-connections", "client-one-user")
    for strategy in ("8", "0"):  # IKEv2 first, or whatever answers
        answer["books"][0]["lines"][2] = f"VpnStrategy={strategy}"
        assert judged(check, {"vpn-connections": answer}).outcome == "FAIL"
    maximum = {"path": "connections[*]", "any": {"path": "encryption", "equals": "Maximum"}}
    unseen = judged(fact("vpn-connections", maximum), {"vpn-connections": golden("vpn-connections", "client-one-user")})
    assert unseen.outcome == "INCONCLUSIVE"  # only the user could ask Windows for it


def test_no_linux_machine_is_asked() -> None:
    assert SHELL.twin(VpnConnections()) is None
    assert families(VpnConnections()) == {"windows"}
