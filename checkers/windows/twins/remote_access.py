"""The VPN server of Windows, from its registry (MS-RRASM 2.2.3.4) and its module (RemoteAccess)."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from checkers.probe import Probe
from checkers.probes.remote_access import AddressRange, Caller, Checker, RemoteAccess, RemoteAccessValue, TunnelPorts
from checkers.windows.answer import number, rows, text, texts
from checkers.windows.twin import WindowsTwin

_RAS = 0x1 | 0x8
"""RouterType: takes callers, over IPv4 or IPv6."""
_METHODS = {"eap": 0x8000, "mschapv2": 0x800000, "mschap": 0x100, "chap": 0x20000, "pap": 0x10000, "none": 0x4000}
"""ServerFlags."""
_AUTOMATIC, _DISABLED = 2, 4
_CHECKERS: dict[str, Checker] = {"windows": "windows", "externalradius": "radius", "localnps": "nps"}
_ADDRESSES: dict[str, Literal["dhcp", "pool"]] = {"dhcp": "dhcp", "staticpool": "pool"}
_DIRECT_ACCESS = "directaccess"
"""ConnectionType of a computer of the organisation that is connected by itself: no caller."""


class RemoteAccessTwin(WindowsTwin[RemoteAccessValue]):
    """A service that is disabled takes nobody, however it is set up; Windows has it, disabled, everywhere."""

    probe: ClassVar[type[Probe[Any]]] = RemoteAccess
    script: ClassVar[str] = "remote-access"

    def read(self, probe: RemoteAccess, answer: Any) -> RemoteAccessValue:
        setup, ports = answer["setup"], answer["ports"]
        start, flags = number(answer["start"]), number(answer["flags"])
        method = _ADDRESSES.get(text(setup["assignment"], 40).lower()) if setup else None
        return RemoteAccessValue(
            vpn=start != _DISABLED and bool(number(answer["type"]) & _RAS),
            running=answer["running"] is True,
            at_boot=start == _AUTOMATIC,
            methods=tuple(name for name, bit in _METHODS.items() if flags & bit),
            ports=TunnelPorts(**{kind: number(ports[kind]) for kind in TunnelPorts.model_fields}) if ports else None,
            encryption=text(ports["encryption"], 40) if ports else None,
            checked_by=_CHECKERS.get(text(setup["checked_by"], 40).lower()) if setup else None,
            addresses=method,
            ranges=_ranges(setup) if method else None,
            allowed=_accounts(answer["dialin"], allowed=True),
            refused=_accounts(answer["dialin"], allowed=False),
            callers=_callers(answer["callers"]),
        )


def _ranges(setup: Any) -> tuple[AddressRange, ...]:
    return tuple(
        AddressRange(first=text(one["first"], 40), last=text(one["last"], 40)) for one in rows(setup["ranges"], 50)
    )


def _accounts(found: Any, *, allowed: bool) -> tuple[str, ...] | None:
    if found is None:
        return None
    return tuple(text(one["name"]) for one in rows(found["list"], 2000) if one["allowed"] is allowed)


def _callers(found: Any) -> tuple[Caller, ...] | None:
    if found is None:
        return None
    return tuple(
        Caller(
            users=texts(one["users"], 20),
            tunnel=text(one["tunnel"], 40),
            method=text(one["method"], 60),
            address=text(one["address"], 40),
            outside=text(one["outside"], 60),
        )
        for one in rows(found["list"])
        if text(one["kind"], 40).lower() != _DIRECT_ACCESS
    )
