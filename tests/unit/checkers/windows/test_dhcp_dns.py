"""DHCP and DNS of a Windows server, judged by the checks that judge Kea and Samba."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from checkers.check import Check
from checkers.checks.dhcp import DhcpExclusion, DhcpLeaseTime, DhcpOptions, DhcpReservation, DhcpScope
from checkers.checks.dns import DnsForwarderIs, DnsRecordIs
from tests.unit.checkers.windows.judging import golden, judged

LAN = {"on": "server", "subnet": "192.168.50.0/24"}
SCOPE = DhcpScope.model_validate({**LAN, "first": "192.168.50.100", "last": "192.168.50.199"})
EXCLUSION = DhcpExclusion.model_validate({**LAN, "first": "192.168.50.150", "last": "192.168.50.159"})
LEASE = DhcpLeaseTime.model_validate({**LAN, "seconds": 28800})
OPTIONS = DhcpOptions.model_validate(
    {**LAN, "routers": ["192.168.50.254"], "dns": ["192.168.50.10"], "domain": "kerbras.lan"}
)
RESERVED = DhcpReservation.model_validate({**LAN, "mac": "52:54:00:70:00:77", "address": "192.168.50.60"})
ALL: tuple[Check, ...] = (SCOPE, EXCLUSION, LEASE, OPTIONS, RESERVED)

SOLVED: dict[str, Any] = golden("dhcp-config", "server-solved")


def changed(**server: Any) -> dict[str, Any]:
    return {**deepcopy(SOLVED), **server}


def scope(**values: Any) -> dict[str, Any]:
    return changed(scopes=[{**deepcopy(SOLVED["scopes"][0]), **values}])


def outcomes(answer: dict[str, Any]) -> list[str]:
    return [judged(check, {"dhcp-config": answer}).outcome for check in ALL]


PASS = ["PASS"] * 5
RIGHT = {
    "as asked": SOLVED,
    "options for the whole server": changed(
        options=SOLVED["scopes"][0]["options"], scopes=[{**SOLVED["scopes"][0], "options": []}]
    ),
    "the scope's options win over the server's": changed(options=[{"id": 3, "values": ["192.168.50.1"]}]),
    "two exclusions that touch": scope(
        exclusions=[
            {"first": "192.168.50.150", "last": "192.168.50.154"},
            {"first": "192.168.50.155", "last": "192.168.50.159"},
        ]
    ),
    "a filter that denies somebody else": changed(deny=True, filters=[{"list": "Deny", "mac": "00-11-22-*"}]),
    "another client that names itself by a text": scope(
        reservations=[
            *SOLVED["scopes"][0]["reservations"],
            {"address": "192.168.50.61", "client": "01-ff", "type": "Dhcp"},
        ]
    ),
    "a server that is in no domain needs no permission": changed(member=False, authorised=False, listed=None),
    "authorised just now, the server has not looked yet": changed(authorised=False),
    "a list that could not be read, a server that knows": changed(listed=None),
}


@pytest.mark.parametrize("way", RIGHT)
def test_right_in_another_way(way: str) -> None:
    assert outcomes(RIGHT[way]) == PASS


WRONG: dict[str, tuple[dict[str, Any], dict[Check, str]]] = {
    "scope not active": (scope(state="InActive"), {SCOPE: "pas activée"}),
    "one address short": (scope(last="192.168.50.198"), {SCOPE: "160–198"}),
    "exclusion one too late": (
        scope(exclusions=[{"first": "192.168.50.151", "last": "192.168.50.159"}]),
        {EXCLUSION: "n'est pas exclue"},
    ),
    "a policy gives others another domain": (
        scope(policies=[{"name": "Téléphones", "options": [{"id": 15, "values": ["tel.lan"]}]}]),
        {OPTIONS: "tel.lan"},
    ),
    "eight days": (scope(lease_s=691200), {LEASE: "691200"}),
    "a reservation that a filter denies": (
        changed(deny=True, filters=[{"list": "Deny", "mac": "52-54-00-70-00-77"}]),
        {RESERVED: "ne s'en sert pas"},
    ),
    "only the cards of a list are served": (
        changed(allow=True, filters=[{"list": "Allow", "mac": "00-11-22-33-44-55"}]),
        {RESERVED: "ne s'en sert pas"},
    ),
}


@pytest.mark.parametrize("way", WRONG)
def test_looks_right_and_is_wrong(way: str) -> None:
    answer, flips = WRONG[way]
    for check in ALL:
        came = judged(check, {"dhcp-config": answer})
        assert (came.outcome == "PASS") == (check not in flips), f"{check.kind}: {came.reason}"
        assert flips.get(check, "") in came.reason


def test_a_server_that_the_directory_does_not_authorise_serves_nobody() -> None:
    # Nothing is listed; another server is; the list cannot be read and the server knows.
    unread = {"listed": None, "authorised": False}
    servers: list[dict[str, Any]] = [{"listed": []}, {"listed": ["192.168.50.20"]}, unread]
    for server in servers:
        came = judged(SCOPE, {"dhcp-config": changed(**server)})
        assert came.outcome == "FAIL"
        assert "pas autorisé" in came.reason


def test_of_a_stopped_server_only_that_it_does_not_serve_is_known() -> None:
    came = [judged(check, {"dhcp-config": golden("dhcp-config", "server-stopped")}) for check in ALL]
    assert [one.outcome for one in came] == ["FAIL", *["INCONCLUSIVE"] * 4]


def test_without_the_role_nothing_is_right() -> None:
    answer = golden("dhcp-config", "server-absent")
    assert outcomes(answer) == ["FAIL"] * 5
    assert "aucun serveur DHCP n'est installé" in judged(OPTIONS, {"dhcp-config": answer}).reason


RECORD = {"on": "server", "zone": "kerbras.lan", "name": "imprimante", "type": "A", "value": "192.168.50.40"}


@pytest.mark.parametrize(
    ("case", "outcome"),
    [
        ("server-solved", "PASS"),
        ("server-none", "FAIL"),
        ("server-mute", "INCONCLUSIVE"),
        ("server-garbled", "INCONCLUSIVE"),
    ],
)
def test_record(case: str, outcome: str) -> None:
    came = judged(DnsRecordIs.model_validate(RECORD), {"dns-record": golden("dns-record", case)})
    assert came.outcome == outcome


def test_a_reverse_zone_that_is_not_there_is_missing() -> None:
    wanted = {
        "on": "server",
        "zone": "50.168.192.in-addr.arpa",
        "name": "10",
        "type": "PTR",
        "value": "srv-kerbras.kerbras.lan",
    }
    came = judged(DnsRecordIs.model_validate(wanted), {"dns-record": golden("dns-record", "server-no-reverse-zone")})
    assert came.outcome == "FAIL"
    assert "n'existe pas" in came.reason


@pytest.mark.parametrize(
    ("case", "outcome"), [("server-solved", "PASS"), ("server-no-recursion", "FAIL"), ("server-stopped", "PART")]
)
def test_forwarder(case: str, outcome: str) -> None:
    check = DnsForwarderIs.model_validate({"on": "server", "address": "203.0.113.53"})
    assert judged(check, {"dns-forwarder": golden("dns-forwarder", case)}).outcome == outcome
