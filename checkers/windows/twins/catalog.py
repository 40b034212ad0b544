"""Every twin of a probe on Windows, under the class of the probe."""

from __future__ import annotations

from typing import Any, cast

from checkers.dialect import by_probe
from checkers.probe import Probe
from checkers.windows.twin import WindowsTwin
from checkers.windows.twins import (
    accounts,
    addresses,
    dhcp,
    directory,
    dns,
    firewall,
    hosts,
    services,
    states,
)

_ALL: tuple[WindowsTwin[Any], ...] = (
    accounts.LocalAccountsTwin(),
    addresses.AddressesTwin(),
    dhcp.DhcpTwin(),
    directory.DirectoryTwin(),
    dns.DnsForwarderTwin(),
    dns.DnsLocalTwin(),
    firewall.FirewallTwin(),
    hosts.HostNameTwin(),
    services.UnitStateTwin(),
    states.AwakeTwin(),
    states.ClockTwin(),
)

TWINS = cast(dict[type[Probe[Any]], WindowsTwin[Any]], by_probe(_ALL))
