"""Forty checks of a server as anybody would write them with pytest-testinfra: what Épreuve is compared with.

They describe the server of the lab ``tai-complet`` as a candidate finds it, so that all of them pass. Not
collected by the normal test run: the benchmark runs them from a witness' namespace, over ssh and over paramiko. The
directory is asked with ``ldbsearch``, not with ``samba-tool`` that would take seconds a call. Épreuve's own questions
about the same things are in ``plain_questions.py``.
"""

from __future__ import annotations

import json
import re

import pytest
from testinfra.host import Host

SAM = "/var/lib/samba/private/sam.ldb"
BASE = "DC=kerbras,DC=lan"
LOCKED_OUT = "(&(sAMAccountName=marie.kervella)(lockoutTime>=1))"


def ldb(host: Host, query: str, *attributes: str) -> str:
    """What the directory holds of some objects, as LDIF."""
    return str(host.check_output("ldbsearch -H %s -b %s %s " + " ".join(attributes), SAM, BASE, query))


def test_host_name(host: Host) -> None:
    assert host.check_output("hostname") == "srv-kerbras"


@pytest.mark.parametrize("unit", ["samba-ad-dc", "ssh", "cron"])
def test_service_runs(host: Host, unit: str) -> None:
    assert host.service(unit).is_running
    assert host.service(unit).is_enabled


@pytest.mark.parametrize("unit", ["kea-dhcp4-server", "nftables"])
def test_service_is_off(host: Host, unit: str) -> None:
    assert not host.service(unit).is_running
    assert not host.service(unit).is_enabled


@pytest.mark.parametrize(("card", "address"), [("eth0", "192.168.50.10"), ("eth1", "203.0.113.10")])
def test_address(host: Host, card: str, address: str) -> None:
    assert address in host.interface(card).addresses


def test_no_default_route(host: Host) -> None:
    assert host.check_output("ip -4 route show default") == ""


def test_technician(host: Host) -> None:
    technician = host.user("technicien")
    assert technician.exists
    assert technician.shell == "/bin/bash"


def test_technician_may_administer(host: Host) -> None:
    assert "sudo" in host.user("technicien").groups


@pytest.mark.parametrize(
    ("path", "owner", "mode"),
    [
        ("/srv/partages", "root", 0o755),
        ("/srv/partages/compta", "root", 0o755),
        ("/srv/sauvegardes", "root", 0o755),
        ("/usr/local/sbin/sauvegarde-compta", "root", 0o755),
        ("/etc/wireguard/cles", "root", 0o700),
        ("/etc/kea/kea-dhcp4.conf", "root", 0o640),
    ],
)
def test_rights(host: Host, path: str, owner: str, mode: int) -> None:
    file = host.file(path)
    assert file.user == owner
    assert file.mode == mode


def test_realm(host: Host) -> None:
    assert host.file("/etc/samba/smb.conf").contains("realm = KERBRAS.LAN")


def test_sysvol_is_shared(host: Host) -> None:
    shown = host.check_output("testparm -s --section-name=sysvol --parameter-name=path 2>/dev/null")
    assert shown == "/var/lib/samba/sysvol"


def test_accounting_is_not_shared(host: Host) -> None:
    assert "[compta]" not in host.check_output("testparm -s 2>/dev/null")


def test_dhcp_has_no_scope(host: Host) -> None:
    assert json.loads(host.file("/etc/kea/kea-dhcp4.conf").content_string)["Dhcp4"]["subnet4"] == []


def test_dhcp_lease_time(host: Host) -> None:
    assert json.loads(host.file("/etc/kea/kea-dhcp4.conf").content_string)["Dhcp4"]["valid-lifetime"] == 3600


@pytest.mark.parametrize(
    ("kind", "name", "answer"),
    [
        ("A", "srv-kerbras.kerbras.lan", "192.168.50.10"),
        ("SRV", "_ldap._tcp.kerbras.lan", "0 100 389 srv-kerbras.kerbras.lan."),
        ("SRV", "_kerberos._udp.kerbras.lan", "0 100 88 srv-kerbras.kerbras.lan."),
        ("A", "imprimante.kerbras.lan", ""),
        ("CNAME", "intranet.kerbras.lan", ""),
    ],
)
def test_dns_answer(host: Host, kind: str, name: str, answer: str) -> None:
    assert host.check_output("dig +short +norecurse @127.0.0.1 -t %s -q %s", kind, name) == answer


def test_dns_forwards_nowhere(host: Host) -> None:
    assert not host.file("/etc/samba/smb.conf").contains("dns forwarder")


def test_workshop_unit(host: Host) -> None:
    assert f"dn: OU=Atelier,OU=Kerbras,{BASE}" in ldb(host, "(&(objectClass=organizationalUnit)(ou=Atelier))", "dn")


def test_no_accounting_unit(host: Host) -> None:
    assert "dn: OU=" not in ldb(host, "(&(objectClass=organizationalUnit)(ou=Comptabilite))", "dn")


@pytest.mark.parametrize(("login", "surname"), [("yann.lebihan", "Le Bihan"), ("gwen.tanguy", "Tanguy")])
def test_user(host: Host, login: str, surname: str) -> None:
    assert f"sn: {surname}" in ldb(host, f"(sAMAccountName={login})", "sn")


def test_group(host: Host) -> None:
    members = re.findall("^member: CN=([^,]+)", ldb(host, "(sAMAccountName=GG-Atelier)", "member"), re.MULTILINE)
    assert sorted(members) == ["Gwen Tanguy", "Yann Le Bihan"]


def test_locked_account(host: Host) -> None:
    assert "dn: CN=Marie Kervella" in ldb(host, LOCKED_OUT, "dn")


def test_password_policy(host: Host) -> None:
    found = ldb(host, "(objectClass=domainDNS)", "minPwdLength", "pwdHistoryLength", "lockoutThreshold")
    assert "minPwdLength: 7" in found
    assert "pwdHistoryLength: 3" in found
    assert "lockoutThreshold: 3" in found


def test_default_policy_is_published(host: Host) -> None:
    policy = "/var/lib/samba/sysvol/kerbras.lan/Policies/{31B2F340-016D-11D2-945F-00C04FB984F9}/GPT.INI"
    assert host.file(policy).exists


def test_kerberos_answers(host: Host) -> None:
    assert host.addr("192.168.50.10").port(88).is_reachable


def test_no_firewall(host: Host) -> None:
    assert host.check_output("nft list ruleset") == ""


def test_no_tunnel(host: Host) -> None:
    assert host.check_output("wg show interfaces") == ""


def test_backup_is_not_scheduled(host: Host) -> None:
    assert host.run("grep -rs sauvegarde-compta /etc/crontab /etc/cron.d /var/spool/cron/crontabs").stdout == ""
