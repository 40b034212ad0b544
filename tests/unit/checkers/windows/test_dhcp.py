"""DHCP of a Windows server, judged by the checks that judge Kea."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from checkers.check import Check
from checkers.checks.dhcp import DhcpExclusion, DhcpLeaseTime, DhcpOptions, DhcpReservation, DhcpScope
from checkers.parsers import dhcp_leases
from tests.unit.checkers.windows.judging import fact, golden, judged

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
DOMAIN = {"id": 15, "values": ["kerbras.lan"]}
PHONES = {"name": "Téléphones", "lease_s": 0, "options": [{"id": 15, "values": ["tel.lan"]}]}
NAMES = [DOMAIN, {"id": 6, "values": ["192.168.50.10"]}]
SHARED = {"scopes": ["192.168.50.0"]}
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
    "a policy that is not enforced": scope(policies=[PHONES], enforced=False),
    "a policy that gives the same to some": scope(policies=[{**PHONES, "options": [DOMAIN]}]),
    "options at each level, the reservation has its own": golden("dhcp-config", "server-levels"),
    "the server's options cannot be read, the scope has them all": changed(options=None),
    "shared with a server that is not heard": changed(shared=[{"state": "CommunicationInterrupted", **SHARED}]),
    "another scope is shared": changed(shared=[{"state": "Startup", "scopes": ["192.168.60.0"]}]),
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
        scope(policies=[PHONES]),
        {OPTIONS: "tel.lan"},
    ),
    "a router for the whole server only, the scope has another": (
        changed(
            options=[{"id": 3, "values": ["192.168.50.254"]}],
            scopes=[{**SOLVED["scopes"][0], "options": [*NAMES, {"id": 3, "values": ["192.168.50.1"]}]}],
        ),
        {OPTIONS: "192.168.50.1, attendu"},
    ),
    "the name servers are those of a policy only": (
        scope(
            options=[DOMAIN, {"id": 3, "values": ["192.168.50.254"]}],
            policies=[{**PHONES, "options": [{"id": 6, "values": ["192.168.50.10"]}]}],
        ),
        {OPTIONS: "serveurs DNS"},
    ),
    "a BOOTP reservation": (
        scope(reservations=[{**SOLVED["scopes"][0]["reservations"][0], "type": "Bootp"}]),
        {RESERVED: "BOOTP"},
    ),
    "eight days": (scope(lease_s=691200), {LEASE: "691200"}),
    "a reservation that a filter denies": (
        changed(deny=True, filters=[{"list": "Deny", "mac": "52-54-00-70-00-77"}]),
        {RESERVED: "ne s'en sert pas"},
    ),
    "a filter that denies all of a maker's cards": (
        changed(deny=True, filters=[{"list": "Deny", "mac": "52-54-*-77"}, {"list": "Allow", "mac": "*"}]),
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


UNREAD: dict[str, tuple[dict[str, Any], set[Check]]] = {
    "options and policies that could not be read": (golden("dhcp-config", "server-unread"), {OPTIONS, LEASE}),
    "the options of the scope": (scope(options=None), {OPTIONS}),
    "those of the server, from which the scope takes one": (
        changed(options=None, scopes=[{**SOLVED["scopes"][0], "options": NAMES}]),
        {OPTIONS},
    ),
    "the options of a policy": (scope(policies=[{**PHONES, "options": None}]), {OPTIONS}),
    "a policy of the server and the scope say otherwise": (changed(policies=[PHONES]), {OPTIONS}),
    "a policy with another lease time": (scope(policies=[{**PHONES, "options": [], "lease_s": 60}]), {LEASE}),
    "shared with a server that has not started": (golden("dhcp-config", "server-shared-starting"), {SCOPE}),
    "whether it is shared": (changed(shared=None), {SCOPE}),
}


@pytest.mark.parametrize("what", UNREAD)
def test_what_could_not_be_read_is_not_missing(what: str) -> None:
    answer, unread = UNREAD[what]
    wanted = ["INCONCLUSIVE" if check in unread else "PASS" for check in ALL]
    assert outcomes(answer) == wanted


def test_an_inactive_scope_that_is_shared_serves_nobody() -> None:
    answer = scope(state="InActive") | {"shared": [{"state": "Startup", **SHARED}]}
    assert judged(SCOPE, {"dhcp-config": answer}).outcome == "FAIL"


def test_what_is_not_known_of_a_reservation_is_no_fact() -> None:
    path = "running.scopes[subnet=192.168.50.0/24].reservations[address=192.168.50.60].options.dns[*]"
    own = fact("dhcp-config", {"path": path, "any": {"equals": "192.168.50.11"}})
    for case, outcome in (("levels", "PASS"), ("solved", "FAIL"), ("unread", "INCONCLUSIVE")):
        assert judged(own, {"dhcp-config": golden("dhcp-config", f"server-{case}")}).outcome == outcome


def test_of_a_stopped_server_only_that_it_does_not_serve_is_known() -> None:
    came = [judged(check, {"dhcp-config": golden("dhcp-config", "server-stopped")}) for check in ALL]
    assert [one.outcome for one in came] == ["FAIL", *["INCONCLUSIVE"] * 4]


def test_without_the_role_nothing_is_right() -> None:
    answer = golden("dhcp-config", "server-absent")
    assert outcomes(answer) == ["FAIL"] * 5
    assert "aucun serveur DHCP n'est installé" in judged(OPTIONS, {"dhcp-config": answer}).reason


@pytest.mark.parametrize(
    ("case", "outcome"), [("server-solved", "PASS"), ("server-other-card", "FAIL"), ("server-stopped", "INCONCLUSIVE")]
)
def test_leases(case: str, outcome: str) -> None:
    given = fact("dhcp-leases", {"path": "leases[mac=52:54:00:70:00:77].address", "equals": "192.168.50.60"})
    assert judged(given, {"dhcp-leases": golden("dhcp-leases", case)}).outcome == outcome


def test_more_leases_than_are_read_tell_nothing() -> None:
    found = golden("dhcp-leases", "server-solved")
    given = fact("dhcp-leases", {"path": "leases[mac=52:54:00:70:00:77].address", "equals": "192.168.50.60"})
    many = {"running": True, "leases": found["leases"][:1] * (dhcp_leases.MAX + 1)}
    assert judged(given, {"dhcp-leases": many}).outcome == "INCONCLUSIVE"
