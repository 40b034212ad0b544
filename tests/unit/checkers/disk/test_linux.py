"""What the disk of a Linux machine says, and what it cannot."""

from __future__ import annotations

import base64

import pytest

from checkers.checks.addresses import AddressIsStatic
from checkers.checks.fact import FactIs
from checkers.checks.firewall import FirewallPolicy
from checkers.checks.hosts import HostNameIs
from checkers.checks.members import IsDomainMember
from checkers.checks.services import ServiceStateIs
from checkers.disk.plan import Entry, Found
from checkers.probe import Question
from checkers.probes.addresses import Addresses
from checkers.probes.firewall import Firewall
from checkers.probes.hosts import HostName
from checkers.probes.members import Membership
from checkers.probes.policies import PublishedPolicies
from checkers.probes.services import UnitState
from checkers.verdict import Outcome
from tests.unit.checkers.disk.asking import GOLDENS, fact, on_linux, value, verdict

INF = "[Unicode]\r\nUnicode=yes\r\n[System Access]\r\nMinimumPasswordLength = 12\r\n".encode("utf-16")
ETC, USR = "/etc/systemd/system", "/usr/lib/systemd/system"
SSH = {
    f"{USR}/ssh.service": "[Unit]\n[Install]\nWantedBy=multi-user.target\n",
    f"{ETC}/multi-user.target.wants/ssh.service": "-> /usr/lib/systemd/system/ssh.service",
}
NETWORK = {
    f"{USR}/systemd-networkd.service": "[Install]\nWantedBy=multi-user.target\n",
    f"{ETC}/multi-user.target.wants/systemd-networkd.service": "-> /usr/lib/systemd/system/systemd-networkd.service",
    "/etc/systemd/network/10-eth0.network": "[Match]\nName=eth0\n[Network]\nAddress=192.168.50.10/24\n",
}


def at_boot(enabled: bool = True) -> ServiceStateIs:
    return ServiceStateIs(on="server", unit="ssh.service", running=None, enabled=enabled)


def test_the_configured_name_is_told_and_the_running_one_is_not_invented() -> None:
    found = value(HostName(), on_linux({"/etc/hostname": "# a comment\nsrv-kerbras\n"}))
    assert (found.static, found.running, found.not_seen()) == ("srv-kerbras", None, {"running"})


@pytest.mark.parametrize("name", ["srv-kerbras", "other"])
def test_a_check_that_needs_the_running_state_is_inconclusive(name: str) -> None:
    told = verdict(HostNameIs(on="server", name="srv-kerbras"), on_linux({"/etc/hostname": name}))
    assert told.outcome is Outcome.INCONCLUSIVE
    assert name in told.reason.fr
    assert told.reason.fr.endswith("(lu sur le disque)")
    assert told.reason.en.endswith("(read from the disk)")


@pytest.mark.parametrize(("name", "outcome"), [("srv-kerbras", Outcome.PASS), ("other", Outcome.FAIL)])
def test_an_expectation_on_what_is_written_is_judged(name: str, outcome: Outcome) -> None:
    check = FactIs.model_validate(
        {"on": "server", "probe": "host-name", "expect": {"path": "static", "equals": "srv-kerbras"}}
    )
    told = verdict(check, on_linux({"/etc/hostname": name}))
    assert told.outcome is outcome
    assert told.reason.fr.endswith("(lu sur le disque)")


@pytest.mark.parametrize(
    ("files", "enabled"),
    [
        (SSH, True),
        ({**SSH, f"{ETC}/multi-user.target.wants/ssh.service": None}, False),
        ({**SSH, f"{ETC}/ssh.service": "-> /dev/null"}, False),  # masked: the link of the target starts nothing
        ({**SSH, f"{ETC}/ssh.service": ""}, False),
        (
            {
                f"{USR}/ssh.service": "[Install]\nWantedBy=a\n",
                f"{USR}/ssh.socket": "[Install]\nWantedBy=sockets.target\n",
                f"{ETC}/sockets.target.wants/ssh.socket": "-> /usr/lib/systemd/system/ssh.socket",
            },
            True,  # its socket starts it on demand
        ),
        (
            {
                f"{USR}/ssh.service": "[Install]\nWantedBy=a\n",
                f"{ETC}/door.socket": "[Socket]\nService=ssh.service\n[Install]\nWantedBy=sockets.target\n",
                f"{ETC}/sockets.target.wants/door.socket": "-> ../door.socket",
            },
            True,
        ),
        (
            {
                f"{USR}/ssh.service": "[Install]\nAlias=remote.service\n",
                f"{ETC}/remote.service": "-> /usr/lib/systemd/system/ssh.service",
            },
            True,
        ),
    ],
)
def test_whether_a_service_starts_with_the_machine_is_judged(files: dict[str, str | None], enabled: bool) -> None:
    assert verdict(at_boot(), on_linux(files)).outcome is (Outcome.PASS if enabled else Outcome.FAIL)
    assert verdict(at_boot(enabled=False), on_linux(files)).outcome is (Outcome.FAIL if enabled else Outcome.PASS)


@pytest.mark.parametrize(
    "files",
    [
        {},  # no unit at all: this is no systemd's disk
        {f"{USR}/ssh.service": "[Unit]\n"},  # static: what wants it may say so in its own file
        {**SSH, f"{USR}/ssh.service": "", f"{ETC}/ssh.service": "-> /etc/systemd/system/openssh.service"},
        {f"{USR}/cron.service": "[Install]\n", f"{USR}/x.timer": "x", "/etc/init.d/ssh": "#!/bin/sh"},
    ],
)
def test_what_cannot_be_told_of_a_service_is_unseen(files: dict[str, str | None]) -> None:
    assert fact(Question("server", UnitState(unit="ssh.service")), on_linux(files)).status == "unseen"
    assert verdict(at_boot(), on_linux(files)).outcome is Outcome.INCONCLUSIVE


def test_whether_a_service_runs_is_not_judged() -> None:
    told = verdict(ServiceStateIs(on="server", unit="ssh.service"), on_linux(SSH))
    assert told.outcome is Outcome.INCONCLUSIVE
    assert "enabled" in told.reason.fr


@pytest.mark.parametrize("files", [SSH, {**SSH, f"{ETC}/multi-user.target.wants/ssh.service": None}])
def test_no_verdict_rests_on_the_disk_of_a_machine_that_was_cut_off(files: dict[str, str | None]) -> None:
    told = verdict(at_boot(), on_linux(files), channel="disk-cut")
    assert told.outcome is Outcome.INCONCLUSIVE
    assert "proprement" in told.reason.fr


def test_configured_addresses_are_told_with_the_names_of_the_lab() -> None:
    files = {**NETWORK, "/etc/NetworkManager/system-connections/w.nmconnection": "[wifi]\nssid=x\n"}
    found = value(Addresses(), on_linux(files))
    [interface] = found.interfaces
    assert (interface.name, interface.up, interface.addresses) == ("eth0", None, ())
    [configured] = interface.configurations
    assert (configured.method, configured.addresses, configured.at_boot) == ("static", ("192.168.50.10/24",), True)
    assert {"routes", "resolvers", "leases"} == found.not_seen()
    assert interface.not_seen() == {"up", "addresses"}


def test_what_netplan_would_write_at_a_start_is_unseen() -> None:
    files = {**NETWORK, "/etc/netplan/01-all.yaml": "network: {version: 2}\n"}
    assert fact(Question("server", Addresses()), on_linux(files)).status == "unseen"


@pytest.mark.parametrize("address", ["192.168.50.10/24", "192.168.50.11/24"])
def test_an_address_is_not_judged_by_what_is_configured(address: str) -> None:
    check = AddressIsStatic.model_validate({"on": "server", "interface": "eth0", "address": address})
    assert verdict(check, on_linux(NETWORK)).outcome is Outcome.INCONCLUSIVE


def test_what_loads_the_firewalls_rules_is_told_and_the_rules_are_not_judged() -> None:
    files = {
        f"{USR}/nftables.service": "[Install]\nWantedBy=sysinit.target\n",
        f"{ETC}/sysinit.target.wants/nftables.service": "-> /usr/lib/systemd/system/nftables.service",
        f"{USR}/ufw.service": "[Install]\nWantedBy=multi-user.target\n",
        f"{ETC}/multi-user.target.wants/ufw.service": "-> /usr/lib/systemd/system/ufw.service",
        "/etc/ufw/ufw.conf": "ENABLED=no\n",
        "/etc/rc.local": "nft -f /root/rules",
    }
    found = value(Firewall(), on_linux(files))
    assert (found.enabled, found.others) == (("nftables",), ("/etc/rc.local",))
    assert found.not_seen() == {"chains", "trials", "saved"}
    told = verdict(FirewallPolicy(on="server"), on_linux(files))
    assert told.outcome is Outcome.INCONCLUSIVE
    assert "nftables" in told.reason.fr


def test_a_machine_that_was_never_joined_is_told_from_one_that_was() -> None:
    smb = {"/etc/hostname": "pc-01\n", "/etc/samba/smb.conf": "[global]\nrealm = LYCEE.LAN\nworkgroup = LYCEE\n"}
    check = IsDomainMember(on="client", domain="lycee.lan", server="server")
    secrets = "/var/lib/samba/private/secrets.tdb"
    joined = {**smb, secrets: "LYCEE"}
    assert value(Membership(), on_linux(smb)).channel == "absent"
    assert value(Membership(), on_linux(joined)).secrets == ("LYCEE",)
    assert verdict(check, on_linux(smb)).outcome is Outcome.FAIL
    assert verdict(check, on_linux(joined)).outcome is Outcome.INCONCLUSIVE
    served = {**joined, "/etc/sssd/conf.d/ad.conf": "[domain/lycee.lan]\nad_domain = lycee.lan\n"}
    assert value(Membership(), on_linux(served)).sssd == ("lycee.lan",)
    included = {**smb, "/etc/samba/smb.conf": "[global]\ninclude = /etc/samba/real.conf\n"}
    assert verdict(check, on_linux(included)).outcome is Outcome.INCONCLUSIVE


def test_the_settings_of_published_policies_are_read_from_sysvol() -> None:
    folder = "/var/lib/samba/sysvol/lycee.lan/Policies/{31B2F340-016D-11D2-945F-00C04FB984F9}"
    pol = base64.b64encode((GOLDENS / "samba-Registry.pol").read_bytes()).decode()
    files = {
        f"{folder}/GPT.INI": base64.b64encode(b"[General]\r\nVersion=3\r\n").decode(),
        f"{folder}/Machine/Registry.pol": pol,
        f"{folder}/Machine/Microsoft/Windows NT/SecEdit/GptTmpl.inf": base64.b64encode(INF).decode(),
    }
    [policy] = value(PublishedPolicies(), on_linux(files)).policies
    assert (policy.version, policy.damaged) == (3, False)
    assert [(one.value, one.type, one.data) for one in policy.settings] == [
        ("Message", "REG_SZ", "Bienvenue à Lorient"),
        ("Délai", "REG_DWORD", "600"),
        ("Listes", "REG_MULTI_SZ", "a\nb é"),
        ("Octets", "REG_BINARY", "003b005d00"),
        ("MinimumPasswordLength", "INF", "12"),
    ], "the first four written by Samba's preg"
    assert not value(PublishedPolicies(), on_linux({})).present


@pytest.mark.parametrize(
    ("name", "status"),
    [("Machine/Registry.pol", "unseen"), ("Machine/Scripts/Startup/agent.exe", "seen"), ("Machine/x.xml", "seen")],
)
def test_a_large_file_counts_where_it_holds_settings(name: str, status: str) -> None:
    path = f"lycee.lan/Policies/{{31B2F340-016D-11D2-945F-00C04FB984F9}}/{name}"
    found = Found(trees={"/var/lib/samba/sysvol": {path: Entry(kind="large")}}, ended="clean")
    assert fact(Question("server", PublishedPolicies()), lambda _wanted: found).status == status
