"""Print queues of CUPS: asked from its scheduler (lpstat(1)), else read from printers.conf(5)."""

from __future__ import annotations

import re
from typing import ClassVar

from checkers.facts import Raw
from checkers.parsers import sections
from checkers.parsers.clean import clip
from checkers.probe import Probe, Unreadable, Value
from labs.text import Text

_MAX = 100
_DEVICE = re.compile(r"^device for (.+?): (\S.*)$")
_STATE = re.compile(r"^printer (\S+) (.*)$")
_ACCEPTING = re.compile(r"^(\S+) (not )?accepting requests\b")
_DEFAULT = re.compile(r"^system default destination: (\S+)$")
_QUEUE = re.compile(r"^<(Default)?Printer (\S+)>$")


_COMMAND = r"""
if command -v lpstat >/dev/null && [ -d /etc/cups ]; then echo '== installed'; else echo '== missing'; exit 0; fi
echo '== file'
grep -hE '^</?(Default)?Printer|^(DeviceURI|State|Accepting|Shared) ' /etc/cups/printers.conf 2>/dev/null
echo '== lpstat'; timeout 6 lpstat -r -d -v -p -a 2>&1
true
""".strip()


class Printer(Value):
    """One queue. shared: None when it was not seen."""

    name: str
    uri: str
    enabled: bool
    accepting: bool
    shared: bool | None

    def not_seen(self) -> frozenset[str]:
        return frozenset({"shared"} if self.shared is None else ())


class PrintersValue(Value):
    """installed: the print service (CUPS, the spooler) is there. running: it answered; else the queues are those of its
    file. default: None when it was not seen."""

    installed: bool
    running: bool
    default: str | None
    printers: tuple[Printer, ...]

    def not_seen(self) -> frozenset[str]:
        return frozenset({"default"} if self.default is None else ())


class Printers(Probe[PrintersValue]):
    """The print queues."""

    name: ClassVar[str] = "printers"
    about: ClassVar[Text] = Text("files d'impression", "print queues")
    value: ClassVar[type[Value]] = PrintersValue

    def command(self) -> str:
        return _COMMAND

    def parse(self, raw: Raw) -> PrintersValue:
        parts = sections.split(raw.stdout)
        if "missing" in parts:
            return PrintersValue(installed=False, running=False, default="", printers=())
        if "lpstat" not in parts:
            raise Unreadable(Text("les files d'impression n'ont pas pu être lues", "print queues could not be read"))
        default, filed = _file(parts.get("file", ""))
        if "scheduler is running" in parts["lpstat"]:
            return _scheduler(parts["lpstat"], filed)
        if "scheduler is not running" not in parts["lpstat"].lower():
            raise Unreadable(Text("le service d'impression n'a pas répondu", "the print service did not answer"))
        return PrintersValue(installed=True, running=False, default=default, printers=tuple(filed.values()))


def _file(text: str) -> tuple[str, dict[str, Printer]]:
    """The default queue and the queues in printers.conf. CUPS writes it some seconds after a change."""
    default = ""
    found: dict[str, Printer] = {}
    name, values = "", dict[str, str]()
    for line in text.split("\n"):
        match = _QUEUE.match(line.strip())
        if match is not None:
            name, values = clip(match[2]), {}
            default = name if match[1] else default
        elif line.startswith("</") and name and len(found) < _MAX:
            found[name] = Printer(
                name=name,
                uri=clip(values.get("DeviceURI", "")),
                enabled=values.get("State", "Idle") != "Stopped",
                accepting=values.get("Accepting", "Yes") == "Yes",
                shared=values.get("Shared", "No") == "Yes",
            )
            name = ""
        else:
            key, _, value = line.partition(" ")
            values[key] = value.strip()
    return default, found


def _scheduler(text: str, filed: dict[str, Printer]) -> PrintersValue:
    """The queues as ``lpstat -d -v -p -a`` tells them; only sharing comes from the file."""
    default = ""
    uris: dict[str, str] = {}
    disabled: set[str] = set()
    accepting: set[str] = set()
    for line in text.split("\n")[: 10 * _MAX]:
        if (match := _DEFAULT.match(line)) is not None:
            default = clip(match[1])
        elif (match := _DEVICE.match(line)) is not None and len(uris) < _MAX:
            uris[clip(match[1])] = clip(match[2].strip())
        elif (match := _ACCEPTING.match(line)) is not None:
            accepting |= set() if match[2] else {clip(match[1])}
        elif (match := _STATE.match(line)) is not None and match[2].startswith("disabled"):
            disabled.add(clip(match[1]))
    return PrintersValue(
        installed=True,
        running=True,
        default=default,
        printers=tuple(
            Printer(
                name=name,
                uri=uri,
                enabled=name not in disabled,
                accepting=name in accepting,
                shared=filed[name].shared if name in filed else None,
            )
            for name, uri in uris.items()
        ),
    )
