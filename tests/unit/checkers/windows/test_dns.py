"""DNS of a Windows server, judged by the checks that judge Samba; its zones by what a trainer expects."""

from __future__ import annotations

from typing import Any

import pytest

from checkers.checks.dns import DnsForwarderIs, DnsRecordIs
from tests.unit.checkers.windows.judging import fact, golden, judged
from tests.unit.tai_windows.bench import reply, soa

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


PRINTER, INTRANET, SERVER = "imprimante.kerbras.lan.", "intranet.kerbras.lan.", "srv-kerbras.kerbras.lan."
NARROW, REVERSED = "50.168.192.in-addr.arpa", "10.50.168.192.in-addr.arpa."
ALIAS = {**RECORD, "name": "intranet", "type": "CNAME", "value": SERVER}
POINTER = {**RECORD, "zone": NARROW, "name": "10", "type": "PTR", "value": SERVER}
MAIL = {**RECORD, "name": "@", "type": "MX", "value": f"10 {SERVER}"}
LDAP = {**RECORD, "name": "_ldap._tcp", "type": "SRV", "value": f"0 100 389 {SERVER}"}
ADDRESS = (PRINTER, "A", "192.168.50.40")
RECORDS: dict[str, tuple[dict[str, Any], list[Any], str, str]] = {
    "as asked, whatever case": (
        {**RECORD, "name": "IMPRIMANTE"}, [soa("kerbras.lan."), reply(PRINTER, "A", ADDRESS)], "PASS", ""
    ),
    "an alias": (
        ALIAS,
        [soa("kerbras.lan."), reply(INTRANET, "CNAME", (INTRANET, "CNAME", SERVER)), reply(INTRANET, "A")],
        "PASS", ""
    ),
    "in a wider reverse zone": (
        POINTER, [reply(f"{NARROW}.", "SOA", status=3), reply(REVERSED, "PTR", (REVERSED, "PTR", SERVER))], "PASS", ""
    ),
    "mail": (
        MAIL, [soa("kerbras.lan."), reply("kerbras.lan.", "MX", ("kerbras.lan.", "MX", f"10 {SERVER}"))], "PASS", ""
    ),
    "a service": (
        LDAP,
        [
            soa("kerbras.lan."),
            reply("_ldap._tcp.kerbras.lan.", "SRV", ("_ldap._tcp.kerbras.lan.", "SRV", f"0 100 389 {SERVER}")),
        ],
        "PASS", ""
    ),
    "a second address beside it": (
        RECORD,
        [soa("kerbras.lan."), reply(PRINTER, "A", ADDRESS, (PRINTER, "A", "192.168.50.41"))],
        "PART", "une autre valeur"
    ),
    "an alias instead of an address": (
        RECORD,
        [soa("kerbras.lan."), reply(PRINTER, "A", (PRINTER, "CNAME", SERVER), (SERVER, "A", "192.168.50.40"))],
        "FAIL", "CNAME"
    ),
    "an address instead of an alias": (
        ALIAS,
        [soa("kerbras.lan."), reply(INTRANET, "CNAME"), reply(INTRANET, "A", (INTRANET, "A", "192.168.50.10"))],
        "FAIL", "A 192.168.50.10"
    ),
    "a pointer without its domain": (
        POINTER, [soa(f"{NARROW}."), reply(REVERSED, "PTR", (REVERSED, "PTR", "srv-kerbras."))], "FAIL", "attendu"
    ),
    "the right address, of another zone's copy": (
        RECORD, [reply("kerbras.lan.", "SOA", status=3), reply(PRINTER, "A", ADDRESS)], "FAIL", "n'existe pas"
    ),
    "the server refuses": (
        RECORD, [reply("kerbras.lan.", "SOA", status=5), reply(PRINTER, "A", status=5)], "FAIL", "n'existe pas"
    ),
}  # fmt: skip


@pytest.mark.parametrize("way", RECORDS)
def test_records(way: str) -> None:
    params, replies, outcome, word = RECORDS[way]
    found = judged(DnsRecordIs.model_validate(params), {"dns-record": {"answers": replies}})
    assert (found.outcome, word in found.reason) == (outcome, True), found


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


PROVIDER, OTHER = "203.0.113.53", "192.0.2.53"


@pytest.mark.parametrize(
    ("changes", "outcome", "word"),
    [
        ({}, "PASS", ""),
        ({"forwarders": [PROVIDER]}, "PASS", ""),
        ({"forwarders": [PROVIDER, OTHER, "2001:db8::53"]}, "PASS", ""),
        ({"forwarders": [OTHER, PROVIDER]}, "PART", "pas interrogé en premier"),
        ({"forwarders": ["203.0.113.35"]}, "FAIL", "attendu"),
        ({"forwarders": []}, "FAIL", "attendu"),
        ({"no_recursion": True}, "FAIL", "récursivité"),
        ({"status": 1}, "PART", "pas en service"),
        ({"present": False}, "FAIL", "attendu"),
    ],
)
def test_forwarder(changes: dict[str, Any], outcome: str, word: str) -> None:
    check = DnsForwarderIs.model_validate({"on": "server", "address": PROVIDER})
    found = judged(check, {"dns-forwarder": {**golden("dns-forwarder", "server-solved"), **changes}})
    assert (found.outcome, word in found.reason) == (outcome, True), found


REVERSE, PARTNER = "zones[name=50.168.192.in-addr.arpa]", "zones[name=partenaire.lan]"
ZONES: dict[str, dict[str, Any]] = {
    "kept by the directory": {"path": f"{REVERSE}.in_directory", "equals": True},
    "secure updates only": {"path": f"{REVERSE}.updates", "equals": "secure"},
    "nobody may copy it": {"path": f"{REVERSE}.transfers", "equals": "none"},
    "a conditional forwarder": {"path": f"{PARTNER}.kind", "equals": "forwarder"},
    "it is not paused": {"path": f"{PARTNER}.paused", "equals": False},
    "old records go": {"path": "scavenging_hours", "at_least": 1},
}


CASES = {
    "server-solved": "PASS",
    "server-looks-right": "FAIL",
    "server-stopped": "INCONCLUSIVE",
    "client-absent": "FAIL",
}


@pytest.mark.parametrize("what", ZONES)
def test_zones(what: str) -> None:
    check = fact("dns-zones", ZONES[what])
    assert {case: judged(check, {"dns-zones": golden("dns-zones", case)}).outcome for case in CASES} == CASES
