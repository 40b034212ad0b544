"""Every probe under its name."""

from __future__ import annotations

from typing import Any

from checkers.probe import Probe
from checkers.probes import (
    access_point,
    accounts,
    addresses,
    antivirus,
    awake,
    backup_policy,
    clock,
    device_output,
    dhcp,
    dhcp_leases,
    directory,
    dns,
    dns_zones,
    domain_wire,
    encrypted_volumes,
    files,
    firewall,
    firewall_rules,
    folder_trial,
    hosts,
    lease,
    mail,
    members,
    mounts,
    package_sources,
    packages,
    policies,
    ports,
    printers,
    raid,
    remote_access,
    remote_desktop,
    restore,
    schedules,
    services,
    shares,
    smb_access,
    space,
    testinfra,
    updates,
    vpn,
    vpn_connections,
    wifi,
    wifi_profiles,
)
from labs.problems import one_of
from labs.text import Text

_ALL: tuple[type[Probe[Any]], ...] = (
    access_point.AccessPoint,
    access_point.AccessPointAdmin,
    accounts.LocalAccounts,
    addresses.Addresses,
    antivirus.Antivirus,
    awake.Awake,
    backup_policy.BackupPolicy,
    clock.Clock,
    device_output.DeviceOutput,
    dhcp.Dhcp,
    dhcp_leases.DhcpLeases,
    directory.Directory,
    dns.DnsForwarder,
    dns.DnsLocal,
    dns.DnsWire,
    dns_zones.DnsZones,
    domain_wire.DirectoryOnWire,
    domain_wire.PoliciesOnWire,
    encrypted_volumes.EncryptedVolumes,
    files.FileContent,
    files.FileDigest,
    files.PathRights,
    firewall.Firewall,
    firewall_rules.FirewallRules,
    folder_trial.FolderTrial,
    hosts.HostName,
    lease.Lease,
    mail.MailAccounts,
    mail.MailDelivery,
    mail.Mailbox,
    members.Membership,
    mounts.MountPoint,
    package_sources.PackagePolicy,
    package_sources.PackageSources,
    packages.Package,
    policies.AppliedPolicies,
    policies.PublishedPolicies,
    ports.Ports,
    ports.TcpReach,
    printers.Printers,
    raid.Raid,
    remote_access.RemoteAccess,
    remote_desktop.RemoteDesktop,
    restore.Restore,
    schedules.Schedules,
    services.UnitState,
    shares.FolderRights,
    shares.Shares,
    smb_access.SmbAccess,
    space.Space,
    testinfra.LabTest,
    updates.Updates,
    vpn.Roaming,
    vpn.TunnelPing,
    vpn.Wireguard,
    vpn_connections.VpnConnections,
    wifi.Air,
    wifi.Isolation,
    wifi.Station,
    wifi_profiles.WifiProfiles,
)

PROBES: dict[str, type[Probe[Any]]] = {probe.name: probe for probe in sorted(_ALL, key=lambda probe: probe.name)}

_OF_OTHERS = frozenset({"awake", "clock", "testinfra", "tcp-reach", "tunnel-ping"})

FACTS: dict[str, type[Probe[Any]]] = {
    name: probe for name, probe in PROBES.items() if probe.vantage == "machine" and name not in _OF_OTHERS
}
"""The probes whose value says by itself how a machine is. What a witness or a connection finds is not among them: a
silence may be a cut or another machine's, which only the check that was made for that probe can tell."""


def facts_meant(name: str) -> Text:
    """The probes that a fact may ask, for somebody who named another; one that has a check of its own is no slip."""
    return one_of(FACTS, "" if name in PROBES else name)
