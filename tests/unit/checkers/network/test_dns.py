"""The DNS checks, on outputs of dig and of the configuration tools."""

from __future__ import annotations

from typing import Any

import pytest

from checkers.check import Check
from checkers.checks.dns import DnsForwarderIs, DnsRecordIs, DnsResolves
from checkers.facts import Raw
from checkers.parsers import dig

from .judging import LINKED, judged


def block(name: str, type_: str, *records: str, status: str = "NOERROR", flags: str = "qr aa ra") -> str:
    """One answer as dig prints it."""
    lines = [
        ";; Got answer:",
        f";; ->>HEADER<<- opcode: QUERY, status: {status}, id: 4711",
        f";; flags: {flags}; QUERY: 1, ANSWER: {len(records)}, AUTHORITY: 0, ADDITIONAL: 0",
        "",
        ";; QUESTION SECTION:",
        f";{name}\t\tIN\t{type_}",
        "",
    ]
    if records:
        lines += [";; ANSWER SECTION:", *records, ""]
    return "\n".join(lines) + "\n"


SOA = "kerbras.lan.\t3600\tIN\tSOA\tsrv-kerbras.kerbras.lan. hostmaster.kerbras.lan. 12 900 600 86400 3600"
ZONE = block("kerbras.lan.", "SOA", SOA)
REVERSE = "50.168.192.in-addr.arpa"
REVERSE_SOA = block(f"{REVERSE}.", "SOA", f"{REVERSE}. 3600 IN SOA srv-kerbras.kerbras.lan. h.k. 1 900 600 86400 3600")


def record(**more: Any) -> DnsRecordIs:
    given = {"on": "server", "zone": "kerbras.lan", "name": "imprimante", "type": "A", "value": "192.168.50.40"}
    return DnsRecordIs.model_validate({**given, **more})


PRINTER = record()
ALIAS = record(name="intranet", type="CNAME", value="srv-kerbras.kerbras.lan")
POINTER = record(zone=REVERSE, name="10", type="PTR", value="srv-kerbras.kerbras.lan")


def alias(*records: str, **more: Any) -> str:
    return ZONE + block("intranet.kerbras.lan.", "CNAME", *records, **more)


@pytest.mark.parametrize(
    ("check", "output"),
    [
        (PRINTER, ZONE + block("imprimante.kerbras.lan.", "A", "imprimante.kerbras.lan.\t900\tIN\tA\t192.168.50.40")),
        (PRINTER, ZONE + block("Imprimante.Kerbras.LAN.", "A", "IMPRIMANTE.kerbras.lan. 900 IN A 192.168.50.40")),
        (record(name="imprimante.kerbras.lan."), ZONE + block("imprimante.kerbras.lan.", "A",
                                                              "imprimante.kerbras.lan. 900 IN A 192.168.50.40")),
        (record(name="@", value="192.168.50.10"),
         ZONE + block("kerbras.lan.", "A", "kerbras.lan. 9 IN A 192.168.50.10")),
        (ALIAS, alias("intranet.kerbras.lan.\t900\tIN\tCNAME\tSRV-KERBRAS.kerbras.lan.")),
        (POINTER, REVERSE_SOA + block(f"10.{REVERSE}.", "PTR", f"10.{REVERSE}. 900 IN PTR srv-kerbras.kerbras.lan.")),
        # The reverse zone made for the whole of 192.168 serves the same.
        (POINTER, block(f"{REVERSE}.", "SOA", status="NXDOMAIN")
         + block(f"10.{REVERSE}.", "PTR", f"10.{REVERSE}. 900 IN PTR srv-kerbras.kerbras.lan.")),
    ],
)  # fmt: skip
def test_different_but_right(check: Check, output: str) -> None:
    found = judged(check, output)
    assert found.outcome == "PASS", found.reason


@pytest.mark.parametrize(
    ("check", "output", "reason"),
    [
        (PRINTER, ZONE + block("imprimante.kerbras.lan.", "A", status="NXDOMAIN"), "aucun enregistrement A"),
        (PRINTER, ZONE + block("imprimante.kerbras.lan.", "A", "imprimante.kerbras.lan. 900 IN A 192.168.50.4"),
         "trouvé 192.168.50.4, attendu 192.168.50.40"),
        # Answered out of a cache or a hosts file, in no zone of the server's own.
        (PRINTER, block("kerbras.lan.", "SOA", flags="qr ra")
         + block("imprimante.kerbras.lan.", "A", "imprimante.kerbras.lan. 900 IN A 192.168.50.40", flags="qr ra"),
         "la zone kerbras.lan n'existe pas"),
        (PRINTER, ZONE + block("imprimante.kerbras.lan.", "A", "imprimante.kerbras.lan. 900 IN A 192.168.50.40",
                               flags="qr ra"), "ne fait pas autorité"),
        (PRINTER, ZONE + block("imprimante.kerbras.lan.", "A", "imprimante.kerbras.lan. 900 IN CNAME hp.kerbras.lan.",
                               "hp.kerbras.lan. 900 IN A 192.168.50.40"), "CNAME hp.kerbras.lan. trouvé au lieu de A"),
        (ALIAS, alias() + block("intranet.kerbras.lan.", "A", "intranet.kerbras.lan. 9 IN A 192.168.50.10"),
         "A 192.168.50.10 trouvé au lieu de CNAME"),
        (ALIAS, alias("intranet.kerbras.lan. 900 IN CNAME srv-kerbras."), "trouvé srv-kerbras."),
        (POINTER, REVERSE_SOA + block(f"10.{REVERSE}.", "PTR", f"10.{REVERSE}. 900 IN PTR srv-kerbras."),
         "trouvé srv-kerbras."),
        (POINTER, block(f"{REVERSE}.", "SOA", status="NXDOMAIN") + block(f"10.{REVERSE}.", "PTR", status="NXDOMAIN"),
         "la zone 50.168.192.in-addr.arpa n'existe pas"),
    ],
)  # fmt: skip
def test_looks_right_but_wrong(check: Check, output: str, reason: str) -> None:
    found = judged(check, output)
    assert found.outcome == "FAIL", found
    assert reason in found.reason


def test_an_old_value_left_beside_the_right_one_costs_a_share() -> None:
    output = ZONE + block("imprimante.kerbras.lan.", "A", "imprimante.kerbras.lan. 900 IN A 192.168.50.39",
                          "imprimante.kerbras.lan. 900 IN A 192.168.50.40")  # fmt: skip
    found = judged(PRINTER, output)
    assert found.outcome == "PART"
    assert "192.168.50.39" in found.reason
    assert judged(record(alone=False), output).outcome == "PASS"


def test_no_server_is_a_failure_but_a_mute_one_concludes_nothing() -> None:
    refused = ";; communications error to 127.0.0.1#53: connection refused\n;; no servers could be reached\n"
    mute = ";; communications error to 127.0.0.1#53: timed out\n;; no servers could be reached\n"
    assert judged(PRINTER, Raw(stdout=refused, exit_code=9)).outcome == "FAIL"
    assert judged(PRINTER, Raw(stdout=mute, exit_code=9)).outcome == "INCONCLUSIVE"
    assert judged(PRINTER, Raw(stdout="sh: dig: not found\n", exit_code=127)).outcome == "INCONCLUSIVE"


RESOLVES = DnsResolves.model_validate(
    {"network": "lan", "server": "server", "server_address": "192.168.50.10", "name": "intranet.kerbras.lan",
     "type": "A", "value": "192.168.50.10"}
)  # fmt: skip


def test_a_name_resolved_through_an_alias() -> None:
    output = block("intranet.kerbras.lan.", "A", "intranet.kerbras.lan. 900 IN CNAME srv-kerbras.kerbras.lan.",
                   "srv-kerbras.kerbras.lan. 900 IN A 192.168.50.10")  # fmt: skip
    assert judged(RESOLVES, output).outcome == "PASS"


@pytest.mark.parametrize(
    ("output", "reason"),
    [
        (block("intranet.kerbras.lan.", "A", status="NXDOMAIN"), "ce nom n'existe pas"),
        (block("intranet.kerbras.lan.", "A", status="REFUSED"), "refuse de répondre"),
        (block("intranet.kerbras.lan.", "A"), "rien"),
        (block("intranet.kerbras.lan.", "A", "intranet.kerbras.lan. 900 IN A 192.168.50.11"), "192.168.50.11, attendu"),
    ],
)
def test_a_name_not_resolved(output: str, reason: str) -> None:
    found = judged(RESOLVES, output)
    assert found.outcome == "FAIL"
    assert reason in found.reason


@pytest.mark.parametrize("how", ["timed out", "connection refused"])
def test_a_silence_on_the_wire_counts_only_when_the_server_was_connected(how: str) -> None:
    output = f";; communications error to 192.168.50.10#53: {how}\n;; no servers could be reached\n"
    assert judged(RESOLVES, Raw(stdout=output, exit_code=9)).outcome == "FAIL"
    cut = {**LINKED, "server": {"lan": False, "internet": True}}
    assert judged(RESOLVES, Raw(stdout=output, exit_code=9), links=cut).outcome == "INCONCLUSIVE"


FORWARDER = DnsForwarderIs.model_validate({"on": "server", "address": "203.0.113.53"})
SAMBA = 'UNCONN 0 0 192.168.50.10:53 0.0.0.0:* users:(("samba",pid=400,fd=30))'
NAMED = 'UNCONN 0 0 192.168.50.10:53 0.0.0.0:* users:(("named",pid=400,fd=30))'


def samba(value: str, *, listen: str = SAMBA) -> str:
    return f"@@ listen\n{listen}\n@@ testparm\n{value}\n@@ end\n"


def conf(text: str) -> str:
    return f"@@ listen\n{SAMBA}\n@@ smb.conf\n{text}\n@@ end\n"


def named(options: str) -> str:
    return f"@@ listen\n{NAMED}\n@@ named\noptions {{\n{options}\n}};\n@@ end\n"


@pytest.mark.parametrize(
    ("output", "outcome"),
    [
        (samba("203.0.113.53"), "PASS"),
        (samba("203.0.113.53 9.9.9.9"), "PASS"),
        (samba("[203.0.113.53]:53"), "PASS"),
        (samba("203.0.113.53", listen=SAMBA.replace('"samba"', '"dns[master]"')), "PASS"),
        (samba("203.0.113.53", listen=SAMBA.replace('"samba"', '"unbound"')), "INCONCLUSIVE"),
        (named("\tforwarders {\n\t\t203.0.113.53;\n\t};"), "PASS"),
        (named("\tforwarders { 203.0.113.53 port 53; };"), "PASS"),
        (samba("9.9.9.9 203.0.113.53"), "PART"),
        (samba("203.0.113.53", listen=""), "PART"),
        (samba("192.168.50.254"), "FAIL"),
        (samba("203.0.113.5"), "FAIL"),
        (samba(""), "FAIL"),
        (named("\tdirectory \"/var/cache/bind\";"), "FAIL"),
        (conf("[global]\n\tdns forwarder = 203.0.113.53"), "PASS"),
        (conf("[global]\nDNS  Forwarder=203.0.113.53 \\\n 9.9.9.9\n[x]\npath = /"), "PASS"),
        (conf("[global]\n dns forwarder = 9.9.9.9\n dns forwarder = 203.0.113.53"), "PASS"),
        (conf("[global]\n # dns forwarder = 203.0.113.53\n ; dns forwarder = 203.0.113.53"), "FAIL"),
        (conf("[global]\n dns forwarder = 9.9.9.9\n[netlogon]\n dns forwarder = 203.0.113.53"), "FAIL"),
        ("@@ listen\n@@ testparm\n@@ failed\n@@ end\n", "INCONCLUSIVE"),
        (f"@@ listen\n{SAMBA}\n@@ something else\n@@ end\n", "INCONCLUSIVE"),
        ("", "INCONCLUSIVE"),
    ],
)  # fmt: skip
def test_forwarder(output: str, outcome: str) -> None:
    found = judged(FORWARDER, output)
    assert found.outcome == outcome, found.reason


def test_a_flood_of_records_is_refused() -> None:
    with pytest.raises(ValueError, match="too many"):
        dig.parse(block("a.", "A", *["a. 1 IN A 192.0.2.1"] * 300))
