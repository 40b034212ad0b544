"""Who a Windows machine says it is, and what it is a member of, by the registry on its disk."""

from __future__ import annotations

from typing import Any, ClassVar

from checkers.disk.plan import Found, Key, RegistryKey, Wanted
from checkers.disk.twin import DiskTwin, key, unreadable
from checkers.parsers.clean import clip
from checkers.probe import Probe
from checkers.probes.hosts import HostName, HostNameValue
from checkers.probes.members import Membership, MembershipValue

_NAME = "\\CurrentControlSet\\Control\\ComputerName\\ComputerName"
_TCPIP = "\\CurrentControlSet\\Services\\Tcpip\\Parameters"
_DNS_DOMAIN, _NETBIOS_DOMAIN = "\\Policy\\PolDnDDN", "\\Policy\\PolPrDmN"
_PASSWORD = "\\Policy\\Secrets\\$MACHINE.ACC"  # noqa: S105 - the name of a key


class HostNameTwin(DiskTwin[HostNameValue]):
    """The name after a restart; the host name may be longer than the fifteen letters of ``ComputerName``."""

    probe: ClassVar[type[Probe[Any]]] = HostName

    def wanted(self, probe: HostName) -> Wanted:
        return Wanted(keys=(Key(hive="SYSTEM", path=_NAME), Key(hive="SYSTEM", path=_TCPIP)))

    def read(self, probe: HostName, found: Found) -> HostNameValue:
        return HostNameValue(static=clip(computer_name(found)), running=None)


class MembershipTwin(DiskTwin[MembershipValue]):
    """What the Local Security Authority keeps of the domain ([MS-LSAD] 3.1.1.1): its names, and whether there is a
    machine password. Whether that is accepted is for a domain controller to say."""

    probe: ClassVar[type[Probe[Any]]] = Membership

    def wanted(self, probe: Membership) -> Wanted:
        security = tuple(Key(hive="SECURITY", path=path) for path in (_DNS_DOMAIN, _NETBIOS_DOMAIN, _PASSWORD))
        return Wanted(keys=(*HostNameTwin().wanted(HostName()).keys, *security))

    def read(self, probe: Membership, found: Found) -> MembershipValue:
        realm = _counted(key(found, "SECURITY", _DNS_DOMAIN))
        domain = _counted(key(found, "SECURITY", _NETBIOS_DOMAIN)).upper()
        joined = bool(realm) and key(found, "SECURITY", _PASSWORD) is not None
        return MembershipValue(
            computer=clip(computer_name(found)[:15].upper()),
            realm=clip(realm),
            workgroup=clip(domain),
            security="ADS" if joined else "USER",
            secrets=(clip(domain),) if joined else (),
            principals=(),
            sssd=(),
            channel="unknown" if joined else "absent",
            detail="",
        )


def computer_name(found: Found) -> str:
    """The machine's name after a restart. Raises Unreadable without one."""
    name, tcpip = key(found, "SYSTEM", _NAME), key(found, "SYSTEM", _TCPIP)
    short = name.text("ComputerName") if name is not None else ""
    if not short:
        raise unreadable(_NAME)
    host = tcpip.text("NV Hostname") if tcpip is not None else ""
    return host if host[:15].lower() == short.lower() else short


def _counted(record: RegistryKey | None) -> str:
    """The text of an LSA value: length and room in bytes, an offset, then UTF-16LE."""
    if record is None:
        return ""
    kind, text = record.value("(default)")
    try:
        data = bytes.fromhex(text)
    except ValueError:
        raise unreadable("SECURITY", kind) from None
    if not data:
        return ""  # as on a machine that never was in a domain
    length = int.from_bytes(data[:2], "little")
    if length > len(data) - 8:
        raise unreadable("SECURITY", kind)
    return data[8 : 8 + length].decode("utf-16-le", "replace")
