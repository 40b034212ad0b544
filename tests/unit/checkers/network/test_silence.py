"""What is missing counts only on a machine that was connected, that answers its own channel, and that has started."""

from __future__ import annotations

import json
from typing import Any

import pytest

from checkers.checks._network import NETWORK
from checkers.facts import Raw
from checkers.probes.awake import Awake, AwakeValue

from .judging import AWAKE, DUMB, STARTING, judged

LAN = "192.168.50.0/24"
MAC = "52:54:00:50:00:77"
KINDS = {check.kind: check for check in NETWORK}
DIG_REFUSED = Raw(stdout=";; communications error to 127.0.0.1#53: connection refused\n", exit_code=9)
NO_PORT = json.dumps({"subnet": LAN, "addresses": ["192.168.50.60"], "alive_after": True, "ping": True,
                      "ports": {"22": "refused"}})  # fmt: skip
NO_DHCP = '@@ listen\n@@ file\n{"Dhcp4": {"subnet4": []}}\n@@ address\n'
NO_TUNNEL = "@@ dump\n@@ now\n1\n@@ address\n@@ link\n@@ enabled\n@@ others\n@@ end\n"
NO_RULES = (
    '@@ rules\n{"nftables": []}\n@@ code 0\n@@ address\n2: eth0 inet 192.168.50.10/24\n@@ link\n'
    "/sys/class/net/eth0 1\n@@ enabled\nnftables\n@@ others\n@@ iptables\n@@ legacy\n@@ saved\n@@ end\n"
)
NO_RADIO = '@@ saved\n{"wifi": {}, "lan": {"address": "192.168.1.1", "prefix": 24}}\n@@ status\nstate=DISABLED\n'
NO_RADIO += "@@ running\n@@ address\n@@ route\n@@ end\n"
SAVED_RADIO = NO_RADIO.replace(
    "{},", json.dumps({"ssid": "S", "band": "5", "channel": 36, "security": "wpa3", "key": "k"}) + ","
)
VPN_END = {"on": "server", "address": "10.50.0.1/24"}

MISSING: list[tuple[str, dict[str, Any], str | Raw]] = [
    ("dhcp-scope", {"on": "server", "subnet": LAN, "first": "192.168.50.1", "last": "192.168.50.9"}, NO_DHCP),
    ("dhcp-offer", {"network": "lan", "server": "server", "subnet": LAN}, '{"offers": [], "ack": null}'),
    ("dns-record", {"on": "server", "zone": "k.lan", "name": "a", "value": "192.0.2.1"}, DIG_REFUSED),
    ("dns-resolves", {"network": "lan", "server": "server", "server_address": "192.168.50.10", "name": "a.k.lan",
                      "value": "192.0.2.1"}, DIG_REFUSED),
    ("vpn-server", {**VPN_END, "port": 51820, "peers": []}, NO_TUNNEL),
    ("vpn-client", {**VPN_END, "endpoint": "192.0.2.1:1", "allowed": LAN, "peer_secret": "x"}, NO_TUNNEL),
    ("vpn-traffic", {"network": "internet", "server": "server", "endpoint": "203.0.113.10:51820",
                     "address": "10.50.0.3", "target": "10.50.0.1", "key_secret": "n", "peer_secret": "s"},
     "ready=1\nsent=5\nreceived=0\nhandshake=0\n"),
    ("firewall-policy", {"on": "server"}, NO_RULES),
    ("ports", {"network": "lan", "machine": "client", "mac": MAC, "open": [22]}, NO_PORT),
    ("tcp-reach", {"on": "server", "to": "client", "mac": MAC, "network": "lan", "port": 22},
     "to 192.168.50.60\nfailed: Connection refused\nagain\nfailed: Connection refused\ncode 1\n"),
    ("wifi-network", {"on": "ap", "ssid": "S"}, SAVED_RADIO),
    ("wifi-air", {"on": "ap", "ssid": "S"}, "@@ code 0\nbss=0\n" + SAVED_RADIO),
    ("wifi-associates", {"on": "ap", "ssid": "S", "subnet": LAN, "network": "lan", "server": "server"},
     "associated=yes\nkey_mgmt=NONE\nlease=no\n"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "given", "output"), MISSING, ids=[kind for kind, _, _ in MISSING])
def test_what_is_missing_counts_on_a_machine_that_is_awake(kind: str, given: dict[str, Any], output: str | Raw) -> None:
    check = KINDS[kind].model_validate(given)
    assert judged(check, output, awake=AWAKE).outcome in ("FAIL", "PART")
    assert judged(check, output, awake=AWAKE.replace("running", "degraded")).outcome in ("FAIL", "PART")
    starting = judged(check, output, awake=STARTING)
    assert starting.outcome == "INCONCLUSIVE"
    assert "démarrait encore (depuis 30 s)" in starting.reason
    assert judged(check, output, awake=DUMB).outcome == "INCONCLUSIVE"


def test_a_service_manager_that_never_ends_starting_is_no_excuse() -> None:
    assert not AwakeValue(uptime_s=700, state="starting").starting
    assert AwakeValue(uptime_s=60, state="initializing").starting
    assert not AwakeValue(uptime_s=5, state="").starting


def test_a_machine_without_a_service_manager() -> None:
    assert Awake().parse(Raw(stdout="up 12\nend\n")) == AwakeValue(uptime_s=12, state="")
