"""Print queues of Windows, their devices written as CUPS writes them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from checkers.probe import Probe
from checkers.probes.printers import Printer, Printers, PrintersValue
from checkers.windows.answer import number, rows, text, texts
from checkers.windows.twin import WindowsTwin

_MAX = 100
_PAUSED, _LEAVING = 1, 4
"""Bits of the queue's status."""
_RAW, _LPR = 1, 2
_IPP = {"http": "ipp", "https": "ipps"}


class PrintersTwin(WindowsTwin[PrintersValue]):
    """The machine's queues and those of servers to which users are connected.

    The default printer is each user's own: that of the user at the console, else the only one that signed-in users
    have. A printer that does not answer is no fault of the queue: only a paused queue is not enabled.
    """

    probe: ClassVar[type[Probe[Any]]] = Printers
    script: ClassVar[str] = "printers"
    timeout_s: ClassVar[int | None] = 30

    def read(self, probe: Printers, answer: Any) -> PrintersValue:
        if answer["installed"] is not True:
            return PrintersValue(installed=False, running=False, default="", printers=())
        ports = {text(one["name"]): _uri(one) for one in rows(answer["ports"], _MAX)}
        ports |= {name: f"file:{name}" for name in texts(answer["local"], _MAX)}
        queues = [_queue(one, ports) for one in rows(answer["printers"], _MAX) if not number(one["status"]) & _LEAVING]
        known = {queue.name.casefold() for queue in queues}
        return PrintersValue(
            installed=True,
            running=answer["running"] is True,
            default=_default(answer),
            printers=(*queues, *(queue for queue in _connected(answer) if queue.name.casefold() not in known)),
        )


def _uri(port: Any) -> str:
    host, number_, queue = text(port["host"]), number(port["port"]), text(port["queue"])
    if number(port["protocol"]) == _LPR:
        return f"lpd://{host}/{queue}"
    return f"socket://{host}" + (f":{number_}" if number_ else "")


def _queue(found: Any, ports: dict[str, str]) -> Printer:
    name, port = text(found["name"]), text(found["port"])
    return Printer(
        name=name,
        uri=_share(name) if name.startswith("\\\\") else ports.get(port) or _own(port),
        enabled=not number(found["status"]) & _PAUSED,
        accepting=True,
        shared=found["shared"] is True,
    )


def _own(port: str) -> str:
    """A port that names its device itself: an address of Internet printing, else what Windows calls it.

    No port of Windows has the address that CUPS would write: one of such a name is a file.
    """
    scheme, mark, rest = port.partition("://")
    if not mark:
        return port
    if scheme.lower() not in _IPP:
        return f"file:{port}"
    return f"{_IPP[scheme.lower()]}://{rest}" if ":631" in rest.partition("/")[0] else port


def _share(name: str) -> str:
    """The address of a queue of a server."""
    return "smb:" + name.replace("\\", "/")


def _connected(answer: Any) -> Iterator[Printer]:
    """The queues of servers that users have, by name as Windows shows them; the registry writes commas in it."""
    seen: dict[str, None] = {}
    for user in rows(answer["users"], 50):
        seen.update((one.replace(",", "\\"), None) for one in texts(user["connections"], _MAX))
    for name in list(seen)[:_MAX]:
        yield Printer(name=name, uri=_share(name), enabled=True, accepting=True, shared=None)


def _default(answer: Any) -> str | None:
    devices = {text(one["sid"]): text(one["device"]).partition(",")[0] for one in rows(answer["users"], 50)}
    if answer["console"] in devices:
        return devices[answer["console"]]
    only = set(devices.values())
    return only.pop() if len(only) == 1 else None
