"""What a join left on a Linux machine's disk: passwords and keys of a machine account, by their names only."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from checkers.disk.plan import Found, Tree, Wanted
from checkers.disk.twin import DiskTwin, file_text, unreadable
from checkers.parsers import smb_conf
from checkers.parsers.clean import clip
from checkers.probe import Probe
from checkers.probes.members import Membership, MembershipValue

_HOSTNAME, _SMB, _SSSD = "/etc/hostname", "/etc/samba/smb.conf", "/etc/sssd/sssd.conf"
_SSSD_TOO = "/etc/sssd/conf.d"
_STORES = "/var/lib/samba/private/secrets.tdb", "/etc/krb5.keytab"
_SERVED = re.compile(r"^ *(?:ad_domain|krb5_realm|domains) *= *(.+)$", re.MULTILINE)
_MAX = 100


class MembershipTwin(DiskTwin[MembershipValue]):
    """Whether the machine's credentials work is for a domain controller to say, and nobody asked one."""

    probe: ClassVar[type[Probe[Any]]] = Membership

    def wanted(self, probe: Membership) -> Wanted:
        more = Tree(path=_SSSD_TOO, names=(".conf",), discreet=True)
        return Wanted(files=(_HOSTNAME, _SMB, _SSSD), trees=(more,), stores=_STORES)

    def read(self, probe: Membership, found: Found) -> MembershipValue:
        text = file_text(found, _SMB) or ""
        whole, _ = smb_conf.parse(text)
        if "include" in whole.options or "config backend" in whole.options or "%" in whole.options.get("realm", ""):
            raise unreadable(_SMB, "include")
        secrets, keys = (found.stores.get(path, ()) for path in _STORES)
        host = (file_text(found, _HOSTNAME) or "").strip().split(".")[0]
        joined = bool(secrets or keys)
        more = sorted((found.trees.get(_SSSD_TOO) or {}).items())
        sssd = "\n".join([file_text(found, _SSSD) or "", *(one.text for _, one in more if one.kind == "file")])
        return MembershipValue(
            computer=clip(whole.options.get("netbios name", host).upper()),
            realm=clip(whole.options.get("realm", "")),
            workgroup=clip(whole.options.get("workgroup", "WORKGROUP").upper()),
            security=clip(whole.options.get("security", "AUTO").upper()),
            secrets=tuple(clip(name.upper()) for name in secrets[:_MAX]),
            principals=tuple(clip(name) for name in keys[:_MAX]),
            sssd=tuple(clip(name.strip().lower()) for line in _SERVED.findall(sssd)[:_MAX] for name in line.split(",")),
            channel="unknown" if joined else "absent",
            detail="",
        )
