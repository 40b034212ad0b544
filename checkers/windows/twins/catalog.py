"""Every twin of a probe on Windows, under the class of the probe; docs/checks.md says so (`epreuve lab docs`)."""

from __future__ import annotations

from typing import Any, cast

from checkers.dialect import by_probe
from checkers.probe import Probe
from checkers.windows.twin import WindowsTwin
from checkers.windows.twins import (
    access,
    accounts,
    addresses,
    dhcp,
    directory,
    dns,
    files,
    firewall,
    firewall_rules,
    hosts,
    members,
    packages,
    policies,
    printers,
    protection,
    raid,
    reach,
    remote,
    remote_access,
    schedules,
    services,
    shares,
    states,
    updates,
    vpn,
)

_ALL: tuple[WindowsTwin[Any], ...] = (
    access.FolderTrialTwin(),
    accounts.LocalAccountsTwin(),
    addresses.AddressesTwin(),
    dhcp.DhcpLeasesTwin(),
    dhcp.DhcpTwin(),
    directory.DirectoryTwin(),
    dns.DnsForwarderTwin(),
    dns.DnsLocalTwin(),
    dns.DnsZonesTwin(),
    files.FileContentTwin(),
    files.FileDigestTwin(),
    files.MountPointTwin(),
    files.SpaceTwin(),
    firewall.FirewallTwin(),
    firewall_rules.FirewallRulesTwin(),
    hosts.HostNameTwin(),
    members.MembershipTwin(),
    packages.PackageTwin(),
    policies.AppliedPoliciesTwin(),
    policies.PublishedPoliciesTwin(),
    printers.PrintersTwin(),
    protection.AntivirusTwin(),
    protection.BackupPolicyTwin(),
    protection.EncryptedVolumesTwin(),
    raid.RaidTwin(),
    reach.TcpReachTwin(),
    reach.TunnelPingTwin(),
    remote.RemoteDesktopTwin(),
    remote.WifiProfilesTwin(),
    remote_access.RemoteAccessTwin(),
    schedules.SchedulesTwin(),
    services.UnitStateTwin(),
    shares.FolderRightsTwin(),
    shares.SharesTwin(),
    states.AwakeTwin(),
    states.ClockTwin(),
    updates.UpdatesTwin(),
    vpn.VpnConnectionsTwin(),
    vpn.WireguardTwin(),
)

TWINS = cast(dict[type[Probe[Any]], WindowsTwin[Any]], by_probe(_ALL))
