"""Every twin of a probe on OpenWrt, under the class of the probe."""

from __future__ import annotations

from typing import Any

from checkers.dialect import Twin, by_probe
from checkers.openwrt.twins import access_point, admin, hosts

_ALL: tuple[Twin[Any], ...] = (
    access_point.AccessPointTwin(),
    admin.AccessPointAdminTwin(),
    hosts.AwakeTwin(),
    hosts.HostNameTwin(),
)

TWINS = by_probe(_ALL)
