"""What loads the rules of a Linux machine's packet filter at a boot, by its disk."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from checkers.disk.plan import Found, Tree, Wanted
from checkers.disk.twin import DiskTwin, file_text
from checkers.disk.twins.linux_units import ETC, VENDOR, Units
from checkers.parsers.clean import clip
from checkers.probe import Probe
from checkers.probes.firewall import UNITS, Firewall, FirewallValue

_UFW, _RC = "/etc/ufw/ufw.conf", "/etc/rc.local"
_SCRIPTS = ("/etc/network", "/etc/networkd-dispatcher", "/etc/cron.d", "/var/spool/cron/crontabs")
_LOADS = re.compile(r"nft -f|iptables-restore")
_ENABLED = re.compile(r"^ENABLED=yes", re.IGNORECASE | re.MULTILINE)


class FirewallTwin(DiskTwin[FirewallValue]):
    """The services and files that load rules. What rules there are is known to the kernel alone: a file of rules may
    include others, and hold what only ``nft`` understands."""

    probe: ClassVar[type[Probe[Any]]] = Firewall

    def wanted(self, probe: Firewall) -> Wanted:
        units = (
            Tree(path=ETC, names=(".service",)),
            Tree(path=VENDOR, names=tuple(f"{unit}.service" for unit in UNITS)),
        )
        return Wanted(files=(_UFW, _RC), trees=(*units, *(Tree(path=path, discreet=True) for path in _SCRIPTS)))

    def read(self, probe: Firewall, found: Found) -> FirewallValue:
        units = Units(found)
        enabled = [unit for unit in UNITS if units.state(f"{unit}.service")[1] == "enabled"]
        if not _ENABLED.search(file_text(found, _UFW) or ""):
            enabled = [unit for unit in enabled if unit != "ufw"]
        texts = {
            f"{folder}/{path}": entry.text
            for folder in (ETC, *_SCRIPTS)
            for path, entry in (found.trees.get(folder) or {}).items()
            if entry.kind == "file" and (folder != ETC or "/" not in path)
        }
        texts[_RC] = file_text(found, _RC) or ""
        others = [clip(path) for path, text in sorted(texts.items()) if _LOADS.search(text)]
        return FirewallValue(chains=None, trials=None, enabled=tuple(enabled), others=tuple(others[:20]))
