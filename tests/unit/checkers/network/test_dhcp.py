"""The DHCP checks: different but right, looks right but wrong, and what concludes nothing."""

from __future__ import annotations

import json
from typing import Any

import pytest

from checkers.check import Check
from checkers.checks.dhcp import DhcpExclusion, DhcpLeaseTime, DhcpOptions, DhcpReservation, DhcpScope

from .judging import Judged, judged

LAN = "192.168.50.0/24"
ADDRESS = "@@ address\n2: eth0    inet 192.168.50.10/24 scope global eth0\n"
LISTEN = 'UNCONN 0 0 192.168.50.10:67 0.0.0.0:* users:(("{}",pid=700,fd=14))'
MAC = "52:54:00:50:00:77"


def option(name: str, data: str) -> dict[str, str]:
    return {"name": name, "data": data}


OPTIONS = [
    option("routers", "192.168.50.254"),
    option("domain-name-servers", "192.168.50.10"),
    option("domain-name", "kerbras.lan"),
]


def pools(*texts: str) -> list[dict[str, str]]:
    return [{"pool": text} for text in texts]


RIGHT = pools("192.168.50.100 - 192.168.50.149", "192.168.50.160 - 192.168.50.199")


def conf(subnets: list[dict[str, Any]] | None = None, **top: Any) -> str:
    subnets = [{"subnet": LAN, "pools": RIGHT, "option-data": OPTIONS}] if subnets is None else subnets
    return json.dumps({"Dhcp4": {"subnet4": subnets, "valid-lifetime": 28800, **top}})


def output(running: str | None, saved: str | None = None, *, program: str = "kea-dhcp4", more: str = "") -> str:
    """What the probe prints. ``running`` None: no server."""
    text = "@@ listen\n"
    if running is not None:
        answer = json.dumps([{"result": 0, "arguments": json.loads(running)}])
        text += f"{LISTEN.format(program)}\n@@ running kea-dhcp4\n"
        text += f"@@ socket /run/kea/kea4-ctrl-socket\n{answer}\n"
    text += f"@@ file\n{saved if saved is not None else (running or '')}\n"
    return text + f"{more}@@ address\n2: eth0    inet 192.168.50.10/24 brd 192.168.50.255 scope global eth0\n"


SCOPE = DhcpScope(on="server", subnet=LAN, first="192.168.50.100", last="192.168.50.199")  # type: ignore[arg-type]
EXCLUSION = DhcpExclusion(on="server", subnet=LAN, first="192.168.50.150", last="192.168.50.159")  # type: ignore[arg-type]
TOLD = DhcpOptions(on="server", subnet=LAN, routers=["192.168.50.254"], dns=["192.168.50.10"], domain="kerbras.lan")  # type: ignore[arg-type]
LEASE = DhcpLeaseTime(on="server", subnet=LAN, seconds=28800)  # type: ignore[arg-type]
RESERVED = DhcpReservation(on="server", subnet=LAN, mac=MAC, address="192.168.50.60")  # type: ignore[arg-type]


def one(**subnet: Any) -> str:
    return conf([{"subnet": LAN, **subnet}])


@pytest.mark.parametrize(
    ("check", "running"),
    [
        (SCOPE, conf()),
        (SCOPE, one(pools=pools("192.168.50.100-192.168.50.199"))),
        (SCOPE, one(pools=pools("192.168.50.180-192.168.50.199", "192.168.50.100-192.168.50.179"))),
        (SCOPE, conf([], **{"shared-networks": [{"subnet4": [{"subnet": LAN, "pools": RIGHT}]}]})),
        (EXCLUSION, conf()),
        (EXCLUSION, one(pools=pools("192.168.50.100-192.168.50.127", "192.168.50.160/27"))),
        (EXCLUSION, one(pools=pools("192.168.50.192/29", "192.168.50.100-192.168.50.140"))),
        (TOLD, conf()),
        (TOLD, conf([{"subnet": LAN, "pools": RIGHT}], **{"option-data": OPTIONS})),
        (TOLD, one(pools=[{**pool, "option-data": OPTIONS} for pool in RIGHT])),
        (TOLD, one(pools=RIGHT, **{"option-data": [{"code": 3, "data": "192.168.50.254"}, OPTIONS[1],
                                                   option("domain-name", "KERBRAS.LAN.")]})),
        (LEASE, conf()),
        (LEASE, conf([{"subnet": LAN, "valid-lifetime": 28800}], **{"valid-lifetime": 60})),
        (LEASE, conf([], **{"shared-networks": [{"valid-lifetime": 28800, "subnet4": [{"subnet": LAN}]}]})),
        (RESERVED, one(reservations=[{"hw-address": MAC, "ip-address": "192.168.50.60"}])),
        (RESERVED, one(reservations=[{"hw-address": MAC.upper(), "ip-address": "192.168.50.60", "hostname": "poste"}])),
        (RESERVED, conf([{"subnet": LAN}], **{"reservations-global": True, "reservations": [
            {"hw-address": MAC, "ip-address": "192.168.50.60"}]})),
    ],
)  # fmt: skip
def test_different_but_right(check: Check, running: str) -> None:
    found = judged(check, output(running))
    assert found.outcome == "PASS", found.reason


@pytest.mark.parametrize(
    ("check", "running", "reason"),
    [
        (SCOPE, one(pools=pools("192.168.50.50-192.168.50.99")),
         "étendue trouvée 192.168.50.50–99, attendue 192.168.50.100–199"),
        (SCOPE, one(pools=pools("192.168.50.100-192.168.50.200")), "192.168.50.100–200"),
        (SCOPE, one(pools=[]), "étendue trouvée aucune"),
        (SCOPE, conf([{"subnet": "192.168.5.0/24", "pools": pools("192.168.5.100-192.168.5.199")}]),
         "aucune étendue pour 192.168.50.0/24 (réseaux configurés : 192.168.5.0/24)"),
        (EXCLUSION, one(pools=pools("192.168.50.100-192.168.50.199")), "n'est pas exclue"),
        (EXCLUSION, one(pools=pools("192.168.50.100-192.168.50.150", "192.168.50.160/28")), "n'est pas exclue"),
        (EXCLUSION, one(pools=pools("192.168.50.160-192.168.50.199")), "de part et d'autre"),
        (TOLD, one(pools=RIGHT), "passerelle : rien, attendu 192.168.50.254"),
        (TOLD, conf([{"subnet": LAN, "option-data": [option("routers", "192.168.50.1")]}], **{"option-data": OPTIONS}),
         "passerelle : 192.168.50.1, attendu 192.168.50.254"),
        (TOLD, one(pools=[{**RIGHT[0], "option-data": [option("domain-name-servers", "8.8.8.8")]}, RIGHT[1]],
                   **{"option-data": OPTIONS}), "8.8.8.8"),
        (LEASE, conf(**{"valid-lifetime": 8}), "durée des baux trouvée 8 s, attendue 28800 s"),
        (LEASE, conf([{"subnet": LAN, "valid-lifetime": 3600}]), "3600 s"),
        (LEASE, json.dumps({"Dhcp4": {"subnet4": [{"subnet": LAN}]}}), "7200 s"),
        (RESERVED, conf(), "aucune réservation pour 52:54:00:50:00:77"),
        (RESERVED, one(reservations=[{"hw-address": MAC, "ip-address": "192.168.50.6"}]),
         "192.168.50.6, attendue 192.168.50.60"),
        (RESERVED, one(reservations=[{"hw-address": "52:54:00:50:00:78", "ip-address": "192.168.50.60"}]),
         "est réservée à 52:54:00:50:00:78"),
        (RESERVED, one(reservations=[{"client-id": MAC, "ip-address": "192.168.50.60"}]), "aucune réservation"),
        (RESERVED, conf([{"subnet": LAN}], reservations=[{"hw-address": MAC, "ip-address": "192.168.50.60"}]),
         "ne s'en sert pas"),
    ],
)  # fmt: skip
def test_looks_right_but_wrong(check: Check, running: str, reason: str) -> None:
    found = judged(check, output(running))
    assert found.outcome in ("FAIL", "PART"), found
    assert reason in found.reason


def test_one_wrong_option_of_three_costs_its_share() -> None:
    wrong = [OPTIONS[0], OPTIONS[1], option("domain-name", "kerbras.local")]
    found = judged(TOLD, output(one(pools=RIGHT, **{"option-data": wrong})))
    assert found.outcome == "PART"
    assert "domaine : kerbras.local, attendu kerbras.lan" in found.reason
    assert "passerelle" not in found.reason


def test_right_in_the_file_only() -> None:
    found = judged(SCOPE, output(one(pools=pools("192.168.50.1-192.168.50.9")), saved=conf()))
    assert found.outcome == "FAIL"
    assert "le service ne l'a pas relu" in found.reason


def test_right_in_memory_only() -> None:
    found = judged(SCOPE, output(conf(), saved=one(pools=pools("192.168.50.1-192.168.50.9"))))
    assert found.outcome == "PART"
    assert "perdue au redémarrage" in found.reason


def test_a_file_that_cannot_be_read_does_not_count_against_what_runs() -> None:
    assert judged(SCOPE, output(conf(), saved='{ <?include "elsewhere"?> }')).outcome == "PASS"


def stopped(saved: str, check: Check) -> Judged:
    return judged(check, output(None, saved=saved))


def test_a_stopped_server_serves_no_scope_but_keeps_the_share_of_its_settings() -> None:
    found = stopped(conf(), SCOPE)
    assert found.outcome == "FAIL"
    assert "n'est pas en service" in found.reason
    assert stopped(conf(), LEASE).outcome == "PART"
    assert stopped("{ broken", LEASE).outcome == "FAIL"


def test_a_server_that_runs_but_cannot_be_read_concludes_nothing() -> None:
    text = f"@@ listen\n{LISTEN.format('kea-dhcp4')}\n@@ running kea-dhcp4\n@@ file\nbroken\n"
    assert judged(SCOPE, text + ADDRESS).outcome == "INCONCLUSIVE"


@pytest.mark.parametrize("program", ["systemd-network", "dhcpd"])
def test_another_server_concludes_nothing(program: str) -> None:
    text = f"@@ listen\n{LISTEN.format(program)}\n@@ file\n{conf()}\n"
    found = judged(SCOPE, text + ADDRESS)
    assert found.outcome == "INCONCLUSIVE"
    assert program in found.reason


def test_an_empty_or_foreign_output_concludes_nothing() -> None:
    for text in ("", "sh: ss: not found\n", "@@ listen\n"):
        assert judged(SCOPE, text).outcome == "INCONCLUSIVE"


DNSMASQ = """\
dhcp-range=192.168.50.100,192.168.50.149,255.255.255.0,8h
dhcp-range=192.168.50.160,192.168.50.199,8h   # the rest
dhcp-option=option:router,192.168.50.254
domain=kerbras.lan
dhcp-host=52:54:00:50:00:77,poste,192.168.50.60
"""


def dnsmasq(lines: str, *, changed: int = 100) -> str:
    return (
        f"@@ listen\n{LISTEN.format('dnsmasq')}\n@@ running dnsmasq\n@@ command\n/usr/sbin/dnsmasq\n-7\n"
        f"/etc/dnsmasq.d,.dpkg-dist\n@@ file\n@@ started\n500\n@@ changed\n{changed}\n@@ dnsmasq.conf\n{lines}"
        "@@ address\n2: eth0    inet 192.168.50.10/24 scope global eth0\n"
    )


@pytest.mark.parametrize("check", [SCOPE, EXCLUSION, TOLD, LEASE, RESERVED])
def test_dnsmasq_is_read_too(check: Check) -> None:
    found = judged(check, dnsmasq(DNSMASQ))
    assert found.outcome == "PASS", found.reason


@pytest.mark.parametrize("check", [SCOPE, EXCLUSION, TOLD, LEASE, RESERVED])
def test_dnsmasq_set_otherwise_is_wrong(check: Check) -> None:
    lines = "dhcp-range=192.168.50.10,192.168.50.199\ndhcp-option=3,192.168.50.1\n"
    assert judged(check, dnsmasq(lines)).outcome in ("FAIL", "PART")


def test_dnsmasq_with_tags_or_files_elsewhere_concludes_nothing() -> None:
    for line in ("dhcp-option=tag:blue,3,192.168.50.254\n", "conf-dir=/srv/dns\n", "dhcp-hostsfile=/srv/hosts\n"):
        assert judged(SCOPE, dnsmasq(DNSMASQ + line)).outcome == "INCONCLUSIVE"
