"""Every twin of a probe on the disk of a machine, by the machine's family."""

from __future__ import annotations

from typing import Any

from checkers.dialect import Twin, by_probe
from checkers.disk.twins import (
    linux_addresses,
    linux_firewall,
    linux_hosts,
    linux_members,
    linux_units,
    sysvol,
    windows_addresses,
    windows_firewall,
    windows_hosts,
    windows_policies,
    windows_services,
)
from checkers.probe import Probe

TWINS: dict[str, dict[type[Probe[Any]], Twin[Any]]] = {
    "linux": by_probe(
        [
            linux_hosts.HostNameTwin(),
            linux_addresses.AddressesTwin(),
            linux_firewall.FirewallTwin(),
            linux_members.MembershipTwin(),
            linux_units.UnitStateTwin(),
            sysvol.PublishedPoliciesTwin(sysvol.SAMBA),
        ]
    ),
    "windows": by_probe(
        [
            windows_hosts.HostNameTwin(),
            windows_addresses.AddressesTwin(),
            windows_firewall.FirewallTwin(),
            windows_hosts.MembershipTwin(),
            windows_services.UnitStateTwin(),
            windows_policies.UpdatesTwin(),
            windows_policies.RemoteDesktopTwin(),
            windows_policies.AppliedPoliciesTwin(),
            sysvol.PublishedPoliciesTwin(sysvol.WINDOWS),
        ]
    ),
}
