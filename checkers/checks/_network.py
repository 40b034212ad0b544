"""The checks about networks, for the catalog."""

from __future__ import annotations

from checkers.check import Check
from checkers.checks.access_point import AccessPointAddressIs, AccessPointAdminIs
from checkers.checks.dhcp import DhcpExclusion, DhcpLeaseTime, DhcpOptions, DhcpReservation, DhcpScope
from checkers.checks.dns import DnsForwarderIs, DnsRecordIs, DnsResolves
from checkers.checks.firewall import FirewallPolicy
from checkers.checks.lease import DhcpOffer
from checkers.checks.mail import MailboxHolds, MailboxOpens, MailIsDelivered
from checkers.checks.ports import PortsAre, TcpReaches
from checkers.checks.vpn import VpnClient, VpnServer
from checkers.checks.vpn_traffic import VpnTraffic, VpnTunnel
from checkers.checks.wifi import WifiAir, WifiNetwork
from checkers.checks.wifi_station import WifiAssociates, WifiIsolation

NETWORK: tuple[type[Check], ...] = (
    DhcpScope,
    DhcpExclusion,
    DhcpOptions,
    DhcpLeaseTime,
    DhcpReservation,
    DhcpOffer,
    DnsRecordIs,
    DnsForwarderIs,
    DnsResolves,
    VpnServer,
    VpnClient,
    VpnTunnel,
    VpnTraffic,
    FirewallPolicy,
    PortsAre,
    TcpReaches,
    MailboxOpens,
    MailIsDelivered,
    MailboxHolds,
    WifiNetwork,
    WifiAir,
    WifiAssociates,
    WifiIsolation,
    AccessPointAdminIs,
    AccessPointAddressIs,
)
