"""What policies and settings say in the registry on the disk, about updates, remote desktop, and any value of the
machine: there a policy stands once it was taken in, whichever it is, so its own file is not asked."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from checkers.disk.plan import Found, Key, RegistryKey, Wanted
from checkers.disk.twin import DiskTwin, key, unreadable
from checkers.disk.twins.windows_services import service_key
from checkers.parsers.clean import clip
from checkers.probe import Probe, Unreadable
from checkers.probes.policies import AppliedPolicies, AppliedPoliciesValue
from checkers.probes.remote_desktop import RemoteDesktop, RemoteDesktopValue
from checkers.probes.updates import Updates, UpdatesValue
from checkers.windows.twins.remote import RemoteDesktopTwin as LiveRemoteDesktop
from checkers.windows.twins.updates import UpdatesTwin as LiveUpdates
from labs.text import Text

_UNSET = -1
_UPDATES = Key(hive="SOFTWARE", path="\\Policies\\Microsoft\\Windows\\WindowsUpdate")
_AUTOMATIC = Key(hive="SOFTWARE", path=f"{_UPDATES.path}\\AU")
_PAUSE = Key(hive="SOFTWARE", path="\\Microsoft\\WindowsUpdate\\UX\\Settings", values=("PauseUpdatesExpiryTime",))
_PRODUCT = Key(hive="SYSTEM", path="\\CurrentControlSet\\Control\\ProductOptions")
_PRODUCTS = {"winnt": 1, "lanmannt": 2, "servernt": 3}
"""As ``Win32_OperatingSystem.ProductType`` has them."""
_WORKERS = ("wuauserv", "UsoSvc")
_TERMINAL = Key(hive="SYSTEM", path="\\CurrentControlSet\\Control\\Terminal Server")
_LISTENER = Key(hive="SYSTEM", path=f"{_TERMINAL.path}\\WinStations\\RDP-Tcp")
_TERMINAL_POLICY = Key(hive="SOFTWARE", path="\\Policies\\Microsoft\\Windows NT\\Terminal Services")
_TERMINAL_SERVICE = service_key("TermService")
_HISTORY = Key(hive="SOFTWARE", path="\\Microsoft\\Windows\\CurrentVersion\\Group Policy\\History", depth=2)
_KINDS = ("REG_SZ", "REG_EXPAND_SZ", "REG_MULTI_SZ", "REG_DWORD", "REG_QWORD")
"""Types whose text is that of a running machine."""
_TEXT_LIMIT = 4096
"""A text of this length was cut (``checkers.disk.hives``)."""
_VALUE = re.compile(r"(?:HKLM|HKEY_LOCAL_MACHINE)\\(SYSTEM|SOFTWARE)(\\.+)\\([^\\]*)", re.IGNORECASE)
_GUID = re.compile(r"\{[0-9A-F]{8}(?:-[0-9A-F]{4}){3}-[0-9A-F]{12}\}")


def _key(found: Found, asked: Key) -> RegistryKey:
    """A key that was asked for, without anything in it where it is not there."""
    return key(found, asked.hive, asked.path) or RegistryKey()


def _number(record: RegistryKey, name: str) -> int:
    """A number that is set, or that it is not. Raises Unreadable for a value of another type: who reads it how?"""
    number, (kind, _) = record.number(name), record.value(name)
    if number is None and kind:
        raise unreadable(name, kind)
    return _UNSET if number is None else number


class UpdatesTwin(DiskTwin[UpdatesValue]):
    """Windows Update has nothing but settings: they are read as those of a running machine are."""

    probe: ClassVar[type[Probe[Any]]] = Updates

    def wanted(self, probe: Updates) -> Wanted:
        return Wanted(keys=(_UPDATES, _AUTOMATIC, _PAUSE, _PRODUCT, *map(service_key, _WORKERS)))

    def read(self, probe: Updates, found: Found) -> UpdatesValue:
        policy, automatic = _key(found, _UPDATES), _key(found, _AUTOMATIC)
        product = _PRODUCTS.get(_key(found, _PRODUCT).text("ProductType").lower())
        if product is None:
            raise unreadable(_PRODUCT.path, "ProductType")
        starts = {name: _number(_key(found, service_key(name)), "Start") for name in _WORKERS}
        answer = {
            "product": product,
            "no_auto_update": _number(automatic, "NoAutoUpdate"),
            "options": _number(automatic, "AUOptions"),
            "scheduled_day": _number(automatic, "ScheduledInstallDay"),
            "use_server": _number(automatic, "UseWUServer"),
            "server": policy.text("WUServer"),
            "no_access": _number(policy, "DisableWindowsUpdateAccess"),
            "paused_until": "",
            "now": "",
            "services": [{"name": name, "start": start} for name, start in starts.items() if start != _UNSET],
        }
        value = LiveUpdates().read(probe, answer)
        if value.enabled and _key(found, _PAUSE).text("PauseUpdatesExpiryTime"):
            raise Unreadable(
                Text(
                    "les mises à jour ont été suspendues : le disque ne dit pas si elles le sont encore",
                    "the updates were paused: the disk does not say whether they still are",
                )
            )
        return value


class RemoteDesktopTwin(DiskTwin[RemoteDesktopValue]):
    """All but whether something listens now."""

    probe: ClassVar[type[Probe[Any]]] = RemoteDesktop

    def wanted(self, probe: RemoteDesktop) -> Wanted:
        return Wanted(keys=(_TERMINAL, _LISTENER, _TERMINAL_POLICY, _TERMINAL_SERVICE))

    def read(self, probe: RemoteDesktop, found: Found) -> RemoteDesktopValue:
        own, listener, policy = (_key(found, one) for one in (_TERMINAL, _LISTENER, _TERMINAL_POLICY))
        service = _key(found, _TERMINAL_SERVICE)
        if _UNSET in (_number(listener, "PortNumber"), _number(service, "Start")):
            raise unreadable(_LISTENER.path)
        answer = {
            "denied": _number(own, "fDenyTSConnections"),
            "policy_denied": _number(policy, "fDenyTSConnections"),
            "nla": _number(listener, "UserAuthentication"),
            "policy_nla": _number(policy, "UserAuthentication"),
            "port": _number(listener, "PortNumber"),
            "listening": None,
            "start": _number(service, "Start"),
        }
        return LiveRemoteDesktop().read(probe, answer)


class AppliedPoliciesTwin(DiskTwin[AppliedPoliciesValue]):
    """The policies that the computer took in, and a value of its registry. Who set it is in no hive that is read."""

    probe: ClassVar[type[Probe[Any]]] = AppliedPolicies

    def wanted(self, probe: AppliedPolicies) -> Wanted:
        asked = _asked(probe)
        return Wanted(keys=(_HISTORY, asked[0]) if asked else (_HISTORY,))

    def read(self, probe: AppliedPolicies, found: Found) -> AppliedPoliciesValue:
        asked = _asked(probe)
        if asked is None:
            raise unreadable(probe.path)
        taken = [one for extension in _key(found, _HISTORY).keys.values() for one in extension.keys.values()]
        versions = {one.text("GPOName").upper(): clip(one.text("Version"), 20) for one in taken}
        kind, text = _key(found, asked[0]).value(asked[1])
        if kind not in ("", *_KINDS) or len(text) >= _TEXT_LIMIT:
            raise unreadable(probe.path, kind)
        if kind == "REG_DWORD" and int(text) >= 2**31:
            text = str(int(text) - 2**32)  # as PowerShell has it
        return AppliedPoliciesValue(
            ran=any(_GUID.fullmatch(name) for name in versions),
            versions={name: version for name, version in versions.items() if _GUID.fullmatch(name)},
            settings=(),
            text=text if kind else None,
            logged=False,
        )


def _asked(probe: AppliedPolicies) -> tuple[Key, str] | None:
    """The key, and the name of the value in it; None for a file, or for a value of a user."""
    match = _VALUE.fullmatch(probe.path)
    if match is None:
        return None
    path = re.sub(r"^\\CurrentControlSet(?=\\|$)", r"\\CurrentControlSet", match[2], flags=re.IGNORECASE)
    name = match[3] or "(default)"
    return Key(hive="SYSTEM" if match[1].upper() == "SYSTEM" else "SOFTWARE", path=path, values=(name,)), name
