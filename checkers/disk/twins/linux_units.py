"""Units of systemd, by the disk: their files, and the links that have them started with the machine.

As systemd.unit(5) says: ``/etc`` hides ``/usr``; a link to ``/dev/null``, or an empty file, masks; ``[Install]`` makes
links in folders of what wants the unit.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any, ClassVar

from checkers.disk.plan import Entry, Found, Tree, Wanted
from checkers.disk.twin import DiskTwin, unreadable
from checkers.parsers.clean import clip
from checkers.probe import Probe
from checkers.probes.services import Trigger, UnitState, UnitStateValue

ETC, VENDOR = "/etc/systemd/system", "/usr/lib/systemd/system"
_TRIGGERS = (".socket", ".timer", ".path")
_SERVICE = re.compile(r"^\s*(?:Service|Unit)\s*=\s*(\S+)\s*$", re.MULTILINE)
_INSTALL = re.compile(r"^\s*\[Install\]\s*$", re.MULTILINE)
_PULLED = re.compile(r"\.(?:wants|requires|upholds)/")


class Units:
    """The unit files of one machine, ``/etc`` first."""

    def __init__(self, found: Found) -> None:
        places = [found.trees.get(ETC) or {}, found.trees.get(VENDOR) or {}]
        if not any(places):
            raise unreadable(VENDOR)
        self._places = places

    def files(self, name: str) -> Iterator[Entry]:
        """What there is under a unit's name, the one that counts first; an instance has its template's."""
        for known in dict.fromkeys((name, _template(name))):
            yield from (entry for place in self._places if (entry := place.get(known)) is not None)

    def names(self, *ends: str) -> list[str]:
        """The units whose names end so."""
        return sorted({path for place in self._places for path in place if "/" not in path and path.endswith(ends)})

    def links(self, name: str) -> Iterator[str]:
        """The links of that name in folders of what pulls units in, below ``/etc`` and below ``/usr``."""
        for place, top in zip(self._places, (ETC, VENDOR), strict=True):
            for path in place:
                if PurePosixPath(path).name == name and _PULLED.search(path):
                    yield f"{top}/{path}"

    def text(self, name: str) -> str:
        """What a unit's file and its drop-ins hold; empty for one that is masked. Follows a link to the same unit."""
        entry = next((one for one in self.files(name) if one.kind == "file" or one.text == "/dev/null"), None)
        drop_ins = [
            one.text
            for place in self._places
            for path, one in sorted(place.items())
            if path.startswith(f"{name}.d/") and one.kind == "file"
        ]
        return "\n".join([*([entry.text] if entry is not None else []), *drop_ins])

    def state(self, name: str) -> tuple[str, str]:
        """How a unit is loaded, and the state of its file, in systemd's words."""
        entry = next(self.files(name), None)
        if entry is None:
            return "not-found", ""
        if entry.kind in ("other", "large"):
            raise unreadable(name, entry.kind)
        masks = entry.text == "/dev/null" if entry.kind == "link" else entry.kind == "file" and not entry.text.strip()
        if masks:
            return "masked", "masked"
        if entry.kind == "link" and PurePosixPath(entry.text).name not in (name, _template(name)):
            raise unreadable(name, f"-> {entry.text}")  # another name of a unit that was not asked for
        if any(link.startswith(ETC) for link in self.links(name)) or self._aliased(name):
            return "loaded", "enabled"
        return "loaded", "disabled" if _INSTALL.search(self.text(name)) else "static"

    def _aliased(self, name: str) -> bool:
        etc = self._places[0].items()
        return any(
            e.kind == "link" and path != name and "/" not in path and PurePosixPath(e.text).name == name
            for path, e in etc
        )


class UnitStateTwin(DiskTwin[UnitStateValue]):
    """Whether a unit starts with the machine; nothing of whether it runs."""

    probe: ClassVar[type[Probe[Any]]] = UnitState

    def wanted(self, probe: UnitState) -> Wanted:
        names = tuple(dict.fromkeys((probe.unit.lower(), _template(probe.unit.lower()), ".conf", *_TRIGGERS)))
        return Wanted(trees=tuple(Tree(path=place, names=names) for place in (ETC, VENDOR)), files=(_legacy(probe),))

    def read(self, probe: UnitState, found: Found) -> UnitStateValue:
        units = Units(found)
        unit = probe.unit
        load, state = units.state(unit)
        if load == "not-found" and found.files.get(_legacy(probe)) is not None:
            raise unreadable(_legacy(probe))  # a unit is generated from it at boot
        triggers = [
            Trigger(id=clip(name), active="unknown", file_state=clip(units.state(name)[1]))
            for name in units.names(*_TRIGGERS)
            if _started_by(name, units.text(name)) == unit
        ]
        wanted = any(True for _ in units.links(unit))
        if state == "static" and not wanted:
            raise unreadable(unit, "static")  # what wants it may say so in its own file, which nobody has followed
        return UnitStateValue(
            id=clip(unit),
            load=load,
            active="unknown",
            sub="unknown",
            file_state=state,
            result="unknown",
            wanted=wanted,
            triggers=tuple(triggers[:20]),
        )


def _template(name: str) -> str:
    """The template of an instance; any other unit's own name."""
    return re.sub(r"@[^.]+\.", "@.", name)


def _legacy(probe: UnitState) -> str:
    return f"/etc/init.d/{PurePosixPath(probe.unit).stem}"


def _started_by(name: str, text: str) -> str:
    """The unit that a socket, timer or path starts."""
    said = _SERVICE.findall(text)
    return said[-1] if said else f"{name.rpartition('.')[0]}.service"
