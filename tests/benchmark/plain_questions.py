"""Épreuve's questions about what each of the plain tests looks at, by the name of the test function."""

from __future__ import annotations

from typing import Any

from checkers.probe import Probe, Question, unique
from checkers.probes.accounts import LocalAccounts
from checkers.probes.addresses import Addresses
from checkers.probes.dhcp import Dhcp
from checkers.probes.directory import Directory
from checkers.probes.dns import DnsForwarder, DnsLocal
from checkers.probes.files import FileContent, PathRights
from checkers.probes.firewall import Firewall
from checkers.probes.hosts import HostName
from checkers.probes.policies import PublishedPolicies
from checkers.probes.ports import TcpReach
from checkers.probes.schedules import Schedules
from checkers.probes.services import UnitState
from checkers.probes.shares import Shares
from checkers.probes.vpn import Wireguard

_ZONE = "kerbras.lan"
_PATHS = (
    "/srv/partages",
    "/srv/partages/compta",
    "/srv/sauvegardes",
    "/usr/local/sbin/sauvegarde-compta",
    "/etc/wireguard/cles",
    "/etc/kea/kea-dhcp4.conf",
)

PROBES: dict[str, tuple[Probe[Any], ...]] = {
    "test_host_name": (HostName(),),
    "test_service_runs": tuple(UnitState(unit=f"{unit}.service") for unit in ("samba-ad-dc", "ssh", "cron")),
    "test_service_is_off": tuple(UnitState(unit=f"{unit}.service") for unit in ("kea-dhcp4-server", "nftables")),
    "test_address": (Addresses(),),
    "test_no_default_route": (Addresses(),),
    "test_technician": (LocalAccounts(),),
    "test_technician_may_administer": (LocalAccounts(),),
    "test_rights": tuple(PathRights(path=path) for path in _PATHS),
    "test_realm": (FileContent(path="/etc/samba/smb.conf"),),
    "test_sysvol_is_shared": (Shares(),),
    "test_accounting_is_not_shared": (Shares(),),
    "test_dhcp_has_no_scope": (Dhcp(),),
    "test_dhcp_lease_time": (Dhcp(),),
    "test_dns_answer": (
        DnsLocal(zone=_ZONE, fqdn="srv-kerbras.kerbras.lan", type="A"),
        DnsLocal(zone=_ZONE, fqdn="_ldap._tcp.kerbras.lan", type="SRV"),
        DnsLocal(zone=_ZONE, fqdn="_kerberos._udp.kerbras.lan", type="SRV"),
        DnsLocal(zone=_ZONE, fqdn="imprimante.kerbras.lan", type="A"),
        DnsLocal(zone=_ZONE, fqdn="intranet.kerbras.lan", type="CNAME"),
    ),
    "test_dns_forwards_nowhere": (DnsForwarder(),),
    "test_workshop_unit": (Directory(),),
    "test_no_accounting_unit": (Directory(),),
    "test_user": (Directory(),),
    "test_group": (Directory(),),
    "test_locked_account": (Directory(),),
    "test_password_policy": (Directory(),),
    "test_default_policy_is_published": (PublishedPolicies(),),
    "test_kerberos_answers": (TcpReach(to="192.168.50.10", port=88),),
    "test_no_firewall": (Firewall(),),
    "test_no_tunnel": (Wireguard(),),
    "test_backup_is_not_scheduled": (Schedules(),),
}


def questions(machine: str) -> list[Question]:
    """All of them, put to one machine, each once."""
    return unique([Question(machine, probe) for probes in PROBES.values() for probe in probes])
