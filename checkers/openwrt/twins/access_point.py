"""The settings of an OpenWrt access point: what its files keep, what it works with, what waits to be saved.

What is in service is what hostapd says it sends, with what netifd applied to it; a radio that is down sends nothing.
Each network is looked at beside what is saved for it, by its section.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from checkers.dialect import Twin
from checkers.facts import Raw
from checkers.openwrt import uci
from checkers.openwrt.twins import networks
from checkers.parsers import parts
from checkers.parsers.loose_json import load
from checkers.probe import Probe, Unreadable
from checkers.probes.access_point import AccessPoint, AccessPointValue, Lan, Wireless
from labs.text import Text

_MAX = 16

# Saved files come last: whatever stands in them cannot be taken for what is in service. What the page has saved and not
# applied lies in a folder of its session's (rpcd, RPC_UCI_SAVEDIR_PREFIX).
_COMMAND = rf"""{parts.SHELL}
s status; ubus call network.wireless status
for o in $(ubus list 'hostapd.*' | head -n {_MAX}); do
  i=${{o#hostapd.}}
  s "hostapd $i"; ubus call "$o" get_status
  s "iwinfo $i"; ubus call iwinfo info "{{\"device\":\"$i\"}}"
done
s address; ip -4 -o address show scope global
s route; ip -4 route show
s changes
{{ uci changes; for d in /var/run/rpcd/uci-*; do [ ! -d "$d" ] || uci -P "$d" changes; done; }} |
  sed 's/^[-+]*//;s/[.=].*//' | sort -u
s network; grep -viE 'key|password|secret|username' /etc/config/network
s wireless; cat /etc/config/wireless
s end"""


class AccessPointTwin(Twin[AccessPointValue]):
    """Every wireless network, saved and in service, and the addresses."""

    probe: ClassVar[type[Probe[Any]]] = AccessPoint

    def command(self, probe: AccessPoint) -> str:
        return _COMMAND

    def parse(self, probe: AccessPoint, raw: Raw) -> AccessPointValue:
        found = parts.parts(raw.stdout)
        status = _json(found.get("status", ""))
        if "end" not in found or status is None:
            raise Unreadable(Text("les réglages de la borne n'ont pas pu être lus", "the settings were not read"))
        return settings(
            networks.running(status, _each(parts.starting(found, "hostapd")), _each(parts.starting(found, "iwinfo"))),
            networks.saved(uci.sections(found.get("wireless", ""))),
            pending=tuple(re.findall(r"^[a-z0-9_-]{1,40}$", found["changes"], re.MULTILINE)[:_MAX]),
            lan=Lan(
                addresses=tuple(re.findall(r"\binet (\S{1,40})", found["address"])[:_MAX]),
                gateways=tuple(re.findall(r"^default via (\S{1,40})", found["route"], re.MULTILINE)[:_MAX]),
            ),
            saved_lan=_saved_lan(found["network"]),
        )


def settings(
    running: Sequence[networks.Told],
    saved: Sequence[networks.Told],
    *,
    pending: tuple[str, ...],
    lan: Lan,
    saved_lan: Lan | None,
) -> AccessPointValue:
    """The value in what was read, each network beside what is saved for it."""
    first, *others = _paired(running, saved)[:_MAX] or [Wireless(running=None, saved=None)]
    return AccessPointValue(
        running=first.running,
        saved=first.saved,
        others=tuple(others),
        pending=pending,
        lan=Lan(addresses=lan.addresses[:_MAX], gateways=lan.gateways[:_MAX]),
        saved_lan=saved_lan,
    )


def _paired(running: Sequence[networks.Told], saved: Sequence[networks.Told]) -> list[Wireless]:
    """What works beside what is saved for it: by the section's name, else by its place on its radio."""
    left = list(saved)
    pairs = []
    for told in running:
        named = [one for one in left if one.section == told.section]
        unnamed = [one for one in left if not one.section and one.radio == told.radio and one.network.on_air]
        kept = next(iter(named + unnamed), None)
        if kept is not None:
            left.remove(kept)
        pairs.append(Wireless(running=told.network, saved=kept.network if kept else None))
    return pairs + [Wireless(running=None, saved=one.network) for one in left]


def _saved_lan(text: str) -> Lan | None:
    """None when that is no file of uci."""
    try:
        return networks.saved_lan(uci.sections(text))
    except ValueError:
        return None


def _json(text: str) -> dict[str, Any] | None:
    try:
        value = load(text)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def _each(given: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    return {name: value for name, text in given.items() if (value := _json(text)) is not None}
